// What is asked of every cell between two valid/ready streams, as a module beside the cell.
//
// Contract: assumes the producer's side of the handshake, asserts the cell's. `mark` is free: it chooses any one beat, which is then followed through
// the cell, so that what is proved of that beat is proved of all.

import { assert, assume, bool, counterType, cover, input, Module, mux, uint, when } from '../../hdl/index.ts';
import { fires } from '../../hdl/std/index.ts';
import { keepsOffer } from './offers.ts';

export interface BufferCheckerConfig {
  /** Bits of the payload. */
  readonly width: number;
  /** Most beats held. */
  readonly capacity: number;
}

function watched(width: number) {
  return { valid: input(bool), ready: input(bool), data: input(uint(width)) };
}

export class BufferChecker extends Module<BufferCheckerConfig> {
  readonly p = this.io({ in: watched(this.cfg.width), out: watched(this.cfg.width), mark: input(bool) });
  readonly held = this.reg(counterType(this.cfg.capacity), { reset: 0 });
  /** The beat that is followed is in the cell, behind `ahead` others. */
  readonly chosen = this.reg(bool, { reset: false });
  readonly ahead = this.reg(counterType(this.cfg.capacity), { reset: 0 });
  readonly value = this.reg(uint(this.cfg.width));

  constructor(cfg: BufferCheckerConfig) {
    super(cfg);
    const { p, held, chosen, ahead, value } = this;
    const [push, pop] = [fires(p.in).named('push'), fires(p.out).named('pop')];
    const passes = held.eq(0).and(push).and(pop).named('passes');
    when(push.and(pop.not()), () => held.set(held.addw(1))).elsewhen(pop.and(push.not()), () => held.set(held.subw(1)));
    when(push.and(p.mark).and(chosen.not()).and(passes.not()), () => {
      chosen.set(true);
      ahead.set(mux(pop, held.subw(1), held));
      value.set(p.in.data);
    }).elsewhen(chosen.and(pop), () => {
      when(ahead.eq(0), () => chosen.set(false)).otherwise(() => ahead.set(ahead.subw(1)));
    });

    assume(keepsOffer(p.in), 'the producer keeps a beat until it is taken');
    assert(keepsOffer(p.out), 'a beat that is offered stays until it is taken');
    assert(held.le(cfg.capacity), 'no more beats are held than the capacity');
    assert(held.ne(cfg.capacity).or(push.not()).or(pop), 'a full cell takes a beat only when one leaves');
    assert(held.ne(0).or(pop.not()).or(push), 'an empty cell gives no beat');
    assert(held.eq(0).or(p.out.valid), 'a held beat is offered');
    assert(chosen.not().or(ahead.ne(0)).or(p.out.data.eq(value)), 'beats leave in order and unchanged');
    assert(passes.not().or(p.out.data.eq(p.in.data)), 'a beat that passes at once is unchanged');
    cover(held.eq(cfg.capacity), 'full');
  }
}
