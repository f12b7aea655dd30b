// What TypeScript sees of fixed-point and floating values and of their types.
//
// Invariant: every operator on fixed point is exact; bits are given away by `toFixed` alone. Floats are compared and taken apart, not calculated with.

import type { FloatFormat } from './ir/nodes.ts';
import type { Bool, Fits, Printable, SInt, UInt } from './value-types.ts';

/** Two's complement of `width` bits, times 2^−fraction. */
export interface FixedType<W extends number = number, F extends number = number> {
  readonly kind: 'fixed';
  readonly width: W;
  readonly fraction: F;
}
/** Unsigned, of `width` bits, times 2^−fraction. */
export interface UFixedType<W extends number = number, F extends number = number> {
  readonly kind: 'ufixed';
  readonly width: W;
  readonly fraction: F;
}
/** Sign, exponent of E bits, mantissa of M bits. */
export interface FloatType<E extends number = number, M extends number = number> {
  readonly kind: 'float';
  readonly width: number;
  readonly format: FloatFormat & { readonly exponent: E; readonly mantissa: M };
}

/** Down (towards −∞), to nearest with ties up, to even or away from zero, up, towards zero. */
export type Rounding = 'truncate' | 'halfUp' | 'halfEven' | 'halfAwayFromZero' | 'up' | 'towardsZero';
/** How bits are lost, where they must be. */
export interface Narrowing {
  /** What becomes of fraction bits; `truncate` when absent. */
  readonly rounding?: Rounding;
  /** What becomes of a value out of range: its low bits (the default), or the nearest value in range. */
  readonly overflow?: 'wrap' | 'saturate';
}

type FractionLost<N extends number, F extends number> = `${N} fraction bits do not fit ${F}: round with .toFixed(width, ${F}, { rounding })`;
interface Point<Self> extends Printable {
  readonly width: number;
  /** Bits behind the point. */
  readonly fraction: number;
  /** Exact: the points are aligned, the sum has one bit more. A literal has at most the fraction bits of this value. */
  add(other: Self | number): Self;
  /** Exact: widths and fractions add. */
  mul(other: Self | number): Self;
  /** Equal in value; points may differ. */
  eq(other: Self | number): Bool;
  /** Not equal in value. */
  ne(other: Self | number): Bool;
  /** Less than, in value. */
  lt(other: Self | number): Bool;
  /** Less than or equal, in value. */
  le(other: Self | number): Bool;
  /** Greater than, in value. */
  gt(other: Self | number): Bool;
  /** Greater than or equal, in value. */
  ge(other: Self | number): Bool;
  /** Times 2^n exactly: the point moves, no bit changes. */
  scale(n: number): Self;
  /** The bits as they are. */
  asBits(): UInt;
}

/** A two's complement value of W bits, F of them behind the point. */
export interface Fixed<W extends number = number, F extends number = number> extends Point<Fixed> {
  readonly kind: 'fixed';
  readonly width: W;
  readonly fraction: F;
  /** Exact, one bit more. */
  sub(other: Fixed | number): Fixed;
  /** Exact, one bit more. */
  neg(): Fixed;
  /** Exact, same width. */
  abs(): UFixed<W, F>;
  /** Another width and point; the only operation that may lose bits, see `Narrowing`. */
  toFixed<const N extends number, const G extends number>(width: N, fraction: G, how?: Narrowing): Fixed<N, G>;
  /** The bits as they are. */
  asBits(): UInt<W>;
  /** The integer behind it, the value times 2^fraction. */
  asSInt(): SInt<W>;
}
/** A fixed-point value that can be assigned. */
export interface FixedVar<W extends number = number, F extends number = number> extends Fixed<W, F> {
  /** Exact: extends on both sides; HDL-Q004 where fraction bits would be lost, HDL-W003 where integer bits would, HDL-Q003 for an inexact literal. */
  set<N extends number>(value: (Fixed<number, N> & Fits<N, F, FractionLost<N, F>>) | number): void;
}

/** An unsigned value of W bits, F of them behind the point. */
export interface UFixed<W extends number = number, F extends number = number> extends Point<UFixed> {
  readonly kind: 'ufixed';
  readonly width: W;
  readonly fraction: F;
  /** Exact, and so signed; one bit more. */
  sub(other: UFixed | number): Fixed;
  /** Exact, one bit more. */
  neg(): Fixed;
  /** The same value signed, one bit more. */
  toSigned(): Fixed;
  /** Another width and point; the only operation that may lose bits, see `Narrowing`. */
  toFixed<const N extends number, const G extends number>(width: N, fraction: G, how?: Narrowing): UFixed<N, G>;
  /** The bits as they are. */
  asBits(): UInt<W>;
}
/** An unsigned fixed-point value that can be assigned. */
export interface UFixedVar<W extends number = number, F extends number = number> extends UFixed<W, F> {
  /** Exact: extends on both sides; HDL-Q004 where fraction bits would be lost, HDL-W003 where integer bits would, HDL-Q003 for an inexact literal. */
  set<N extends number>(value: (UFixed<number, N> & Fits<N, F, FractionLost<N, F>>) | number): void;
}

/** A float. Comparisons are those of IEEE 754: NaN is neither less, equal nor greater; −0 equals 0. */
export interface FloatValue<E extends number = number, M extends number = number> extends Printable {
  readonly kind: 'float';
  readonly width: number;
  readonly sign: Bool;
  /** As coded, with the bias. */
  readonly exponent: UInt<E>;
  /** Without the hidden bit. */
  readonly mantissa: UInt<M>;
  /** Not a number; false in formats that have none. */
  isNaN(): Bool;
  /** Infinite, of either sign; false in formats that have none. */
  isInf(): Bool;
  /** +0 or −0. */
  isZero(): Bool;
  /** Exponent 0 and a mantissa that is not: no hidden bit. */
  isSubnormal(): Bool;
  /** The sign turned round, of NaN too. */
  neg(): FloatValue<E, M>;
  /** The sign cleared, of NaN too. */
  abs(): FloatValue<E, M>;
  /** Equal in value; points may differ. */
  eq(other: FloatValue<E, M> | number): Bool;
  /** Not equal in value. */
  ne(other: FloatValue<E, M> | number): Bool;
  /** Less than, in value. */
  lt(other: FloatValue<E, M> | number): Bool;
  /** Less than or equal, in value. */
  le(other: FloatValue<E, M> | number): Bool;
  /** Greater than, in value. */
  gt(other: FloatValue<E, M> | number): Bool;
  /** Greater than or equal, in value. */
  ge(other: FloatValue<E, M> | number): Bool;
  /** The total order of IEEE 754: by sign and magnitude, −NaN first, −0 before 0, NaN last. */
  totalLe(other: FloatValue<E, M> | number): Bool;
  /** The bits as they are. */
  asBits(): UInt;
}
export interface FloatVar<E extends number = number, M extends number = number> extends FloatValue<E, M> {
  /** A value of the same format, or a number that it has exactly. */
  set(value: FloatValue<E, M> | number): void;
}
