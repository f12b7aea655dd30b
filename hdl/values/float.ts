// Floating values: their fields, what they are, and their order. No arithmetic.

import { currentBuilder } from '../builder.ts';
import { messages } from '../diagnostics/messages.ts';
import * as build from '../ir/build.ts';
import type { BinaryOp, Expr, FloatFormat } from '../ir/nodes.ts';
import type { Leaf } from '../leaves.ts';
import type { FloatType } from '../number-types.ts';
import { largestFinite } from '../numbers.ts';
import { describeType } from '../types.ts';
import { assignLeaf, HwValue, numberHelp, registerKind } from './base.ts';
import { literalOf } from './literals.ts';
import { Scalar } from './scalar.ts';

const and = (a: Expr, b: Expr): Expr => build.binary('and', a, b);
const or = (a: Expr, b: Expr): Expr => build.binary('or', a, b);
const not = (a: Expr): Expr => build.unary('not', a);
const NEVER = build.constant(build.BOOL, 0n);

export class FloatImpl extends HwValue {
  readonly kind = 'float';
  readonly hwType: FloatType;
  readonly leaves: Leaf;
  readonly expr: Expr;
  readonly width: number;
  readonly #format: FloatFormat;
  /** The bits as uint. */
  readonly #bits: Expr;

  constructor(leaf: Leaf) {
    super();
    const { float, width } = leaf.expr.type;
    this.leaves = leaf;
    this.expr = leaf.expr;
    this.width = width;
    this.#format = float as FloatFormat;
    this.hwType = { kind: 'float', width, format: this.#format };
    this.#bits = build.cast(leaf.expr, 'uint');
  }

  override set(value: unknown): void {
    if (value instanceof HwValue && !(value instanceof Scalar || value instanceof FloatImpl)) {
      super.set(value);
      return;
    }
    const builder = currentBuilder('set()');
    const { type } = this.expr;
    const expr = value instanceof HwValue ? (value as FloatImpl).expr : (literalOf(builder, value, type) ?? build.constant(type, 0n));
    assignLeaf(builder, this.leaves, { expr });
  }

  get sign(): Scalar {
    return new Scalar({ expr: build.cast(build.bits(this.#bits, this.width - 1, this.width - 1), 'bool') });
  }
  get exponent(): Scalar {
    const { exponent, mantissa } = this.#format;
    return new Scalar({ expr: build.bits(this.#bits, mantissa + exponent - 1, mantissa) });
  }
  get mantissa(): Scalar {
    return new Scalar({ expr: build.trunc(this.#bits, this.#format.mantissa) });
  }

  isNaN(): Scalar {
    return new Scalar({ expr: this.#isNaN() });
  }
  isInf(): Scalar {
    const { exponent, mantissa, nans } = this.#format;
    const infinity = ((1n << BigInt(exponent)) - 1n) << BigInt(mantissa);
    return new Scalar({ expr: nans === 'ieee' ? build.binary('eq', this.#magnitude(), this.#code(infinity)) : NEVER });
  }
  isZero(): Scalar {
    return new Scalar({ expr: this.#isZero() });
  }
  isSubnormal(): Scalar {
    const { mantissa, subnormals } = this.#format;
    if (!subnormals || mantissa === 0) return new Scalar({ expr: NEVER });
    return new Scalar({ expr: and(not(build.unary('orR', this.exponent.expr)), build.unary('orR', this.mantissa.expr)) });
  }

  neg(): FloatImpl {
    return this.#withSign(not(this.sign.expr));
  }
  abs(): FloatImpl {
    return this.#withSign(NEVER);
  }
  asBits(): Scalar {
    return new Scalar({ expr: this.#bits });
  }

  eq(other: unknown): Scalar {
    return new Scalar({ expr: this.#equal(this.#operand('eq', other)) });
  }
  ne(other: unknown): Scalar {
    return new Scalar({ expr: not(this.#equal(this.#operand('ne', other))) });
  }
  lt(other: unknown): Scalar {
    return new Scalar({ expr: this.#less(this.#operand('lt', other)) });
  }
  gt(other: unknown): Scalar {
    return new Scalar({ expr: this.#operand('gt', other).#less(this) });
  }
  le(other: unknown): Scalar {
    return this.#notGreater(this.#operand('le', other));
  }
  ge(other: unknown): Scalar {
    return this.#operand('ge', other).#notGreater(this);
  }
  totalLe(other: unknown): Scalar {
    return new Scalar({ expr: this.#ordered('le', this.#operand('totalLe', other)) });
  }

  #equal(other: FloatImpl): Expr {
    const same = build.binary('eq', this.#bits, other.#bits);
    return and(not(this.#isNaN()), and(not(other.#isNaN()), or(same, and(this.#isZero(), other.#isZero()))));
  }
  #less(other: FloatImpl): Expr {
    const numbers = and(not(this.#isNaN()), not(other.#isNaN()));
    return and(numbers, and(this.#ordered('lt', other), not(and(this.#isZero(), other.#isZero()))));
  }
  #notGreater(other: FloatImpl): Scalar {
    return new Scalar({ expr: or(this.#less(other), this.#equal(other)) });
  }

  /** Codes as sign and magnitude: negative ones in reverse, below all others. */
  #ordered(op: BinaryOp, other: FloatImpl): Expr {
    return build.binary(op, this.#key(), other.#key());
  }
  #key(): Expr {
    const flipped = build.mux(this.sign.expr, build.unary('not', this.#magnitude()), this.#magnitude());
    return build.cat([build.cast(not(this.sign.expr), 'uint'), flipped]);
  }

  #magnitude(): Expr {
    return build.trunc(this.#bits, this.width - 1);
  }
  #code(value: bigint): Expr {
    return build.constant(build.ground('uint', this.width - 1), value);
  }
  #isZero(): Expr {
    const zero = this.#format.subnormals ? this.#magnitude() : this.exponent.expr;
    return not(build.unary('orR', zero));
  }
  #isNaN(): Expr {
    const { exponent, mantissa, nans } = this.#format;
    if (nans === 'none') return NEVER;
    const infinity = ((1n << BigInt(exponent)) - 1n) << BigInt(mantissa);
    return build.binary('gt', this.#magnitude(), this.#code(nans === 'ieee' ? infinity : largestFinite(this.#format)));
  }

  #withSign(sign: Expr): FloatImpl {
    return new FloatImpl({ expr: build.retype(build.cat([build.cast(sign, 'uint'), this.#magnitude()]), this.expr.type) });
  }

  #operand(op: string, other: unknown): FloatImpl {
    if (other instanceof FloatImpl && other.#format === this.#format) return other;
    const builder = currentBuilder(`${op}()`);
    if (!(other instanceof HwValue)) {
      const expr = literalOf(builder, other, this.expr.type);
      return expr ? new FloatImpl({ expr }) : this;
    }
    builder.report(
      messages.mixedKinds(builder.here(), op, this.#format.name, describeType(other.hwType), numberHelp(this.expr.type, this.expr.type)),
    );
    return this;
  }
}

registerKind('float', (_, leaves) => new FloatImpl(leaves as Leaf));
