// Conditional assignment.

import { type Builder, currentBuilder } from './builder.ts';
import { messages } from './diagnostics/messages.ts';
import * as build from './ir/build.ts';
import { describe } from './ir/describe.ts';
import type { Arm, Expr, Stmt, When } from './ir/nodes.ts';
import { Origin } from './source.ts';
import type { Bool, EnumValue, UInt } from './value-types.ts';
import { condition, type Scalar } from './values.ts';

/** What may follow a `when`. */
export interface WhenChain {
  /** Another condition, tried when none before held. */
  elsewhen(cond: Bool, body: () => void): WhenChain;
  /** When no condition held. */
  otherwise(body: () => void): void;
}

/** Assignments in `body` take effect while `cond` is true. Later assignments win over earlier ones. */
export function when(cond: Bool, body: () => void): WhenChain {
  const builder = currentBuilder('when()');
  const statement = { kind: 'when' as const, cond: condition(builder, cond), then: [] as Stmt[], else: [] as Stmt[], at: Origin.here() };
  builder.when(statement);
  builder.branch(statement.then, body);
  return {
    elsewhen(next, nextBody) {
      let chain: WhenChain | undefined;
      builder.branch(statement.else, () => {
        chain = when(next, nextBody);
      });
      return chain as WhenChain;
    },
    otherwise(lastBody) {
      builder.branch(statement.else, lastBody);
    },
  };
}

/** Bodies by member; `default` for all that are not named. */
export type EnumCases<M extends string> = { readonly [K in M | 'default']?: () => void };
/** Bodies by number, by bit pattern (`'0b1??0'`), by several of them joined with commas, and `default`. */
export interface UIntCases {
  readonly [value: string]: (() => void) | undefined;
}

/**
 * What happens for each value of a subject; the first case that matches is taken. When all members of an enumeration are named, or all numbers of
 * a uint, no default is needed, and a code that is no member is treated as the case written last.
 * Reports HDL-T004 for an unknown member, HDL-T005 for a case that the subject cannot be.
 */
export function switchOn<M extends string>(subject: EnumValue<M>, cases: EnumCases<M>): void;
export function switchOn(subject: UInt, cases: UIntCases): void;
export function switchOn(subject: unknown, cases: UIntCases): void {
  const builder = currentBuilder('switchOn()');
  const { expr } = subject as Scalar;
  const { default: otherwise, ...named } = cases;
  const arms = Object.entries(named).flatMap(([key, body]) => {
    const patterns = parseCase(builder, expr, key);
    return patterns && body ? [{ patterns, body }] : [];
  });
  const all =
    otherwise ??
    (isExhaustive(
      expr,
      arms.map((a) => a.patterns),
    )
      ? arms.pop()?.body
      : undefined);
  const at = Origin.here();
  // Each arm stands in the branch that the one before left.
  let place: Stmt[] | undefined;
  const within = (body: () => void): void => (place ? builder.branch(place, body) : body());
  for (const { patterns, body } of arms) {
    const statement: When = { kind: 'when', cond: matches(expr, patterns), then: [], else: [], at, arm: { subject: expr, patterns } };
    within(() => builder.when(statement));
    builder.branch(statement.then, body);
    place = statement.else;
  }
  if (all) within(all);
}

type Patterns = Arm['patterns'];

function parseCase(builder: Builder, subject: Expr, key: string): Patterns | undefined {
  const { type } = subject;
  const refuse = (why: string): undefined => {
    builder.report(messages.badCase(builder.here(), key, describe(subject), why));
    return undefined;
  };
  const ones = (1n << BigInt(type.width)) - 1n;
  if (type.enumeration) {
    const code = type.enumeration.members.get(key);
    if (code !== undefined) return [{ value: code, mask: ones }];
    builder.report(messages.unknownMember(builder.here(), key, type.enumeration.name, [...type.enumeration.members.keys()]));
    return undefined;
  }
  const patterns: { value: bigint; mask: bigint }[] = [];
  for (const part of key.split(',').map((p) => p.trim())) {
    const bits = /^0b([01?]+)$/.exec(part)?.[1];
    if (bits !== undefined) {
      if (bits.length !== type.width) return refuse(`has ${bits.length} bits where the subject has ${type.width}`);
      patterns.push({ value: BigInt(`0b${bits.replaceAll('?', '0')}`), mask: BigInt(`0b${bits.replaceAll('0', '1').replaceAll('?', '0')}`) });
      continue;
    }
    if (!/^(\d+|0x[\da-f]+)$/i.test(part)) return refuse('is neither a number nor a bit pattern');
    const value = BigInt(part);
    if (value > ones) return refuse(`is more than its largest value ${ones}`);
    patterns.push({ value, mask: ones });
  }
  return patterns;
}

function matches(subject: Expr, patterns: Patterns): Expr {
  const raw = build.cast(subject, 'uint');
  const { width } = subject.type;
  const ones = (1n << BigInt(width)) - 1n;
  const tests = patterns.map(({ value, mask }) => {
    const literal = subject.type.enumeration ? build.constant(subject.type, value) : build.constant(build.ground('uint', width), value);
    if (mask === ones) return build.binary('eq', subject, literal);
    return build.binary(
      'eq',
      build.binary('and', raw, build.constant(build.ground('uint', width), mask)),
      build.constant(build.ground('uint', width), value),
    );
  });
  const [first, ...rest] = tests as [Expr, ...Expr[]];
  return rest.reduce((any, test) => build.binary('or', any, test), first);
}

/** Whether the cases name every member, or every number when there are few enough to count. */
function isExhaustive(subject: Expr, cases: readonly Patterns[]): boolean {
  const patterns = cases.flat();
  const matched = (value: bigint): boolean => patterns.some((p) => (value & p.mask) === p.value);
  const { enumeration, width } = subject.type;
  if (enumeration) return [...enumeration.members.values()].every(matched);
  return width <= 12 && [...Array(2 ** width).keys()].every((v) => matched(BigInt(v)));
}
