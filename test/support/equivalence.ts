// Proves two Verilog designs of the same ports equal, many pairs in one run of Yosys and ABC.
//
// What is proven: with paired registers equal, and all others at any value, every output and every next value of a paired register is equal for all
// inputs. So from equal states both designs behave the same for ever. Registers pair by name, or by what they do in a simulation (state-pairs.ts), and must
// agree in clock edge and start value. No choice of pairs can make unequal designs equal; a poor one leaves equal designs unproven.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Aig, FALSE, type Lit, TRUE } from './aig.ts';
import { literalsOf } from './blast.ts';
import type { Bit, Core, Module } from './netlist.ts';
import { comparableCores } from './state-pairs.ts';
import type { SourceFile } from './verilog-tools.ts';

export interface Pair {
  /** For messages. */
  readonly name: string;
  readonly before: Side;
  readonly after: Side;
}
/** Tops and all their modules must have names that no other side of a run uses; pairs may share a side. */
export interface Side {
  readonly files: readonly SourceFile[];
  readonly top: string;
}

/** What an undefined bit counts as, on both sides. */
export type Undefined = 'zero' | 'one';

export interface Options {
  readonly undefinedIs?: Undefined;
  /** For each question to ABC. */
  readonly seconds?: number;
  /** Told which outputs are not one node already. */
  readonly onSolver?: (outputs: readonly string[]) => void;
}
/** What is not named is proven equal. */
export interface Verdict {
  /** Outputs that differ, each after the name of its pair. */
  readonly differ: readonly string[];
  /** Outputs of which ABC found nothing in its time. */
  readonly undecided: readonly string[];
}

/** Pairs that differ, each with an output that does; empty when all are proven equal. Throws when of one there is no answer. */
export function inequivalent(pairs: readonly Pair[], options: Options = {}): readonly string[] {
  const { differ, undecided } = compare(pairs, options);
  if (undecided.length > 0) throw new Error(`not decided: ${[...undecided, ...differ.map((f) => `and differs: ${f}`)].join(', ')}`);
  return differ;
}

/** Every pair by itself: a difference in one leaves nothing open about another. Pairs that are not proven are looked at again with their constants folded by Yosys. */
export function compare(pairs: readonly Pair[], options: Options = {}): Verdict {
  let findings = compareOnce(pairs, MEMORIES, options);
  const names = new Set([...findings.differ, ...findings.undecided].map(({ name }) => name));
  if (names.size > 0)
    findings = compareOnce(
      pairs.filter(({ name }) => names.has(name)),
      CONSTANT_MEMORIES,
      options,
    );
  return { differ: findings.differ.map(({ what }) => what), undecided: findings.undecided.map(({ what }) => what) };
}

/** What was not proven of a pair. */
interface Finding {
  readonly name: string;
  readonly what: string;
}

