// Arbiters of three streams: one grant, to one that asks, whose beat it is; and nobody waits for ever.

import {
  assert,
  assume,
  type Bool,
  cat,
  counterType,
  cover,
  input,
  lit,
  Module,
  mux,
  output,
  past,
  type UInt,
  uint,
  vecOf,
  when,
} from '../../hdl/index.ts';
import { type ArbiterOptions, arbitrate, consumer, fires, producer } from '../../hdl/std/index.ts';
import { keepsOffer } from './offers.ts';

const INPUTS = 3;
const payload = { data: uint(2) };

export class ArbiterProperties extends Module<ArbiterOptions> {
  readonly p = this.io({
    a: consumer(payload),
    b: consumer(payload),
    c: consumer(payload),
    out: producer(payload),
    chosen: output(counterType(INPUTS - 1)),
    /** Free: the input that is looked at. */
    watched: input(counterType(INPUTS - 1)),
  });
  /** Beats of others that went before the watched input's. */
  readonly passed = this.reg(counterType(INPUTS), { reset: 0 });

  /** The input that moved last. */
  readonly last = this.reg(counterType(INPUTS - 1), { reset: INPUTS - 1 });

  constructor(cfg: ArbiterOptions) {
    super(cfg);
    const { p } = this;
    const streams = [p.a, p.b, p.c];
    const { out, chosen } = arbitrate(streams, cfg);
    p.out.valid.set(out.valid);
    p.out.data.set(out.data);
    out.ready.set(p.out.ready);
    p.chosen.set(chosen);
    const valid = cat(p.c.valid, p.b.valid, p.a.valid).named('valid');
    const ready = cat(p.c.ready, p.b.ready, p.a.ready).named('ready');
    const beat = vecOf(p.a.data, p.b.data, p.c.data).at(chosen);
    for (const stream of streams) assume(keepsOffer(stream), 'the producer keeps a beat until it is taken');

    assert(ready.and(ready.subw(1)).eq(0), 'at most one input is granted');
    assert(ready.and(valid.not()).eq(0), 'only an input that offers a beat is granted');
    assert(p.out.valid.eq(valid.orR()), 'a beat is offered when an input has one');
    assert(ready.orR().eq(fires(p.out)), 'a beat leaves when one is taken');
    assert(ready.orR().not().or(ready.dshr(chosen).bit(0)), 'the chosen input is the granted one');
    assert(p.out.valid.not().or(p.out.data.eq(beat)), 'the beat is that of the chosen input');
    if (cfg.lock ?? true) assert(keepsOffer(p.out), 'a beat that is offered stays until it is taken');
    for (const stream of streams) cover(fires(stream), 'an input has its turn');
    if (cfg.policy === 'roundRobin') {
      this.#fair();
      this.#inTurn(chosen, valid);
    }
    if (cfg.policy === 'priority' && cfg.lock === false)
      assert(ready.eq(0).or(valid.and(ready.subw(1)).eq(0)), 'no lower input waits while one is granted');
  }

  /** The watched input offers a beat: it is its turn after at most one beat of each other. */
  #fair(): void {
    const { p, passed } = this;
    const waits = vecOf(p.a.valid, p.b.valid, p.c.valid).at(p.watched).named('waits');
    const taken = vecOf<Bool>(p.a.ready, p.b.ready, p.c.ready).at(p.watched).named('taken');
    assume(past(waits).not().or(past(p.watched).eq(p.watched)), 'the watched input is the same while it waits');
    when(waits.not().or(taken), () => passed.set(0)).elsewhen(fires(p.out), () => passed.set(passed.addw(1)));
    assert(waits.not().or(passed.lt(INPUTS)), 'nobody waits for more than one beat of each other input');
  }

  /** The first input behind the one that moved last, around the end. */
  #inTurn(chosen: UInt, valid: UInt): void {
    const { p, last } = this;
    when(fires(p.out), () => last.set(chosen));
    const index = (i: number) => lit(counterType(INPUTS - 1), i % INPUTS);
    const behind = (l: number) => mux(valid.bit((l + 1) % INPUTS), index(l + 1), mux(valid.bit((l + 2) % INPUTS), index(l + 2), index(l)));
    const next = mux(last.eq(0), behind(0), mux(last.eq(1), behind(1), behind(2))).named('next');
    const isHeld = past(p.out.valid.and(p.out.ready.not()));
    assert(isHeld.or(p.out.valid.not()).or(chosen.eq(next)), 'it is the turn of the next input that offers a beat');
  }
}
