// Hardware values: operators that build expressions, and assignment.
//
// Invariant: one class for all ground values; `value-types.ts` shows TypeScript only what a type and a direction allow, and what gets
// past TypeScript is checked here. A misuse is reported at the user's line and yields a plausible value, so that elaboration goes on
// and finds the other mistakes too.

import { type Builder, currentBuilder } from './builder.ts';
import { type Diagnostic, HdlError } from './diagnostics/diagnostic.ts';
import { messages } from './diagnostics/messages.ts';
import * as build from './ir/build.ts';
import { describe, describeGround, expressionText } from './ir/describe.ts';
import type { BinaryOp, Expr, GroundType, Kind, Target, UnaryOp } from './ir/nodes.ts';
import { type Leaf, type LeafTree, leavesOf, mapLeaves } from './leaves.ts';
import { Origin } from './source.ts';
import { bool, describeType } from './types.ts';
import type { HwType } from './value-types.ts';

/** Widest signal that may give the amount of a dshl. */
const SHIFT_CAP = 8;

/** Shared by all values: a hardware value used as a JavaScript one fails loudly. */
export abstract class HwValue {
  abstract readonly hwType: HwType;
  abstract readonly leaves: LeafTree;

  [Symbol.toPrimitive](): never {
    throw new HdlError([messages.inJavaScript({ at: Origin.here() }, 'in arithmetic, a comparison or a string')]);
  }
  toJSON(): never {
    throw new HdlError([messages.inJavaScript({ at: Origin.here() }, 'as JSON')]);
  }

  set(value: unknown): void {
    const builder = currentBuilder('set()');
    if (!(value instanceof HwValue) || !sameShape(this.hwType, value.hwType)) {
      const got = value instanceof HwValue ? describeType(value.hwType) : String(value);
      const leaf = leavesOf(this.leaves)[0]?.leaf;
      builder.report(
        messages.shapeMismatch(
          builder.here(),
          got,
          leaf?.target?.signal.name ?? 'value',
          describeType(this.hwType),
          leaf?.target?.signal.at ?? Origin.here(),
        ),
      );
      for (const {
        leaf: { expr, target },
      } of leavesOf(this.leaves))
        if (target) builder.assign({ target, value: build.fill(build.constant(expr.type, 0n), expr.dims), at: Origin.here() });
      return;
    }
    const values = leavesOf(value.leaves);
    leavesOf(this.leaves).forEach(({ leaf }, i) => {
      assignLeaf(builder, leaf, values[i]?.leaf as Leaf);
    });
  }

  named(name: string): this {
    const builder = currentBuilder('named()');
    if (!/^[A-Za-z_]\w*$/.test(name)) {
      builder.report(messages.badName(builder.here(), name));
      return this;
    }
    const whole = leavesOf(this.leaves).every(
      ({ leaf }) => leaf.expr.op === 'ref' && (leaf.expr.signal.role === 'wire' || leaf.expr.signal.role === 'reg'),
    );
    if (whole) {
      for (const { path, leaf } of leavesOf(this.leaves)) {
        if (leaf.expr.op === 'ref') Object.assign(leaf.expr.signal, { name: [name, ...path].join('_'), named: true });
      }
      return this;
    }
    const at = Origin.here();
    const wires = mapLeaves(this.leaves, ({ expr }, path) => {
      const signal = builder.declare({ role: 'wire', type: expr.type, dims: expr.dims, name: [name, ...path].join('_'), named: true, at });
      builder.define(signal, expr, at);
      return { expr: build.ref(signal) };
    });
    return makeValue(this.hwType, wires) as unknown as this;
  }
}

/** Equal in structure: the same fields in the same order and the same lengths; ground types may differ. */
export function sameShape(a: HwType, b: HwType): boolean {
  if (a.kind === 'vec') return b.kind === 'vec' && a.length === b.length && describeType(a.element) === describeType(b.element);
  if (a.kind === 'bundle') {
    if (b.kind !== 'bundle') return false;
    const [fa, fb] = [Object.entries(a.fields), Object.entries(b.fields)];
    return fa.length === fb.length && fa.every(([name, type], i) => fb[i]?.[0] === name && sameShape(type, fb[i][1]));
  }
  return b.kind !== 'vec' && b.kind !== 'bundle';
}

