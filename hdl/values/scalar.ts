// Ground values of bool, uint, sint and enumerations, clocks and resets: operators that build expressions, and assignment.
//
// Invariant: one class for them all; `value-types.ts` shows TypeScript only what a type and a direction allow, and what gets past
// TypeScript is checked here.

import { type Builder, currentBuilder } from '../builder.ts';
import { messages } from '../diagnostics/messages.ts';
import { calledHere } from '../hints.ts';
import * as build from '../ir/build.ts';
import { describe } from '../ir/describe.ts';
import type { BinaryOp, Expr, GroundType, Kind, Target, UnaryOp } from '../ir/nodes.ts';
import { groundOf, type Leaf } from '../leaves.ts';
import type { FloatType } from '../number-types.ts';
import { bool, clock, describeType, fixed, reset, ufixed, uint } from '../types.ts';
import type { HwType } from '../value-types.ts';
import { assignLeaf, described, HwValue, makeValue, registerKind, sameKind } from './base.ts';
import { literalOf, numberType } from './literals.ts';

/** From the capture through the method to its caller: Origin.here, calledHere, #binary, add, the user. */
const FRAMES = 5;

/** Widest signal that may give the amount of a dshl. */
const SHIFT_CAP = 8;

function typeOf(type: GroundType): HwType {
  const { kind, width, enumeration, reset: style } = type;
  if (enumeration) return { kind: 'enum', width, info: enumeration, names: [...enumeration.members.keys()] };
  if (kind === 'clock') return clock;
  if (kind === 'reset') return reset(style);
  return kind === 'uint' || kind === 'sint' ? { kind, width } : bool;
}

/** A ground value: bool, uint, sint or a member of an enumeration. */
export class Scalar extends HwValue {
  readonly hwType: HwType;
  readonly leaves: Leaf;
  readonly expr: Expr;

  constructor(leaf: Leaf) {
    super();
    this.leaves = leaf;
    this.expr = leaf.expr;
    this.hwType = typeOf(leaf.expr.type);
  }

  get kind(): Kind {
    return this.expr.type.kind;
  }
  get width(): number {
    return this.expr.type.width;
  }

  override set(value: unknown): void {
    const builder = currentBuilder('set()');
    if (value instanceof HwValue && !(value instanceof Scalar)) {
      super.set(value);
      return;
    }
    // A refused literal still counts as a driver, so that no "undriven" follows.
    const expr = value instanceof Scalar ? value.expr : (literalOf(builder, value, this.expr.type) ?? build.constant(this.expr.type, 0n));
    assignLeaf(builder, this.leaves, { expr });
  }

  // Arithmetic and logic. `other` is a value of the same kind or a literal.
  add(other: unknown): Scalar {
    return this.#binary('add', other);
  }
  addw(other: unknown): Scalar {
    return this.#binary('addw', other);
  }
  sub(other: unknown): Scalar {
    return this.#binary('sub', other);
  }
  subw(other: unknown): Scalar {
    return this.#binary('subw', other);
  }
  mul(other: unknown): Scalar {
    return this.#binary('mul', other);
  }
  div(other: unknown): Scalar {
    return this.#binary('div', other);
  }
  rem(other: unknown): Scalar {
    return this.#binary('rem', other);
  }
  and(other: unknown): Scalar {
    return this.#binary('and', other);
  }
  or(other: unknown): Scalar {
    return this.#binary('or', other);
  }
  xor(other: unknown): Scalar {
    return this.#binary('xor', other);
  }
  eq(other: unknown): Scalar {
    return this.#binary('eq', other);
  }
  ne(other: unknown): Scalar {
    return this.#binary('ne', other);
  }
  lt(other: unknown): Scalar {
    return this.#binary('lt', other);
  }
  le(other: unknown): Scalar {
    return this.#binary('le', other);
  }
  gt(other: unknown): Scalar {
    return this.#binary('gt', other);
  }
  ge(other: unknown): Scalar {
    return this.#binary('ge', other);
  }
  not(): Scalar {
    return this.#unary('not');
  }
  neg(): Scalar {
    return this.#unary('neg');
  }
  andR(): Scalar {
    return this.#unary('andR');
  }
  orR(): Scalar {
    return this.#unary('orR');
  }
  xorR(): Scalar {
    return this.#unary('xorR');
  }

  shl(amount: number): Scalar {
    return this.#shift('shl', amount);
  }
  shr(amount: number): Scalar {
    return this.#shift('shr', amount);
  }

