// Fixed-point values: integers with a point, whose operators are exact.
//
// Invariant: no operator but `toFixed` loses a bit. The expression of a value carries its point as an annotation; operands are brought to one point by
// zeros below before an integer operator sees them.

import { currentBuilder } from '../builder.ts';
import { messages } from '../diagnostics/messages.ts';
import * as build from '../ir/build.ts';
import { describe } from '../ir/describe.ts';
import type { BinaryOp, Expr, GroundType } from '../ir/nodes.ts';
import type { Leaf } from '../leaves.ts';
import type { FixedType, Narrowing, Rounding, UFixedType } from '../number-types.ts';
import { scaled } from '../numbers.ts';
import { aligned, assignLeaf, described, HwValue, numberHelp, registerKind } from './base.ts';
import { literalOf } from './literals.ts';
import { Scalar } from './scalar.ts';

export class FixedImpl extends HwValue {
  readonly hwType: FixedType | UFixedType;
  readonly leaves: Leaf;
  readonly expr: Expr;
  readonly kind: 'fixed' | 'ufixed';
  readonly width: number;
  readonly fraction: number;

  constructor(leaf: Leaf) {
    super();
    const { kind, width, fraction = 0 } = leaf.expr.type;
    this.leaves = leaf;
    this.expr = leaf.expr;
    this.kind = kind === 'sint' ? 'fixed' : 'ufixed';
    this.width = width;
    this.fraction = fraction;
    this.hwType = { kind: this.kind, width, fraction };
  }

  override set(value: unknown): void {
    if (value instanceof HwValue && !(value instanceof Scalar || value instanceof FixedImpl)) {
      super.set(value);
      return;
    }
    const builder = currentBuilder('set()');
    const { type } = this.expr;
    const expr = value instanceof HwValue ? (value as FixedImpl).expr : (literalOf(builder, value, type) ?? build.constant(type, 0n));
    assignLeaf(builder, this.leaves, { expr });
  }

  add(other: unknown): FixedImpl {
    const [a, b, fraction] = this.#operands('add', other);
    return withPoint(build.binary('add', a, b), fraction);
  }
  sub(other: unknown): FixedImpl {
    const [a, b, fraction] = this.#operands('sub', other);
    // The difference of two unsigned values, modulo one bit more than either, is the signed one.
    return withPoint(build.cast(build.binary('sub', a, b), 'sint'), fraction);
  }
  mul(other: unknown): FixedImpl {
    const b = this.#operand('mul', other);
    return withPoint(build.binary('mul', this.expr, b), this.fraction + pointOf(b));
  }
  neg(): FixedImpl {
    return withPoint(build.unary('neg', this.expr), this.fraction);
  }
  abs(): FixedImpl {
    if (this.width === 0) return withPoint(build.cast(this.expr, 'uint'), this.fraction);
    const negative = isNegative(this.expr);
    const turned = build.trunc(build.unary('neg', this.expr), this.width);
    return withPoint(build.cast(build.mux(negative, withPoint(turned, this.fraction).expr, this.expr), 'uint'), this.fraction);
  }

  eq(other: unknown): Scalar {
    return this.#compare('eq', other);
  }
  ne(other: unknown): Scalar {
    return this.#compare('ne', other);
  }
  lt(other: unknown): Scalar {
    return this.#compare('lt', other);
  }
  le(other: unknown): Scalar {
    return this.#compare('le', other);
  }
  gt(other: unknown): Scalar {
    return this.#compare('gt', other);
  }
  ge(other: unknown): Scalar {
    return this.#compare('ge', other);
  }

  scale(n: number): FixedImpl {
    if (Number.isInteger(n)) return withPoint(this.expr, this.fraction - n);
    const builder = currentBuilder('scale()');
    builder.report(messages.shiftAmount(builder.here(), 'scale', n));
    return this;
  }

  toSigned(): FixedImpl {
    return withPoint(build.cast(build.extend(this.expr, this.width + 1), 'sint'), this.fraction);
  }
  asBits(): Scalar {
    return new Scalar({ expr: build.cast(this.expr, 'uint') });
  }
  asSInt(): Scalar {
    return new Scalar({ expr: build.cast(this.expr, 'sint') });
  }

  toFixed(width: number, fraction: number, { rounding = 'truncate', overflow = 'wrap' }: Narrowing = {}): FixedImpl {
    const builder = currentBuilder('toFixed()');
    const target = { kind: this.kind, width, fraction };
    if (!Number.isInteger(fraction) || !Number.isInteger(width) || width < 0) {
      builder.report(messages.badFraction(builder.here(), `${this.kind}`, width, fraction, 1000));
      return this;
    }
    if (!ROUNDINGS.includes(rounding)) builder.report(messages.badNarrowing(builder.here(), `rounding '${String(rounding)}'`, ROUNDINGS));
    if (!OVERFLOWS.includes(overflow)) builder.report(messages.badNarrowing(builder.here(), `overflow '${String(overflow)}'`, OVERFLOWS));
    const rounded = roundedTo(this.expr, this.fraction - fraction, rounding);
    return withPoint(overflow === 'saturate' ? saturated(rounded, width) : wrapped(rounded, width), target.fraction);
  }