function compareOnce(pairs: readonly Pair[], memories: string, { undefinedIs = 'zero', seconds = 60, onSolver }: Options) {
  const dir = mkdtempSync(join(tmpdir(), 'systole-equivalence-'));
  try {
    const modules = netlists(dir, pairs, memories);
    const g = new Aig();
    const open: Output[] = [];
    const differ: Finding[] = [];
    // Pairs with one first side are about the same inputs: what they have in common is one graph.
    const inputs = new Map<string, Map<string, Lit>>();
    for (const { name, before, after } of pairs) {
      const cores = comparableCores(modules[before.top] as Module, modules[after.top] as Module);
      const [a, b] = cores.map((c) => [...c.outputs.keys()].sort()) as [string[], string[]];
      const unlike = a.find((o, i) => o !== b[i]) ?? b.find((o, i) => o !== a[i]);
      if (unlike !== undefined) {
        differ.push({ name, what: `${name}: only one has ${unlike}` });
        continue;
      }
      const common = inputs.get(before.top) ?? new Map<string, Lit>();
      inputs.set(before.top, common);
      open.push(...graphs(g, cores, common, undefinedIs).map(([output, x, y]) => ({ what: `${name}: ${output}${alone(cores)}`, name, x, y })));
    }
    // Most outputs are one node already; of the others, those that random inputs tell apart need no proof.
    const simulated = g.simulate(1);
    const unlike = open.filter(({ x, y }) => x !== y);
    onSolver?.(unlike.map((o) => o.what));
    const apart = new Set(unlike.filter(({ x, y }) => simulated(x) !== simulated(y)));
    differ.push(...apart);
    const left = unlike.filter((o) => !apart.has(o));
    const proves = (outputs: readonly Output[]): boolean | undefined =>
      outputs.length === 0 ||
      g.proves(
        outputs.map(({ x, y }) => [x, y] as const),
        dir,
        seconds,
      );
    const undecided: Finding[] = [];
    if (proves(left)) return { differ, undecided };
    for (const name of new Set(left.map((o) => o.name))) {
      const outputs = left.filter((o) => o.name === name);
      const proven = proves(outputs);
      if (proven === undefined) undecided.push(...outputs);
      if (proven === false) differ.push(...outputs.map((o) => ({ name, what: `one of these: ${o.what}` })));
    }
    return { differ, undecided };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

interface Output extends Finding {
  readonly x: Lit;
  readonly y: Lit;
}

/** Each output of two cores as literals over common inputs. */
function graphs(g: Aig, cores: readonly [Core, Core], inputs: Map<string, Lit>, undefinedIs: Undefined): [string, Lit, Lit][] {
  const [a, b] = cores.map((core) => literalsOf(g, core, inputs, undefinedIs === 'one' ? TRUE : FALSE)) as [(bit: Bit) => Lit, (bit: Bit) => Lit];
  return [...cores[0].outputs].map(([name, bit]) => [name, a(bit), b(cores[1].outputs.get(name) as Bit)]);
}

/** A difference may be none if there is state without a partner: said with it. */
function alone(cores: readonly [Core, Core]): string {
  const names = new Set(cores.flatMap((c) => [...c.unpaired].map(([key, s]) => (s.names[0] ?? key).replace(/#.*/, ''))));
  return names.size > 0 ? ` (without a partner, and so of any value: ${[...names].join(', ')})` : '';
}

/** Memories as registers, the priorities of their ports included; `opt_clean` makes the enables of their contents constant. */
const MEMORIES = 'opt_clean\nmemory_collect\nmemory_map';
/** The same with constants taken through expressions before: a memory that nothing writes is then no state on either side. */
const CONSTANT_MEMORIES = `opt_expr\n${MEMORIES}`;

/** Both sides of all pairs, each flattened to cells and plain flip-flops. */
export function netlists(dir: string, pairs: readonly Pair[], memories = MEMORIES): { readonly [top: string]: Module } {
  const sides = new Map(pairs.flatMap((p) => [p.before, p.after]).map((s) => [s.top, s]));
  const files = [...sides.values()].flatMap((s) => s.files);
  // Sides may have external modules in common.
  writeFileSync(join(dir, 'all.v'), [...new Set(files.map((f) => f.text))].join('\n'));
  const selected = [...sides.keys()].map((t) => `select -add ${t}`).join('\n');
  writeFileSync(
    join(dir, 'run.ys'),
    `read_verilog ${files.some((f) => f.extension === 'sv') ? '-sv ' : ''}-formal all.v\nproc -noopt -norom\nflatten\n${memories}\ndffunmap\nselect -none\n${selected}\njson -o all.json\n`,
  );
  const { status, stdout, stderr } = spawnSync('yosys', ['-q', '-Q', 'run.ys'], { cwd: dir, encoding: 'utf8', maxBuffer: 2 ** 28 });
  if (status !== 0) throw new Error(`yosys: ${stdout}${stderr}`);
  return JSON.parse(readFileSync(join(dir, 'all.json'), 'utf8')).modules;
}
