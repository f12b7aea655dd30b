// Gray code: neighbours differ in one bit.
//
// Contract: combinational, same width. To Gray is one XOR a bit, back log2 width XORs in a row. Refused: a value of no bits.

import type { UInt } from '../value-types.ts';
import { refuse } from './refuse.ts';

/** `value ^ (value >> 1)`. */
export function binaryToGray(value: UInt): UInt {
  if (value.width === 0) return refuse('binaryToGray() of a u0', 'give a value of at least 1 bit');
  return value.width === 1 ? value : value.xor(value.shr(1));
}

/** Bit i is the parity of the bits from i upwards. */
export function grayToBinary(gray: UInt): UInt {
  if (gray.width === 0) return refuse('grayToBinary() of a u0', 'give a value of at least 1 bit');
  let parity = gray;
  for (let distance = 1; distance < gray.width; distance *= 2) parity = parity.xor(parity.shr(distance)).named(`parity${distance * 2}`);
  return parity;
}
