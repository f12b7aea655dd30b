// Runs a cell in process, remembers what went in and out, and replays it on Icarus.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Design } from '../../hdl/index.ts';
import { count, ports, type Signal } from '../../hdl/ir/nodes.ts';
import { emitVerilog } from '../../hdl/verilog/index.ts';
import { simulateDesign } from '../../sim/index.ts';
import { type Type, type Value, vecT } from '../support/reference.ts';
import { lint, runIcarus, type SourceFile, type TypedPort } from '../support/verilog-tools.ts';

export type Cycle = { readonly [port: string]: bigint | readonly bigint[] };

/** A small deterministic generator. */
export class Random {
  #state: number;
  constructor(seed: number) {
    this.#state = (seed ^ 0x9e3779b9) >>> 0;
  }
  /** 0 to bound − 1. */
  below(bound: number): number {
    this.#state = (Math.imul(this.#state, 1664525) + 1013904223) >>> 0;
    return Math.floor((this.#state / 2 ** 32) * bound);
  }
  chance(probability: number): boolean {
    return this.below(1 << 20) < probability * (1 << 20);
  }
  bits(width: number): bigint {
    let value = 0n;
    for (let i = 0; i < width; i += 16) value = (value << 16n) | BigInt(this.below(1 << 16));
    return BigInt.asUintN(width, value);
  }
}

function typeOf({ type, dims }: Signal): Type {
  const ground = { kind: type.kind as 'uint', width: type.width };
  return dims.length > 0 ? vecT(ground, count(dims)) : ground;
}

/** One run from reset: cycle 0 is the reset's. */
export class Bench {
  readonly inputs: readonly Signal[];
  readonly outputs: readonly Signal[];
  readonly cycles: { readonly values: readonly Value[]; readonly rst: boolean; readonly out: Cycle }[] = [];
  readonly #design: Design;
  readonly #sim;

  constructor(design: Design) {
    this.#design = design;
    this.#sim = simulateDesign(design);
    const data = ports(design.top).filter(({ type }) => type.kind !== 'clock' && type.kind !== 'reset');
    this.inputs = data.filter(({ role }) => role === 'input');
    this.outputs = data.filter(({ role }) => role === 'output');
    this.cycle({}, true);
  }

  get hasReset(): boolean {
    return ports(this.#design.top).some(({ type }) => type.kind === 'reset');
  }
  get hasClock(): boolean {
    return ports(this.#design.top).some(({ type }) => type.kind === 'clock');
  }

  /** One clock cycle with these inputs, zero where not given; gives the outputs before the edge. */
  cycle(inputs: Cycle, rst = false): { readonly [port: string]: bigint } & Cycle {
    const values = this.inputs.map((signal) => {
      const n = signal.dims.length > 0 ? count(signal.dims) : 0;
      const value = inputs[signal.name] ?? (n > 0 ? Array<bigint>(n).fill(0n) : 0n);
      this.#sim.poke(signal.name, value as bigint);
      return value as Value;
    });
    if (this.hasReset) this.#sim.poke('rst', rst);
    const out = Object.fromEntries(
      this.outputs.map(({ name, dims }) => {
        const seen = this.#sim.peek(name);
        return [name, dims.length > 0 ? (seen as readonly (number | bigint)[]).map(BigInt) : BigInt(seen as number)];
      }),
    );
    this.cycles.push({ values, rst, out });
    if (this.hasClock) this.#sim.step();
    return out as { readonly [port: string]: bigint } & Cycle;
  }

  /** Cycles of any inputs at all. */
  random(cycles: number, random: Random): void {
    for (let t = 0; t < cycles; t++) {
      this.cycle(
        Object.fromEntries(
          this.inputs.map((signal) => {
            const { kind, width } = signal.type;
            const one = () => (kind === 'sint' ? BigInt.asIntN(width, random.bits(width)) : random.bits(width));
            return [signal.name, signal.dims.length > 0 ? Array.from({ length: count(signal.dims) }, one) : one()];
          }),
        ),
      );
    }
  }

  /** All tools are silent about the printed Verilog, and Icarus gives the same outputs in every cycle after the reset. */
  replay(): void {
    const files = verilog(this.#design);
    const top = this.#design.top.name;
    expect(lint(files, top)).toBe('');
    const typed = (signals: readonly Signal[]): TypedPort[] => signals.map((s) => ({ name: s.name, type: typeOf(s) }));
    const waves = runIcarus({
      files,
      top,
      inputs: typed(this.inputs),
      outputs: typed(this.outputs),
      clock: this.hasClock,
      reset: this.hasReset,
      cycles: this.cycles,
    });
    this.cycles.forEach(({ out }, t) => {
      if (t === 0 && this.hasClock) return;
      for (const signal of this.outputs) {
        const name = verilogName(signal.name);
        const got = waves[t]?.[name] as string;
        if (/x/i.test(got) && isIdle(signal.name, out)) continue;
        const want = bitsOf(signal, out[signal.name] as bigint | readonly bigint[]).toString(16);
        if (got !== want) expect.fail(`${name} in cycle ${t}: Icarus ${got}, in process ${want}`);
      }
    });
  }
}

/** A payload without a valid beat may be unknown. */
function isIdle(name: string, out: Cycle): boolean {
  return Object.entries(out).some(
    ([valid, value]) => valid.endsWith('valid') && name.startsWith(valid.slice(0, -'valid'.length)) && name !== valid && value === 0n,
  );
}

function bitsOf({ type }: Signal, value: bigint | readonly bigint[]): bigint {
  const elements = typeof value === 'bigint' ? [value] : value;
  return elements.reduce((sum, element, i) => sum | (BigInt.asUintN(type.width, element) << BigInt(i * type.width)), 0n);
}

function verilogName(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase();
}

function verilog(design: Design): readonly SourceFile[] {
  return emitVerilog(design);
}

/** What Yosys says to the claim that the output `ok` of the module `spec` is 1 for all inputs; empty when it is proven. */
export function prove(design: Design, spec: string): string {
  const dir = mkdtempSync(join(tmpdir(), 'systole-prove-'));
  try {
    const files = [...verilog(design), { name: 'spec', text: spec }];
    for (const { name, text } of files) writeFileSync(join(dir, `${name}.v`), text);
    const script = `read_verilog ${files.map(({ name }) => `${name}.v`).join(' ')}; hierarchy -check -top spec; proc; flatten; opt -full; sat -verify -prove ok 1 spec`;
    const { status, stdout, stderr } = spawnSync('yosys', ['-q', '-p', script], { cwd: dir, encoding: 'utf8' });
    return status === 0 ? '' : `${stdout}${stderr}` || 'failed';
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
