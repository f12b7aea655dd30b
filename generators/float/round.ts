// The rounder: a normalised value to the code of a format.
//
// Contract: combinational. Exponent and mantissa are incremented as one number, so that a carry makes the next exponent, the least normal value or
// the code beyond the largest by itself. Tininess is detected after rounding.

import { type Bool, bool, cat, type FloatType, lit, mux, type UInt, uint } from '../../hdl/index.ts';
import { type FloatRounding, ROUNDINGS } from './config.ts';
import type { Rounded } from './unpack.ts';

/** A rounding, or a signal with its code. */
export type RoundingMode = FloatRounding | UInt;

/** (−1)^sign · significand, of which the highest bit has the weight of an exponent. */
export interface Unrounded {
  readonly sign: Bool;
  /** How far that exponent lies above the least one. Unless it is 0 the highest bit is set, or the value zero. */
  readonly above: UInt;
  /** Any width. */
  readonly significand: UInt;
  /** Whether the exact value is larger by less than one in the last place. */
  readonly lost: Bool;
}

/** Hidden bit, mantissa, a half and, for what would be normal with one more place, a quarter. */
export function widthToRound(mantissa: number): number {
  return mantissa + 3;
}

/** Whether a magnitude grows: from its last bit, the one behind it, and whether anything follows. */
export function grows(
  mode: RoundingMode,
  { sign, last, half, rest }: { readonly sign: Bool; readonly last: Bool; readonly half: Bool; readonly rest: Bool },
): Bool {
  const of: { readonly [R in FloatRounding]: Bool } = {
    nearestEven: half.and(last.or(rest)),
    towardsZero: lit(bool, false),
    down: sign.and(half.or(rest)),
    up: sign.not().and(half.or(rest)),
    nearestAway: half,
  };
  return choose(mode, of);
}

function choose(mode: RoundingMode, of: { readonly [R in FloatRounding]: Bool }): Bool {
  if (typeof mode === 'string') return of[mode];
  return ROUNDINGS.reduceRight<Bool>(
    (rest, rounding, code) => (rounding === 'towardsZero' ? rest : mux(mode.eq(code), of[rounding], rest)),
    of.towardsZero,
  );
}

/** Whether the rounding is towards −∞, where a difference of zero is negative. */
export function isDown(mode: RoundingMode): Bool {
  return typeof mode === 'string' ? lit(bool, mode === 'down') : mode.eq(ROUNDINGS.indexOf('down'));
}

/** Whether a code, with bits above those of the format, lies beyond the largest finite one. */
function exceeds(code: UInt, { width, format: { mantissa, nans } }: FloatType): Bool {
  const carried = code.shr(width - 1).orR();
  if (nans === 'none') return carried;
  return carried.or(code.bits(width - 2, nans === 'ieee' ? mantissa : 0).andR());
}

/** The code nearest to a value in the direction of the rounding, and what was lost. */
export function round({ sign, above, significand, lost }: Unrounded, type: FloatType, mode: RoundingMode): Rounded {
  const { mantissa } = type.format;
  const least = widthToRound(mantissa);
  const wide = significand.width < least ? significand.shl(least - significand.width) : significand;
  const top = wide.width - 1;
  const [hidden, kept] = [wide.bit(top), wide.bits(top - 1, top - mantissa)];
  const [half, quarter] = [wide.bit(top - mantissa - 1), wide.bit(top - mantissa - 2)];
  const below =
    wide.width > least
      ? wide
          .trunc(wide.width - least)
          .orR()
          .or(lost)
      : lost;
  const rest = quarter.or(below);
  const up = grows(mode, { sign, last: kept.bit(0), half, rest });
  // One adder: the hidden bit makes 1 of exponent 0, and the one of the rounding comes in by a place below.
  const base = mux(hidden, above, lit(uint(above.width), 0));
  const code = cat(base, kept, up)
    .add(cat(hidden, lit(uint(mantissa), 0), up))
    .shr(1)
    .named('rounded');
  const inexact = half.or(rest);
  // With one more place the value just below the least normal one would still become it: then it is not tiny.
  const reaches = kept
    .andR()
    .and(half)
    .and(grows(mode, { sign, last: half, half: quarter, rest: below }));
  return {
    sign,
    code: code.trunc(type.width - 1),
    overflows: exceeds(code, type),
    inwards: choose(mode, {
      nearestEven: lit(bool, false),
      towardsZero: lit(bool, true),
      down: sign.not(),
      up: sign,
      nearestAway: lit(bool, false),
    }),
    inexact,
    underflows: hidden.not().and(reaches.not()).and(inexact),
  };
}
