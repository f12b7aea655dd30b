// IR expressions to Verilog expressions.
//
// Invariant: `sized(e, n)` is the value of e as exactly n bits, extended by e's own sign or cut to its low bits. Narrowing is pushed towards
// the leaves (the low bits of a sum need only the low bits of its operands), so that no dead bits are computed. What Verilog cannot express
// in place (bits of an expression, signs of one, products) becomes a named net, named after what it is for.

import { nameHint } from '../hints.ts';
import { widthOf } from '../ir/build.ts';
import type { Expr } from '../ir/nodes.ts';
import { count } from '../ir/nodes.ts';
import type { Net, VExpr, VTarget } from './ast.ts';
import * as v from './expr.ts';
import { constantOf } from './known-bits.ts';
import type { Scope } from './scope.ts';
import { lookUp } from './tables.ts';

const COMPARE: { readonly [op: string]: string } = { eq: '==', ne: '!=', lt: '<', le: '<=', gt: '>', ge: '>=' };
const BITWISE: { readonly [op: string]: string } = { and: '&', or: '|', xor: '^' };
const WHAT: { readonly [op: string]: string } = {
  add: 'sum',
  addw: 'sum',
  sub: 'difference',
  subw: 'difference',
  mul: 'product',
  neg: 'negated',
  mux: 'choice',
  eq: 'match',
  ne: 'differs',
  lt: 'less',
  le: 'less',
  gt: 'greater',
  ge: 'greater',
  cat: 'bits',
  and: 'masked',
  or: 'any',
  xor: 'difference',
  not: 'inverted',
  dshl: 'shifted',
  dshr: 'shifted',
};
/** Operators that may be written twice rather than named. */
const CHEAP = new Set(['const', 'ref', 'element', 'bits', 'cast', 'extend', 'trunc', 'not', 'fill', 'unpack', 'pack', 'shr', 'shl']);
/** Largest expression written in one piece, in operators. */
const BUDGET = 14;

/** The value as exactly `width` bits; `width` is positive. */
export function sized(scope: Scope, e: Expr, width: number): VExpr {
  const own = e.type.width * count(e.dims);
  if (width === own) return exact(scope, e);
  if (own === 0 || e.op === 'const') return v.literal(e.op === 'const' ? e.value : 0n, width);
  return width > own ? widen(scope, e, width, own) : narrow(scope, e, width);
}

/** Verilog of an expression at its own width, which is positive. Shared and large ones become nets. */
export function exact(scope: Scope, e: Expr): VExpr {
  const known = scope.memo.get(e);
  if (known) return known;
  let lowered = lower(scope, e);
  const size = sizeOf(lowered);
  if ((scope.uses(e) > 1 && !CHEAP.has(e.op) && size > 1) || size > BUDGET) {
    lowered = v.net(scope.hoist(WHAT[e.op] ?? 'value', lowered, e.type.kind === 'sint', nameHint(e)));
  }
  scope.memo.set(e, lowered);
  return lowered;
}

function sizeOf(e: VExpr): number {
  switch (e.k) {
    case 'unary':
    case 'repeat':
    case 'call':
      return 1 + sizeOf(e.arg);
    case 'look-up':
      return 1 + sizeOf(e.index);
    case 'binary':
      return 1 + sizeOf(e.a) + sizeOf(e.b);
    case 'cond':
      return 1 + sizeOf(e.c) + sizeOf(e.t) + sizeOf(e.f);
    case 'concat':
      return 1 + e.parts.reduce((sum, p) => sum + sizeOf(p), 0);
    default:
      return 1;
  }
}

function widen(scope: Scope, e: Expr, width: number, own: number): VExpr {
  const added = width - own;
  if (e.type.kind !== 'sint') return v.concat([v.literal(0n, added), exact(scope, e)]);
  const value = named(scope, e, 'value');
  return v.concat([v.repeat(added, sliceOf(value, own - 1, own - 1)), value]);
}

