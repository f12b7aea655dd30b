/**
 * Floating-point formats as records, roundings and flags.
 * Invariant: a code is a number of at most 32 bits: sign, exponent, mantissa from the highest bit down.
 * Refused: formats whose codes have no meaning, or more than 32 bits.
 */

export interface FloatFormat {
  readonly name: string;
  /** Bits of the exponent, 1 to 8. */
  readonly exponent: number;
  /** Bits of the mantissa without the hidden one, 0 to 23. */
  readonly mantissa: number;
  readonly bias: number;
  /** `ieee`: an exponent of ones is infinity or NaN. `all-ones`: the code of ones is NaN, there is no infinity (OCP E4M3). `none`: all finite. */
  readonly nans: 'ieee' | 'all-ones' | 'none';
  /** False: codes of exponent 0 are all zeros. */
  readonly subnormals: boolean;
}

/** A format, checked. Throws RangeError on parameters that make no format. */
export function floatFormat(format: FloatFormat): FloatFormat {
  const { name, exponent, mantissa, bias, nans } = format;
  const whole = (n: number, least: number, most: number): boolean => Number.isInteger(n) && n >= least && n <= most;
  if (!whole(exponent, 1, 8) || !whole(mantissa, 0, 23))
    throw new RangeError(`${name}: exponent of ${exponent} bits, mantissa of ${mantissa}; at most 8 and 23 are possible`);
  if (!whole(bias, -1000, 1000)) throw new RangeError(`${name}: bias ${bias} is not a whole number within 1000 of zero`);
  if (mantissa === 0 && nans === 'ieee') throw new RangeError(`${name}: NaN needs a bit of mantissa; give nans 'none' or a mantissa`);
  return format;
}

const named = (name: string, exponent: number, mantissa: number, nans: FloatFormat['nans'] = 'ieee'): FloatFormat =>
  floatFormat({ name, exponent, mantissa, bias: 2 ** (exponent - 1) - 1, nans, subnormals: true });

export const FP32 = named('fp32', 8, 23);
export const FP16 = named('fp16', 5, 10);
export const BF16 = named('bf16', 8, 7);
export const FP8_E4M3 = named('fp8e4m3', 4, 3, 'all-ones');
export const FP8_E5M2 = named('fp8e5m2', 5, 2);
export const FP6_E2M3 = named('fp6e2m3', 2, 3, 'none');
export const FP6_E3M2 = named('fp6e3m2', 3, 2, 'none');
export const FP4_E2M1 = named('fp4e2m1', 2, 1, 'none');

/** All named formats. */
export const FLOAT_FORMATS: readonly FloatFormat[] = [FP32, FP16, BF16, FP8_E4M3, FP8_E5M2, FP6_E2M3, FP6_E3M2, FP4_E2M1];

/** A format by its name. Throws RangeError on one that does not exist. */
export function formatNamed(name: string): FloatFormat {
  const format = FLOAT_FORMATS.find((f) => f.name === name);
  if (!format) throw new RangeError(`there is no float format ${name}`);
  return format;
}

/** In the order of RISC-V's `frm` codes, 0 to 4. */
export const ROUNDINGS = ['nearestEven', 'towardsZero', 'down', 'up', 'nearestAway'] as const;
export type FloatRounding = (typeof ROUNDINGS)[number];

/** What a result without a code becomes: infinity, else NaN, else the largest value; or the largest value always. */
export type FloatOverflow = 'special' | 'saturate';

/** Bits of `Rounded.flags`, as TestFloat has them. */
export const INEXACT = 1;
export const UNDERFLOW = 2;
export const OVERFLOW = 4;
export const INVALID = 16;

export interface Rounded {
  readonly bits: number;
  readonly flags: number;
}

export interface RoundOptions {
  /** Nearest even when absent. */
  readonly rounding?: FloatRounding;
  /** `special` when absent. */
  readonly overflow?: FloatOverflow;
}

/** Bits of a code. */
export function widthOf({ exponent, mantissa }: FloatFormat): number {
  return 1 + exponent + mantissa;
}

/** Exponent of the least normal value. */
export function leastExponent({ bias }: FloatFormat): number {
  return 1 - bias;
}

/** The code of the largest finite value. */
export function largestFinite({ exponent, mantissa, nans }: FloatFormat): number {
  const all = 2 ** (exponent + mantissa) - 1;
  return nans === 'ieee' ? all - 2 ** mantissa : nans === 'all-ones' ? all - 1 : all;
}

/** The code of +∞, undefined without one. */
export function infinityOf({ exponent, mantissa, nans }: FloatFormat): number | undefined {
  return nans === 'ieee' ? (2 ** exponent - 1) * 2 ** mantissa : undefined;
}

/** The one NaN that operations give, undefined without one. */
export function canonicalNaN(format: FloatFormat): number | undefined {
  if (format.nans === 'none') return undefined;
  return format.nans === 'ieee' ? (infinityOf(format) as number) + 2 ** (format.mantissa - 1) : largestFinite(format) + 1;
}

/** The sign bit alone. */
export function signBit(format: FloatFormat): number {
  return 2 ** (format.exponent + format.mantissa);
}
