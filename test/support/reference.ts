// What every operator means, written from the table of the language and from nothing else: exact integers.
//
// Invariant: imports nothing from hdl/, so a mistake there cannot repeat itself here. A ground value is its number (negative for a negative
// sint, 0 or 1 for a bool); a vector is an array, a bundle a record.

import { NUMBER_OPERATORS } from './reference-numbers.ts';

/** What a type of the language makes of the bits of an integer; without it they are one. */
export type Dress =
  | { readonly as: 'enum'; readonly name: string; readonly members: { readonly [member: string]: number } }
  /** The state of a machine, an enumeration of its own. */
  | { readonly as: 'state'; readonly members: { readonly [member: string]: number } }
  | { readonly as: 'fixed'; readonly fraction: number }
  | { readonly as: 'float'; readonly format: string };

export interface Ground {
  readonly kind: 'bool' | 'uint' | 'sint';
  readonly width: number;
  readonly dress?: Dress;
}
export interface VecT {
  readonly kind: 'vec';
  readonly element: Type;
  readonly length: number;
}
export interface BundleT {
  readonly kind: 'bundle';
  readonly fields: { readonly [name: string]: Type };
}
export type Type = Ground | VecT | BundleT;
export type Value = bigint | readonly Value[] | { readonly [field: string]: Value };

export const BOOL: Ground = { kind: 'bool', width: 1 };
export const uintT = (width: number): Ground => ({ kind: 'uint', width });
export const sintT = (width: number): Ground => ({ kind: 'sint', width });
export const vecT = (element: Type, length: number): VecT => ({ kind: 'vec', element, length });

/** The number that the low bits of `value` stand for. */
export function wrap(type: Ground, value: bigint): bigint {
  return type.kind === 'sint' ? BigInt.asIntN(type.width, value) : BigInt.asUintN(type.width, value);
}

/** The bits of a value as a number that is not negative. */
export function bitsOf(type: Ground, value: bigint): bigint {
  return wrap(uintT(type.width), value);
}

/** Smallest width of a literal. */
export function literalWidth(kind: Ground['kind'], value: bigint): number {
  if (kind === 'bool') return 1;
  let width = kind === 'sint' ? 1 : 0;
  while (wrap({ kind, width }, value) !== value) width++;
  return width;
}

export interface Operand {
  readonly type: Ground;
  readonly value: bigint;
}

export type Rule = (a: Ground, b: Ground, n: number, m: number) => Ground;
export type Meaning = (a: bigint, b: bigint, n: bigint, m: bigint, ta: Ground, tb: Ground) => bigint;

const wider = (a: Ground, b: Ground): number => (a.width > b.width ? a.width : b.width);
const yes = (b: boolean): bigint => (b ? 1n : 0n);
const logic: Rule = (a, b) => (a.kind === 'bool' ? BOOL : uintT(wider(a, b)));
const truth: Rule = () => BOOL;
const floorShift = (a: bigint, n: bigint): bigint => {
  const divisor = 2n ** n;
  const quotient = a / divisor;
  return a % divisor < 0n ? quotient - 1n : quotient;
};
const bitList = (t: Ground, v: bigint): boolean[] => [...Array(t.width).keys()].map((i) => (bitsOf(t, v) / 2n ** BigInt(i)) % 2n === 1n);
const bitwise =
  (f: (x: bigint, y: bigint) => bigint): Meaning =>
  (a, b, _n, _m, ta, tb) => {
    const width = wider(ta, tb);
    return f(bitsOf({ ...ta, width }, a), bitsOf({ ...tb, width }, b));
  };
const ones = (t: Ground, v: bigint): number => bitsOf(t, v).toString(2).replaceAll('0', '').length;

