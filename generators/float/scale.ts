// Exact values between an operation and the rounder: numbers with exponents of which the range is known.
//
// Invariant: `exponent` is that of the highest bit, whether or not that bit is set.

import { type Bool, bool, type FloatType, lit, mux, type SInt, type UInt, uint } from '../../hdl/index.ts';
import { type Unrounded, widthToRound } from './round.ts';
import { normalise, shiftRight } from './shift.ts';

/** A signed number and what it can be at all. */
export interface Ranged {
  readonly value: SInt;
  readonly min: number;
  readonly max: number;
}

/** Zeros above or high bits away. */
export function resized(x: UInt, width: number): UInt {
  return x.width < width ? x.extend(width) : x.trunc(width);
}

/** Bits of two's complement that hold a range. */
function bitsOf(min: number, max: number): number {
  let width = 1;
  while (min < -(2 ** (width - 1)) || max >= 2 ** (width - 1)) width++;
  return width;
}

/** The sum of exponents and a constant, as wide as its range; every part is 0 to its own maximum, subtracted where `minus`. */
export function sumOfExponents(
  parts: readonly { readonly value: UInt; readonly min: number; readonly max: number; readonly minus?: true }[],
  constant: number,
): Ranged {
  const min = parts.reduce((sum, part) => sum + (part.minus ? -part.max : part.min), constant);
  const max = parts.reduce((sum, part) => sum + (part.minus ? -part.min : part.max), constant);
  const width = bitsOf(Math.min(min, constant), Math.max(max, constant));
  const start: UInt = lit(uint(width), ((constant % 2 ** width) + 2 ** width) % 2 ** width);
  const sum = parts.reduce((total, { value, minus }) => (minus ? total.subw(resized(value, width)) : total.addw(resized(value, width))), start);
  return { value: sum.asSInt(), min, max };
}

/** An exact value that is not yet where the rounder wants it; its exponent counts from the least one. */
export interface Scaled {
  readonly sign: Bool;
  readonly exponent: Ranged;
  readonly significand: UInt;
  /** How many of the highest bits can be clear, unless the value is zero or not above the least exponent. */
  readonly zeros: number;
}

/** Right to the least exponent, left until normalised; what the range of the exponent rules out is not built. */
export function toLeastExponent({ sign, exponent, significand: bits, zeros }: Scaled, { format }: FloatType): Unrounded {
  const { value, min, max } = exponent;
  const [raw, width] = [value.asUInt(), Math.max(1, max).toString(2).length];
  const above = resized(raw, width);
  if (min >= 0) return upwards({ sign, above, significand: bits, lost: lit(bool, false) }, zeros);
  // Room for what decides the rounding, so that a shift to the right does not take it for lost.
  const least = widthToRound(format.mantissa);
  const significand = bits.width < least ? bits.shl(least - bits.width) : bits;
  const below = value.lt(0);
  const { value: aligned, lost } = shiftRight(significand, mux(below, value.neg().asUInt(), lit(uint(raw.width), 0)));
  return upwards({ sign, above: mux(below, lit(uint(width), 0), above), significand: aligned, lost }, zeros);
}

function upwards(x: Unrounded, zeros: number): Unrounded {
  if (zeros === 0) return x;
  const { value, amount } = normalise(x.significand, x.above, zeros);
  return { ...x, above: x.above.subw(amount).trunc(x.above.width), significand: value };
}
