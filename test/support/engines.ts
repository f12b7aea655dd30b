// One design on every engine: both in-process ones and Icarus (Verilator on request), with the tools' warnings.
//
// Invariant: stimuli are seeded; every output is compared in every cycle. The caller compares with a model what comes back.

import { type Design, elaborate, type Module } from '../../hdl/index.ts';
import { count, ports, type Signal } from '../../hdl/ir/nodes.ts';
import { emitVerilog } from '../../hdl/verilog/index.ts';
import { simulateDesign } from '../../sim/simulator.ts';
import { difference } from './check-circuit.ts';
import { Rng } from './random.ts';
import type { Ground, Type, Value } from './reference.ts';
import { expectedWaves, lint, runIcarus, runVerilator, type TypedPort } from './verilog-tools.ts';

/** Values of ports by name; arrays in row-major order. */
export type PortValues = { readonly [port: string]: bigint | readonly bigint[] };
export interface Recorded {
  readonly inputs: readonly PortValues[];
  readonly outputs: readonly PortValues[];
  /** What the tools say and where engines differ; empty when all is well. */
  readonly problems: string;
}

export interface Options {
  readonly cycles?: number;
  readonly seed?: number;
  readonly verilator?: boolean;
  /** First cycle that is compared: when all outputs are known, by default after the reset. */
  readonly settle?: number;
  /** Inputs in place of random ones, for the ports that it names. */
  readonly drive?: (cycle: number) => PortValues;
}

const typeOf = ({ type, dims }: Signal): Type => {
  const ground: Ground = { kind: type.kind === 'sint' ? 'sint' : 'uint', width: type.width };
  return dims.reduceRight<Type>((element, length) => ({ kind: 'vec', element, length }), ground);
};

function nested(cells: readonly bigint[], dims: readonly number[]): Value {
  const [length, ...rest] = dims;
  if (length === undefined) return cells[0] as bigint;
  const size = count(rest);
  return Array.from({ length }, (_, i) => nested(cells.slice(i * size, (i + 1) * size), rest));
}

/** Elaborates a module and runs it everywhere. */
export function everywhere<C>(cls: new (cfg: C) => Module<C>, cfg: C, options: Options = {}): Recorded {
  return runEverywhere(elaborate(cls as never, cfg as never), options);
}

export function runEverywhere(design: Design, { cycles = 60, seed = 1, verilator = false, settle, drive }: Options): Recorded {
  const rng = new Rng(seed);
  const all = ports(design.top);
  const has = (kind: string): boolean => all.some((p) => p.type.kind === kind);
  const ins = all.filter((p) => p.role === 'input' && p.type.kind !== 'clock' && p.type.kind !== 'reset');
  const outs = all.filter((p) => p.role === 'output');
  const inputs = Array.from({ length: cycles }, (_, t): PortValues => {
    const given = drive?.(t) ?? {};
    const random = ({ type, dims }: Signal): bigint | bigint[] => {
      const one = (): bigint => rng.value({ kind: type.kind === 'sint' ? 'sint' : 'uint', width: type.width });
      return dims.length === 0 ? one() : Array.from({ length: count(dims) }, one);
    };
    return Object.fromEntries(ins.map((p) => [p.name, given[p.name] ?? random(p)]));
  });
  const inProcess = (engine: 'js' | 'wasm'): PortValues[] => {
    const sim = simulateDesign(design, { engine });
    try {
      return inputs.map((values, t) => {
        for (const [port, value] of Object.entries(values)) sim.poke(port, value as never);
        if (has('reset')) sim.poke('rst', t === 0);
        const seen = Object.fromEntries(
          outs.map((p) => {
            const value = sim.peek(p.name) as unknown;
            return [
              p.name,
              Array.isArray(value) ? value.map(BigInt) : p.dims.length > 0 ? Array.from(value as ArrayLike<number>, BigInt) : BigInt(value as number),
            ];
          }),
        );
        if (has('clock')) sim.step();
        return seen;
      });
    } finally {
      sim.close();
    }
  };
  const typed = (list: readonly Signal[]): TypedPort[] => list.map((p) => ({ name: p.name, type: typeOf(p) }));
  const values = (list: readonly Signal[], of: PortValues): Value[] => list.map((p) => nested([of[p.name] as bigint | bigint[]].flat(), p.dims));
  const outputs = inProcess('js');
  const want = expectedWaves(
    typed(outs),
    outputs.map((o) => values(outs, o)),
  );
  const files = emitVerilog(design);
  const run = {
    files,
    top: design.top.name,
    inputs: typed(ins),
    outputs: typed(outs),
    clock: has('clock'),
    reset: has('reset'),
    cycles: inputs.map((i, t) => ({ values: values(ins, i), rst: t === 0 })),
  };
  // Before the reset nothing is known.
  const from = settle ?? (has('reset') ? 1 : 0);
  const wasm = expectedWaves(
    typed(outs),
    inProcess('wasm').map((o) => values(outs, o)),
  );
  const reports = [
    ['tools', lint(files, design.top.name) || undefined],
    ['wasm', difference(wasm, want, from)],
    ['Icarus', difference(runIcarus(run), want, from)],
    ['Verilator', verilator ? difference(runVerilator(run), want, from) : undefined],
  ];
  return { inputs, outputs, problems: reports.flatMap(([who, what]) => (what ? [`${who}: ${what}`] : [])).join('\n') };
}
