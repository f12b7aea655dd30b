// Registers and delay lines in FIRRTL.
//
// Invariant: a reset acts whatever the enable says; an asynchronous one is an AsyncReset, whose value is a constant.

import type { Delay, Dims, Expr, GroundType, ResetStyle, Signal } from '../ir/nodes.ts';
import { at, type Exprs, literal, positions } from './exprs.ts';
import { isAsync, type Scope, typeText } from './scope.ts';

/** A reset's level, 1 while it acts. */
export function activeText(scope: Scope, reset: Signal): string {
  const level = isAsync(reset.type) ? `asUInt(${scope.name(reset)})` : scope.name(reset);
  return reset.type.reset?.activeLow ? `not(${level})` : level;
}

function resetText(scope: Scope, { signal, activeLow }: ResetStyle & { readonly signal: Signal }): string {
  if (!activeLow) return scope.name(signal);
  return isAsync(signal.type) ? `asAsyncReset(${activeText(scope, signal)})` : activeText(scope, signal);
}

interface State {
  readonly name: string;
  readonly type: GroundType;
  readonly dims: Dims;
  readonly clock: Signal;
  /** `value` is a ground value, or the name of a wire for an array. */
  readonly reset?: (ResetStyle & { readonly signal: Signal; readonly value: string }) | undefined;
}

function declare(scope: Scope, { name, type, dims, clock, reset }: State, info = ''): void {
  const text = `${name} : ${typeText(type, dims)}, ${scope.name(clock)}`;
  scope.head.push(reset ? `regreset ${text}, ${resetText(scope, reset)}, ${reset.value}${info}` : `reg ${text}${info}`);
}

/** A wire, for what a register with an enable is going to hold. */
export interface Enabled {
  readonly register: Signal;
  readonly next: string;
}

/** Declares registers. What has an enable is assigned through the `next` of the result, which holds unless it is assigned. */
export function registers(scope: Scope, exprs: Exprs, signals: readonly Signal[]): Enabled[] {
  const values: [wire: string, signal: Signal, value: Expr][] = [];
  const enabled: Enabled[] = [];
  for (const signal of signals) {
    const { type, dims, at: place } = signal;
    const { clock, reset, enable } = signal.register as NonNullable<Signal['register']>;
    let text = '';
    if (reset) {
      const plain = reset.value.op === 'const' && dims.length === 0;
      text = plain ? exprs.text(reset.value) : scope.wire(`${signal.name}_reset`, type, dims);
      if (!plain) values.push([text, signal, reset.value]);
    }
    declare(scope, { name: scope.name(signal), type, dims, clock, reset: reset && { ...reset, value: text } }, scope.info(place));
    if (enable) enabled.push({ register: signal, next: scope.wire(`${signal.name}_next`, type, dims) });
  }
  // Values may read any register.
  for (const [wire, { dims }, value] of values) for (const i of positions(dims)) scope.body.push(`connect ${at(wire, i)}, ${exprs.text(value, i)}`);
  for (const { register, next } of enabled) scope.body.push(`connect ${next}, ${scope.name(register)}`);
  return enabled;
}

/** Lets registers with an enable take what they were assigned. */
export function takeNext(scope: Scope, enabled: readonly Enabled[]): void {
  for (const { register, next } of enabled)
    scope.body.push(`when ${scope.name(register.register?.enable as Signal)} :`, `  connect ${scope.name(register)}, ${next}`);
}

export function delay(scope: Scope, { name, input, output, first, step, clock, enable, reset, at: place }: Delay): void {
  const { type } = output;
  const lanes = step === 0 ? 1 : (output.dims[0] ?? 1);
  const dims = step === 0 ? output.dims : output.dims.slice(1);
  let value = reset && literal(type, reset.value);
  if (value !== undefined && dims.length > 0) {
    const wire = scope.wire(`${name}_reset`, type, dims);
    for (const i of positions(dims)) scope.body.push(`connect ${at(wire, i)}, ${value}`);
    value = wire;
  }
  for (let lane = 0; lane < lanes; lane++) {
    const index = step === 0 ? [] : [lane];
    let last = at(scope.name(input), index);
    for (let stage = 0; stage < first + step * lane; stage++) {
      const reg = scope.unique(`${name}_${lane}_${stage}`);
      declare(scope, { name: reg, type, dims, clock, reset: reset && { ...reset, value: value as string } }, scope.info(place));
      const move = positions(dims).map((i) => `connect ${at(reg, i)}, ${at(last, i)}`);
      scope.body.push(...(enable ? [`when ${scope.name(enable)} :`, ...move.map((l) => `  ${l}`)] : move));
      last = reg;
    }
    for (const i of positions(dims)) scope.body.push(`connect ${at(scope.name(output), [...index, ...i])}, ${at(last, i)}`);
  }
}
