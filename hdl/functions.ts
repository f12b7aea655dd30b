// Free functions that make values: literals, arrays, concatenation, choice.

import { type Builder, currentBuilder } from './builder.ts';
import { HdlError } from './diagnostics/diagnostic.ts';
import { messages } from './diagnostics/messages.ts';
import { calledHere } from './hints.ts';
import * as build from './ir/build.ts';
import { describe } from './ir/describe.ts';
import type { Expr } from './ir/nodes.ts';
import { groundOf, isLeaf, type LeafTree, leavesOf, mapLeaves, typeLeaves } from './leaves.ts';
import type { FixedType, FloatType, UFixedType } from './number-types.ts';
import { type EncodeOptions, encode } from './numbers.ts';
import { arrayed } from './packing.ts';
import { Origin } from './source.ts';
import { describeType, uint } from './types.ts';
import type {
  AnyValue,
  Bool,
  BoolType,
  EnumType,
  HwType,
  LiteralOf,
  SInt,
  SIntType,
  TypeOf,
  UInt,
  UIntType,
  ValueOf,
  VecValue,
} from './value-types.ts';
import {
  aligned,
  condition,
  described,
  FixedImpl,
  groundValue,
  HwValue,
  literalOf,
  makeValue,
  Scalar,
  sameKind,
  sameShape,
  VecImpl,
  withPoint,
} from './values.ts';

type GroundHwType = BoolType | UIntType | SIntType | EnumType | NumberType;
type NumberType = FixedType | UFixedType | FloatType;

/** A literal of a given type: `lit(uint(8), 255)`, `lit(fp16, 0.5)`. Reports HDL-W001, or HDL-Q003 for fixed point and floats, when it is no value of the type. */
export function lit<T extends GroundHwType>(type: T, value: LiteralOf<T>): ValueOf<T> {
  const builder = currentBuilder('lit()');
  const ground = groundOf(type);
  const expr = literalOf(builder, value, ground) ?? build.constant(ground, 0n);
  return makeValue(type, { expr }) as unknown as ValueOf<T>;
}

/** The value of a type nearest to a number, ties to even, as `encode` says. Throws HDL-Q003 for what is out of the range of fixed point. */
export function nearest<T extends NumberType>(type: T, x: number, options: EncodeOptions = {}): ValueOf<T> {
  return makeValue(type, { expr: build.constant(groundOf(type), encode(type, x, options)) }) as unknown as ValueOf<T>;
}

/** Every element the same value. */
export function fill<V extends AnyValue>(length: number, value: V): VecValue<TypeOf<V>>;
export function fill(length: number, value: AnyValue): VecValue<HwType> {
  const element = value as unknown as HwValue;
  const type = { kind: 'vec', element: element.hwType, length } as const;
  return new VecImpl(
    type,
    mapLeaves(element.leaves, ({ expr }) => ({ expr: build.fill(expr, [length]) })),
  ) as unknown as VecValue<HwType>;
}

/** All zero, false in every bool. */
export function zeros<T extends HwType>(type: T): ValueOf<T> {
  return makeValue(
    type,
    typeLeaves(type, (ground, dims) => ({ expr: build.fill(build.constant(ground, 0n), dims) })),
  ) as unknown as ValueOf<T>;
}

/** A vector of given elements, element 0 first, all of one type. */
export function vecOf<V extends Bool | UInt | SInt>(
  ...elements: [V, ...V[]]
): VecValue<V extends Bool ? BoolType : V extends UInt ? UIntType : SIntType>;
export function vecOf<V extends AnyValue>(...elements: [V, ...V[]]): VecValue<TypeOf<V>>;
export function vecOf(...elements: [unknown, ...unknown[]]): unknown {
  const builder = currentBuilder('vecOf()');
  if (!(elements[0] instanceof Scalar)) return vecOfEqual(builder, elements as [HwValue, ...HwValue[]]);
  const scalars = elements as unknown as [Scalar, ...Scalar[]];
  const [first] = scalars;
  const width = Math.max(...scalars.map((s) => s.width));
  for (const s of scalars)
    if (s.kind !== first.kind) builder.report(messages.mixedKinds(builder.here(), 'vecOf', describe(first.expr), describe(s.expr)));
  const [head, ...tail] = scalars.map((s) => build.extend(s.expr, width));
  const type = { kind: 'vec', element: { ...first.hwType, width } as HwType, length: scalars.length } as const;
  return new VecImpl(type, { expr: build.array([head as Expr, ...tail]) }) as never;
}

