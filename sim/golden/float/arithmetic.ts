/**
 * Sum, product, and fused multiply-add, exact until the one rounding at the end.
 * Invariant: NaN in, the canonical NaN out; a signalling one, ∞ − ∞ and ∞ · 0 (even with NaN added) are invalid.
 * Refused: codes that are none of their format.
 */
import { type FloatFormat, INVALID, type Rounded, type RoundOptions } from './format.ts';
import { decodeExact, type Exact, encodeExact, type Finite, finite, infiniteResult, nanResult } from './value.ts';

/** Whether it is a signalling NaN. */
export const signals = (x: Exact): boolean => x.kind === 'nan' && x.signalling;
const isZero = (x: Exact): boolean => x.kind === 'finite' && x.magnitude === 0n;

/** Operands in one format, the result in another or the same. */
export interface MixedOptions extends RoundOptions {
  /** Format of the addend and of the result; that of the operands when absent. */
  readonly accumulate?: FloatFormat;
}

/** a + b. */
export function floatAdd(format: FloatFormat, a: number, b: number, options: RoundOptions = {}): Rounded {
  return addExact(format, decodeExact(format, a), decodeExact(format, b), false, options);
}

/** a · b. */
export function floatMul(format: FloatFormat, a: number, b: number, { accumulate = format, ...options }: MixedOptions = {}): Rounded {
  const [x, y] = [decodeExact(format, a), decodeExact(format, b)];
  const product = multiply(x, y);
  const invalid = signals(x) || signals(y) || isInvalidProduct(x, y);
  return product.kind === 'nan' ? nanResult(accumulate, invalid ? INVALID : 0) : encodeExact(accumulate, product, options);
}

/** a · b + c with one rounding; c and the result are in the accumulation format. */
export function floatFma(format: FloatFormat, a: number, b: number, c: number, { accumulate = format, ...options }: MixedOptions = {}): Rounded {
  const [x, y, z] = [decodeExact(format, a), decodeExact(format, b), decodeExact(accumulate, c)];
  return addExact(accumulate, multiply(x, y), z, signals(x) || signals(y) || isInvalidProduct(x, y), options);
}

/** ∞ · 0. */
export function isInvalidProduct(x: Exact, y: Exact): boolean {
  return (x.kind === 'infinity' && isZero(y)) || (y.kind === 'infinity' && isZero(x));
}

/** The exact product; ∞ · 0 is a quiet NaN. */
export function multiply(x: Exact, y: Exact): Exact {
  if (x.kind === 'nan' || y.kind === 'nan' || isInvalidProduct(x, y)) return { kind: 'nan', signalling: false };
  const negative = x.negative !== y.negative;
  if (x.kind === 'infinity' || y.kind === 'infinity') return { kind: 'infinity', negative };
  return finite(negative, x.magnitude * y.magnitude, x.exponent + y.exponent);
}

/** x + y rounded; `invalid` says that an operand was. */
export function addExact(format: FloatFormat, x: Exact, y: Exact, invalid: boolean, options: RoundOptions): Rounded {
  const bad = invalid || signals(x) || signals(y);
  if (x.kind === 'nan' || y.kind === 'nan') return nanResult(format, bad ? INVALID : 0);
  if (x.kind === 'infinity' || y.kind === 'infinity') {
    if (x.kind === y.kind && x.negative !== y.negative) return nanResult(format, INVALID);
    return infiniteResult(format, x.kind === 'infinity' ? x.negative : y.negative, options);
  }
  return encodeExact(format, sumOf(x, y, options.rounding === 'down'), options);
}

/** The exact sum. A zero of unlike signs is negative when rounding down, else positive. */
export function sumOf(x: Finite, y: Finite, down: boolean): Finite {
  const exponent = Math.min(x.exponent, y.exponent);
  const total = whole(x, exponent) + whole(y, exponent);
  if (total === 0n) return finite(x.negative === y.negative ? x.negative : down, 0n, exponent);
  return finite(total < 0n, total < 0n ? -total : total, exponent);
}

/** In units of 2^exponent. */
function whole({ negative, magnitude, exponent }: Finite, unit: number): bigint {
  const n = magnitude << BigInt(exponent - unit);
  return negative ? -n : n;
}
