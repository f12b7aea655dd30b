// Properties: what must hold, what may be taken for granted, what should happen.
//
// Contract: a property is looked at before each edge of the present domain's clock at which its enable is high and its reset inactive, and
// only where the conditions around the call hold. It adds nothing to the emitted Verilog unless that is asked for.

import { type Builder, currentBuilder } from './builder.ts';
import { addDelay } from './delay.ts';
import { messages } from './diagnostics/messages.ts';
import * as build from './ir/build.ts';
import type { Expr, PropertyKind } from './ir/nodes.ts';
import { Origin } from './source.ts';
import type { AnyValue, Bool } from './value-types.ts';
import { condition, type HwValue } from './values.ts';

/** Longest name that is made of a message. */
const LONGEST_NAME = 48;

/** `cond` must be true: simulations stop where it is not, provers look for a way to break it. Reports HDL-V001 on an empty message. */
export function assert(cond: Bool, message: string): void {
  declare('assert', cond, message);
}

/** The surroundings keep `cond` true: provers rely on it, simulations stop when the stimulus breaks it. Reports HDL-V001 on an empty message. */
export function assume(cond: Bool, message: string): void {
  declare('assume', cond, message);
}

/** `cond` should be true at some time: simulations count how often, provers look for a way to it. Reports HDL-V001 on an empty message. */
export function cover(cond: Bool, message: string): void {
  declare('cover', cond, message);
}

/**
 * The value `cycles` ago, zero in the first cycles after reset: for properties, since it is in the emitted Verilog only when something else than
 * a property reads it. Reports HDL-E004 on a number of cycles that cannot be.
 */
export function past<V extends AnyValue>(value: V, cycles = 1): V {
  const builder = currentBuilder('past()');
  return addDelay(builder, value as unknown as HwValue, cycles, 0, { reset: builder.resetIfAny() !== undefined, ghost: true }) as unknown as V;
}

function declare(kind: PropertyKind, cond: unknown, message: unknown): void {
  const builder = currentBuilder(`${kind}()`);
  const at = Origin.here();
  const text = typeof message === 'string' ? message.replace(/\s+/g, ' ').trim() : '';
  if (text === '') builder.report(messages.badMessage(builder.here(), kind));
  const name = uniqueName(builder, `${kind}_${identifier(text)}`);
  const sink = builder.declare({ role: 'sink', type: build.BOOL, dims: [], name: `${name}_${kind === 'cover' ? 'now' : 'ok'}`, named: false, at });
  builder.defineHere(sink, whereEnabled(builder, kind, condition(builder, cond)), build.constant(build.BOOL, kind === 'cover' ? 0n : 1n), at);
  const reset = builder.resetIfAny();
  builder.definition.properties.push({ kind, name, message: text, condition: sink, clock: builder.clock(), ...(reset && { reset }), at });
}

/** In a domain with an enable, an edge at which it is low is none. */
function whereEnabled(builder: Builder, kind: PropertyKind, cond: Expr): Expr {
  const enable = builder.enable();
  if (!enable) return cond;
  return kind === 'cover' ? build.binary('and', build.ref(enable), cond) : build.binary('or', build.unary('not', build.ref(enable)), cond);
}

/** `Beats are kept.` → `beats_are_kept`, cut after a whole word. */
function identifier(message: string): string {
  const words = message.toLowerCase().match(/[a-z0-9]+/g) ?? ['holds'];
  let name = words[0] as string;
  for (const word of words.slice(1)) {
    if (name.length + word.length >= LONGEST_NAME) break;
    name += `_${word}`;
  }
  return name.slice(0, LONGEST_NAME);
}

function uniqueName(builder: Builder, wanted: string): string {
  const taken = new Set(builder.definition.properties.map((p) => p.name));
  let name = wanted;
  for (let i = 1; taken.has(name); i++) name = `${wanted}_${i}`;
  return name;
}
