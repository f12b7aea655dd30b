// What TypeScript sees of a hardware value: only the operations that its type and its direction allow.
//
// Invariant: these are interfaces without code; `values.ts` implements them all with few classes. A value without `set` cannot be
// assigned, so assigning an input is a compile error, and so is 32 bits into 8 where both widths are literal.

import type { EnumInfo } from './ir/nodes.ts';
import type { Fixed, FixedType, FixedVar, FloatType, FloatValue, FloatVar, UFixed, UFixedType, UFixedVar } from './number-types.ts';

type Digit = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9;
// Tail-recursive, so that widths up to 99 stay within the compiler's limit.
type UpTo<W extends number, Seen extends unknown[] = [], Found = never> = Seen['length'] extends W
  ? Found | W
  : UpTo<W, [...Seen, 0], Found | Seen['length']>;

/** `unknown` when N bits fit W bits or when a width is not a literal below 100; otherwise a type that names the mistake. */
export type Fits<N extends number, W extends number, Mistake = TooWide<N, W>> = number extends N
  ? unknown
  : number extends W
    ? unknown
    : `${W}` extends `${Digit}` | `${Digit}${Digit}`
      ? N extends UpTo<W>
        ? unknown
        : Mistake
      : unknown;
/** A string, since the compiler prints its text where it would only name an interface. */
export type TooWide<N extends number, W extends number> = `${N} bits do not fit ${W} bits: keep the low bits with .trunc(${W})`;

// Type descriptors, made by the functions of `types.ts`.
/** The type of one bit that is true or false. */
export interface BoolType {
  readonly kind: 'bool';
  readonly width: 1;
}
/** The type of unsigned values of W bits. */
export interface UIntType<W extends number = number> {
  readonly kind: 'uint';
  readonly width: W;
}
/** The type of two's complement values of W bits. */
export interface SIntType<W extends number = number> {
  readonly kind: 'sint';
  readonly width: W;
}
/** The type of a clock. */
export interface ClockType {
  readonly kind: 'clock';
  readonly width: 1;
}
/** The type of a reset of one kind. */
export interface ResetType {
  readonly kind: 'reset';
  readonly width: 1;
  readonly async: boolean;
  readonly activeLow: boolean;
}
/** The type of named fields. */
export interface BundleType<F extends Fields = Fields> {
  readonly kind: 'bundle';
  readonly fields: F;
}
/** The type of `length` elements of one type. */
export interface VecType<T extends HwType = HwType> {
  readonly kind: 'vec';
  readonly element: T;
  readonly length: number;
}
/** An absent field (`optional`) is undefined to TypeScript; the type that `bundle` makes does not have it. */
export type Fields = { readonly [name: string]: HwType | undefined };
/** One of several named values. */
export interface EnumType<M extends string = string> {
  readonly kind: 'enum';
  readonly width: number;
  readonly info: EnumInfo;
  readonly names: readonly M[];
}
/** Any type that a signal can have. */
export type HwType =
  | BoolType
  | UIntType
  | SIntType
  | EnumType
  | ClockType
  | ResetType
  | FixedType
  | UFixedType
  | FloatType
  | { readonly kind: 'bundle'; readonly fields: Fields }
  | { readonly kind: 'vec'; readonly element: HwType; readonly length: number };

/** Read-only view of a type: what an input is inside a module, and an output outside. */
export type ValueOf<T> = T extends BoolType
  ? Bool
  : T extends UIntType<infer W>
    ? UInt<W>
    : T extends SIntType<infer W>
      ? SInt<W>
      : T extends EnumType<infer M>
        ? EnumValue<M>
        : T extends ClockType
          ? Clock
          : T extends ResetType
            ? Reset
            : T extends FixedType<infer W, infer F>
              ? Fixed<W, F>
              : T extends UFixedType<infer W, infer F>
                ? UFixed<W, F>
                : T extends FloatType<infer E, infer M>
                  ? FloatValue<E, M>
                  : T extends { readonly kind: 'bundle'; readonly fields: infer F }
                    ? BundleValue<F>
                    : T extends { readonly kind: 'vec'; readonly element: infer E }
                      ? VecValue<E>
                      : never;

