// A float taken apart, and a result put together.
//
// Invariant: the significand has the hidden bit, and a subnormal one the exponent of the least normal value, so that both mean one formula:
// significand · 2^(exponent − bias − mantissa).

import { type Bool, bool, cat, type FloatType, type FloatValue, lit, mux, type UInt, uint } from '../../hdl/index.ts';

/** What is known of a float beside its digits. */
export interface UnpackedAside {
  readonly sign: Bool;
  readonly zero: Bool;
  readonly infinite: Bool;
  readonly nan: Bool;
  readonly signalling: Bool;
}
export interface Unpacked extends UnpackedAside {
  /** With the bias; 1 for subnormal values and zero. */
  readonly exponent: UInt;
  /** Hidden bit and mantissa. */
  readonly significand: UInt;
}

export function unpack(value: FloatValue, { format }: FloatType): Unpacked {
  const { exponent, mantissa, sign } = value;
  const [normal, highest, some] = [exponent.orR(), exponent.andR(), mantissa.orR()];
  const never = lit(bool, false);
  const nan = { ieee: highest.and(some), 'all-ones': highest.and(mantissa.andR()), none: never }[format.nans];
  return {
    sign,
    exponent: cat(exponent.shr(1), exponent.bit(0).or(normal.not())),
    significand: cat(normal, mantissa),
    zero: normal.or(some).not(),
    infinite: format.nans === 'ieee' ? highest.and(some.not()) : never,
    nan,
    signalling: format.nans === 'ieee' ? nan.and(mantissa.bit(mantissa.width - 1).not()) : never,
  };
}

/** The largest exponent field of a finite value. */
export function highestField({ format: { exponent, nans } }: FloatType): number {
  return 2 ** exponent - (nans === 'ieee' ? 2 : 1);
}

/** Codes of a format without their signs. */
export interface Codes {
  readonly largest: bigint;
  /** Of ∞, undefined without one. */
  readonly infinity: bigint | undefined;
  /** Of the quiet NaN that operations give, undefined without one. */
  readonly nan: bigint | undefined;
}

export function codesOf({ format: { exponent, mantissa, nans } }: FloatType): Codes {
  const all = (1n << BigInt(exponent + mantissa)) - 1n;
  const infinity = all - ((1n << BigInt(mantissa)) - 1n);
  switch (nans) {
    case 'ieee':
      return { largest: infinity - 1n, infinity, nan: infinity | (1n << BigInt(mantissa - 1)) };
    case 'all-ones':
      return { largest: all - 1n, infinity: undefined, nan: all };
    case 'none':
      return { largest: all, infinity: undefined, nan: undefined };
  }
}

/** Results that are no rounded value. */
export interface Special {
  readonly nan: Bool;
  /** Not together with `nan`; with the sign of the rounded value. */
  readonly infinite: Bool;
  readonly invalid: Bool;
}

/** What the rounder says. */
export interface Rounded {
  readonly sign: Bool;
  /** Code without sign; meaningless with overflow. */
  readonly code: UInt;
  readonly overflows: Bool;
  /** Whether a result that overflows stays finite, since the rounding points inwards. */
  readonly inwards: Bool;
  readonly inexact: Bool;
  readonly underflows: Bool;
}

/** The code of a result, and its flags. */
export function pack(
  rounded: Rounded,
  special: Special,
  type: FloatType,
  overflow: 'special' | 'saturate',
): { readonly bits: UInt; readonly flags: UInt } {
  const codes = codesOf(type);
  const constant = (code: bigint): UInt => lit(uint(type.width - 1), code);
  const { nan, infinite } = special;
  const finite = nan.or(infinite).not();
  const tooLarge = rounded.overflows.and(finite);
  const coded = overflow === 'special' ? codes.infinity : undefined;
  // NaN stands for infinity in a format that has none; it has no sign.
  const beyond = coded ?? (overflow === 'special' ? codes.nan : undefined) ?? codes.largest;
  const nanForInfinity = beyond === codes.nan;
  const outOfRange = infinite.or(rounded.overflows.and(rounded.inwards.not()));
  const plain = mux(rounded.overflows.and(rounded.inwards), constant(codes.largest), rounded.code);
  const code = mux(nan, constant(codes.nan ?? codes.largest), mux(outOfRange, constant(beyond), plain));
  const positive = nanForInfinity ? nan.or(outOfRange) : nan;
  const uncoded = coded === undefined ? tooLarge.or(infinite) : tooLarge;
  const flags = cat(
    codes.nan === undefined ? special.invalid.or(nan) : special.invalid,
    lit(bool, false),
    uncoded,
    rounded.underflows.and(finite),
    rounded.inexact.and(finite).or(uncoded),
  );
  return { bits: cat(rounded.sign.and(positive.not()), code), flags };
}