function checkTarget(builder: Builder, leaf: Leaf): Target | undefined {
  const { target } = leaf;
  if (!target) {
    // An input's value carries no target; name it when it is one.
    if (leaf.expr.op === 'ref' && leaf.expr.signal.role === 'input')
      builder.report(messages.assignInput(builder.here(), leaf.expr.signal.name, leaf.expr.signal.at));
    else if (leaf.expr.op === 'ref' && leaf.expr.signal.role === 'source')
      builder.report(messages.assignSource(builder.here(), leaf.expr.signal.name, leaf.expr.signal.at));
    else builder.report(messages.notAssignable(builder.here(), describe(leaf.expr)));
  }
  return target;
}

const WRAPPING: { readonly [op: string]: string } = { add: '.addw(…)', sub: '.subw(…)' };

function assignLeaf(builder: Builder, to: Leaf, from: Leaf): void {
  const target = checkTarget(builder, to);
  if (!target) return;
  const { type } = to.expr;
  const value = from.expr;
  const [got, want] = [describe(value), describe(to.expr)];
  const name = target.signal.name;
  let problem: Diagnostic | undefined;
  if (!sameKind(value.type, type)) problem = messages.kindMismatch(builder.here(), got, name, want, target.signal.at, membersOf(type));
  else if (value.dims.length > 0 && value.type.width !== type.width)
    problem = messages.shapeMismatch(builder.here(), got, name, want, target.signal.at);
  else if (value.type.width > type.width)
    problem = messages.tooWide(
      builder.here(),
      expressionText(value),
      got,
      name,
      want,
      describeRole(target),
      target.signal.at,
      type.width,
      WRAPPING[value.op],
    );
  if (problem) builder.report(problem);
  // A refused value still counts as a driver, so that no "undriven" follows.
  builder.assign({
    target,
    value: problem ? build.fill(build.constant(type, 0n), to.expr.dims) : build.extend(value, type.width),
    at: Origin.here(),
  });
}

/** The members' names, for an enumeration. */
export function membersOf({ enumeration }: GroundType): string[] | undefined {
  return enumeration && [...enumeration.members.keys()];
}

function describeRole(target: Target): string {
  const roles = { input: 'input', output: 'output', wire: 'wire', reg: 'register', sink: 'input of a child', source: 'output of a child' };
  return roles[target.signal.role];
}

function typeOf({ kind, width, enumeration }: GroundType): HwType {
  if (enumeration) return { kind: 'enum', width, info: enumeration, names: [...enumeration.members.keys()] };
  return kind === 'uint' || kind === 'sint' ? { kind, width } : bool;
}

/** Whether two ground types may meet in one operator or assignment: the same kind, and of enumerations the same one. */
export function sameKind(a: GroundType, b: GroundType): boolean {
  return a.kind === b.kind && a.enumeration === b.enumeration;
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
    const { target } = this.leaves;
    const base = target?.bits?.lo ?? 0;
    return new Scalar({ expr: build.bits(this.expr, hi, lo), target: target && { ...target, bits: { hi: base + hi, lo: base + lo } } });
  }

  bit(index: number): Scalar {
    const bit = this.bits(index, index);
    return new Scalar({ expr: build.cast(bit.expr, 'bool'), target: bit.leaves.target });
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

  asBools(): VecImpl {
    const leaf = { expr: build.unpack(this.expr, build.BOOL, this.width) };
    return new VecImpl({ kind: 'vec', element: bool, length: this.width }, leaf);
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
    if (amount instanceof Scalar && amount.kind === 'uint') return new Scalar({ expr: build.binary(op, this.expr, amount.expr) });
    const builder = currentBuilder(`${op}()`);
    builder.report(messages.shiftBy(builder.here(), op, amount instanceof HwValue ? describeType(amount.hwType) : String(amount)));
    return this;
  }

  #unary(op: UnaryOp): Scalar {
    return new Scalar({ expr: build.unary(op, this.expr) });
  }

  #binary(op: BinaryOp, other: unknown): Scalar {
    const builder = currentBuilder(`${op}()`);
    const literal = this.kind === 'enum' ? this.expr.type : { kind: this.kind, width: Number.POSITIVE_INFINITY };
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
    return new Scalar({ expr: build.binary(op, this.expr, b) });
  }
}