  #operands(op: string, other: unknown): [Expr, Expr, number] {
    const b = this.#operand(op, other);
    const fraction = Math.max(this.fraction, pointOf(b));
    return [aligned(this.expr, fraction), aligned(b, fraction), fraction];
  }

  #compare(op: BinaryOp, other: unknown): Scalar {
    const [a, b] = this.#operands(op, other);
    return new Scalar({ expr: build.binary(op, a, b) });
  }

  /** Another value of this kind, or a literal with no more fraction bits than this value. */
  #operand(op: string, other: unknown): Expr {
    const { kind } = this.expr.type;
    if (other instanceof FixedImpl && other.kind === this.kind) return other.expr;
    const builder = currentBuilder(`${op}()`);
    if (typeof other === 'number') {
      const code = scaled(other, this.fraction);
      if (code !== undefined && Number(code) === other * 2 ** this.fraction && (code >= 0n || kind === 'sint'))
        return withPoint(build.constant(build.ground(kind, build.widthOf(code, kind)), code), this.fraction).expr;
      builder.report(messages.inexactOperand(builder.here(), other, describe(this.expr)));
    } else {
      builder.report(messages.mixedKinds(builder.here(), op, describe(this.expr), described(other), numberHelp(this.expr.type, this.expr.type)));
    }
    return this.expr;
  }
}

const ROUNDINGS: readonly Rounding[] = ['truncate', 'halfUp', 'halfEven', 'halfAwayFromZero', 'up', 'towardsZero'];
const OVERFLOWS: readonly string[] = ['wrap', 'saturate'];

function pointOf(expr: Expr): number {
  return expr.type.fraction ?? 0;
}

/** An integer expression with a point. */
export function withPoint(expr: Expr, fraction: number): FixedImpl {
  const { kind, width } = expr.type;
  return new FixedImpl({ expr: build.retype(expr, { kind, width, fraction }) });
}

function isNegative(e: Expr): Expr {
  return build.binary('lt', e, build.constant(build.ground('sint', 1), 0n));
}

/** The integer with `drop` bits fewer below, rounded; one bit wider above where rounding may carry. */
function roundedTo(e: Expr, drop: number, rounding: Rounding): Expr {
  const { kind, width } = e.type;
  if (drop <= 0 || width === 0) return build.shl(e, Math.max(0, -drop));
  // So that what is cut off, and a sign above it, are bits of their own.
  const x = build.extend(e, Math.max(width, drop + 1));
  const floor = build.shr(x, drop);
  const increment = carry(x, floor, drop, rounding);
  if (!increment) return floor;
  const one = build.cast(build.extend(build.cast(increment, 'uint'), 2), kind);
  return build.binary('add', floor, one);
}

/** Whether the value rounds to one more than the next lower integer; undefined for never. */
function carry(x: Expr, floor: Expr, drop: number, rounding: Rounding): Expr | undefined {
  const signed = x.type.kind === 'sint';
  const or = (a: Expr, b: Expr): Expr => build.binary('or', a, b);
  const and = (a: Expr, b: Expr): Expr => build.binary('and', a, b);
  const bit = (e: Expr, i: number): Expr => build.cast(build.bits(e, i, i), 'bool');
  const rest = (n: number): Expr => (n === 0 ? build.constant(build.BOOL, 0n) : build.unary('orR', build.bits(x, n - 1, 0)));
  const half = bit(x, drop - 1);
  switch (rounding) {
    case 'up':
      return rest(drop);
    case 'towardsZero':
      return signed ? and(isNegative(x), rest(drop)) : undefined;
    case 'halfUp':
      return half;
    case 'halfEven':
      return and(half, or(rest(drop - 1), bit(floor, 0)));
    case 'halfAwayFromZero':
      return signed ? and(half, or(rest(drop - 1), build.unary('not', isNegative(x)))) : half;
    default:
      return undefined;
  }
}

function wrapped(e: Expr, width: number): Expr {
  return e.type.width > width ? build.trunc(e, width) : build.extend(e, width);
}

/** The nearest value that `width` bits hold. */
export function saturated(e: Expr, width: number): Expr {
  if (e.type.width <= width) return build.extend(e, width);
  const type: GroundType = build.ground(e.type.kind, width);
  if (width === 0) return build.constant(type, 0n);
  const { min, max } = build.rangeOf(type);
  const limit = (value: bigint): Expr => build.constant(type, value);
  const below = build.mux(build.binary('gt', e, limit(max)), limit(max), build.retype(build.trunc(e, width), type));
  return type.kind === 'sint' ? build.mux(build.binary('lt', e, limit(min)), limit(min), below) : below;
}

for (const kind of ['fixed', 'ufixed'] as const) registerKind(kind, (_, leaves) => new FixedImpl(leaves as Leaf));
