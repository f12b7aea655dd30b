/**
 * Codes as exact values, and exact values rounded to codes: the only place that rounds to a float.
 * Invariant: BigInt throughout; one rounding from the exact value. Tininess is detected after rounding.
 * Refused: codes that are no whole number of the format's width.
 */
import {
  canonicalNaN,
  type FloatFormat,
  type FloatRounding,
  INEXACT,
  INVALID,
  infinityOf,
  largestFinite,
  leastExponent,
  OVERFLOW,
  type Rounded,
  type RoundOptions,
  signBit,
  UNDERFLOW,
  widthOf,
} from './format.ts';

/** (−1)^negative · magnitude · 2^exponent. */
export interface Finite {
  readonly kind: 'finite';
  readonly negative: boolean;
  readonly magnitude: bigint;
  readonly exponent: number;
}
export type Exact = Finite | { readonly kind: 'infinity'; readonly negative: boolean } | { readonly kind: 'nan'; readonly signalling: boolean };

/** Sign, magnitude and exponent of a finite value. */
export function finite(negative: boolean, magnitude: bigint, exponent: number): Finite {
  return { kind: 'finite', negative, magnitude, exponent };
}

/** What a code means. Throws RangeError on a number that is no code. */
export function decodeExact(format: FloatFormat, bits: number): Exact {
  if (!Number.isInteger(bits) || bits < 0 || bits >= 2 ** widthOf(format))
    throw new RangeError(`${bits} is no code of ${format.name}, which has ${widthOf(format)} bits`);
  const negative = bits >= signBit(format);
  const code = bits % signBit(format);
  if (code > largestFinite(format)) {
    if (code === infinityOf(format)) return { kind: 'infinity', negative };
    // A quiet NaN has the highest bit of the mantissa; where there is one NaN it is quiet.
    return { kind: 'nan', signalling: format.nans === 'ieee' && code < (canonicalNaN(format) as number) };
  }
  const hidden = 2 ** format.mantissa;
  const [field, fraction] = [Math.floor(code / hidden), code % hidden];
  const lowest = leastExponent(format) - format.mantissa;
  if (field === 0) return finite(negative, format.subnormals ? BigInt(fraction) : 0n, lowest);
  return finite(negative, BigInt(hidden + fraction), lowest + field - 1);
}

/** The value of a code as a double, which has all of them; NaN for NaN. */
export function floatValue(format: FloatFormat, bits: number): number {
  const x = decodeExact(format, bits);
  if (x.kind === 'nan') return Number.NaN;
  const sign = x.negative ? -1 : 1;
  return x.kind === 'infinity' ? sign * Number.POSITIVE_INFINITY : sign * Number(x.magnitude) * 2 ** x.exponent;
}

/** A double as an exact value. */
export function exactOf(x: number): Exact {
  if (Number.isNaN(x)) return { kind: 'nan', signalling: false };
  const negative = x < 0 || Object.is(x, -0);
  if (!Number.isFinite(x)) return { kind: 'infinity', negative };
  let [magnitude, exponent] = [Math.abs(x), 0];
  // Scaling by powers of two is exact as long as it moves towards whole numbers.
  while (!Number.isInteger(magnitude)) [magnitude, exponent] = [magnitude * 2, exponent - 1];
  return finite(negative, BigInt(magnitude), exponent);
}

/** magnitude · 2^exponent as a whole number, by the rounding; `exact` when nothing was lost. */
export function roundMagnitude(
  { negative, magnitude, exponent }: Finite,
  unit: number,
  rounding: FloatRounding,
): { readonly whole: bigint; readonly exact: boolean } {
  if (exponent >= unit) return { whole: magnitude << BigInt(exponent - unit), exact: true };
  const drop = BigInt(unit - exponent);
  const whole = magnitude >> drop;
  const rest = magnitude - (whole << drop);
  if (rest === 0n) return { whole, exact: true };
  const half = 1n << (drop - 1n);
  const up =
    rounding === 'nearestEven'
      ? rest > half || (rest === half && (whole & 1n) === 1n)
      : rounding === 'nearestAway'
        ? rest >= half
        : rounding === 'towardsZero'
          ? false
          : negative === (rounding === 'down');
  return { whole: up ? whole + 1n : whole, exact: false };
}

/** The code of an exact value. Signalling NaN is not noticed here: flags of operands are the operation's. */
export function encodeExact(format: FloatFormat, x: Exact, options: RoundOptions = {}): Rounded {
  if (x.kind === 'nan') return nanResult(format, 0);
  if (x.kind === 'infinity') return infiniteResult(format, x.negative, options);
  const { rounding = 'nearestEven', overflow = 'special' } = options;
  const sign = x.negative ? signBit(format) : 0;
  if (x.magnitude === 0n) return { bits: sign, flags: 0 };
  const least = leastExponent(format);
  const top = x.exponent + bitLength(x.magnitude) - 1;
  const tiny = top < least;
  const unit = tiny ? least - (format.subnormals ? format.mantissa : 0) : top - format.mantissa;
  const { whole, exact } = roundMagnitude(x, unit, rounding);
  // A carry out of the mantissa runs into the exponent, which is just what it should do.
  const hidden = 2 ** format.mantissa;
  const code = tiny ? Number(whole) * (format.subnormals ? 1 : hidden) : (top - least) * hidden + Number(whole);
  const largest = largestFinite(format);
  if (code > largest) {
    const inwards = rounding === 'towardsZero' || (rounding === 'down' && !x.negative) || (rounding === 'up' && x.negative);
    const bits = inwards || overflow === 'saturate' ? sign + largest : infiniteResult(format, x.negative, options).bits;
    return { bits, flags: OVERFLOW | INEXACT };
  }
  if (exact) return { bits: sign + code, flags: 0 };
  return { bits: sign + code, flags: tiny && isTinyRounded(format, x, top, rounding) ? UNDERFLOW | INEXACT : INEXACT };
}

/** Whether the value rounded as if exponents had no end is still below the least normal one. */
function isTinyRounded(format: FloatFormat, x: Finite, top: number, rounding: FloatRounding): boolean {
  const { whole } = roundMagnitude(x, top - format.mantissa, rounding);
  return top - format.mantissa + bitLength(whole) - 1 < leastExponent(format);
}

/** NaN, or the largest value and `invalid` where there is none. */
export function nanResult(format: FloatFormat, flags: number): Rounded {
  const nan = canonicalNaN(format);
  return nan === undefined ? { bits: largestFinite(format), flags: INVALID } : { bits: nan, flags };
}

/** An infinity that is no rounded value: as such, or an overflow where there is no code for it. */
export function infiniteResult(format: FloatFormat, negative: boolean, { overflow = 'special' }: RoundOptions): Rounded {
  const sign = negative ? signBit(format) : 0;
  const infinity = infinityOf(format);
  if (infinity !== undefined && overflow === 'special') return { bits: sign + infinity, flags: 0 };
  const nan = canonicalNaN(format);
  return { bits: overflow === 'special' && nan !== undefined ? nan : sign + largestFinite(format), flags: OVERFLOW | INEXACT };
}

/** Bits of a positive number. */
export function bitLength(n: bigint): number {
  return n.toString(2).length;
}
