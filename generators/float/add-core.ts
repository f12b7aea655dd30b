// The sum of two exact values, in two steps with room for a register between them: aligned, added.
//
// Invariant: the one with the larger exponent leads; the other is shifted right, its lost bits noted. The second value's exponent is never below the least one of the
// result, so no sum has to be shifted right. The window's width is such that lost bits never reach the places that are rounded (design note 0015).

import { type Bool, cat, lit, mux, type UInt, uint } from '../../hdl/index.ts';
import { fillBits } from '../../hdl/std/bits.ts';
import type { Unrounded } from './round.ts';
import { type Ranged, resized } from './scale.ts';
import { normalise, shiftRight } from './shift.ts';

/** Any exact value; its highest `zeros` bits may be clear, unless it is zero. */
export interface FirstAddend {
  readonly sign: Bool;
  /** Of the highest bit, with the bias of the result. */
  readonly exponent: Ranged;
  readonly significand: UInt;
  /** How many of the highest bits can be clear at most when it leads; zero apart. */
  readonly zeros: number;
  /** Given where zero may come with an exponent above the least. */
  readonly zero?: Bool;
}
/** A value of the result's format. */
export interface SecondAddend {
  readonly sign: Bool;
  /** With the bias, at least 1. */
  readonly exponent: UInt;
  readonly significand: UInt;
}

/** What goes from one step to the next. */
export interface AlignedPair {
  readonly subtract: Bool;
  /** Of the leading one. */
  readonly sign: Bool;
  /** The larger exponent, as the code of a format has it. */
  readonly exponent: UInt;
  readonly lead: UInt;
  /** Shifted, with a bit for what was lost; its complement when it is to be subtracted. */
  readonly other: UInt;
}

/** `precision`: bits of the result's significand. */
export function align(x: FirstAddend, y: SecondAddend, precision: number): AlignedPair {
  const window = Math.max(precision + 2 + x.zeros, x.significand.width + 1, y.significand.width + 2);
  const [xWide, yWide] = [x.significand.shl(window - x.significand.width), y.significand.shl(window - y.significand.width)];
  const { value, max } = x.exponent;
  const distance = value.sub(y.exponent.extend(y.exponent.width + 1).asSInt()).named('distance');
  const ahead = distance.lt(0).not();
  const firstLeads = x.zero ? ahead.and(x.zero.not()) : ahead;
  // To negate is to complement and to add one; the one is a place by which the first is shifted beforehand.
  const places = distance.asUInt().xor(fillBits(ahead.not(), distance.width));
  const { value: shifted, lost } = shiftRight(mux(firstLeads, yWide, xWide.shr(1).extend(window)), places);
  const subtract = x.sign.xor(y.sign);
  const width = Math.max(y.exponent.width, Math.max(1, max).toString(2).length);
  return {
    subtract,
    sign: mux(firstLeads, x.sign, y.sign),
    exponent: mux(firstLeads, resized(value.asUInt(), width), y.exponent.extend(width)),
    lead: mux(firstLeads, xWide, yWide),
    other: cat(shifted, lost).xor(fillBits(subtract, window + 1)),
  };
}

export interface Sum {
  readonly sign: Bool;
  /** Of the highest bit, above the least one. */
  readonly above: UInt;
  /** One bit for the carry above the window, one for lost bits below. */
  readonly magnitude: UInt;
}

/** Adds or subtracts. `down`: whether the rounding is towards −∞, where a difference of zero is negative. */
export function addAligned({ subtract, sign, exponent, lead, other }: AlignedPair, down: Bool): Sum {
  const width = other.width + 1;
  // One adder: the one of the two's complement comes in by a place below.
  const total = cat(lit(uint(1), 0), lead, lit(uint(2), 1))
    .addw(cat(subtract, other, subtract))
    .shr(1)
    .named('total');
  const negative = subtract.and(total.bit(width - 1));
  const magnitude = total.xor(fillBits(negative, width)).addw(negative.asUInt());
  const cancels = subtract.and(total.orR().not());
  // The highest bit is the carry's, one above the exponent; the least exponent is coded 1.
  return { sign: mux(cancels, down, sign.xor(negative)), above: exponent, magnitude };
}

/** Left until normalised, but not below the least exponent. */
export function normaliseSum({ sign, above, magnitude }: Sum): Unrounded {
  const { value, amount } = normalise(magnitude, above);
  return { sign, above: above.subw(amount).trunc(above.width), significand: value.shr(1), lost: value.bit(0) };
}