/** The expression as something whose bits can be selected. */
function named(scope: Scope, e: Expr, what: string): VTarget | Extract<VExpr, { readonly k: 'literal' }> {
  const value = exact(scope, e);
  if (value.k === 'net' || value.k === 'part' || value.k === 'literal') return value;
  if (value.k === 'word' && typeof value.index === 'number') return value;
  const net = v.net(scope.hoist(WHAT[e.op] ?? what, value, e.type.kind === 'sint', nameHint(e)));
  scope.memo.set(e, net);
  return net;
}

/** A net that equals the value, unless that is a literal. */
export function hoisted(scope: Scope, what: string, value: VExpr, signed = false, name?: string): VExpr & { readonly k: 'net' | 'literal' } {
  return value.k === 'literal' ? value : v.net(scope.hoist(what, value, signed, name));
}

/** Constant bits of something named. */
function sliceOf(value: VTarget | Extract<VExpr, { readonly k: 'literal' }>, hi: number, lo: number): VExpr {
  switch (value.k) {
    case 'literal':
      return v.literal(value.value >> BigInt(lo), hi - lo + 1);
    case 'net':
      return v.part(value.net, hi, lo);
    case 'part':
      return v.part(value.net, value.lo + hi, value.lo + lo);
    case 'word': {
      const base = value.lo ?? 0;
      return { ...value, hi: base + hi, lo: base + lo, width: hi - lo + 1, signed: false };
    }
    default:
      throw new Error(`internal: bits of ${value.k}`);
  }
}

/** The low bits of an expression that is wider; never computes a bit that does not count. */
function narrow(scope: Scope, e: Expr, width: number): VExpr {
  if (scope.uses(e) > 1 && !CHEAP.has(e.op)) return bitsOf(scope, e, width - 1, 0);
  const arg = (i: number, n = width): VExpr => sized(scope, e.args[i] as Expr, n);
  switch (e.op) {
    case 'cast':
    case 'extend':
    case 'trunc':
      return e.dims.length > 0 ? bitsOf(scope, e, width - 1, 0) : arg(0);
    case 'add':
    case 'addw':
      return v.binary('+', arg(0), arg(1));
    case 'sub':
    case 'subw':
      return v.binary('-', arg(0), arg(1));
    case 'neg':
      return v.unary('-', arg(0));
    case 'and':
    case 'or':
    case 'xor':
      return v.binary(BITWISE[e.op] as string, arg(0), arg(1));
    case 'not':
      return v.unary('~', arg(0));
    case 'mul':
      return product(scope, e, width);
    case 'mux':
      return e.dims.length > 0 ? bitsOf(scope, e, width - 1, 0) : v.cond(exact(scope, e.args[0] as Expr), arg(1), arg(2));
    default:
      return bitsOf(scope, e, width - 1, 0);
  }
}

/** Bits hi to lo of an expression, of those operators through which a selection passes; others are named first. */
function bitsOf(scope: Scope, e: Expr, hi: number, lo: number): VExpr {
  const a = e.args[0] as Expr;
  const width = hi - lo + 1;
  if (width === e.type.width * count(e.dims)) return exact(scope, e);
  switch (e.op) {
    case 'const':
      return v.literal(e.value >> BigInt(lo), width);
    case 'cast':
    case 'trunc':
      if (e.dims.length === 0) return bitsOf(scope, a, hi, lo);
      break;
    case 'bits':
      return bitsOf(scope, a, e.lo + hi, e.lo + lo);
    case 'extend':
      if (e.dims.length === 0 && hi < a.type.width) return bitsOf(scope, a, hi, lo);
      break;
    case 'shr':
      if (hi + e.amount < a.type.width) return bitsOf(scope, a, hi + e.amount, lo + e.amount);
      break;
    case 'cat': {
      const parts: VExpr[] = [];
      let base = e.type.width;
      for (const p of e.args) {
        base -= p.type.width;
        const [top, bottom] = [Math.min(hi - base, p.type.width - 1), Math.max(lo - base, 0)];
        if (top >= bottom) parts.push(bitsOf(scope, p, top, bottom));
      }
      return v.concat(parts);
    }
    case 'and':
    case 'or':
    case 'xor':
      if (e.args.every((x) => x.type.width > hi) && scope.uses(e) === 1)
        return v.binary(BITWISE[e.op] as string, bitsOf(scope, a, hi, lo), bitsOf(scope, e.args[1] as Expr, hi, lo));
      break;
    case 'not':
      if (scope.uses(e) === 1) return v.unary('~', bitsOf(scope, a, hi, lo));
      break;
  }
  if (lo === 0 && ['add', 'addw', 'sub', 'subw', 'neg', 'mul', 'mux'].includes(e.op) && scope.uses(e) === 1) return narrow(scope, e, width);
  return sliceOf(named(scope, e, 'value'), hi, lo);
}

