// The sum of two exact values, in two steps with room for a register between them: aligned, added.
//
// Invariant: the one with the larger exponent leads; the other is shifted right, its lost bits noted. The second value's exponent is never below the least one of the
// result, so no sum has to be shifted right. The window's width is such that lost bits never reach the places that are rounded (design note 0015).

import { type Bool, cat, lit, mux, type UInt, uint } from '../../hdl/index.ts';
import { fillBits } from '../../hdl/std/bits.ts';
import type { Unrounded } from './round.ts';
import type { Ranged } from './scale.ts';
import { normalise, shiftRight } from './shift.ts';

/** Any exact value; its highest `zeros` bits may be clear, unless it is zero. */
export interface FirstAddend {
  readonly sign: Bool;
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
  /** At least 1. */
  readonly exponent: UInt;
  readonly significand: UInt;
}

/** What goes from one step to the next. */
export interface AlignedPair {
  readonly firstSign: Bool;
  readonly secondSign: Bool;
  readonly firstLeads: Bool;
  /** The larger exponent. */
  readonly exponent: UInt;
  readonly lead: UInt;
  readonly other: UInt;
  readonly lost: Bool;
}

/** `precision`: bits of the result's significand. */
export function align(x: FirstAddend, y: SecondAddend, precision: number): AlignedPair {
  const window = Math.max(precision + 3 + x.zeros, x.significand.width + 1, y.significand.width + 2);
  const { value, max } = x.exponent;
  const width = Math.max(y.exponent.width, Math.max(1, max).toString(2).length);
  const [xWide, yWide] = [x.significand.shl(window - x.significand.width), y.significand.shl(window - y.significand.width)];
  const difference = value.sub(y.exponent.extend(y.exponent.width + 1).asSInt());
  const ahead = difference.lt(0).not();
  const firstLeads = x.zero ? ahead.and(x.zero.not()) : ahead;
  const distance = mux(ahead, difference.asUInt(), difference.neg().asUInt().trunc(difference.width));
  const { value: other, lost } = shiftRight(mux(firstLeads, yWide, xWide), distance);
  const size = value.asUInt();
  const first = size.width < width ? size.extend(width) : size.trunc(width);
  return {
    firstSign: x.sign,
    secondSign: y.sign,
    firstLeads,
    exponent: mux(firstLeads, first, y.exponent.extend(width)),
    lead: mux(firstLeads, xWide, yWide),
    other,
    lost,
  };
}

export interface Sum {
  readonly sign: Bool;
  /** Of the highest bit but one. */
  readonly exponent: UInt;
  /** One bit for the carry above the window, one for lost bits below. */
  readonly magnitude: UInt;
}

/** Adds or subtracts. `down`: whether the rounding is towards −∞, where a difference of zero is negative. */
export function addAligned({ firstSign, secondSign, firstLeads, exponent, lead, other, lost }: AlignedPair, down: Bool): Sum {
  const subtract = firstSign.xor(secondSign);
  const right = cat(other, lost);
  const width = right.width + 1;
  // One adder: the two's complement of the other operand, whose one comes in by a place below.
  const left = cat(lit(uint(1), 0), lead, lit(uint(2), 1));
  const total = left.addw(cat(cat(lit(uint(1), 0), right).xor(fillBits(subtract, width)), subtract)).shr(1);
  const negative = subtract.and(total.bit(width - 1));
  const magnitude = total.xor(fillBits(negative, width)).addw(negative.asUInt());
  const leadSign = mux(firstLeads, firstSign, secondSign);
  const cancels = subtract.and(total.orR().not());
  return { sign: mux(cancels, down, leadSign.xor(negative)), exponent, magnitude };
}

/** Left until normalised, but not below the least exponent. */
export function normaliseSum({ sign, exponent, magnitude }: Sum): Unrounded {
  const { value, amount } = normalise(magnitude, exponent);
  const width = exponent.width + 1;
  return {
    sign,
    exponent: exponent.add(1).subw(amount).trunc(width),
    significand: value.shr(1),
    lost: value.bit(0),
  };
}
