// Bits in another order, repeated, and as values of other types.
//
// Contract: combinational, and no logic but for `rotate` by a signal. Refused: a rotation by something else than a whole number or a uint.

import { cat, lit } from '../functions.ts';
import * as build from '../ir/build.ts';
import type { Expr } from '../ir/nodes.ts';
import { bitsIn, packed, unpacked } from '../packing.ts';
import { describeType, uint } from '../types.ts';
import type { AnyValue, Bool, HwType, UInt, ValueOf } from '../value-types.ts';
import { type HwValue, Scalar } from '../values.ts';
import { refuse, wholeNumber } from './refuse.ts';

export { bitsIn };

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
  return toUInt(packed(value as unknown as HwValue));
}

/** Bits as a value of any type, in the order of `asBits`. Throws HDL-C001 unless there are exactly as many as the type has. */
export function asType<T extends HwType>(bits: UInt, type: T): ValueOf<T> {
  const width = bitsIn(type);
  if (bits.width !== width) return refuse(`asType() of ${bits.width} bits as ${describeType(type)}`, `give exactly ${width} bits`);
  return unpacked(exprOf(bits), type) as unknown as ValueOf<T>;
}
