// Proves two Verilog designs of the same ports equal, many pairs in one run of Yosys and ABC.
//
// What is proven: with paired registers equal, and all others at any value, every output and every next value of a paired register is equal for all
// inputs. So from equal states both designs behave the same for ever. Registers pair by name, and must agree in clock edge and start value.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Aig, type Lit } from './aig.ts';
import { blast } from './blast.ts';
import { type Bit, type Cell, type Core, type Module, pairedCores } from './netlist.ts';
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

/** What an undefined bit counts as, on both sides. */
export type Undefined = 'zero' | 'one';

/**
 * Pairs that differ, each with an output that does; empty when all are proven equal. Throws when no answer is found in `seconds`. `onSolver` is told
 * which outputs are not one node already.
 */
export function inequivalent(
  pairs: readonly Pair[],
  undefinedIs: Undefined = 'zero',
  seconds = 60,
  onSolver: (outputs: readonly string[]) => void = () => undefined,
): string[] {
  const dir = mkdtempSync(join(tmpdir(), 'systole-equivalence-'));
  try {
    const modules = netlists(dir, pairs);
    const g = new Aig();
    const open: Output[] = [];
    const found: string[] = [];
    for (const { name, before, after } of pairs) {
      const cores = pairedCores(modules[before.top] as Module, modules[after.top] as Module);
      const [a, b] = cores.map((c) => [...c.outputs.keys()].sort()) as [string[], string[]];
      const unlike = a.find((o, i) => o !== b[i]) ?? b.find((o, i) => o !== a[i]);
      if (unlike !== undefined) found.push(`${name}: only one has ${unlike}`);
      else open.push(...graphs(g, cores, undefinedIs).map(([output, x, y]) => ({ what: `${name}: ${output}`, name, x, y })));
    }
    // Most outputs are one node already; of the others, those that random inputs tell apart need no proof.
    const simulated = g.simulate(1);
    const left = open.filter(({ x, y }) => x !== y);
    onSolver(left.map((o) => o.what));
    for (const { what, x, y } of left) if (simulated(x) !== simulated(y)) found.push(what);
    const proven =
      found.length > 0 ||
      left.length === 0 ||
      g.proves(
        left.map(({ x, y }) => [x, y] as const),
        dir,
        seconds,
      );
    if (proven === undefined) throw new Error(`not decided: ${left.map((o) => o.what).join(', ')}`);
    if (!proven) found.push(...left.map((o) => `one of these: ${o.what}`));
    return found;
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

interface Output {
  readonly what: string;
  readonly x: Lit;
  readonly y: Lit;
}

/** Each output of two cores as literals over common inputs. */
function graphs(g: Aig, cores: readonly [Core, Core], undefinedIs: Undefined): [string, Lit, Lit][] {
  const inputs = new Map<string, Lit>();
  const unknown: Lit = undefinedIs === 'one' ? 1 : 0;
  const literals = cores.map((core) => {
    const values = new Map<Bit, Lit>();
    for (const [name, bit] of core.inputs) {
      if (!inputs.has(name)) inputs.set(name, g.input());
      values.set(bit, inputs.get(name) as Lit);
    }
    const drivers = new Map<Bit, Cell>();
    for (const cell of Object.values(core.cells)) for (const bit of cell.connections['Y'] ?? []) drivers.set(bit, cell);
    const literalOf = (bit: Bit): Lit => {
      if (typeof bit !== 'number') return bit === '0' || bit === '1' ? Number(bit) : unknown;
      const known = values.get(bit);
      if (known !== undefined) return known;
      const cell = drivers.get(bit);
      if (!cell) return unknown;
      const word = blast(g, cell, (port) => (cell.connections[port] as readonly Bit[]).map(literalOf));
      (cell.connections['Y'] as readonly Bit[]).forEach((out, i) => {
        values.set(out, word[i] as Lit);
      });
      return values.get(bit) as Lit;
    };
    return new Map([...core.outputs].map(([name, bit]) => [name, literalOf(bit)]));
  });
  const [a, b] = literals as [Map<string, Lit>, Map<string, Lit>];
  return [...a].map(([name, x]) => [name, x, b.get(name) as Lit]);
}

/** Both sides of all pairs, each flattened to cells and plain flip-flops. */
export function netlists(dir: string, pairs: readonly Pair[]): { readonly [top: string]: Module } {
  const files = pairs.flatMap((p) => [...p.before.files, ...p.after.files]);
  writeFileSync(join(dir, 'all.v'), files.map((f) => f.text).join('\n'));
  const tops = pairs.flatMap((p) => [p.before.top, p.after.top]);
  const selected = tops.map((t) => `select -add ${t}`).join('\n');
  writeFileSync(
    join(dir, 'run.ys'),
    `read_verilog ${files.some((f) => f.extension === 'sv') ? '-sv ' : ''}-mem2reg all.v\nproc -noopt\nflatten\nasync2sync\ndffunmap\nselect -none\n${selected}\njson -o all.json\n`,
  );
  const { status, stdout, stderr } = spawnSync('yosys', ['-q', '-Q', 'run.ys'], { cwd: dir, encoding: 'utf8', maxBuffer: 2 ** 28 });
  if (status !== 0) throw new Error(`yosys: ${stdout}${stderr}`);
  return JSON.parse(readFileSync(join(dir, 'all.json'), 'utf8')).modules;
}
