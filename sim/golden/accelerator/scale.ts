// Scaling of sums without BigInt, for the golden accelerator: the same values as `requantise` of systole/golden, on the hot path.
//
// Invariant: products are exact: a factor is split so that each half's product is below 2^53.

import type { AcceleratorMode } from '../../../isa/config.ts';

/** int32 x, multiplier and shift to a whole number of any size. */
export type Scale = (x: number, multiplier: number, shift: number) => number;

const MIN_INT32 = -(2 ** 31);
const HALF = 2 ** 16;

/** floor((x·m + 2^(bits − 1)) / 2^bits), bits 1 to 62. */
function multiplyRounding(x: number, m: number, bits: number): number {
  // Where 2^(bits − 1) is no multiple of 2^16; and results of more than 53 bits need not be exact below their clamp, but they are.
  if (bits <= 16) return Number((BigInt(x) * BigInt(m) + (1n << BigInt(bits - 1))) >> BigInt(bits));
  const high = m >> 16;
  const low = m & 0xffff;
  return Math.floor((x * high + 2 ** (bits - 17) + Math.floor((x * low) / HALF)) / 2 ** (bits - 16));
}

/** x / 2^bits, ties away from zero; bits 0 to 31. */
function divideAway(x: number, bits: number): number {
  return Math.sign(x) * Math.floor(Math.abs(x) / 2 ** bits + 0.5);
}

function double(x: number, m: number, shift: number): number {
  const shifted = shift > 0 ? x << shift : x;
  const high = shifted === MIN_INT32 && m === MIN_INT32 ? 2 ** 31 - 1 : multiplyRounding(shifted, m, 31);
  return shift < 0 ? divideAway(high, -shift) : high;
}

/** A power of two divides; its multiplier is not used, nor is a shift to the left. */
const power =
  (round: (x: number) => number): Scale =>
  (x, _, shift) =>
    round(x / 2 ** Math.max(-shift, 0));

const SCALES: { readonly [M in AcceleratorMode]: Scale } = {
  double,
  single: (x, m, shift) => multiplyRounding(x, m, 31 - shift),
  floor: power(Math.floor),
  halfUp: power((x) => Math.floor(x + 0.5)),
  halfEven: power((x) => {
    const floor = Math.floor(x);
    const rest = x - floor;
    return rest > 0.5 || (rest === 0.5 && floor % 2 !== 0) ? floor + 1 : floor;
  }),
  halfAway: power((x) => divideAway(x, 0)),
};

export function scaleOf(mode: AcceleratorMode): Scale {
  return SCALES[mode];
}
