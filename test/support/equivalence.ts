// Proves two Verilog designs of the same ports equal, many pairs in one run of Yosys and ABC.
//
// What is proven: with paired registers equal, and all others at any value, every output and every next value of a paired register is equal for all
// inputs. So from equal states both designs behave the same for ever. Registers pair by name, and must agree in clock edge and start value.

import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { joined, type Module, pairedCores } from './netlist.ts';
import type { SourceFile } from './verilog-tools.ts';

export interface Pair {
  /** For messages. */
  readonly name: string;
  readonly before: Side;
  readonly after: Side;
}
/** Tops and all their modules must have names that no other pair of a run uses. */
export interface Side {
  readonly files: readonly SourceFile[];
  readonly top: string;
}

/** What an undefined value counts as; both sides take the same. */
export type Undefined = 'zero' | 'one';

/** Names of the pairs that differ, with what differs first; empty when all are proven equal. Throws when a tool cannot decide. */
export function inequivalent(pairs: readonly Pair[], undefinedIs: Undefined = 'zero'): string[] {
  const dir = mkdtempSync(join(tmpdir(), 'systole-equivalence-'));
  try {
    return new Run(dir, pairs).differences(undefinedIs);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

class Run {
  readonly #dir: string;
  readonly #pairs: readonly Pair[];

  constructor(dir: string, pairs: readonly Pair[]) {
    this.#dir = dir;
    this.#pairs = pairs;
  }

  differences(undefinedIs: Undefined): string[] {
    const modules = this.#netlists(undefinedIs);
    const cores = this.#pairs.map(({ before, after }) => pairedCores(modules[before.top] as Module, modules[after.top] as Module));
    const unlike = cores.flatMap(([a, b], i) => {
      const missing = [...a.outputs.keys()].find((o) => !b.outputs.has(o)) ?? [...b.outputs.keys()].find((o) => !a.outputs.has(o));
      return missing ? [`${this.#pairs[i]?.name}: only one has ${missing}`] : [];
    });
    if (unlike.length > 0) return unlike;
    const inputs = cores.map(([a, b]) => new Set([...a.inputs.keys(), ...b.inputs.keys()]));
    for (const [i, name] of (['before', 'after'] as const).entries()) {
      const module = joined(
        cores.map((pair) => pair[i] as (typeof pair)[0]),
        inputs,
      );
      writeFileSync(join(this.#dir, `${name}.json`), JSON.stringify({ modules: { core: module } }));
      this.#yosys(`read_json ${name}.json; techmap; opt -fast -full; aigmap; opt_clean -purge; write_aiger -symbols ${name}.aig`);
    }
    return this.#compare();
  }

  /** Both sides of all pairs, each flattened to cells and plain flip-flops. */
  #netlists(undefinedIs: Undefined): { readonly [top: string]: Module } {
    const files = this.#pairs.flatMap((p) => [...p.before.files, ...p.after.files]);
    writeFileSync(join(this.#dir, 'all.v'), files.map((f) => f.text).join('\n'));
    const tops = this.#pairs.flatMap((p) => [p.before.top, p.after.top]);
    this.#yosys(
      `read_verilog -mem2reg all.v; hierarchy -check; proc -noopt; flatten; setundef -undriven -${undefinedIs}; setundef -${undefinedIs}; ` +
        `async2sync; dffunmap; select -none; ${tops.map((t) => `select -add ${t}`).join('; ')}; json -o all.json`,
    );
    return JSON.parse(readFileSync(join(this.#dir, 'all.json'), 'utf8')).modules;
  }

  #yosys(script: string): void {
    writeFileSync(join(this.#dir, 'run.ys'), script.replaceAll('; ', '\n'));
    const { status, stdout, stderr } = spawnSync('yosys', ['-q', '-Q', 'run.ys'], { cwd: this.#dir, encoding: 'utf8', maxBuffer: 2 ** 28 });
    if (status !== 0) throw new Error(`yosys: ${stdout}${stderr}`);
  }

  #compare(): string[] {
    const text = execFileSync('yosys-abc', ['-c', 'cec before.aig after.aig'], { cwd: this.#dir, encoding: 'utf8', maxBuffer: 2 ** 28 });
    if (/Networks are equivalent/.test(text)) return [];
    const failed = [...text.matchAll(/(\d+\.out\.\S+)/g)].map((m) => m[1] as string);
    if (/NOT EQUIVALENT/.test(text)) return failed.length > 0 ? failed.map((f) => this.#describe(f)) : [text];
    throw new Error(`not decided: ${text.slice(-1000)}`);
  }

  #describe(output: string): string {
    const [, n, what] = /^(\d+)\.out\.(.*)$/.exec(output) ?? [];
    return `${this.#pairs[Number(n)]?.name}: ${what}`;
  }
}
