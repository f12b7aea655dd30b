// Operators as the language prints them against their plain meaning, as pairs for a proof.

import { bool, cat, elaborate, input, Module, mux, output, sint, uint } from '../../hdl/index.ts';
import { emitVerilog } from '../../hdl/verilog/index.ts';
import { call, type Dyn } from './dynamic.ts';
import type { Pair } from './equivalence.ts';
import { type Application, type Kind, type Meaning, meaning, type Operand } from './operator-spec.ts';

/** The widths at which all operators are proven. */
export const PROVEN_WIDTHS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 31, 32, 33, 63, 64, 65, 128];

export const BINARY = ['add', 'sub', 'addw', 'subw', 'mul', 'div', 'rem', 'and', 'or', 'xor', 'eq', 'ne', 'lt', 'le', 'gt', 'ge', 'mux', 'cat'];
const UNARY = ['not', 'neg', 'andR', 'orR', 'xorR'];

const typeOf = (kind: string, width: number) => (kind === 'bool' ? bool : kind === 'uint' ? uint(width) : sint(width));

class Table extends Module<readonly Application[]> {
  readonly p: { readonly [name: string]: Dyn };
  constructor(cfg: readonly Application[]) {
    super(cfg);
    const operands = operandsOf(cfg);
    const meanings = cfg.map(meaning);
    const outs = meanings.map(({ kind, width }, i) => [`q${i}`, output(typeOf(kind, width))] as const);
    const ins = operands.map(({ name, kind, width }) => [name, input(typeOf(kind, width))] as const);
    this.p = this.io(Object.fromEntries([['c', input(bool)], ...ins, ...outs])) as never;
    for (const [i, { op, args, n, m }] of cfg.entries()) {
      const [a, ...rest] = args.map((o) => this.p[o.name] as Dyn) as [Dyn, ...Dyn[]];
      const numbers = [n, m].filter((x) => x !== undefined);
      const value =
        op === 'mux'
          ? (mux(this.p['c'] as never, a as never, rest[0] as never) as unknown as Dyn)
          : op === 'cat'
            ? (cat(a as never, rest[0] as never) as unknown as Dyn)
            : call(a, op, ...rest, ...numbers);
      const { width } = meanings[i] as Meaning;
      if (value.width !== width) throw new Error(`${op}: width ${value.width}, expected ${width}`);
      (this.p[`q${i}`] as Dyn).set(value);
    }
  }
}

function operandsOf(list: readonly Application[]): Operand[] {
  return [...new Map(list.flatMap((a) => a.args).map((o) => [o.name, o])).values()];
}

/** The specification as a module. */
function plain(top: string, list: readonly Application[]): string {
  const range = (width: number): string => `[${width - 1}:0]`;
  const ins = ['input wire c', ...operandsOf(list).flatMap((o) => (o.width > 0 ? [`input wire ${range(o.width)} ${o.name}`] : []))];
  const meanings = list.map((a, i) => ({ name: `q${i}`, ...meaning(a) })).filter((x) => x.width > 0);
  const ports = [...ins, ...meanings.map((x) => `output wire ${range(x.width)} ${x.name}`)];
  return `module ${top} (\n${ports.join(',\n')}\n);\n${meanings.map((x) => x.verilog(x.name)).join('\n')}\nendmodule\n`;
}

/** One pair for a list of applications; `name` is an identifier. */
export function operatorPair(name: string, list: readonly Application[]): Pair {
  const [before, after] = [`plain_${name}`, `ours_${name}`];
  return {
    name,
    before: { top: before, files: [{ name: before, text: plain(before, list) }] },
    after: { top: after, files: emitVerilog(elaborate(Table as never, list as never, { name: after } as never)) },
  };
}

const operand = (name: string, kind: Kind, width: number): Operand => ({ name: `${name}${width}`, kind, width });

/** All that takes two operands, at one width of the first and several of the second. */
export function binaryApplications(kind: Kind, ops: readonly string[], width: number, others: readonly number[]): Application[] {
  return others.flatMap((w) => ops.map((op) => ({ op, args: [operand('a', kind, width), operand('b', kind, w)] })));
}

/** All that takes one operand, and shifts by a signal. */
export function otherApplications(kind: Kind, width: number): Application[] {
  const a = operand('a', kind, width);
  const amounts = [...new Set([0, 1, 2, width >> 1, width - 1, width, width + 5])].filter((n) => n >= 0);
  const shift = (w: number): Operand => ({ name: `n${w}`, kind: 'uint', width: w });
  return [
    ...[...UNARY, kind === 'uint' ? 'asSInt' : 'asUInt'].map((op) => ({ op, args: [a] })),
    ...amounts.flatMap((n) => ['shl', 'shr'].map((op) => ({ op, args: [a], n }))),
    ...amounts.filter((n) => n <= width).map((n) => ({ op: 'trunc', args: [a], n })),
    ...[width, width + 1, width + 40].map((n) => ({ op: 'extend', args: [a], n })),
    ...amounts.filter((n) => n < width).flatMap((n) => [width - 1, n].map((hi) => ({ op: 'bits', args: [a], n: hi, m: hi === n ? 0 : n }))),
    ...[0, 1, 3, 5].map((w) => ({ op: 'dshl', args: [a, shift(w)] })),
    ...[0, 1, 3, 5, 8].map((w) => ({ op: 'dshr', args: [a, shift(w)] })),
  ];
}