  dshl(amount: Scalar): Scalar {
    const builder = currentBuilder('dshl()');
    if (amount.width > SHIFT_CAP) {
      builder.report(messages.shiftCap(builder.here(), amount.width, SHIFT_CAP));
      return this;
    }
    return this.#dynamicShift('dshl', amount);
  }
  dshr(amount: Scalar): Scalar {
    return this.#dynamicShift('dshr', amount);
  }

  bits(hi: number, lo: number): Scalar {
    const builder = currentBuilder('bits()');
    if (!(Number.isInteger(hi) && Number.isInteger(lo) && lo >= 0 && hi >= lo && hi < this.width)) {
      builder.report(messages.bitsRange(builder.here(), hi, lo, describe(this.expr)));
      // Assigned, it stands for the whole, so that neither "not assignable" nor "undriven" follows.
      return new Scalar({ expr: build.constant(build.ground('uint', Math.max(1, hi - lo + 1) || 1), 0n), target: this.leaves.target });
    }
    const target = this.leaves.chosen ? undefined : this.leaves.target;
    const base = target?.bits?.lo ?? 0;
    return new Scalar({ expr: build.bits(this.expr, hi, lo), target: target && { ...target, bits: { hi: base + hi, lo: base + lo } } });
  }

  bit(index: number): Scalar {
    const bit = this.bits(index, index);
    return new Scalar({ expr: build.cast(bit.expr, 'bool'), target: bit.leaves.target });
  }

  slice(offset: Scalar, width: number): Scalar {
    const builder = currentBuilder('slice()');
    if (!(Number.isInteger(width) && width >= 0 && width <= this.width)) {
      builder.report(messages.sliceWidth(builder.here(), width, describe(this.expr)));
      return new Scalar({ expr: build.constant(build.ground('uint', 1), 0n), target: this.leaves.target });
    }
    if (!(offset instanceof Scalar && offset.kind === 'uint')) {
      builder.report(messages.indexKind(builder.here(), 'an offset', described(offset)));
      return new Scalar({ expr: build.constant(build.ground('uint', width), 0n), target: this.leaves.target });
    }
    const bits = build.cast(this.expr, 'uint');
    const expr = build.trunc(offset.width === 0 ? bits : build.binary('dshr', bits, offset.expr), width);
    // What a signal chose once has no parts that can be assigned.
    const target = this.leaves.chosen ? undefined : this.leaves.target;
    if (!target) return new Scalar({ expr });
    if (offset.width === 0 && width > 0) return new Scalar({ expr, target: { ...target, bits: partOf(target, width) } });
    return new Scalar({ expr, target, chosen: { offset: offset.expr, width: this.width } });
  }

  bitAt(index: Scalar): Scalar {
    if (this.width === 0) {
      const { target } = this.leaves;
      return new Scalar({ expr: build.constant(build.BOOL, 0n), ...(target && { target, chosen: { offset: index.expr, width: 0 } }) });
    }
    const bit = this.slice(index, 1);
    return new Scalar({ ...bit.leaves, expr: build.cast(bit.expr, 'bool') });
  }

  trunc(width: number): Scalar {
    return this.#resize('trunc', width, width <= this.width);
  }
  extend(width: number): Scalar {
    return this.#resize('extend', width, width >= this.width);
  }

  asUInt(): Scalar {
    return this.#cast('uint');
  }
  asSInt(): Scalar {
    return this.#cast('sint');
  }
  asBool(): Scalar {
    if (this.width === 1) return this.#cast('bool');
    const builder = currentBuilder('asBool()');
    builder.report(messages.conditionKind(builder.here(), describe(this.expr)));
    return this.#unary('orR');
  }

  asBools(): HwValue {
    const leaf = { expr: build.unpack(this.expr, build.BOOL, this.width) };
    return makeValue({ kind: 'vec', element: bool, length: this.width }, leaf);
  }

  split(width: number): HwValue {
    const length = this.width / width;
    const legal = Number.isInteger(width) && width >= 1 && Number.isInteger(length) && length >= 1;
    const builder = currentBuilder('split()');
    if (!legal) builder.report(messages.unevenSplit(builder.here(), width, describe(this.expr)));
    const [each, times] = legal ? [width, length] : [Math.max(1, this.width), 1];
    const own = this.width > 0 ? build.cast(this.expr, 'uint') : build.constant(build.ground('uint', 1), 0n);
    return makeValue({ kind: 'vec', element: uint(each), length: times }, { expr: build.unpack(own, build.ground('uint', each), times) });
  }

  asFixed(fraction: number): HwValue {
    const { kind, width } = this.expr.type;
    const type = kind === 'sint' ? fixed(width, fraction) : ufixed(width, fraction);
    return makeValue(type, { expr: build.retype(this.expr, groundOf(type)) });
  }