/** A product of any width: a net of its own, in which the operands extend by their signs. */
function product(scope: Scope, e: Expr, width: number): VExpr {
  const signed = e.type.kind === 'sint';
  const [a, b] = e.args.map((arg) => {
    const x = signed ? unextended(arg, width) : arg;
    if (x.type.width === 0) return v.literal(0n, 1);
    const value = v.isolated(x.type.width > width ? sized(scope, x, width) : exact(scope, x));
    if (signed) return v.asSigned(value);
    return value.signed ? v.call('$unsigned', value) : value;
  }) as [VExpr, VExpr];
  return hoisted(scope, 'product', v.operation('*', a, b, width, signed), signed, width === e.type.width ? nameHint(e) : undefined);
}

/** The operand of a signed product that the product itself extends: synthesisers see its own width so, and put what follows into the same DSP block. */
function unextended(e: Expr, width: number): Expr {
  const inner = e.op === 'extend' && e.dims.length === 0 ? (e.args[0] as Expr) : e;
  return inner.type.kind === 'sint' && inner.type.width <= width ? inner : e;
}

/**
 * A quotient or remainder. The division stands alone in a net: beside the literal 0 of a multiplexer it would turn unsigned. One bit more than the
 * dividend keeps the least one by −1 from overflowing.
 */
function division(scope: Scope, e: Expr, width: number): VExpr {
  const [a, b] = e.args as [Expr, Expr];
  if (a.type.width === 0 || b.type.width === 0) return v.literal(0n, width);
  const signed = e.type.kind === 'sint';
  const wide = Math.max(a.type.width + (signed ? 1 : 0), b.type.width);
  const [x, y] = [sized(scope, a, wide), sized(scope, b, wide)].map((operand) =>
    signed ? v.asSigned(operand) : operand.signed ? v.call('$unsigned', operand) : operand,
  ) as [VExpr, VExpr];
  const [op, what] = e.op === 'div' ? ['/', 'quotient'] : ['%', 'remainder'];
  const value = v.operation(op, x, y, wide, signed);
  // Icarus 11 divides more than 64 bits wrongly in continuous assignments, rightly in functions.
  const raw = value.k === 'binary' && wide > 64 ? v.net(scope.divide(what, value)) : hoisted(scope, what, value, signed);
  const zero = v.compare('==', exact(scope, b), v.literal(0n, b.type.width));
  return v.cond(zero, v.literal(0n, width), sliceOf(raw, width - 1, 0));
}

