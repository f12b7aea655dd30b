// Numbers of the host as bits of fixed-point and floating types, and back.
//
// Invariant: exact integer arithmetic throughout; rounding is to nearest, ties to even. A double is an exact fraction, so nothing is rounded twice.
// Throws HDL-Q003 for a number that a type has no code for.

import { HdlError } from './diagnostics/diagnostic.ts';
import { messages } from './diagnostics/messages.ts';
import { rangeOf } from './ir/build.ts';
import type { FloatFormat } from './ir/nodes.ts';
import { groundOf } from './leaves.ts';
import type { FixedType, FloatType, UFixedType } from './number-types.ts';
import { Origin } from './source.ts';
import { describeType } from './types.ts';

/** How a number becomes bits. */
export interface EncodeOptions {
  /** What a float too large becomes: infinity, else NaN, else the largest value, as far as the format has them (the default); or always the largest. */
  readonly overflow?: 'special' | 'saturate';
}

/**
 * The code of the value nearest to `x`: for fixed point the integer behind it (negative ones as such), for a float its bits. Ties go to the even code.
 * Throws HDL-Q003 for what fixed point cannot hold, and for NaN where there is none.
 */
export function encode(type: FixedType | UFixedType | FloatType, x: number, { overflow = 'special' }: EncodeOptions = {}): bigint {
  const code = type.kind === 'float' ? encodeFloat(type.format, x, overflow) : encodeFixed(type, x);
  if (code === undefined) throw new HdlError([messages.noCode({ at: Origin.here() }, x, describeType(type))]);
  return code;
}

/** The value of a code, exactly; of a signed type the bit pattern will do. Doubles hold fixed-point values of up to 53 bits exactly. */
export function decode(type: FixedType | UFixedType | FloatType, code: bigint | number): number {
  const bits = BigInt.asUintN(type.width, BigInt(code));
  if (type.kind === 'float') return decodeFloat(type.format, bits);
  return Number(type.kind === 'fixed' ? BigInt.asIntN(type.width, bits) : bits) * 2 ** -type.fraction;
}

/** The multiple of 2^−fraction nearest to x, in such units; undefined for NaN and infinity. */
export function scaled(x: number, fraction: number): bigint | undefined {
  const parts = dyadic(x);
  return parts && roundHalfEven(parts.integer, parts.exponent + fraction);
}

/** The code of the value nearest to x, or undefined where the type has none in range. */
export function encodeFixed(type: FixedType | UFixedType, x: number): bigint | undefined {
  const code = scaled(x, type.fraction);
  const { min, max } = rangeOf(groundOf(type));
  return code !== undefined && code >= min && code <= max ? code : undefined;
}

/** The largest finite code without its sign. */
export function largestFinite({ exponent, mantissa, nans }: FloatFormat): bigint {
  const all = (1n << BigInt(exponent + mantissa)) - 1n;
  return nans === 'ieee' ? all - (1n << BigInt(mantissa)) : nans === 'all-ones' ? all - 1n : all;
}

/** Undefined for NaN in a format without one. */
export function encodeFloat(format: FloatFormat, x: number, overflow: 'special' | 'saturate'): bigint | undefined {
  const { exponent, mantissa, nans } = format;
  const largest = largestFinite(format);
  const infinity = ((1n << BigInt(exponent)) - 1n) << BigInt(mantissa);
  const quietNaN = nans === 'ieee' ? infinity | (1n << BigInt(mantissa - 1)) : largest + 1n;
  if (Number.isNaN(x)) return nans === 'none' ? undefined : quietNaN;
  const sign = x < 0 || Object.is(x, -0) ? 1n << BigInt(exponent + mantissa) : 0n;
  const code = magnitude(format, Math.abs(x));
  if (code !== undefined && code <= largest) return sign | code;
  // An infinity on the way in stays one; it is not an overflow.
  if (nans === 'ieee' && (overflow === 'special' || code === undefined)) return sign | infinity;
  return sign | (nans === 'all-ones' && overflow === 'special' ? quietNaN : largest);
}

/** Code of the nearest value as if exponents had no end; undefined for infinity. */
function magnitude({ mantissa, bias, subnormals }: FloatFormat, x: number): bigint | undefined {
  const parts = dyadic(x);
  if (!parts) return undefined;
  const { integer, exponent } = parts;
  if (integer === 0n) return 0n;
  const least = 1 - bias;
  const top = Math.max(exponent + integer.toString(2).length - 1, least);
  const hidden = 1n << BigInt(mantissa);
  if (!subnormals && exponent + integer.toString(2).length - 1 < least) {
    // Between zero and the smallest normal value: up beyond the middle.
    return roundHalfEven(integer, exponent - least) === 0n ? 0n : hidden;
  }
  // A carry out of the mantissa runs into the exponent, which is just what it should do.
  return BigInt(top - least) * hidden + roundHalfEven(integer, exponent - top + mantissa);
}

function decodeFloat(format: FloatFormat, bits: bigint): number {
  const { exponent, mantissa, bias, nans, subnormals } = format;
  const sign = bits >> BigInt(exponent + mantissa) ? -1 : 1;
  const code = bits & ((1n << BigInt(exponent + mantissa)) - 1n);
  if (code > largestFinite(format)) return nans === 'ieee' && BigInt.asUintN(mantissa, code) === 0n ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  const field = Number(code >> BigInt(mantissa));
  const fraction = Number(BigInt.asUintN(mantissa, code));
  if (field === 0) return sign * (subnormals ? power(fraction, 1 - bias - mantissa) : 0);
  return sign * power(fraction + 2 ** mantissa, field - bias - mantissa);
}

/** integer · 2^exponent, in two steps since one factor alone may be out of a double's range. */
function power(integer: number, exponent: number): number {
  const half = Math.trunc(exponent / 2);
  return integer * 2 ** half * 2 ** (exponent - half);
}

/** x as integer · 2^exponent, exactly; undefined for NaN and infinity. */
function dyadic(x: number): { readonly integer: bigint; readonly exponent: number } | undefined {
  if (!Number.isFinite(x)) return undefined;
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, x);
  const bits = view.getBigUint64(0);
  const field = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & ((1n << 52n) - 1n);
  const integer = field === 0 ? fraction : fraction | (1n << 52n);
  return { integer: x < 0 ? -integer : integer, exponent: Math.max(field, 1) - 1075 };
}

/** integer · 2^exponent as a whole number, ties to even. */
function roundHalfEven(integer: bigint, exponent: number): bigint {
  if (exponent >= 0) return integer << BigInt(exponent);
  const drop = BigInt(-exponent);
  const floor = integer >> drop;
  const [rest, half] = [integer - (floor << drop), 1n << (drop - 1n)];
  return rest > half || (rest === half && (floor & 1n) === 1n) ? floor + 1n : floor;
}
