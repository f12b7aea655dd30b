// Wide products, quotients and remainders by numbers, since no solver multiplies: edge values against edge values and random ones, every pair of widths
// at once, against exact integers (`reference.ts`).
//
// Icarus 11 takes for ever for some quotients of more than 64 bits whose divisor has as many ((2^96 - 1) / (2^65 - 1)). So on Icarus those divisions are left out
// where all operands are tried, and tried with divisors of at most 63 bits besides; the other engines do all.

import { difference, inProcess, modelled, onIcarus, onVerilator, prepare } from './check-circuit.ts';
import { type Expr, prim, ref, type Variable } from './circuit/data.ts';
import { table, variable } from './circuit-tables.ts';
import { Rng } from './random.ts';
import type { Cycle } from './random-circuit/stimulus.ts';
import { type Ground, sintT, uintT, wrap } from './reference.ts';
import { lint } from './verilog-tools.ts';

/** The widths at which the proof of operators has nothing to say of the values of `*`, `/` and `%`. */
export const WIDE_WIDTHS = [31, 32, 33, 63, 64, 65, 128];
const OPERATORS = ['mul', 'div', 'rem'] as const;
const POWERS = [1, 7, 16, 30, 31, 32, 33, 62, 63, 64, 65, 96, 126];

/** 0, ±1, least, greatest, and powers of two with their neighbours, of both signs. */
export function edgesOf(type: Ground): bigint[] {
  const { width } = type;
  const powers = [...POWERS, width - 2, width - 1, width].filter((k) => k <= width).flatMap((k) => [-1n, 0n, 1n].map((d) => 2n ** BigInt(k) + d));
  return [...new Set([0n, 1n, ...powers].flatMap((v) => [v, -v]).map((v) => wrap(type, v)))];
}

export interface Extent {
  readonly widths: readonly number[];
  /** Every how manyth pair of edge values is taken; 1 for all. */
  readonly every?: number;
  /** Random values that each edge value meets, on either side. */
  readonly randoms: number;
}
export interface Compared {
  /** Pairs of widths and signs with an operator. */
  readonly cases: number;
  /** Pairs of operands of each. */
  readonly operands: number;
  /** What tools and engines say that is not so, by their name; empty when all agree. */
  readonly problems: readonly string[];
}

/** With a sign: what of it fits into 63 bits. */
function reduced({ type }: Variable, value: bigint): bigint {
  const { kind, width } = type as Ground;
  return width <= 63 ? value : wrap({ kind, width: 63 }, value);
}

function dividesWide(e: Expr): boolean {
  return e.op === 'prim' && e.fn !== 'mul' && [e, ...e.args].some((x) => (x.type as Ground).width > 64);
}

/** All in one design, so in one build of each simulator. */
export function compareWide({ widths, every = 1, randoms }: Extent, seed = 1): Compared {
  const rng = new Rng(seed);
  const groups = [uintT, sintT].map((type) =>
    ['a', 'b'].map((side) => widths.map((w) => variable(`${type(w).kind === 'sint' ? 's' : 'u'}${side}${w}`, type(w)))),
  ) as [Variable[], Variable[]][];
  const exprs = groups.flatMap(([as, bs]) => as.flatMap((a) => bs.flatMap((b) => OPERATORS.map((op): Expr => prim(op, [ref(a), ref(b)])))));
  const inputs = groups.flat(2);
  const edges = new Map(inputs.map((v) => [v, edgesOf(v.type as Ground)]));
  const most = Math.max(...[...edges.values()].map((list) => list.length));
  // A list that is shorter than the longest begins anew.
  const edge = (v: Variable, i: number): bigint => (edges.get(v) as bigint[])[i % (edges.get(v) as bigint[]).length] as bigint;
  const random = (v: Variable): bigint =>
    wrap(v.type as Ground, rng.bits(rng.once(2) ? (v.type as Ground).width : 1 + rng.below((v.type as Ground).width)));
  const isFirst = new Set(groups.flatMap(([as]) => as));
  const cycle = (first: (v: Variable) => bigint, second: (v: Variable) => bigint): Cycle => ({
    values: inputs.map((v) => (isFirst.has(v) ? first(v) : second(v))),
  });
  const cycles = [
    ...[...Array(Math.floor((most * most) / every)).keys()].map((n) => {
      const [i, j] = [Math.floor((n * every) / most), (n * every) % most];
      return cycle(
        (v) => edge(v, i),
        (v) => edge(v, j),
      );
    }),
    ...[...Array(most * randoms).keys()].flatMap((n) => [cycle((v) => edge(v, n), random), cycle(random, (v) => edge(v, n)), cycle(random, random)]),
  ];
  const short = cycles.map(
    (c): Cycle => ({ values: inputs.map((v, i) => (isFirst.has(v) ? c.values[i] : reduced(v, c.values[i] as bigint)) as bigint) }),
  );
  const subject = prepare(table(inputs, exprs), 'wide');
  const narrow = prepare(
    table(
      inputs,
      exprs.filter((e) => !dividesWide(e)),
    ),
    'narrow',
  );
  const want = modelled(subject.circuit, cycles);
  const engines = {
    js: () => difference(inProcess(subject, cycles, 'js'), want),
    wasm: () => difference(inProcess(subject, cycles, 'wasm'), want),
    Verilator: () => difference(onVerilator(subject, cycles), want),
    'Icarus, no wide divisions': () => difference(onIcarus(narrow, cycles), modelled(narrow.circuit, cycles)),
    'Icarus, divisors of 63 bits': () => difference(onIcarus(subject, short), modelled(subject.circuit, short)),
    tools: () => lint(subject.files, subject.top) || undefined,
  };
  const problems = Object.entries(engines).flatMap(([name, said]) => {
    const what = said();
    return what ? [`${name}: ${what}`] : [];
  });
  return { cases: exprs.length, operands: cycles.length, problems };
}
