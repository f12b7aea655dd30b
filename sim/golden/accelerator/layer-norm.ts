/**
 * Normalisation of rows of int8 codes in whole numbers: (x − mean) / √variance (design note 0025). Scale and zero point of the codes cancel; factors and biases are operations of their own.
 *
 * With n codes, S their sum and Q that of their squares, V = n·Q − S² is n² times the variance, d = n·x − S is n times the difference to the mean, and the result is d / √(V + 2^epsilon). The root
 * is taken by three steps of Newton's from a line. "In F(i)" is an int32 with i bits in front of the point besides its sign.
 */

import { roundingDivideByPowerOfTwo as divide, saturatingRoundingDoublingHighMul as multiply } from '../requantise.ts';

/** Longest row: n·x − S has 21 bits. */
export const MAX_NORMALISE = 4095;
/** 2.1 and 1.2 in F(2): 2.1 − 1.2·u is within a tenth of 1/√u for 1/4 ≤ u < 1. */
const [LINE, SLOPE] = [1127428915, 644245094];
/** Places that a difference is moved up before it is multiplied. */
const UP = 10;

/** 1/√value = root · 2^(−29 − half), the root in F(2); 0 < value < 2^39. */
export function inverseRoot(value: number): { readonly root: number; readonly half: number } {
  const half = Math.ceil(value.toString(2).length / 2);
  // In F(0), 1/4 to 1.
  const u = Math.floor(value * 2 ** (31 - 2 * half));
  let root = LINE + multiply(u, -SLOPE);
  for (let i = 0; i < 3; i++) {
    const product = multiply(u, multiply(root, root));
    root = multiply(root, 3 * 2 ** 27 - product) << 3;
  }
  return { root, half };
}

/** One row of 1 to `MAX_NORMALISE` codes; the result has scale 2^−fraction and zero point 0. */
export function normaliseRow(codes: Int8Array, { fraction, epsilon }: { readonly fraction: number; readonly epsilon: number }): Int8Array {
  const n = codes.length;
  if (n === 0 || n > MAX_NORMALISE) throw new RangeError(`a row to be normalised has ${n} codes, but must have 1 to ${MAX_NORMALISE}`);
  const sum = codes.reduce((all, x) => all + x, 0);
  const squares = codes.reduce((all, x) => all + x * x, 0);
  const { root, half } = inverseRoot(n * squares - sum * sum + 2 ** epsilon);
  return Int8Array.from(codes, (x) => {
    const high = multiply((n * x - sum) * 2 ** UP, root);
    return Math.min(Math.max(divide(high, half + UP - 2 - fraction), -128), 127);
  });
}
