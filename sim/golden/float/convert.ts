/**
 * Conversions among floats and between floats and integers.
 * Invariant: one rounding. An integer out of range becomes the nearest end and is invalid, not inexact; NaN becomes the largest.
 * Refused: codes that are none of their format, integers out of their type.
 */
import { type FloatFormat, type FloatRounding, INEXACT, INVALID, type Rounded, type RoundOptions } from './format.ts';
import { decodeExact, encodeExact, exactOf, finite, nanResult, roundMagnitude } from './value.ts';

/** An integer type of 1 to 32 bits. */
export interface IntFormat {
  readonly width: number;
  readonly signed: boolean;
}
export const I32: IntFormat = { width: 32, signed: true };
export const I8: IntFormat = { width: 8, signed: true };
export const U8: IntFormat = { width: 8, signed: false };

export interface RoundedInt {
  readonly value: number;
  readonly flags: number;
}

export function intRange({ width, signed }: IntFormat): { readonly min: number; readonly max: number } {
  return signed ? { min: -(2 ** (width - 1)), max: 2 ** (width - 1) - 1 } : { min: 0, max: 2 ** width - 1 };
}

/** A code of one format in another. */
export function floatToFloat(from: FloatFormat, to: FloatFormat, bits: number, options: RoundOptions = {}): Rounded {
  const x = decodeExact(from, bits);
  return x.kind === 'nan' ? nanResult(to, x.signalling ? INVALID : 0) : encodeExact(to, x, options);
}

/** The code nearest to a double, by the rounding. */
export function floatFrom(format: FloatFormat, x: number, options: RoundOptions = {}): Rounded {
  return encodeExact(format, exactOf(x), options);
}

export function floatToInt(from: FloatFormat, to: IntFormat, bits: number, rounding: FloatRounding = 'nearestEven'): RoundedInt {
  const x = decodeExact(from, bits);
  const { min, max } = intRange(to);
  if (x.kind === 'nan') return { value: max, flags: INVALID };
  if (x.kind === 'infinity') return { value: x.negative ? min : max, flags: INVALID };
  const { whole, exact } = roundMagnitude(x, 0, rounding);
  const value = x.negative ? -whole : whole;
  if (value < BigInt(min) || value > BigInt(max)) return { value: x.negative ? min : max, flags: INVALID };
  return { value: Number(value), flags: exact ? 0 : INEXACT };
}

export function intToFloat(from: IntFormat, to: FloatFormat, value: number, options: RoundOptions = {}): Rounded {
  const { min, max } = intRange(from);
  if (!Number.isInteger(value) || value < min || value > max)
    throw new RangeError(`${value} is no ${from.signed ? 'signed' : 'unsigned'} integer of ${from.width} bits`);
  return encodeExact(to, finite(value < 0, BigInt(Math.abs(value)), 0), options);
}
