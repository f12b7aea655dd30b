// What all hardware values share: loud failure as JavaScript values, assignment, names, and how a type becomes a value.
//
// Invariant: a kind of type has one class, which registers itself here. What gets past TypeScript is checked at run time; a misuse is
// reported at the user's line and yields a plausible value, so that elaboration goes on and finds the other mistakes too.

import { type Builder, currentBuilder } from '../builder.ts';
import { type Diagnostic, HdlError } from '../diagnostics/diagnostic.ts';
import { messages, shown } from '../diagnostics/messages.ts';
import * as build from '../ir/build.ts';
import { describe, describeGround, expressionText } from '../ir/describe.ts';
import type { Expr, GroundType, Target } from '../ir/nodes.ts';
import { fieldTypes, type Leaf, type LeafTree, leafName, leavesOf, mapLeaves } from '../leaves.ts';
import { Origin } from '../source.ts';
import { describeType } from '../types.ts';
import type { HwType } from '../value-types.ts';
import { assignAt } from './parts.ts';

type Maker = (type: HwType, leaves: LeafTree) => HwValue;
const makers = new Map<HwType['kind'], Maker>();

/** Says which class holds values of a kind. */
export function registerKind(kind: HwType['kind'], maker: Maker): void {
  makers.set(kind, maker);
}

/** The value of a type that stands for given leaves. */
export function makeValue(type: HwType, leaves: LeafTree): HwValue {
  return (makers.get(type.kind) as Maker)(type, leaves);
}

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
      const leaf = leavesOf(this.leaves)[0]?.leaf;
      builder.report(
        messages.shapeMismatch(
          builder.here(),
          described(value),
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
        if (leaf.expr.op === 'ref') Object.assign(leaf.expr.signal, leafName([name, ...path]), { named: true });
      }
      return this;
    }
    const at = Origin.here();
    const wires = mapLeaves(this.leaves, ({ expr }, path) => {
      const signal = builder.declare({ role: 'wire', type: expr.type, dims: expr.dims, ...leafName([name, ...path]), named: true, at });
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
    const [fa, fb] = [fieldTypes(a.fields), fieldTypes(b.fields)];
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

/** Assigns one leaf; the value is extended, anything that does not fit is refused. */
export function assignLeaf(builder: Builder, to: Leaf, from: Leaf): void {
  const target = checkTarget(builder, to);
  if (!target) return;
  const { type } = to.expr;
  const value = from.expr;
  const [got, want] = [describe(value), describe(to.expr)];
  const name = target.signal.name;
  let problem: Diagnostic | undefined;
  if (!sameKind(value.type, type))
    problem = messages.kindMismatch(builder.here(), got, name, want, target.signal.at, membersOf(type), numberHelp(value.type, type));
  else if (type.fraction !== undefined && value.dims.length === 0) problem = pointProblem(builder, value, name, type, target.signal.at);
  else if (value.dims.length > 0 && (value.type.width !== type.width || value.type.fraction !== type.fraction))
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
  const written = problem ? build.fill(build.constant(type, 0n), to.expr.dims) : fitted(value, type);
  if (to.chosen) assignAt(builder, target, to.chosen.width, to.chosen.offset, written);
  else builder.assign({ target, value: written, at: Origin.here() });
}

/** What keeps a fixed-point value from being assigned exactly. */
function pointProblem(builder: Builder, value: Expr, name: string, type: GroundType, at: Origin): Diagnostic | undefined {
  const { width, fraction = 0 } = type;
  const added = fraction - (value.type.fraction ?? 0);
  const [here, got, want] = [builder.here(), describe(value), describeGround(type)];
  if (added < 0) return messages.fractionLost(here, got, name, want, at, width, fraction);
  return value.type.width > 0 && value.type.width + added > width ? messages.integerLost(here, got, name, want, at, width, fraction) : undefined;
}

/** A value that fits a type, as that type: extended, and for fixed point aligned. */
export function fitted(value: Expr, type: GroundType): Expr {
  if (type.fraction === undefined || value.dims.length > 0) return build.extend(value, type.width);
  if (value.type.width === 0) return build.constant(type, 0n);
  return build.retype(build.extend(aligned(value, type.fraction), type.width), type);
}

/** The integer of a fixed-point value at a point further down. */
export function aligned(value: Expr, fraction: number): Expr {
  const added = fraction - (value.type.fraction ?? 0);
  return added > 0 ? build.shl(value, added) : value;
}

/** The remedy where bits meet numbers, undefined where neither side is one. */
export function numberHelp(a: GroundType, b: GroundType): string | undefined {
  const isNumber = ({ fraction, float }: GroundType): boolean => fraction !== undefined || float !== undefined;
  if (!isNumber(a) && !isNumber(b)) return undefined;
  return 'convert on purpose: .asFixed(fraction) of a uint or sint, .asFloat(type) of a uint, .toSigned() of a ufixed, .asBits() of a number';
}

/** The members' names, for an enumeration. */
export function membersOf({ enumeration }: GroundType): string[] | undefined {
  return enumeration && [...enumeration.members.keys()];
}

/** What a message says of something that should have been a value of another type: the type of a hardware value, else what it is in JavaScript. */
export function described(value: unknown): string {
  return value instanceof HwValue ? describeType(value.hwType) : shown(value, (part) => (part instanceof HwValue ? described(part) : String(part)));
}

function describeRole(target: Target): string {
  const roles = { input: 'input', output: 'output', wire: 'wire', reg: 'register', sink: 'input of a child', source: 'output of a child' };
  return roles[target.signal.role];
}

/** Whether two ground types may meet in one operator or assignment: the same kind, of enumerations and floats the same one, of resets the same style. */
export function sameKind(a: GroundType, b: GroundType): boolean {
  const points = (a.fraction === undefined) === (b.fraction === undefined);
  const resets = a.reset?.async === b.reset?.async && a.reset?.activeLow === b.reset?.activeLow;
  return a.kind === b.kind && a.enumeration === b.enumeration && a.float === b.float && points && resets;
}