function lower(scope: Scope, e: Expr): VExpr {
  const width = e.type.width * count(e.dims);
  const arg = (i: number): Expr => e.args[i] as Expr;
  const at = (i: number, n = width): VExpr => sized(scope, arg(i), n);
  switch (e.op) {
    case 'const': {
      const member = e.type.enumeration && scope.member(e.type.enumeration, e.value, width);
      return member ? v.net(member) : v.literal(e.value, width);
    }
    case 'ref':
      return scope.whole(e.signal);
    case 'element':
      return element(scope, e, width);
    case 'bits':
      return bitsOf(scope, arg(0), e.hi, e.lo);
    case 'extend':
      return e.dims.length > 0 ? extendArray(scope, e) : at(0);
    case 'trunc':
      return at(0);
    case 'cast':
    case 'unpack':
    case 'pack':
      return at(0);
    case 'shl':
      return arg(0).type.width === 0 ? v.literal(0n, width) : v.concat([exact(scope, arg(0)), ...(e.amount > 0 ? [v.literal(0n, e.amount)] : [])]);
    case 'shr': {
      const top = arg(0).type.width - 1;
      return bitsOf(scope, arg(0), top, Math.min(e.amount, top));
    }
    case 'add':
    case 'addw':
      return v.binary('+', at(0), at(1));
    case 'sub':
    case 'subw':
      return v.binary('-', at(0), at(1));
    case 'mul':
      return product(scope, e, width);
    case 'div':
    case 'rem':
      return division(scope, e, width);
    case 'neg':
      return v.unary('-', at(0));
    case 'and':
    case 'or':
    case 'xor':
      return v.binary(BITWISE[e.op] as string, at(0), at(1));
    case 'not':
      if (arg(0).op === 'const') return v.literal(~(arg(0) as { readonly value: bigint }).value, width);
      return v.unary(e.type.kind === 'bool' ? '!' : '~', at(0));
    case 'andR':
    case 'orR':
    case 'xorR':
      return reduce(scope, e.op, arg(0));
    case 'dshl':
      return arg(1).type.width === 0 ? at(0) : v.operation('<<', at(0), exact(scope, arg(1)), width, at(0).signed);
    case 'dshr':
      if (arg(1).type.width === 0) return at(0);
      if (e.type.kind === 'sint') return v.asUnsigned(v.operation('>>>', v.asSigned(at(0)), exact(scope, arg(1)), width, true));
      return v.operation('>>', at(0), exact(scope, arg(1)), width, at(0).signed);
    case 'mux':
      return v.cond(exact(scope, arg(0)), at(1), at(2));
    case 'cat': {
      return v.concat(e.args.filter((p) => p.type.width > 0).map((p) => exact(scope, p)));
    }
    case 'array':
      return v.concat([...e.args].reverse().map((p) => exact(scope, p)));
    case 'fill': {
      const times = width / (arg(0).type.width * count(arg(0).dims));
      return arg(0).op === 'const' && (arg(0) as { value: bigint }).value === 0n ? v.literal(0n, width) : v.repeat(times, exact(scope, arg(0)));
    }
    case 'reverse': {
      if (e.dims[0] === 1) return exact(scope, arg(0));
      const source = named(scope, arg(0), 'array');
      if (source.k === 'literal') return reversedLiteral(source, e.dims[0] as number);
      return v.net(scope.reversed(source.k === 'net' ? source.net : scope.hoist('array', source), e.dims[0] as number));
    }
    default:
      return comparison(scope, e);
  }
}

function reduce(scope: Scope, op: 'andR' | 'orR' | 'xorR', arg: Expr): VExpr {
  if (arg.type.width === 0) return v.literal(op === 'andR' ? 1n : 0n, 1);
  // The bit itself; besides, Verilator 5.006 can stop with an internal error on a reduction that comes down to one bit.
  if (arg.type.width === 1) return v.asUnsigned(exact(scope, arg));
  return v.unary({ andR: '&', orR: '|', xorR: '^' }[op], exact(scope, arg), 1);
}

function comparison(scope: Scope, e: Expr): VExpr {
  const [a, b] = e.args as [Expr, Expr];
  const width = Math.max(a.type.width, b.type.width);
  const op = COMPARE[e.op] as string;
  // Two values without bits are equal.
  if (width === 0) return v.literal(['eq', 'le', 'ge'].includes(e.op) ? 1n : 0n, 1);
  let [x, y] = [sized(scope, a, width), sized(scope, b, width)];
  if (a.type.kind === 'sint') [x, y] = e.op === 'eq' || e.op === 'ne' ? [x, y] : [v.asSigned(x), v.asSigned(y)];
  else if (x.signed && y.signed) x = v.call('$unsigned', x);
  return v.compare(op, x, y);
}

function extendArray(scope: Scope, e: Expr): VExpr {
  const [a] = e.args as [Expr];
  const source = named(scope, a, 'array');
  const n = count(e.dims);
  const lanes = [...Array(n).keys()].map((i) => {
    const value = sliceOf(source, (i + 1) * a.type.width - 1, i * a.type.width);
    const top = sliceOf(source, (i + 1) * a.type.width - 1, (i + 1) * a.type.width - 1);
    const added = e.type.width - a.type.width;
    return v.concat([e.type.kind === 'sint' ? v.repeat(added, top) : v.literal(0n, added), value]);
  });
  return v.concat(lanes.reverse());
}