/** A vector of values of one type that is no integer. */
function vecOfEqual(builder: Builder, elements: readonly [HwValue, ...HwValue[]]): HwValue {
  const [first] = elements;
  const text = describeType(first.hwType);
  const odd = elements.find((e) => describeType(e.hwType) !== text);
  if (odd) builder.report(messages.mixedKinds(builder.here(), 'vecOf', text, describeType(odd.hwType)));
  const trees = (odd ? [first] : elements).map((e) => e.leaves) as [LeafTree, ...LeafTree[]];
  return new VecImpl({ kind: 'vec', element: first.hwType, length: trees.length }, arrayed(trees));
}

/** Concatenation, the first argument in the most significant bits. sint and bool arguments count as their bits. */
export function cat(...parts: readonly (UInt | SInt | Bool)[]): UInt {
  const exprs = (parts as readonly unknown[]).map((part, i) => {
    const leaf = part instanceof HwValue && isLeaf(part.leaves) ? part.leaves.expr : undefined;
    if (leaf?.dims.length === 0) return build.cast(leaf, 'uint');
    const builder = currentBuilder('cat()');
    builder.report(messages.notBits(builder.here(), i + 1, described(part)));
    return build.constant(build.ground('uint', 1), 0n);
  });
  return new Scalar({ expr: calledHere(build.cat(exprs), 4) }) as unknown as UInt;
}

/** Chooses `t` while `c` is true. Both have the same kind; the narrower integer is extended; arrays and bundles are chosen whole. */
export function mux(c: Bool, t: Bool, f: Bool): Bool;
export function mux<W extends number>(c: Bool, t: UInt<W>, f: UInt<W>): UInt<W>;
export function mux(c: Bool, t: UInt, f: UInt): UInt;
export function mux<W extends number>(c: Bool, t: SInt<W>, f: SInt<W>): SInt<W>;
export function mux(c: Bool, t: SInt, f: SInt): SInt;
export function mux<V extends AnyValue>(c: Bool, t: V, f: V): V;
export function mux(c: unknown, t: unknown, f: unknown): unknown {
  const builder = currentBuilder('mux()');
  const [cond, yes, no] = [condition(builder, c), t as HwValue, f as HwValue];
  if (!sameShape(yes.hwType, no.hwType)) {
    builder.report(messages.mixedKinds(builder.here(), 'mux', describeType(yes.hwType), describeType(no.hwType)));
    return yes;
  }
  if (yes instanceof FixedImpl && no instanceof FixedImpl && yes.kind === no.kind) {
    const point = Math.max(yes.fraction, no.fraction);
    return withPoint(build.mux(cond, aligned(yes.expr, point), aligned(no.expr, point)), point);
  }
  const others = leavesOf(no.leaves);
  let next = 0;
  const leaves = mapLeaves(yes.leaves, ({ expr }) => {
    const other = others[next++]?.leaf.expr as Expr;
    if (!sameKind(expr.type, other.type) || expr.type.fraction !== other.type.fraction) {
      builder.report(messages.mixedKinds(builder.here(), 'mux', describe(expr), describe(other)));
      return { expr };
    }
    // Origin.here, calledHere, this function, mapLeaves, mux, the user.
    return { expr: calledHere(build.mux(cond, expr, other), 6) };
  });
  return isLeaf(leaves) && leaves.expr.dims.length === 0 ? groundValue(leaves) : makeValue(yes.hwType, leaves);
}

/** A u of the smallest width that counts from 0 to `max`, at least 1 bit. Throws HDL-T001 unless `max` is a whole number of at least 0. */
export function counterType(max: number): UIntType {
  if (!Number.isInteger(max) || max < 0) throw new HdlError([messages.badCount({ at: Origin.here() }, max)]);
  return uint(Math.max(1, build.widthOf(BigInt(max), 'uint')));
}
