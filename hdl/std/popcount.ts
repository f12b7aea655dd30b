// Number of set bits.
//
// Contract: combinational; a balanced tree of adders, each as wide as its sum needs. Refused: a value of no bits.

import { counterType } from '../functions.ts';
import type { UInt } from '../value-types.ts';
import { refuse } from './refuse.ts';

/** Sums of fewer bits than this are written in place. */
const NAMED_BITS = 4;

/** 0 to width, as wide as that takes. */
export function popcount(value: UInt): UInt {
  if (value.width === 0) return refuse('popcount() of a u0', 'give a value of at least 1 bit');
  return sum(value, value.width - 1, 0);
}

function sum(value: UInt, hi: number, lo: number): UInt {
  const bits = hi - lo + 1;
  if (bits === 1) return value.bits(hi, lo);
  const middle = lo + Math.ceil(bits / 2);
  const both = sum(value, hi, middle).add(sum(value, middle - 1, lo));
  const fitting = both.trunc(counterType(bits).width);
  return bits < NAMED_BITS || bits === value.width ? fitting : fitting.named(`ones_${hi}_${lo}`);
}
