/**
 * Comparisons of IEEE 754: NaN is unordered, −0 equals 0.
 * Invariant: a signalling NaN is invalid for every comparison, a quiet one for the signalling comparisons only.
 * Refused: codes that are none of their format.
 */
import { type FloatFormat, INVALID } from './format.ts';
import { decodeExact, type Exact } from './value.ts';

/** `eq` is quiet; `lt` and `le` signal, `ltQuiet` and `leQuiet` do not. */
export type FloatRelation = 'eq' | 'lt' | 'le' | 'ltQuiet' | 'leQuiet';

export interface Compared {
  readonly holds: boolean;
  readonly flags: number;
}

/** Whether `a` is related so to `b`. */
export function floatCompare(format: FloatFormat, relation: FloatRelation, a: number, b: number): Compared {
  const [x, y] = [decodeExact(format, a), decodeExact(format, b)];
  if (x.kind === 'nan' || y.kind === 'nan') {
    const signalling = (x.kind === 'nan' && x.signalling) || (y.kind === 'nan' && y.signalling);
    return { holds: false, flags: signalling || relation === 'lt' || relation === 'le' ? INVALID : 0 };
  }
  const order = compareExact(x, y);
  return { holds: relation === 'eq' ? order === 0 : relation.startsWith('lt') ? order < 0 : order <= 0, flags: 0 };
}

type Ordered = Exclude<Exact, { readonly kind: 'nan' }>;

/** Less than, equal to or more than zero as x is less than, equal to or more than y. */
function compareExact(x: Ordered, y: Ordered): number {
  if (x.kind === 'infinity' || y.kind === 'infinity') return rank(x) - rank(y);
  const unit = Math.min(x.exponent, y.exponent);
  const signed = (v: typeof x): bigint => (v.negative ? -1n : 1n) * (v.magnitude << BigInt(v.exponent - unit));
  const [left, right] = [signed(x), signed(y)];
  return left < right ? -1 : left > right ? 1 : 0;
}

function rank(x: Ordered): number {
  return x.kind === 'finite' ? 0 : x.negative ? -1 : 1;
}