const widerOf: Rule = (a, b) => ({ kind: a.kind, width: wider(a, b) });
/** Leftwards by `n` places. */
function rotated(value: bigint, width: number, n: bigint): bigint {
  if (width === 0) return 0n;
  const by = ((n % BigInt(width)) + BigInt(width)) % BigInt(width);
  const all = value * 2n ** by;
  return (all % 2n ** BigInt(width)) + all / 2n ** BigInt(width);
}

/** Result type and exact value of each operator; the value is then wrapped to the type. `n` and `m` are constant parameters. */
export const OPERATORS: { readonly [op: string]: readonly [Rule, Meaning] } = {
  add: [(a, b) => ({ kind: a.kind, width: wider(a, b) + 1 }), (a, b) => a + b],
  sub: [(a, b) => ({ kind: a.kind, width: wider(a, b) + 1 }), (a, b) => a - b],
  addw: [(a, b) => ({ kind: a.kind, width: wider(a, b) }), (a, b) => a + b],
  subw: [(a, b) => ({ kind: a.kind, width: wider(a, b) }), (a, b) => a - b],
  mul: [(a, b) => ({ kind: a.kind, width: a.width + b.width }), (a, b) => a * b],
  // Towards zero; by zero it is zero.
  div: [(a) => ({ kind: a.kind, width: a.kind === 'sint' ? a.width + 1 : a.width }), (a, b) => (b === 0n ? 0n : a / b)],
  rem: [(a, b) => ({ kind: a.kind, width: a.width < b.width ? a.width : b.width }), (a, b) => (b === 0n ? 0n : a % b)],
  and: [logic, bitwise((x, y) => x & y)],
  or: [logic, bitwise((x, y) => x | y)],
  xor: [logic, bitwise((x, y) => x ^ y)],
  eq: [truth, (a, b) => yes(a === b)],
  ne: [truth, (a, b) => yes(a !== b)],
  lt: [truth, (a, b) => yes(a < b)],
  le: [truth, (a, b) => yes(a <= b)],
  gt: [truth, (a, b) => yes(a > b)],
  ge: [truth, (a, b) => yes(a >= b)],
  dshl: [(a, b) => ({ kind: a.kind, width: a.width + 2 ** b.width - 1 }), (a, b) => a * 2n ** b],
  dshr: [(a) => a, (a, b) => floorShift(a, b)],
  not: [(a) => (a.kind === 'bool' ? BOOL : uintT(a.width)), (a) => -a - 1n],
  neg: [(a) => sintT(a.width + 1), (a) => -a],
  andR: [truth, (a, _b, _n, _m, t) => yes(ones(t, a) === t.width)],
  orR: [truth, (a, _b, _n, _m, t) => yes(ones(t, a) > 0)],
  xorR: [truth, (a, _b, _n, _m, t) => yes(ones(t, a) % 2 === 1)],
  shl: [(a, _b, n) => ({ kind: a.kind, width: a.width + n }), (a, _b, n) => a * 2n ** n],
  shr: [(a, _b, n) => ({ kind: a.kind, width: Math.max(a.width - n, a.kind === 'sint' && a.width > 0 ? 1 : 0) }), (a, _b, n) => floorShift(a, n)],
  trunc: [(a, _b, n) => ({ kind: a.kind, width: n }), (a) => a],
  extend: [(a, _b, n) => ({ kind: a.kind, width: n }), (a) => a],
  bits: [(_a, _b, n, m) => uintT(n - m + 1), (a, _b, _n, m, t) => bitsOf(t, a) / 2n ** m],
  bit: [truth, (a, _b, n, _m, t) => (bitsOf(t, a) / 2n ** n) % 2n],
  asUInt: [(a) => uintT(a.width), (a) => a],
  asSInt: [(a) => sintT(a.width), (a) => a],
  asBool: [truth, (a) => a],
  // Bits that an offset chooses; there are zeros above the value.
  slice: [(_a, _b, n) => uintT(n), (a, b, _n, _m, t) => bitsOf(t, a) / 2n ** b],
  bitAt: [truth, (a, b, _n, _m, t) => (bitsOf(t, a) / 2n ** b) % 2n],
  'std.min': [widerOf, (a, b) => (a < b ? a : b)],
  'std.max': [widerOf, (a, b) => (a < b ? b : a)],
  'std.abs': [(a) => uintT(a.width), (a) => (a < 0n ? -a : a)],
  'std.saturate': [
    (a, _b, n) => ({ kind: a.kind, width: n }),
    (a, _b, n, _m, t) => {
      if (n === 0n) return 0n;
      const [low, high] = t.kind === 'sint' ? [-(2n ** (n - 1n)), 2n ** (n - 1n) - 1n] : [0n, 2n ** n - 1n];
      return a < low ? low : a > high ? high : a;
    },
  ],
  'std.rotateLeft': [(a) => a, (a, b, _n, _m, t) => rotated(a, t.width, b)],
  'std.rotateRight': [(a) => a, (a, b, _n, _m, t) => rotated(a, t.width, -b)],
  'std.reverseBits': [(a) => a, (a, _b, _n, _m, t) => [...bitList(t, a)].reverse().reduce((sum, bit, i) => (bit ? sum + 2n ** BigInt(i) : sum), 0n)],
  'std.fillBits': [
    (a, _b, n) => uintT(a.width * n),
    (a, _b, n, _m, t) => [...Array(Number(n))].reduce<bigint>((sum) => sum * 2n ** BigInt(t.width) + bitsOf(t, a), 0n),
  ],
  ...NUMBER_OPERATORS,
};

