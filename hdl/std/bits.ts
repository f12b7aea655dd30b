// Bits in another order, repeated, and as values of other types.
//
// Contract: combinational, and no logic but for `rotate` by a signal. Refused: a rotation by something else than a whole number or a uint.

import { cat, lit } from '../functions.ts';
import * as build from '../ir/build.ts';
import type { Expr } from '../ir/nodes.ts';
import { fieldTypes, groundOf, type LeafTree, leavesOf, mapLeaves } from '../leaves.ts';
import { describeType, uint } from '../types.ts';
import type { AnyValue, Bool, HwType, UInt, ValueOf } from '../value-types.ts';
import { type HwValue, makeValue, Scalar } from '../values.ts';
import { refuse, wholeNumber } from './refuse.ts';

const exprOf = (value: unknown): Expr => (value as Scalar).expr;
const toUInt = (expr: Expr): UInt => new Scalar({ expr }) as unknown as UInt;

/** Bit 0 becomes the highest. */
export function reverseBits<W extends number>(x: UInt<W>): UInt<W> {
  if (x.width < 2) return x;
  return toUInt(build.cat(Array.from({ length: x.width }, (_, i) => build.bits(exprOf(x), i, i)))) as UInt<W>;
}

/** `times` copies of the bits beside each other. */
export function fillBits(x: UInt | Bool, times: number): UInt {
  wholeNumber('copies of fillBits()', times, 0);
  return cat(...Array.from({ length: times }, () => x));
}

/** Bits that leave below come in above; an amount beyond the width goes round again. */
export function rotateRight<W extends number>(x: UInt<W>, amount: number | UInt): UInt<W> {
  const { width } = x;
  if (width < 2) return x;
  if (typeof amount === 'number') {
    wholeNumber('the amount of a rotation', amount, 0);
    const n = amount % width;
    return n === 0 ? x : (cat(x.bits(n - 1, 0), x.bits(width - 1, n)) as UInt<W>);
  }
  return cat(x, x).dshr(within(amount, width)).trunc(width);
}

/** Bits that leave above come in below; an amount beyond the width goes round again. */
export function rotateLeft<W extends number>(x: UInt<W>, amount: number | UInt): UInt<W> {
  const { width } = x;
  if (width < 2) return x;
  if (typeof amount === 'number') {
    wholeNumber('the amount of a rotation', amount, 0);
    return rotateRight(x, (width - (amount % width)) % width);
  }
  // Right by what is left of the width.
  const counted = within(amount, width);
  return cat(x, x)
    .dshr(lit(uint(width.toString(2).length), width).subw(counted))
    .trunc(width);
}

/** The amount modulo the width: the low bits of it where that is a power of two. */
function within(amount: UInt, width: number): UInt {
  if (!(amount instanceof Scalar) || (amount as Scalar).kind !== 'uint')
    return refuse('a rotation by something else than a uint', 'give a whole number or a uint');
  if (amount.width < 31 && 2 ** amount.width <= width) return amount;
  const bits = Math.log2(width);
  return Number.isInteger(bits) ? amount.trunc(bits) : amount.rem(width);
}

/** All bits of a value: the first field of a bundle in the highest, element 0 of a vector in the lowest. `asType` is the inverse. */
export function asBits(value: AnyValue): UInt {
  const of = (type: HwType, tree: LeafTree): Expr => {
    if (type.kind === 'bundle')
      return build.cat(fieldTypes(type.fields).map(([name, field]) => of(field, (tree as { readonly [f: string]: LeafTree })[name] as LeafTree)));
    if (type.kind === 'vec')
      return build.cat(
        Array.from({ length: type.length }, (_, i) =>
          of(
            type.element,
            mapLeaves(tree, ({ expr }) => ({ expr: build.element(expr, i) })),
          ),
        ).reverse(),
      );
    return build.cast((tree as { readonly expr: Expr }).expr, 'uint');
  };
  const { hwType, leaves } = value as unknown as HwValue;
  return toUInt(of(hwType, leaves));
}

/** Width of a type's bits all together. */
export function bitsIn(type: HwType): number {
  if (type.kind === 'bundle') return fieldTypes(type.fields).reduce((sum, [, field]) => sum + bitsIn(field), 0);
  return type.kind === 'vec' ? type.length * bitsIn(type.element) : groundOf(type).width;
}

/** Bits as a value of any type, in the order of `asBits`. Throws HDL-C001 unless there are exactly as many as the type has. */
export function asType<T extends HwType>(bits: UInt, type: T): ValueOf<T> {
  const width = bitsIn(type);
  if (bits.width !== width) return refuse(`asType() of ${bits.width} bits as ${describeType(type)}`, `give exactly ${width} bits`);
  return cut(exprOf(bits), width, type) as unknown as ValueOf<T>;
}

/** The value whose highest bit is below `top`. */
function cut(bits: Expr, top: number, type: HwType): HwValue {
  if (type.kind === 'bundle') {
    let next = top;
    const fields = fieldTypes(type.fields).map(([name, field]) => {
      const value = cut(bits, next, field);
      next -= bitsIn(field);
      return [name, value.leaves] as const;
    });
    return makeValue(type, Object.fromEntries(fields));
  }
  if (type.kind === 'vec') {
    const size = bitsIn(type.element);
    const lowest = top - size * (type.length - 1);
    const elements = Array.from({ length: type.length }, (_, i) =>
      leavesOf(cut(bits, lowest + i * size, type.element).leaves).map(({ leaf }) => leaf.expr),
    );
    let leaf = 0;
    const first = cut(bits, lowest, type.element);
    const leaves = mapLeaves(first.leaves, () => {
      const i = leaf++;
      return { expr: build.array(elements.map((list) => list[i] as Expr) as [Expr, ...Expr[]]) };
    });
    return makeValue(type, leaves);
  }
  const ground = groundOf(type);
  const own = ground.width === 0 ? build.constant(build.ground('uint', 0), 0n) : build.bits(bits, top - 1, top - ground.width);
  return makeValue(type, { expr: build.retype(own, ground) });
}
