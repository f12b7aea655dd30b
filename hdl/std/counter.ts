// Counters that wrap at any bound.
//
// Contract: `value` runs through 0 to states − 1; it is a register, so a step shows in the next cycle. `wraps` is high in a cycle in which the
// step goes around. `clear` wins over `enable`; reset and clear give 0 in every direction. Refused: fewer than one state.

import { when } from '../control.ts';
import { counterType, lit, mux } from '../functions.ts';
import { input, output } from '../io-types.ts';
import { Module } from '../module.ts';
import { bool } from '../types.ts';
import type { Bool, UInt, UIntType } from '../value-types.ts';
import { wholeNumber } from './refuse.ts';

/** Of `Counter` and `UpDownCounter`. */
export interface CounterConfig {
  /** Number of values, at least 1. */
  readonly states: number;
  /** `up` when absent. */
  readonly direction?: 'up' | 'down';
}

/** Counts 0 to `states` − 1 in enabled cycles and wraps; `wraps` is high in a cycle in which the step goes around. `clear` wins. A step shows in the next cycle. Throws HDL-C001 on fewer than one state. */
export class Counter extends Module<CounterConfig> {
  readonly p = this.io({ enable: input(bool), clear: input(bool), value: output(valueType(this.cfg)), wraps: output(bool) });
  readonly present = this.reg(valueType(this.cfg), { reset: 0 });

  constructor(cfg: CounterConfig) {
    super(cfg);
    const { states, direction = 'up' } = cfg;
    this.describe(`Counts ${direction} through ${states} values.`);
    const { p, present } = this;
    const { next, last } = step(present, states, direction);
    when(p.clear, () => present.set(0)).elsewhen(p.enable, () => present.set(next));
    p.value.set(present);
    p.wraps.set(p.enable.and(last).and(p.clear.not()));
  }
}

/** As `Counter`, in the direction that `up` says. */
export class UpDownCounter extends Module<{ readonly states: number }> {
  /** `up` chooses the direction of each step. */
  readonly p = this.io({ enable: input(bool), clear: input(bool), up: input(bool), value: output(valueType(this.cfg)), wraps: output(bool) });
  readonly present = this.reg(valueType(this.cfg), { reset: 0 });

  constructor(cfg: { readonly states: number }) {
    super(cfg);
    this.describe(`Counts up or down through ${cfg.states} values.`);
    const { p, present } = this;
    const up = step(present, cfg.states, 'up');
    const down = step(present, cfg.states, 'down');
    when(p.clear, () => present.set(0)).elsewhen(p.enable, () => present.set(mux(p.up, up.next, down.next)));
    p.value.set(present);
    p.wraps.set(p.enable.and(mux(p.up, up.last, down.last)).and(p.clear.not()));
  }
}

/** The value after a step, and whether that step goes around. */
function step(value: UInt, states: number, direction: 'up' | 'down'): { readonly next: UInt; readonly last: Bool } {
  const type = counterType(states - 1);
  const [from, to] = direction === 'up' ? [states - 1, 0] : [0, states - 1];
  const last = value.eq(from);
  const moved = direction === 'up' ? value.addw(1) : value.subw(1);
  return { last, next: states === 2 ** type.width ? moved : mux(last, lit(type, to), moved) };
}

function valueType({ states }: { readonly states: number }): UIntType {
  wholeNumber('states of a counter', states, 1);
  return counterType(states - 1);
}