function element(scope: Scope, e: Extract<Expr, { readonly op: 'element' }>, width: number): VExpr {
  const [array, index] = e.args as [Expr, Expr | undefined];
  const words = array.op === 'ref' ? wordsOf(scope, array) : undefined;
  if (words) return word(scope, e, words);
  const found = index && lookUp(scope, array, exact(scope, index));
  if (found) return found;
  const source = named(scope, array, 'array');
  if (e.index !== undefined) return sliceOf(source, (e.index + 1) * width - 1, e.index * width);
  if (!index) throw new Error('internal: element without index');
  const length = array.dims[0] as number;
  if (source.k === 'literal' && source.value === 0n) return v.literal(0n, width);
  const fixed = constantIndex(scope, index);
  if (fixed !== undefined) return fixed < length ? sliceOf(source, (fixed + 1) * width - 1, fixed * width) : v.literal(0n, width);
  const inside = v.compare('<', exact(scope, index), v.literal(BigInt(length), index.type.width));
  const base = source.k === 'net' ? source.net : scope.hoist('array', source);
  // A vector of one element may be a scalar net, which has no bits to select.
  const picked: VExpr = length === 1 ? v.net(base) : v.indexed(base, elementBase(scope, index, width, length), width);
  return reachesBeyond(index, length) ? v.cond(inside, picked, v.literal(0n, width)) : picked;
}

function wordsOf(scope: Scope, array: Extract<Expr, { readonly op: 'ref' }>): Net | undefined {
  const value = scope.whole(array.signal);
  return value.k === 'net' && value.net.words !== undefined ? value.net : undefined;
}

/** An element of an unpacked array; one that a signal chooses is named, so that no procedure is sensitive to the whole array. */
function word(scope: Scope, e: Extract<Expr, { readonly op: 'element' }>, net: Net): VExpr {
  const { width, kind } = e.type;
  const signed = kind === 'sint';
  if (e.index !== undefined) return { k: 'word', net, index: e.index, width, signed };
  const index = e.args[1] as Expr;
  const words = net.words as number;
  const fixed = constantIndex(scope, index);
  if (fixed !== undefined) return fixed < words ? { k: 'word', net, index: fixed, width, signed } : v.literal(0n, width);
  const picked: VExpr = { k: 'word', net, index: v.asUnsigned(sized(scope, index, indexBits(words))), width, signed };
  const inside = reachesBeyond(index, words)
    ? v.cond(v.compare('<', exact(scope, index), v.literal(BigInt(words), index.type.width)), picked, v.literal(0n, width))
    : picked;
  return v.net(scope.hoist('element', inside, signed));
}

function reversedLiteral({ value, width }: VExpr & { readonly k: 'literal' }, length: number): VExpr {
  const size = width / length;
  const parts = [...Array(length).keys()].map((i) => v.literal(value >> BigInt(i * size), size));
  return v.concat(parts);
}

/** The number that an index always is. */
export function constantIndex(scope: Scope, index: Expr): number | undefined {
  if (index.type.width === 0) return 0;
  const value = constantOf(exact(scope, index));
  return value === undefined ? undefined : Number(value);
}

/** Whether an index can point behind the last element. */
export function reachesBeyond(index: Expr, length: number): boolean {
  return 2 ** index.type.width > length;
}

/** index · width as a bit offset of exactly the bits that select from all of the array; what lies outside wraps and is guarded against. */
export function elementBase(scope: Scope, index: Expr, width: number, length: number): VExpr {
  const value = v.asUnsigned(sized(scope, index, indexBits(length)));
  const zeros = Math.log2(width);
  if (Number.isInteger(zeros)) return zeros === 0 ? value : v.concat([value, v.literal(0n, zeros)]);
  const bits = indexBits(length * width);
  return hoisted(scope, 'offset', v.operation('*', v.isolated(value), v.literal(BigInt(width), bits), bits, false));
}

/** Bits of an index into `length` things; tools warn of any other number. */
export function indexBits(length: number): number {
  return Math.max(1, widthOf(BigInt(length - 1), 'uint'));
}