/** Assignable view of a type: wires, registers, outputs inside a module, inputs of an instance. */
export type VarOf<T> = T extends BoolType
  ? BoolVar
  : T extends UIntType<infer W>
    ? UIntVar<W>
    : T extends SIntType<infer W>
      ? SIntVar<W>
      : T extends EnumType<infer M>
        ? EnumVar<M>
        : T extends ClockType
          ? ClockVar
          : T extends ResetType
            ? ResetVar
            : T extends FixedType<infer W, infer F>
              ? FixedVar<W, F>
              : T extends UFixedType<infer W, infer F>
                ? UFixedVar<W, F>
                : T extends FloatType<infer E, infer M>
                  ? FloatVar<E, M>
                  : T extends { readonly kind: 'bundle'; readonly fields: infer F }
                    ? BundleVar<F>
                    : T extends { readonly kind: 'vec'; readonly element: infer E }
                      ? VecVar<E>
                      : never;

/** An integer literal; its width is the smallest that holds it. */
export type Literal = number | bigint;

/** What may stand for a value of a ground type: a number, true or false, the name of a member. */
export type LiteralOf<T> = T extends BoolType
  ? boolean
  : T extends UIntType | SIntType
    ? Literal
    : T extends EnumType<infer M>
      ? M
      : T extends FixedType | UFixedType | FloatType
        ? number
        : never;

/** The type of a value. */
export type TypeOf<V> = V extends Bool
  ? BoolType
  : V extends UInt<infer W>
    ? UIntType<W>
    : V extends SInt<infer W>
      ? SIntType<W>
      : V extends EnumValue<infer M>
        ? EnumType<M>
        : V extends Fixed<infer W, infer F>
          ? FixedType<W, F>
          : V extends UFixed<infer W, infer F>
            ? UFixedType<W, F>
            : V extends FloatValue<infer E, infer M>
              ? FloatType<E, M>
              : V extends VecValue<infer E>
                ? { readonly kind: 'vec'; readonly element: E; readonly length: number }
                : V extends { readonly kind: 'bundle'; readonly [fieldsOf]?: infer F }
                  ? { readonly kind: 'bundle'; readonly fields: NonNullable<F> }
                  : HwType;

export interface Printable {
  /** Gives the signal a name in the output and in waveforms; returns the same value. */
  named(name: string): this;
}

/** One bit with the meaning true or false. */
export interface Bool extends Printable {
  readonly kind: 'bool';
  readonly width: 1;
  /** Bit by bit, as wide as the wider operand; of bool, both. */
  and(other: Bool | boolean): Bool;
  /** Bit by bit, as wide as the wider operand; of bool, either. */
  or(other: Bool | boolean): Bool;
  /** Bit by bit, as wide as the wider operand; of bool, one but not the other. */
  xor(other: Bool | boolean): Bool;
  /** Every bit turned round, same width. */
  not(): Bool;
  /** Equal. */
  eq(other: Bool | boolean): Bool;
  /** Not equal. */
  ne(other: Bool | boolean): Bool;
  /** The same bit as u1. */
  asUInt(): UInt<1>;
}
/** A bool that can be assigned. */
export interface BoolVar extends Bool {
  /** Last connect wins. */
  set(value: Bool | boolean): void;
}

interface Bits<Self> extends Printable {
  readonly width: number;
  /** Bits hi to lo, both inclusive, as uint. Reports HDL-W002 when outside of the value. */
  bits(hi: number, lo: number): UInt;
  /** One bit, 0 the lowest. Reports HDL-W002 when outside of the value. */
  bit(index: number): Bool;
  /** The bit that a signal chooses; false beyond the highest. */
  bitAt(index: UInt): Bool;
  /** `width` bits from an offset upwards; bits beyond the highest are 0. */
  slice<const N extends number>(offset: UInt, width: N): UInt<N>;
  /** Bit by bit, as wide as the wider operand; of bool, both. */
  and(other: Self | Literal): UInt;
  /** Bit by bit, as wide as the wider operand; of bool, either. */
  or(other: Self | Literal): UInt;
  /** Bit by bit, as wide as the wider operand; of bool, one but not the other. */
  xor(other: Self | Literal): UInt;
  /** Every bit turned round, same width. */
  not(): UInt;
  /** Equal. */
  eq(other: Self | Literal): Bool;
  /** Not equal. */
  ne(other: Self | Literal): Bool;
  /** Less than. */
  lt(other: Self | Literal): Bool;
  /** Less than or equal. */
  le(other: Self | Literal): Bool;
  /** Greater than. */
  gt(other: Self | Literal): Bool;
  /** Greater than or equal. */
  ge(other: Self | Literal): Bool;
  /** All bits 1 (true for zero width). */
  andR(): Bool;
  /** Any bit 1 (false for zero width). */
  orR(): Bool;
  /** Odd number of 1 bits (false for zero width). */
  xorR(): Bool;
}

