/**
 * Softmax of int8 codes as TensorFlow Lite's reference kernel computes it (reference_ops::Softmax over gemmlowp's fixedpoint.h).
 *
 * A number "in F(i)" is an int32 with i bits in front of the point besides its sign. The exponential is taken of differences to the largest code of a row, of which there are 256: it is a table.
 * What the kernel leaves out (differences below `diffMin`) is an entry of 0, which adds nothing and becomes −128.
 */

import { roundingDivideByPowerOfTwo as divide, saturatingRoundingDoublingHighMul as multiply, quantiseMultiplier } from '../requantise.ts';

const MAX = 2 ** 31 - 1;
const ENTRIES = 256;
/** Bits in front of the point of scaled differences, and of sums of exponentials. */
const [DIFFERENCE_BITS, SUM_BITS] = [5, 12];
/** Longest row: one whose sum is below 2^31. */
export const MAX_SOFTMAX = 4095;

/** x · 2^bits, saturated. */
function shiftLeft(x: number, bits: number): number {
  return Math.min(Math.max(x * 2 ** bits, -MAX - 1), MAX);
}

/** As `divide`, by any power. */
function divideAway(x: number, exponent: number): number {
  return Math.sign(x) * Math.floor(Math.abs(x) / 2 ** exponent + 0.5);
}

/** e^a of a in F(0), −1/4 ≤ a < 0. */
function expOfSmall(a: number): number {
  const [expOfMinusEighth, third] = [1895147668, 715827883];
  const x = a + 2 ** 28;
  const x2 = multiply(x, x);
  const x3 = multiply(x2, x);
  const x4 = multiply(x2, x2);
  const rest = divide(multiply(divide(x4, 2) + x3, third) + x2, 1);
  return expOfMinusEighth + multiply(expOfMinusEighth, x + rest);
}

/** e^-1/4, e^-1/2, e^-1 … e^-16 in F(0). */
const POWERS = [1672461947, 1302514674, 790015084, 290630308, 39332535, 720401, 242];

/** e^a in F(0) of a in F(5), a ≤ 0. */
export function expOnNegative(a: number): number {
  if (a === 0) return MAX;
  const quarter = 2 ** 24;
  const part = (a & (quarter - 1)) - quarter;
  const rest = part - a;
  return POWERS.reduce(
    (result, power, i) => (rest & (quarter << i) ? multiply(result, power) : result),
    expOfSmall(shiftLeft(part, DIFFERENCE_BITS)),
  );
}

/** 1 / (1 + a) in F(0) of a in F(0), 0 ≤ a < 1: three steps of Newton's. Sums are modulo 2^32; of such a they are exact. */
export function oneOverOnePlus(a: number): number {
  const [c48over17, c32over17] = [1515870810, 1010580540];
  const halved = Math.floor((a + MAX + 1) / 2);
  let x = (c48over17 + multiply(halved, -c32over17)) | 0;
  for (let i = 0; i < 3; i++) x = (x + shiftLeft(multiply(x, (2 ** 29 - multiply(halved, x)) | 0), 2)) | 0;
  return shiftLeft(x, 1);
}

export interface SoftmaxScaling {
  readonly multiplier: number;
  readonly leftShift: number;
  /** Smaller differences count as −∞. */
  readonly diffMin: number;
}

/** TFLite's PreprocessSoftmaxScaling and CalculateInputRadius. */
export function softmaxScaling(beta: number, inputScale: number): SoftmaxScaling {
  const { multiplier, shift } = quantiseMultiplier(Math.min(beta * inputScale * 2 ** (31 - DIFFERENCE_BITS), MAX));
  const radius = ((2 ** DIFFERENCE_BITS - 1) * 2 ** (31 - DIFFERENCE_BITS)) / 2 ** shift;
  return { multiplier, leftShift: shift, diffMin: -Math.floor(radius) };
}

/** Exponentials in F(0) by how far a code is below the largest of its row. */
export function softmaxTable({ multiplier, leftShift, diffMin }: SoftmaxScaling): Int32Array {
  return Int32Array.from({ length: ENTRIES }, (_, below) =>
    -below < diffMin ? 0 : expOnNegative(multiply((-below * 2 ** leftShift) | 0, multiplier)),
  );
}

/** One row of 1 to `MAX_SOFTMAX` codes; the result has scale 1/256 and zero point −128. */
export function softmaxRow(codes: Int8Array, table: Int32Array): Int8Array {
  if (codes.length === 0 || codes.length > MAX_SOFTMAX)
    throw new RangeError(`a row of softmax has ${codes.length} codes, but must have 1 to ${MAX_SOFTMAX}; sums of exponentials have 31 bits`);
  const largest = codes.reduce((a, b) => Math.max(a, b));
  const exponentials = Int32Array.from(codes, (code) => table[largest - code] as number);
  const sum = exponentials.reduce((all, e) => (all + divide(e, SUM_BITS)) | 0, 0);
  const zeros = Math.min(Math.clz32(sum), 31);
  const reciprocal = oneOverOnePlus((sum << zeros) ^ 0x80000000);
  const right = SUM_BITS - zeros + 31 - 8;
  return Int8Array.from(exponentials, (e) => Math.min(Math.max(divideAway(multiply(reciprocal, e), right) - 128, -128), 127));
}
