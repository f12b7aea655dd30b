/**
 * TFLite's double-rounding requantisation: int32 accumulators to int8, one multiplier and shift for each channel.
 *
 * Invariant: bit-exact with TensorFlow Lite's reference kernels (MultiplyByQuantizedMultiplier without
 * TFLITE_SINGLE_ROUNDING; gemmlowp fixedpoint.h) for every int32 accumulator, and defined where the C++ is not:
 * the left shift wraps modulo 2^32, the zero point is added without overflow.
 * Refused: parameters of different lengths or out of range, accumulators that are not whole pixels.
 * Not a hot path: the 64-bit product is a BigInt.
 */

const int32Min = -(2 ** 31);
const int32Max = 2 ** 31 - 1;

/** How accumulators become int8: y = clamp(round(acc · multiplier · 2^(shift − 31)) + zeroPoint). */
export interface Requantisation {
  /** One int32 for each channel; TFLite's are 0 or 2^30 to 2^31 − 1. */
  readonly multiplier: ArrayLike<number>;
  /** One for each channel, −31 to 31; positive shifts left before the multiply, negative right after it. */
  readonly shift: ArrayLike<number>;
  /** Of the output. */
  readonly zeroPoint: number;
  /** The activation's smallest and largest output, −128 ≤ min ≤ max ≤ 127. */
  readonly min: number;
  readonly max: number;
}

/**
 * The int8 range an activation leaves (TFLite CalculateActivationRangeQuantized).
 *
 * @param zeroPoint of the output; real zero, the floor of RELU, is this value.
 */
export function activationRange(activation: 'NONE' | 'RELU', zeroPoint: number): { min: number; max: number } {
  return { min: activation === 'RELU' ? Math.max(-128, zeroPoint) : -128, max: 127 };
}

/**
 * gemmlowp's SaturatingRoundingDoublingHighMul of two int32: x·m / 2^31 to nearest, ties towards +∞, saturating in the
 * one case that overflows (both −2^31).
 *
 * gemmlowp adds 2^30 or, to a negative product, 1 − 2^30, and truncates; that is floor((x·m + 2^30) / 2^31) for either sign.
 */
export function saturatingRoundingDoublingHighMul(x: number, m: number): number {
  if (x === int32Min && m === int32Min) return int32Max;
  return Number((BigInt(x) * BigInt(m) + (1n << 30n)) >> 31n);
}

/** gemmlowp's RoundingDivideByPOT: the int32 x / 2^exponent (0 to 31) to nearest, ties away from zero. */
export function roundingDivideByPowerOfTwo(x: number, exponent: number): number {
  const mask = 2 ** exponent - 1;
  const threshold = (mask >> 1) + (x < 0 ? 1 : 0);
  return (x >> exponent) + ((x & mask) > threshold ? 1 : 0);
}

/**
 * Requantises accumulators, channels innermost (`[pixels, channels]`), to int8 in the same order.
 *
 * @throws RangeError naming the parameter, the rule and the remedy.
 */
export function requantise(accumulators: Int32Array, parameters: Requantisation): Int8Array {
  check(accumulators, parameters);
  const { multiplier, shift, zeroPoint, min, max } = parameters;
  const channels = multiplier.length;
  return Int8Array.from(accumulators, (accumulator, i) => {
    const s = shift[i % channels] as number;
    const shifted = accumulator << Math.max(s, 0);
    const high = saturatingRoundingDoublingHighMul(shifted, multiplier[i % channels] as number);
    const scaled = roundingDivideByPowerOfTwo(high, Math.max(-s, 0));
    return Math.min(Math.max(scaled + zeroPoint, min), max);
  });
}

function check(accumulators: Int32Array, { multiplier, shift, zeroPoint, min, max }: Requantisation): void {
  const channels = multiplier.length;
  if (channels === 0 || shift.length !== channels) {
    throw new RangeError(
      `shift: must have one element for each multiplier, at least one, got ${shift.length} for ${channels}. Repeat a per-tensor pair for every channel.`,
    );
  }
  if (accumulators.length % channels !== 0) {
    throw new RangeError(
      `accumulators: their number must be a multiple of the ${channels} channels, got ${accumulators.length}. Pass whole pixels, channels innermost.`,
    );
  }
  for (let c = 0; c < channels; c++) {
    integerWithin(`multiplier[${c}]`, multiplier[c], int32Min, int32Max, 'Encode the real factor as an int32 fraction of 2^31.');
    integerWithin(`shift[${c}]`, shift[c], -31, 31, 'Encode a smaller factor as multiplier 0.');
  }
  integerWithin('zero point', zeroPoint, -128, 127, 'Pass the zero point of an int8 output.');
  integerWithin('max', max, -128, 127, 'Clamp the activation range to int8.');
  integerWithin('min', min, -128, max, 'Clamp the activation range to int8, smallest first.');
}

function integerWithin(name: string, value: number | undefined, low: number, high: number, remedy: string): void {
  if (!Number.isInteger(value) || (value as number) < low || (value as number) > high) {
    throw new RangeError(`${name}: must be an integer from ${low} to ${high}, got ${value}. ${remedy}`);
  }
}