/** An unsigned value of W bits. */
export interface UInt<W extends number = number> extends Bits<UInt> {
  readonly kind: 'uint';
  readonly width: W;
  /** Sum, one bit wider than the wider operand. */
  add(other: UInt | Literal): UInt;
  /** Sum modulo 2^width of the wider operand. */
  addw(other: UInt<W> | Literal): UInt<W>;
  /** Sum modulo 2^width of the wider operand. */
  addw(other: UInt | Literal): UInt;
  /** Difference modulo 2^(width + 1). */
  sub(other: UInt | Literal): UInt;
  /** Difference modulo 2^width of the wider operand. */
  subw(other: UInt<W> | Literal): UInt<W>;
  /** Difference modulo 2^width of the wider operand. */
  subw(other: UInt | Literal): UInt;
  /** Product, as wide as both operands together. */
  mul(other: UInt | Literal): UInt;
  /** Quotient rounded towards zero, as wide as the dividend; 0 where the divisor is 0. */
  div(other: UInt | Literal): UInt;
  /** Remainder, as wide as the narrower operand; 0 where the divisor is 0. */
  rem(other: UInt | Literal): UInt;
  /** Negation as sint, one bit wider. */
  neg(): SInt;
  /** Left by a constant, `amount` bits wider. */
  shl(amount: number): UInt;
  /** Right by a constant, `amount` bits narrower. */
  shr(amount: number): UInt;
  /** Left by a signal of s bits, 2^s − 1 bits wider; s at most 8. */
  dshl(amount: UInt): UInt;
  /** Right by a signal, same width. */
  dshr(amount: UInt): UInt<W>;
  /** The low bits, on purpose. */
  trunc<const N extends number>(width: N): UInt<N>;
  /** Zeros above. */
  extend<const N extends number>(width: N): UInt<N>;
  /** The same bits as sint. */
  asSInt(): SInt<W>;
  /** The same bits with a point `fraction` bits above the lowest. */
  asFixed<const F extends number>(fraction: F): UFixed<W, F>;
  /** The same bits as a float of that width. */
  asFloat<E extends number, M extends number>(type: FloatType<E, M>): FloatValue<E, M>;
  /** u1 as bool. */
  asBool(): Bool;
  /** The bits as an array of bool, bit 0 first. */
  asBools(): VecValue<BoolType>;
  /** The bits as an array of uint of `width` bits each, the lowest first; reports HDL-W009 unless they divide the value evenly. */
  split<const N extends number>(width: N): VecValue<UIntType<N>>;
}
/** A uint that can be assigned, as a whole or in parts. */
export interface UIntVar<W extends number = number> extends UInt<W> {
  /** Last connect wins. A narrower value gets zeros above; a wider one is HDL-W003. */
  set<N extends number>(value: (UInt<N> & Fits<N, W>) | Literal): void;
  /** Bits hi to lo, both inclusive, which can be assigned. Reports HDL-W002 when outside of the value. */
  bits(hi: number, lo: number): UIntVar;
  /** One bit, 0 the lowest. Reports HDL-W002 when outside of the value. */
  bit(index: number): BoolVar;
  /** A bit beyond the highest is not written. */
  bitAt(index: UInt): BoolVar;
  /** Bits beyond the highest are not written. */
  slice<const N extends number>(offset: UInt, width: N): UIntVar<N>;
}