  asFloat(type: FloatType): HwValue {
    const builder = currentBuilder('asFloat()');
    const same = type.width === this.width;
    if (!same) builder.report(messages.floatWidth(builder.here(), describe(this.expr), type.format.name, type.width));
    return makeValue(type, { expr: same ? build.retype(this.expr, groundOf(type)) : build.constant(groundOf(type), 0n) });
  }

  is(...members: readonly string[]): Scalar {
    const [first, ...rest] = members.map((m) => this.#binary('eq', m));
    return rest.reduce((any, one) => any.or(one), first as Scalar);
  }

  #cast(kind: Kind): Scalar {
    return new Scalar({ expr: build.cast(this.expr, kind) });
  }

  #resize(how: 'trunc' | 'extend', width: number, legal: boolean): Scalar {
    if (legal && Number.isInteger(width) && width >= 0) return new Scalar({ expr: (how === 'trunc' ? build.trunc : build.extend)(this.expr, width) });
    const builder = currentBuilder(`${how}()`);
    builder.report(messages.badResize(builder.here(), how, width, describe(this.expr)));
    return this;
  }

  #shift(op: 'shl' | 'shr', amount: number): Scalar {
    if (Number.isInteger(amount) && amount >= 0) return new Scalar({ expr: (op === 'shl' ? build.shl : build.shr)(this.expr, amount) });
    const builder = currentBuilder(`${op}()`);
    builder.report(messages.shiftAmount(builder.here(), op, amount));
    return this;
  }

  #dynamicShift(op: 'dshl' | 'dshr', amount: Scalar): Scalar {
    if (amount instanceof Scalar && amount.kind === 'uint') return new Scalar({ expr: calledHere(build.binary(op, this.expr, amount.expr), FRAMES) });
    const builder = currentBuilder(`${op}()`);
    builder.report(messages.shiftBy(builder.here(), op, described(amount)));
    return this;
  }

  #unary(op: UnaryOp): Scalar {
    return new Scalar({ expr: calledHere(build.unary(op, this.expr), FRAMES) });
  }

  #binary(op: BinaryOp, other: unknown): Scalar {
    const builder = currentBuilder(`${op}()`);
    const literal = this.kind === 'enum' ? this.expr.type : { kind: this.kind, width: Number.POSITIVE_INFINITY };
    if (other instanceof HwValue && !(other instanceof Scalar)) {
      builder.report(messages.mixedKinds(builder.here(), op, describe(this.expr), describeType(other.hwType)));
      return op === 'eq' || op === 'ne' ? new Scalar({ expr: build.constant(build.BOOL, 0n) }) : this;
    }
    const b = other instanceof Scalar ? other.expr : literalOf(builder, other, literal);
    if (!b) return this;
    if (this.kind === 'enum' && op !== 'eq' && op !== 'ne') {
      builder.report(messages.operandKind(builder.here(), op, describe(this.expr), 'uint'));
      return this;
    }
    if (!sameKind(b.type, this.expr.type)) {
      builder.report(messages.mixedKinds(builder.here(), op, describe(this.expr), describe(b)));
      return new Scalar({
        expr: build.binary(op, this.expr, build.extend(build.constant({ kind: this.kind, width: Math.min(1, this.width) }, 0n), this.width)),
      });
    }
    if (this.kind === 'bool' && !['and', 'or', 'xor', 'eq', 'ne'].includes(op)) {
      builder.report(messages.operandKind(builder.here(), op, 'bool', 'uint'));
      return this;
    }
    return new Scalar({ expr: calledHere(build.binary(op, this.expr, b), FRAMES) });
  }
}

/** A ground value by what its expression says of its type. */
export function groundValue(leaf: Leaf): HwValue {
  const { type } = leaf.expr;
  return makeValue(type.float || type.fraction !== undefined ? numberType(type) : typeOf(type), leaf);
}

/** The lowest bits of a target. */
function partOf(target: Target, width: number): { readonly hi: number; readonly lo: number } {
  const lo = target.bits?.lo ?? 0;
  return { hi: lo + width - 1, lo };
}

/** The expression of a condition; reports HDL-S003 unless it is bool. */
export function condition(builder: Builder, c: unknown): Expr {
  if (c instanceof Scalar && c.kind === 'bool') return c.expr;
  builder.report(messages.conditionKind(builder.here(), described(c)));
  return build.constant(build.BOOL, 0n);
}

for (const kind of ['bool', 'uint', 'sint', 'enum', 'clock', 'reset'] as const) registerKind(kind, (_, leaves) => new Scalar(leaves as Leaf));
