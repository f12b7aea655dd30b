// Choices among values, and values held within limits.
//
// Contract: combinational; of several conditions that hold the first counts. Refused: an empty list of candidates.

import { mux } from '../functions.ts';
import type { Fixed, UFixed } from '../number-types.ts';
import type { AnyValue, Bool, Literal, SInt, UInt } from '../value-types.ts';
import { Scalar, saturated } from '../values.ts';
import { refuse, wholeNumber } from './refuse.ts';

/** Values that have an order. */
type Ordered = UInt | SInt | Fixed | UFixed;

/** The value beside the first condition that holds, else `otherwise`. */
export function muxCase<V extends AnyValue>(otherwise: V, cases: readonly (readonly [cond: Bool, value: V])[]): V {
  return cases.reduceRight<V>((rest, [cond, value]) => mux(cond, value, rest), otherwise);
}

/** The value beside the key that `subject` equals, else `otherwise`. `table` is for constants. */
export function muxLookup<V extends AnyValue>(subject: UInt | SInt, otherwise: V, cases: readonly (readonly [key: Literal, value: V])[]): V {
  return muxCase(
    otherwise,
    cases.map(([key, value]) => [(subject as UInt).eq(key), value] as const),
  );
}

/** Whether a value equals one of the candidates. */
export function isOneOf<V extends UInt | SInt>(value: V, ...candidates: readonly (V | Literal)[]): Bool {
  const [first, ...rest] = candidates.map((c) => (value as UInt).eq(c as UInt));
  if (!first) return refuse('isOneOf() without candidates', 'give at least one');
  return rest.reduce((any, one) => any.or(one), first);
}

/** The smaller of two, as wide as the wider. */
export function min<V extends Ordered>(a: V, b: V): V {
  return mux((a as UInt).lt(b as UInt), a, b);
}

/** The larger of two, as wide as the wider. */
export function max<V extends Ordered>(a: V, b: V): V {
  return mux((a as UInt).lt(b as UInt), b, a);
}

/** `low` where a value is less, `high` where it is more; `low` counts where both would. */
export function clamp<V extends Ordered>(value: V, low: V, high: V): V {
  return max(min(value, high), low);
}

/** The magnitude, as wide as the value: that of the least value has its highest bit set. */
export function abs<W extends number>(value: SInt<W>): UInt<W> {
  if (value.width === 0) return value.asUInt();
  return mux(value.lt(0), value.neg().trunc(value.width), value).asUInt();
}

/** The nearest value that `width` bits hold. A wider `width` extends. */
export function saturate<const W extends number>(value: UInt, width: W): UInt<W>;
export function saturate<const W extends number>(value: SInt, width: W): SInt<W>;
export function saturate(value: unknown, width: number): unknown {
  wholeNumber('the width of saturate()', width, 0);
  return new Scalar({ expr: saturated((value as Scalar).expr, width) });
}