/** A literal as a constant: of the type's width where that is finite, else of the smallest. Reports and gives undefined on a bad one. */
export function literalOf(builder: Builder, value: unknown, type: GroundType): Expr | undefined {
  if (type.enumeration) {
    const { name, members } = type.enumeration;
    const code = typeof value === 'string' ? members.get(value) : undefined;
    if (code === undefined) builder.report(messages.unknownMember(builder.here(), String(value), name, [...members.keys()]));
    return code === undefined ? undefined : build.constant(type, code);
  }
  if (type.kind === 'bool' && typeof value === 'boolean') return build.constant(type.width === 1 ? type : build.BOOL, value ? 1n : 0n);
  if (typeof value !== 'bigint' && !(typeof value === 'number' && Number.isSafeInteger(value))) {
    builder.report(messages.notAnInteger(builder.here(), value));
    return undefined;
  }
  const number = BigInt(value);
  const fitting = Number.isFinite(type.width) ? type : { kind: type.kind, width: type.kind === 'bool' ? 1 : build.widthOf(number, type.kind) };
  const { min, max } = build.rangeOf(fitting);
  if (number < min || number > max) {
    builder.report(
      Number.isFinite(type.width)
        ? messages.literalRange(builder.here(), number, describeGround(type), min, max)
        : messages.negativeOperand(builder.here(), number),
    );
    return undefined;
  }
  return build.constant(fitting, number);
}

/** A vector; its leaves carry the length as their outermost dimension. */
export class VecImpl extends HwValue {
  readonly kind = 'vec';
  readonly hwType: HwType;
  readonly leaves: LeafTree;
  readonly length: number;
  readonly #element: HwType;

  constructor(type: Extract<HwType, { readonly kind: 'vec' }>, leaves: LeafTree) {
    super();
    this.hwType = type;
    this.leaves = leaves;
    this.length = type.length;
    this.#element = type.element;
  }

  at(index: number | Scalar): HwValue {
    const builder = currentBuilder('at()');
    if (typeof index === 'number' && !(Number.isInteger(index) && index >= 0 && index < this.length)) {
      builder.report(messages.indexRange(builder.here(), index, this.length));
      return this.at(0);
    }
    // A signal without bits is 0.
    const position = typeof index === 'number' ? index : index.width === 0 ? 0 : index.expr;
    if (typeof position !== 'number' && position.type.kind !== 'uint')
      builder.report(messages.indexKind(builder.here(), 'an index', describe(position)));
    return makeValue(
      this.#element,
      mapLeaves(this.leaves, ({ expr, target }) => ({
        expr: build.element(expr, position),
        target: target && { ...target, path: [...target.path, position] },
      })),
    );
  }

  reversed(): VecImpl {
    return new VecImpl(
      this.hwType as never,
      mapLeaves(this.leaves, ({ expr }) => ({ expr: build.reverse(expr) })),
    );
  }

  asUInt(): Scalar {
    const parts = leavesOf(this.leaves);
    if (parts.length === 1 && parts[0]) return new Scalar({ expr: build.pack(parts[0].leaf.expr) });
    const builder = currentBuilder('asUInt()');
    builder.report(messages.operandKind(builder.here(), 'asUInt', describeType(this.hwType), 'a vector of ground values'));
    return new Scalar({ expr: build.constant(build.ground('uint', 1), 0n) });
  }

  *[Symbol.iterator](): IterableIterator<HwValue> {
    for (let i = 0; i < this.length; i++) yield this.at(i);
  }
}

/** A bundle: its fields are own properties. */
export class BundleImpl extends HwValue {
  readonly kind = 'bundle';
  readonly hwType: HwType;
  readonly leaves: LeafTree;

  constructor(type: Extract<HwType, { readonly kind: 'bundle' }>, leaves: LeafTree) {
    super();
    this.hwType = type;
    this.leaves = leaves;
    for (const [name, field] of Object.entries(type.fields)) {
      Object.defineProperty(this, name, { value: makeValue(field, (leaves as { [field: string]: LeafTree })[name] as LeafTree), enumerable: true });
    }
  }
}

export function makeValue(type: HwType, leaves: LeafTree): HwValue {
  if (type.kind === 'bundle') return new BundleImpl(type, leaves);
  if (type.kind === 'vec') return new VecImpl(type, leaves);
  return new Scalar(leaves as Leaf);
}

/** The expression of a condition; reports HDL-S003 unless it is bool. */
export function condition(builder: Builder, c: unknown): Expr {
  if (c instanceof Scalar && c.kind === 'bool') return c.expr;
  builder.report(messages.conditionKind(builder.here(), c instanceof HwValue ? describeType(c.hwType) : String(c)));
  return build.constant(build.BOOL, 0n);
}
