// Forks and joins: each output gets each beat once, and what is joined leaves together.

import { assert, bool, counterType, cover, input, Module, output, uint, vec, when, zeros } from '../../hdl/index.ts';
import { consumer, fires, join, producer, StreamFork } from '../../hdl/std/index.ts';

export class ForkProperties extends Module<{ readonly outputs: number }> {
  readonly p = this.io({
    in: { valid: input(bool), ready: output(bool) },
    out: { valid: output(vec(bool, this.cfg.outputs)), ready: input(vec(bool, this.cfg.outputs)) },
  });
  readonly fork = this.inst(StreamFork, this.cfg);
  /** Outputs that have the present beat already. */
  readonly had = this.reg(vec(bool, this.cfg.outputs), { reset: zeros(vec(bool, this.cfg.outputs)) });

  constructor(cfg: { readonly outputs: number }) {
    super(cfg);
    const { p, fork, had } = this;
    fork.in.valid.set(p.in.valid);
    p.in.ready.set(fork.in.ready);
    p.out.valid.set(fork.out.valid);
    fork.out.ready.set(p.out.ready);
    const taken = fires(p.in).named('taken');
    for (let i = 0; i < cfg.outputs; i++) {
      const gets = p.out.valid.at(i).and(p.out.ready.at(i));
      when(taken, () => had.at(i).set(false)).elsewhen(gets, () => had.at(i).set(true));
      assert(p.out.valid.at(i).not().or(p.in.valid), 'only a beat of the input is offered');
      assert(p.out.valid.at(i).not().or(had.at(i).not()), 'no output gets a beat twice');
      assert(taken.not().or(had.at(i)).or(gets), 'no beat is taken before every output has it');
      assert(p.in.valid.not().or(had.at(i)).or(p.out.valid.at(i)), 'an output that waits for the beat is offered it');
    }
    assert(p.in.valid.not().or(p.in.ready).or(had.asUInt().or(p.out.ready.asUInt()).andR().not()), 'the beat is taken with the last output');
    cover(taken.and(had.asUInt().orR()), 'one output was first');
  }
}

export class JoinProperties extends Module {
  readonly p = this.io({
    a: consumer({ word: uint(2) }),
    b: consumer({ flag: bool }),
    out: producer({ word: uint(2), flag: bool }),
    count: output(counterType(3)),
  });
  /** Beats of a less those of b, and less those of the output, modulo 4. */
  readonly apart = this.reg(counterType(3), { reset: 0 });

  constructor() {
    super();
    const { p, apart } = this;
    const joined = join({ a: p.a, b: p.b });
    p.out.valid.set(joined.valid);
    p.out.word.set(joined.a.word);
    p.out.flag.set(joined.b.flag);
    joined.ready.set(p.out.ready);
    p.count.set(apart);
    apart.set(apart.addw(fires(p.a).asUInt()).subw(fires(p.b).asUInt()));
    assert(fires(p.a).eq(fires(p.out)), 'a is taken when the pair leaves');
    assert(fires(p.b).eq(fires(p.out)), 'b is taken when the pair leaves');
    assert(apart.eq(0), 'as many beats of a as of b');
    assert(p.out.valid.eq(p.a.valid.and(p.b.valid)), 'a pair is offered when both are there');
    assert(p.out.word.eq(p.a.word).and(p.out.flag.eq(p.b.flag)), 'the pair is unchanged');
    cover(fires(p.out), 'a pair leaves');
  }
}
