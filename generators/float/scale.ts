// Exact values between an operation and the rounder: numbers with exponents of which the range is known.
//
// Invariant: `exponent` is that of the highest bit, with the bias of the result, whether or not that bit is set.

import { type Bool, bool, type FloatType, lit, mux, type SInt, type UInt, uint } from '../../hdl/index.ts';
import { type Unrounded, widthToRound } from './round.ts';
import { normalise, shiftRight } from './shift.ts';

/** A signed number and what it can be at all. */
export interface Ranged {
  readonly value: SInt;
  readonly min: number;
  readonly max: number;
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
  const sized = (x: UInt): UInt => (x.width < width ? x.extend(width) : x.trunc(width));
  const start: UInt = lit(uint(width), ((constant % 2 ** width) + 2 ** width) % 2 ** width);
  const sum = parts.reduce((total, { value, minus }) => (minus ? total.subw(sized(value)) : total.addw(sized(value))), start);
  return { value: sum.asSInt(), min, max };
}

/** An exact value that is not yet where the rounder wants it. */
export interface Scaled {
  readonly sign: Bool;
  readonly exponent: Ranged;
  readonly significand: UInt;
  /** How many of the highest bits can be clear, unless the value is zero or its exponent at most 1. */
  readonly zeros: number;
}

/** Right to the least exponent, left until normalised; what the range of the exponent rules out is not built. */
export function toLeastExponent({ sign, exponent, significand: bits, zeros }: Scaled, { format }: FloatType): Unrounded {
  const { value, min, max } = exponent;
  const magnitude = value.asUInt();
  const width = Math.max(1, max).toString(2).length;
  const size = magnitude.width < width ? magnitude.extend(width) : magnitude.trunc(width);
  if (min >= 1) return upwards({ sign, exponent: size, significand: bits, lost: lit(bool, false) }, zeros);
  // Room for what decides the rounding, so that a shift to the right does not take it for lost.
  const least = widthToRound(format.mantissa);
  const significand = bits.width < least ? bits.shl(least - bits.width) : bits;
  const below = value.lt(1);
  const one = lit(uint(width), 1);
  const { value: aligned, lost } = shiftRight(significand, mux(below, lit(uint(magnitude.width), 1).subw(magnitude), lit(uint(magnitude.width), 0)));
  return upwards({ sign, exponent: max < 1 ? one : mux(below, one, size), significand: aligned, lost }, zeros);
}

function upwards(x: Unrounded, zeros: number): Unrounded {
  if (zeros === 0) return x;
  const { value, amount } = normalise(x.significand, x.exponent.subw(1), zeros);
  return { ...x, exponent: x.exponent.subw(amount).trunc(x.exponent.width), significand: value };
}
