// The lowest set bit.
//
// Contract: combinational; bit 0 has the highest priority. Without a set bit `valid` is false and the rest zero. Refused: a value of no bits.

import type { Bool, UInt } from '../value-types.ts';
import { oneHotToBinary } from './one-hot.ts';
import { refuse } from './refuse.ts';

/** Only the lowest set bit, as wide as `value`: value & −value, one carry chain. */
export function isolateLowest(value: UInt): UInt {
  if (value.width === 0) return refuse('isolateLowest() of a u0', 'give a value of at least 1 bit');
  return value.width === 1 ? value : value.and(value.not().addw(1));
}

/** The index of the lowest set bit, as wide as the largest index (at least 1 bit), and whether there is one. */
export function lowestSet(value: UInt): { readonly index: UInt; readonly valid: Bool } {
  if (value.width === 0) return refuse('lowestSet() of a u0', 'give a value of at least 1 bit');
  return { index: oneHotToBinary(isolateLowest(value).named('lowest')), valid: value.orR() };
}
