// Constructors of expressions: the one place that knows the result type of every operator.
//
// Rules as in FIRRTL with one change, no implicit narrowing: add and sub grow by one bit, mul by the sum, bitwise operators take the
// wider operand and give uint. Callers have already checked that kinds agree; what reaches this file is well typed.

import type { BinaryOp, Dims, Expr, GroundType, Kind, ResetStyle, Signal, UnaryOp } from './nodes.ts';

export const BOOL: GroundType = { kind: 'bool', width: 1 };
const NO_DIMS: Dims = [];
const COMPARISONS = new Set<BinaryOp>(['eq', 'ne', 'lt', 'le', 'gt', 'ge']);

export function ground(kind: Kind, width: number): GroundType {
  return { kind, width };
}

/** The type of a reset of a kind. */
export function resetType({ async = false, activeLow = false }: ResetStyle): GroundType {
  const plain = ground('reset', 1);
  return async || activeLow ? { ...plain, reset: { async, activeLow } } : plain;
}

/** Smallest width that holds a value of a kind; 0 needs no bit as uint and one as sint. */
export function widthOf(value: bigint, kind: Kind): number {
  if (kind === 'sint') return (value < 0n ? -value - 1n : value).toString(2).replace(/^0$/, '').length + 1;
  return value === 0n ? 0 : value.toString(2).length;
}

/** Smallest and largest value of a type. */
export function rangeOf(type: GroundType): { readonly min: bigint; readonly max: bigint } {
  if (type.width === 0) return { min: 0n, max: 0n };
  if (type.kind !== 'sint') return { min: 0n, max: (1n << BigInt(type.width)) - 1n };
  const half = 1n << BigInt(type.width - 1);
  return { min: -half, max: half - 1n };
}

export function constant(type: GroundType, value: bigint): Expr {
  return { op: 'const', type, dims: NO_DIMS, args: [], value };
}

export function ref(signal: Signal): Expr {
  return { op: 'ref', type: signal.type, dims: signal.dims, args: [], signal };
}

export function element(array: Expr, index: number | Expr): Expr {
  const dims = array.dims.slice(1);
  return typeof index === 'number'
    ? { op: 'element', type: array.type, dims, args: [array], index }
    : { op: 'element', type: array.type, dims, args: [array, index] };
}

export function bits(arg: Expr, hi: number, lo: number): Expr {
  return { op: 'bits', type: ground('uint', hi - lo + 1), dims: NO_DIMS, args: [arg], hi, lo };
}

/** The wider or equal type of the same kind; returns the argument itself when nothing changes. */
export function extend(arg: Expr, width: number): Expr {
  return width === arg.type.width ? arg : { op: 'extend', type: { ...arg.type, width }, dims: arg.dims, args: [arg] };
}

export function trunc(arg: Expr, width: number): Expr {
  return width === arg.type.width ? arg : { op: 'trunc', type: { ...arg.type, width }, dims: arg.dims, args: [arg] };
}

export function cast(arg: Expr, kind: Kind): Expr {
  return retype(arg, ground(kind, arg.type.width));
}

/** The same bits as another type of the same width. */
export function retype(arg: Expr, type: GroundType): Expr {
  return sameType(arg.type, type) ? arg : { op: 'cast', type, dims: arg.dims, args: [arg] };
}

function sameType(a: GroundType, b: GroundType): boolean {
  return a.kind === b.kind && a.enumeration === b.enumeration && a.fraction === b.fraction && a.float === b.float;
}

/** Same bits as another type of the same width. */
export function castTo(arg: Expr, type: GroundType): Expr {
  return { op: 'cast', type, dims: arg.dims, args: [arg] };
}

export function shl(arg: Expr, amount: number): Expr {
  return { op: 'shl', type: ground(arg.type.kind, arg.type.width + amount), dims: NO_DIMS, args: [arg], amount };
}

export function shr(arg: Expr, amount: number): Expr {
  const least = arg.type.kind === 'sint' ? Math.min(1, arg.type.width) : 0;
  return { op: 'shr', type: ground(arg.type.kind, Math.max(arg.type.width - amount, least)), dims: NO_DIMS, args: [arg], amount };
}

/** Result type of a two-operand operator. */
export function binaryType(op: BinaryOp, a: GroundType, b: GroundType): GroundType {
  const wider = Math.max(a.width, b.width);
  if (COMPARISONS.has(op)) return BOOL;
  switch (op) {
    case 'add':
    case 'sub':
      return ground(a.kind, wider + 1);
    case 'mul':
      return ground(a.kind, a.width + b.width);
    case 'div':
      // The least dividend by −1 needs one bit more.
      return ground(a.kind, a.kind === 'sint' ? a.width + 1 : a.width);
    case 'rem':
      return ground(a.kind, Math.min(a.width, b.width));
    case 'and':
    case 'or':
    case 'xor':
      return ground(a.kind === 'bool' ? 'bool' : 'uint', wider);
    case 'dshl':
      return ground(a.kind, a.width + 2 ** b.width - 1);
    case 'dshr':
      return a;
    default:
      return ground(a.kind, wider);
  }
}

export function binary(op: BinaryOp, a: Expr, b: Expr): Expr {
  return { op, type: binaryType(op, a.type, b.type), dims: NO_DIMS, args: [a, b] };
}

export function unary(op: UnaryOp, a: Expr): Expr {
  const { kind, width } = a.type;
  const type = op === 'neg' ? ground('sint', width + 1) : op === 'not' ? ground(kind === 'bool' ? 'bool' : 'uint', width) : BOOL;
  return { op, type, dims: NO_DIMS, args: [a] };
}

/** Both branches have the same kind; the narrower is extended. */
export function mux(cond: Expr, whenTrue: Expr, whenFalse: Expr): Expr {
  const width = Math.max(whenTrue.type.width, whenFalse.type.width);
  const t = extend(whenTrue, width);
  return { op: 'mux', type: t.type, dims: t.dims, args: [cond, t, extend(whenFalse, width)] };
}

/** Most significant first. */
export function cat(parts: readonly Expr[]): Expr {
  const width = parts.reduce((sum, part) => sum + part.type.width, 0);
  return { op: 'cat', type: ground('uint', width), dims: NO_DIMS, args: parts };
}

/** Elements of one type and shape, element 0 first; at least one. */
export function array(elements: readonly [Expr, ...Expr[]]): Expr {
  return { op: 'array', type: elements[0].type, dims: [elements.length, ...elements[0].dims], args: elements };
}

export function fill(value: Expr, dims: Dims): Expr {
  return dims.length === 0 ? value : { op: 'fill', type: value.type, dims: [...dims, ...value.dims], args: [value] };
}

export function reverse(arg: Expr): Expr {
  return { op: 'reverse', type: arg.type, dims: arg.dims, args: [arg] };
}

/** Cuts a uint into `length` equal elements, element 0 from the lowest bits. */
export function unpack(arg: Expr, type: GroundType, length: number): Expr {
  return { op: 'unpack', type, dims: [length], args: [arg] };
}

export function pack(arg: Expr): Expr {
  const n = arg.dims.reduce((product, d) => product * d, 1);
  return { op: 'pack', type: ground('uint', arg.type.width * n), dims: NO_DIMS, args: [arg] };
}
