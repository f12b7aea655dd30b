// Handshake of an eager fork; the payload goes past it.
//
// Contract: an output offers the input's beat until it has taken it, once; the input's beat is taken with the last output. No latency; a beat a
// cycle when all outputs are ready. `outValid` depends on state and `inValid` only, so outputs may wait for one another's consumers.
// Refused: fewer than one output.

import { when } from '../control.ts';
import { fill, zeros } from '../functions.ts';
import { input, output } from '../io-types.ts';
import { Module } from '../module.ts';
import { bool, uint, vec } from '../types.ts';
import { wholeNumber } from './refuse.ts';

/** Of `StreamFork`. */
export interface ForkConfig {
  /** At least 1. */
  readonly outputs: number;
}

/** The handshake of an eager fork: each output takes the input's beat once, and it is gone with the last. No latency; the payload goes past it. Throws HDL-C001 on fewer than one output. */
export class StreamFork extends Module<ForkConfig> {
  readonly p = this.io({
    in: { valid: input(bool), ready: output(bool) },
    out: { valid: output(vec(bool, checked(this.cfg).outputs)), ready: input(vec(bool, this.cfg.outputs)) },
  });
  /** Outputs that have taken the present beat. */
  readonly taken = this.reg(uint(this.cfg.outputs), { reset: 0 });

  constructor(cfg: ForkConfig) {
    super(cfg);
    this.describe(`Eager fork of a stream to ${cfg.outputs} outputs: each takes a beat once, the input is taken with the last.`);
    const { p, taken } = this;
    const done = taken.or(p.out.ready.asUInt()).named('done');
    p.in.ready.set(done.andR());
    p.out.valid.set(fill(cfg.outputs, p.in.valid).asUInt().and(taken.not()).asBools());
    when(p.in.valid, () => {
      when(p.in.ready, () => taken.set(zeros(uint(cfg.outputs)))).otherwise(() => taken.set(done));
    });
  }
}

function checked(cfg: ForkConfig): ForkConfig {
  wholeNumber('outputs of StreamFork', cfg.outputs, 1);
  return cfg;
}
