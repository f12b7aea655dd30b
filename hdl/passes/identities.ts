// Algebraic identities that are exact under the width rules: the result has the type of what it replaces, to the bit.
//
// Invariant: `simplify` sees operands that are simple already and gives an expression of the same type and dims.

import { bits, cast, constant, element, extend, fill, rangeOf, shl, shr, trunc, unary } from '../ir/build.ts';
import type { Expr, GroundType } from '../ir/nodes.ts';
import { evaluate, wrap } from './evaluate.ts';

/** The simplest expression of the same value that a few rules know; the expression itself when none applies. */
export function simplify(e: Expr): Expr {
  if (e.op === 'const' || e.op === 'ref') return e.dims.length === 0 && e.type.width === 0 && isData(e.type) ? constant(e.type, 0n) : e;
  if (e.dims.length === 0 && isData(e.type)) {
    const values = e.args.map((a) => (a.op === 'const' ? a.value : undefined));
    const known = e.type.width === 0 ? 0n : values.every((v) => v !== undefined) ? evaluate(e, values as bigint[]) : undefined;
    if (known !== undefined) return constant(e.type, known);
  }
  return identity(e) ?? e;
}

/** Clocks and resets are no numbers. */
function isData({ kind }: GroundType): boolean {
  return kind !== 'clock' && kind !== 'reset';
}

function identity(e: Expr): Expr | undefined {
  const [a, b] = e.args as [Expr, Expr];
  switch (e.op) {
    case 'element':
      return elementOf(e, a, b);
    case 'mux':
      return muxOf(e);
    case 'reverse':
      return a.op === 'reverse' ? (a.args[0] as Expr) : undefined;
    case 'extend':
      if (e.dims.length > 0) return undefined;
      return a.op === 'extend' && isNumber(a.type) ? extend(a.args[0] as Expr, e.type.width) : undefined;
    case 'trunc':
      if (e.dims.length > 0) return undefined;
      if (a.op === 'trunc') return simplify(trunc(a.args[0] as Expr, e.type.width));
      return a.op === 'extend' ? resized(a.args[0] as Expr, e.type.width) : undefined;
    case 'cast':
      if (e.dims.length > 0) return undefined;
      if (a.op === 'cast') return simplify({ ...e, args: a.args });
      return sameType(e.type, a.type) ? a : undefined;
    case 'bits':
      return bitsOf(a, e.hi, e.lo);
    case 'cat': {
      const parts = e.args.filter((p) => p.type.width > 0);
      if (parts.length === 1) return asUint(parts[0] as Expr);
      return parts.length < e.args.length ? { ...e, args: parts } : undefined;
    }
    case 'shl':
    case 'shr':
      return e.amount === 0 ? a : undefined;
    case 'not':
      return a.op === 'not' ? as(a.args[0] as Expr, e.type) : undefined;
    case 'andR':
    case 'orR':
    case 'xorR':
      return a.type.width === 1 ? as(a, e.type) : undefined;
    default:
      return e.args.length === 2 ? arithmetic(e, a, b) : undefined;
  }
}

function arithmetic(e: Expr, a: Expr, b: Expr): Expr | undefined {
  const zero = constant(e.type, 0n);
  const same = a === b;
  switch (e.op) {
    case 'add':
    case 'addw':
      return isConst(b, 0n) ? extend(a, e.type.width) : isConst(a, 0n) ? extend(b, e.type.width) : undefined;
    case 'sub':
    case 'subw':
      return same ? zero : isConst(b, 0n) ? extend(a, e.type.width) : undefined;
    case 'mul':
      if (isConst(a, 0n) || isConst(b, 0n)) return zero;
      return isConst(b, 1n) ? extend(a, e.type.width) : isConst(a, 1n) ? extend(b, e.type.width) : undefined;
    case 'div':
      if (isConst(a, 0n) || isConst(b, 0n)) return zero;
      return isConst(b, 1n) ? extend(a, e.type.width) : undefined;
    case 'rem':
      return isConst(a, 0n) || isConst(b, 0n) || isConst(b, 1n) ? zero : undefined;
    case 'and':
      if (isConst(a, 0n) || isConst(b, 0n)) return zero;
      return isOnes(b, e.type) || same ? as(a, e.type) : isOnes(a, e.type) ? as(b, e.type) : undefined;
    case 'or':
      if (isOnes(a, e.type) || isOnes(b, e.type)) return constant(e.type, wrap(e.type, -1n));
      return isConst(b, 0n) || same ? as(a, e.type) : isConst(a, 0n) ? as(b, e.type) : undefined;
    case 'xor':
      return same ? zero : isConst(b, 0n) ? as(a, e.type) : isConst(a, 0n) ? as(b, e.type) : undefined;
    case 'dshl':
      return b.op === 'const' ? extend(shl(a, Number(b.value)), e.type.width) : undefined;
    case 'dshr':
      return b.op === 'const' ? simplify(extend(simplify(shr(a, Number(b.value))), e.type.width)) : undefined;
    case 'eq':
    case 'ne':
    case 'lt':
    case 'le':
    case 'gt':
    case 'ge':
      return comparison(e, a, b);
    default:
      return undefined;
  }
}

