// Number of zeros above the highest set bit.
//
// Contract: combinational, logarithmic depth: log2 width ORs copy the highest set bit to all below it, one AND keeps only the highest, one OR tree
// a result bit encodes it. All zero counts the whole width. Refused: a value of no bits.

import { cat, counterType, lit } from '../functions.ts';
import { uint } from '../types.ts';
import type { UInt } from '../value-types.ts';
import { encode } from './one-hot.ts';
import { refuse } from './refuse.ts';

/** 0 to width, as wide as that takes. */
export function leadingZeros(value: UInt): UInt {
  const { width } = value;
  if (width === 0) return refuse('leadingZeros() of a u0', 'give a value of at least 1 bit');
  let seen = value;
  for (let distance = 1; distance < width; distance *= 2) seen = seen.or(seen.shr(distance)).named(`seen${distance}`);
  const highest = width === 1 ? seen : seen.and(cat(lit(uint(1), 1), seen.shr(1).not()));
  // One more line for no bit at all.
  const lines = cat(highest, seen.bit(0).not()).named('highest');
  return encode(lines, (line) => (line === 0 ? width : width - line)).trunc(counterType(width).width);
}