export function resultType(op: string, a: Ground, b: Ground = a, n = 0, m = 0): Ground {
  const [rule] = OPERATORS[op] as readonly [Rule, Meaning];
  return rule(a, b, n, m);
}

export function apply(op: string, a: Operand, b: Operand = a, n = 0, m = 0): Operand {
  const [rule, meaning] = OPERATORS[op] as readonly [Rule, Meaning];
  const type = rule(a.type, b.type, n, m);
  return { type, value: wrap(type, meaning(a.value, b.value, BigInt(n), BigInt(m), a.type, b.type)) };
}

/** Ground leaves of a type as ports and nets have them: the path of fields, and the vector lengths from the outside in. */
export function leaves(
  type: Type,
  dims: readonly number[] = [],
  path: readonly string[] = [],
): { readonly path: readonly string[]; readonly type: Ground; readonly dims: readonly number[] }[] {
  if (type.kind === 'vec') return leaves(type.element, [...dims, type.length], path);
  if (type.kind === 'bundle') return Object.entries(type.fields).flatMap(([name, field]) => leaves(field, dims, [...path, name]));
  return [{ path, type, dims }];
}

/** All bits of one leaf of a value, element 0 lowest. */
export function packLeaf(type: Type, value: Value, path: readonly string[]): { readonly width: number; readonly bits: bigint } {
  if (type.kind === 'vec') {
    const parts = (value as readonly Value[]).map((v) => packLeaf(type.element, v, path));
    return parts.reduceRight((sum, p) => ({ width: sum.width + p.width, bits: sum.bits * 2n ** BigInt(p.width) + p.bits }), { width: 0, bits: 0n });
  }
  if (type.kind === 'bundle') {
    const [head, ...rest] = path;
    return packLeaf(type.fields[head as string] as Type, (value as { readonly [field: string]: Value })[head as string] as Value, rest);
  }
  return { width: type.width, bits: bitsOf(type, value as bigint) };
}

/** The value of a type made of the same ground value everywhere, or of what `make` gives. */
export function construct(type: Type, make: (ground: Ground) => bigint): Value {
  if (type.kind === 'vec') return [...Array(type.length).keys()].map(() => construct(type.element, make));
  if (type.kind === 'bundle') return Object.fromEntries(Object.entries(type.fields).map(([name, field]) => [name, construct(field, make)]));
  return wrap(type, make(type));
}