/** Decided by what the operands can be at all; a comparison of a bool with a constant is the bool or its inverse. */
function comparison(e: Expr, a: Expr, b: Expr): Expr | undefined {
  const bool = (holds: boolean): Expr => constant(e.type, holds ? 1n : 0n);
  const { op } = e;
  if (a === b) return bool(op === 'eq' || op === 'le' || op === 'ge');
  const [x, y] = [span(a), span(b)];
  const [below, above] = [x.max < y.min, x.min > y.max];
  if (below || above) return bool(op === 'ne' || (below ? op === 'lt' || op === 'le' : op === 'gt' || op === 'ge'));
  if (x.max <= y.min && (op === 'le' || op === 'gt')) return bool(op === 'le');
  if (x.min >= y.max && (op === 'ge' || op === 'lt')) return bool(op === 'ge');
  if (a.type.kind !== 'bool' || (op !== 'eq' && op !== 'ne')) return undefined;
  const [limit, other] = b.op === 'const' ? [b, a] : a.op === 'const' ? [a, b] : [];
  if (!limit || !other) return undefined;
  return (limit.value === 1n) === (op === 'eq') ? other : simplify(unary('not', other));
}

/** The values that an expression can have, as far as its type tells. */
function span(e: Expr): { readonly min: bigint; readonly max: bigint } {
  if (e.op === 'const') return { min: e.value, max: e.value };
  return rangeOf(e.op === 'extend' && isNumber(e.type) ? (e.args[0] as Expr).type : e.type);
}

function elementOf(e: Extract<Expr, { readonly op: 'element' }>, array: Expr, dynamic: Expr | undefined): Expr | undefined {
  const length = array.dims[0] as number;
  let { index } = e;
  if (index === undefined) {
    if (dynamic?.op !== 'const') return undefined;
    if (dynamic.value >= length) return fill(constant(e.type, 0n), e.dims);
    index = Number(dynamic.value);
  }
  switch (array.op) {
    case 'array':
      return array.args[index];
    case 'fill':
      return array.dims.length === 1 + (array.args[0] as Expr).dims.length ? array.args[0] : fillWithin(array);
    case 'reverse':
      return simplify(element(array.args[0] as Expr, length - 1 - index));
    default:
      return e.index === undefined ? element(array, index) : undefined;
  }
}

/** A fill of several dimensions without the outermost. */
function fillWithin(array: Expr): Expr {
  const [value] = array.args as [Expr];
  return fill(value, array.dims.slice(1, array.dims.length - value.dims.length));
}

function muxOf(e: Expr): Expr | undefined {
  const [cond, yes, no] = e.args as [Expr, Expr, Expr];
  if (cond.op === 'const') return cond.value === 1n ? yes : no;
  if (yes === no) return yes;
  if (e.dims.length > 0 || yes.op !== 'const' || no.op !== 'const') return undefined;
  if (yes.value === no.value) return yes;
  if (e.type.kind !== 'bool') return undefined;
  return yes.value === 1n ? cond : simplify(unary('not', cond));
}

/** Constant bits, taken as near to the leaves as they can be. */
function bitsOf(a: Expr, hi: number, lo: number): Expr | undefined {
  if (lo === 0 && hi === a.type.width - 1) return asUint(a);
  const [inner] = a.args;
  const again = (of: Expr, from: number): Expr => simplify(bits(of, hi + from, lo + from));
  switch (a.op) {
    case 'bits':
      return again(inner as Expr, a.lo);
    case 'cast':
    case 'trunc':
      return again(inner as Expr, 0);
    case 'extend':
      return hi < (inner as Expr).type.width ? again(inner as Expr, 0) : undefined;
    case 'cat': {
      let base = a.type.width;
      for (const part of a.args) {
        base -= part.type.width;
        if (lo >= base) return hi < base + part.type.width ? again(part, -base) : undefined;
      }
      return undefined;
    }
    default:
      return undefined;
  }
}

function isConst(e: Expr, value: bigint): boolean {
  return e.op === 'const' && e.value === value;
}

/** Whether a constant, extended by its own sign to a type, has all bits set. */
function isOnes(e: Expr, { width }: GroundType): boolean {
  return e.op === 'const' && BigInt.asUintN(width, e.value) === (1n << BigInt(width)) - 1n;
}

function isNumber({ kind }: GroundType): boolean {
  return kind === 'uint' || kind === 'sint';
}

function sameType(a: GroundType, b: GroundType): boolean {
  return isData(a) && a.kind === b.kind && a.width === b.width && a.enumeration === b.enumeration;
}

/** Extended by its own sign to the width of a type, then read as its kind. */
function as(e: Expr, type: GroundType): Expr {
  const wide = e.type.kind === 'bool' && type.width > 1 ? extend(asUint(e), type.width) : extend(e, type.width);
  if (sameType(wide.type, type)) return wide;
  return simplify({ op: 'cast', type, dims: [], args: [wide] });
}

function asUint(e: Expr): Expr {
  return e.type.kind === 'uint' ? e : simplify(cast(e, 'uint'));
}

/** Extended or cut. */
function resized(e: Expr, width: number): Expr {
  return width >= e.type.width ? extend(e, width) : simplify(trunc(e, width));
}