/** A two's complement value of W bits. */
export interface SInt<W extends number = number> extends Bits<SInt> {
  readonly kind: 'sint';
  readonly width: W;
  /** Sum, one bit wider than the wider operand. */
  add(other: SInt | Literal): SInt;
  /** Sum modulo 2^width of the wider operand. */
  addw(other: SInt<W> | Literal): SInt<W>;
  /** Sum modulo 2^width of the wider operand. */
  addw(other: SInt | Literal): SInt;
  /** Difference, one bit wider than the wider operand. */
  sub(other: SInt | Literal): SInt;
  /** Difference modulo 2^width of the wider operand. */
  subw(other: SInt<W> | Literal): SInt<W>;
  /** Difference modulo 2^width of the wider operand. */
  subw(other: SInt | Literal): SInt;
  /** Product, as wide as both operands together. */
  mul(other: SInt | Literal): SInt;
  /** Quotient rounded towards zero, one bit wider than the dividend; 0 where the divisor is 0. */
  div(other: SInt | Literal): SInt;
  /** Remainder with the sign of the dividend, as wide as the narrower operand; 0 where the divisor is 0. */
  rem(other: SInt | Literal): SInt;
  /** Negation as sint, one bit wider. */
  neg(): SInt;
  /** Left by a constant, `amount` bits wider. */
  shl(amount: number): SInt;
  /** Arithmetic, `amount` bits narrower but at least 1. */
  shr(amount: number): SInt;
  /** Left by a signal of s bits, 2^s − 1 bits wider; s at most 8. */
  dshl(amount: UInt): SInt;
  /** Arithmetic, same width. */
  dshr(amount: UInt): SInt<W>;
  /** The low bits, on purpose; the new sign is their highest. */
  trunc<const N extends number>(width: N): SInt<N>;
  /** Repeats the sign above. */
  extend<const N extends number>(width: N): SInt<N>;
  /** The same bits as uint. */
  asUInt(): UInt<W>;
  /** The same bits with a point `fraction` bits above the lowest. */
  asFixed<const F extends number>(fraction: F): Fixed<W, F>;
}
/** A sint that can be assigned, as a whole or in parts. */
export interface SIntVar<W extends number = number> extends SInt<W> {
  /** Last connect wins. A narrower value is extended by its own sign; a wider one is HDL-W003. */
  set<N extends number>(value: (SInt<N> & Fits<N, W>) | Literal): void;
  /** Bits hi to lo, both inclusive, which can be assigned. Reports HDL-W002 when outside of the value. */
  bits(hi: number, lo: number): UIntVar;
  /** One bit, 0 the lowest. Reports HDL-W002 when outside of the value. */
  bit(index: number): BoolVar;
  /** A bit beyond the highest is not written. */
  bitAt(index: UInt): BoolVar;
  /** Bits beyond the highest are not written. */
  slice<const N extends number>(offset: UInt, width: N): UIntVar<N>;
}

/** A value of an enumeration; members go by their names. */
export interface EnumValue<M extends string = string> extends Printable {
  readonly kind: 'enum';
  readonly width: number;
  /** Equal. */
  eq(other: EnumValue<M> | M): Bool;
  /** Not equal. */
  ne(other: EnumValue<M> | M): Bool;
  /** Whether it is one of the members. */
  is(...members: readonly [M, ...M[]]): Bool;
  /** Its code. */
  asUInt(): UInt;
}
export interface EnumVar<M extends string = string> extends EnumValue<M> {
  /** Last connect wins. */
  set(value: EnumValue<M> | M): void;
}

/** No data: it clocks state and is handed on to children. */
export interface Clock extends Printable {
  readonly kind: 'clock';
  readonly width: 1;
}
export interface ClockVar extends Clock {
  /** Last connect wins. */
  set(value: Clock): void;
}

/** No data: it resets state and is handed on to children, which take it only as the same kind of reset. */
export interface Reset extends Printable {
  readonly kind: 'reset';
  readonly width: 1;
  /** Its level, for the rare case; false while an active-low reset is active. */
  asBool(): Bool;
}
export interface ResetVar extends Reset {
  /** Last connect wins. */
  set(value: Reset): void;
}

/** Elements of one type. */
export interface VecValue<E> extends Printable {
  readonly kind: 'vec';
  readonly length: number;
  /** Element by number or by signal; a signal out of range reads zero. */
  at(index: number | UInt): ValueOf<E>;
  /** Element order turned round. */
  reversed(): VecValue<E>;
  /** All bits as one uint, element 0 lowest. */
  asUInt(): UInt;
  /** The elements in order. */
  [Symbol.iterator](): IterableIterator<ValueOf<E>>;
}
/** A vector that can be assigned, as a whole or element by element. */
export interface VecVar<E> extends VecValue<E> {
  /** A signal out of range writes nothing. */
  at(index: number | UInt): VarOf<E>;
  /** Last connect wins. The other vector has the same length; its elements are extended by their own sign. */
  set(value: VecValue<E>): void;
}

declare const fieldsOf: unique symbol;
/** What a bundle's value remembers of its type, so that `vecOf` and `fill` can tell it. */
interface OfFields<F> {
  readonly kind: 'bundle';
  readonly [fieldsOf]?: F;
}
export type BundleValue<F> = { readonly [K in keyof F]: ValueOf<F[K]> } & OfFields<F>;
export type BundleVar<F> = { readonly [K in keyof F]: VarOf<F[K]> } & OfFields<F> & {
    set(value: BundleValue<F>): void;
  };

/** Any hardware value. */
export type AnyValue =
  | Bool
  | UInt
  | SInt
  | { readonly kind: 'enum' | 'fixed' | 'ufixed' | 'float' }
  | { readonly kind: 'vec' }
  | { readonly kind: 'bundle' };
