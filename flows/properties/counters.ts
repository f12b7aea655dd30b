// Counters and shift registers against arithmetic and history.

import { assert, bool, counterType, cover, input, Module, mux, output, past, uint, when } from '../../hdl/index.ts';
import { Counter, Lfsr, type LfsrConfig, ParallelToSerial, SerialToParallel, type ShiftConfig, UpDownCounter } from '../../hdl/std/index.ts';

interface States {
  readonly states: number;
}

export class CounterProperties extends Module<States> {
  readonly p = this.io({ enable: input(bool), clear: input(bool), value: output(counterType(this.cfg.states - 1)), wraps: output(bool) });

  constructor(cfg: States) {
    super(cfg);
    const { p } = this;
    const counter = this.inst(Counter, cfg);
    counter.enable.set(p.enable);
    counter.clear.set(p.clear);
    p.value.set(counter.value);
    p.wraps.set(counter.wraps);
    const before = past(p.value).named('before');
    assert(p.value.lt(cfg.states), 'the value is one of the states');
    assert(past(p.clear).not().or(p.value.eq(0)), 'clear gives zero');
    when(past(p.clear).not(), () => {
      assert(past(p.enable).or(p.value.eq(before)), 'it stands still unless enabled');
      assert(past(p.wraps).eq(p.value.lt(before)), 'it wraps where the value falls');
      assert(
        past(p.enable)
          .not()
          .or(past(p.wraps))
          .or(p.value.eq(before.add(1))),
        'a step is one up',
      );
      assert(
        past(p.wraps)
          .not()
          .or(p.value.eq(0).and(before.eq(cfg.states - 1))),
        'it wraps from the last state to zero',
      );
    });
    cover(p.wraps, 'it wraps');
  }
}

export class UpDownProperties extends Module<States> {
  readonly p = this.io({ enable: input(bool), up: input(bool), value: output(counterType(this.cfg.states - 1)), wraps: output(bool) });

  constructor(cfg: States) {
    super(cfg);
    const { states } = cfg;
    const { p } = this;
    const counter = this.inst(UpDownCounter, cfg);
    counter.enable.set(p.enable);
    counter.clear.set(false);
    counter.up.set(p.up);
    p.value.set(counter.value);
    p.wraps.set(counter.wraps);
    const before = past(p.value).named('before');
    const forward = mux(before.eq(states - 1), p.value.eq(0), p.value.eq(before.add(1)));
    const back = mux(before.eq(0), p.value.eq(states - 1), before.eq(p.value.add(1)));
    assert(p.value.lt(states), 'the value is one of the states');
    assert(mux(past(p.enable), mux(past(p.up), forward, back), p.value.eq(before)), 'a step is one up or down, around the ends');
    assert(p.wraps.eq(p.enable.and(mux(p.up, p.value.eq(states - 1), p.value.eq(0)))), 'it wraps at the ends');
    cover(p.wraps.and(p.up.not()), 'it wraps downwards');
  }
}

export class LfsrProperties extends Module<LfsrConfig> {
  readonly p = this.io({ enable: input(bool), value: output(uint(this.cfg.width)), serial: output(bool) });

  constructor(cfg: LfsrConfig) {
    super(cfg);
    const { p } = this;
    const lfsr = this.inst(Lfsr, cfg);
    lfsr.enable.set(p.enable);
    p.value.set(lfsr.value);
    p.serial.set(lfsr.serial);
    assert(p.value.ne(0), 'it never falls to zero');
    assert(
      past(p.enable)
        .eq(p.value.ne(past(p.value)))
        .or(past(p.value).eq(0)),
      'it moves when enabled and only then',
    );
    cover(p.value.andR(), 'all ones');
  }
}

export class ShiftProperties extends Module<ShiftConfig> {
  readonly p = this.io({ load: input(bool), word: input(uint(this.cfg.width)), serial: output(bool), data: output(uint(this.cfg.width)) });

  constructor(cfg: ShiftConfig) {
    super(cfg);
    const { p } = this;
    const sender = this.inst(ParallelToSerial, cfg);
    const receiver = this.inst(SerialToParallel, cfg);
    sender.load.set(p.load);
    sender.data.set(p.word);
    sender.enable.set(true);
    receiver.enable.set(true);
    receiver.serial.set(sender.serial);
    p.serial.set(sender.serial);
    p.data.set(receiver.data);
    // One cycle to load, one for each bit.
    const since = Array.from({ length: cfg.width }, (_, i) => past(p.load, i + 1));
    const undisturbed = since.slice(0, -1).reduce((all, load) => all.and(load.not()), since.at(-1) as (typeof since)[number]);
    const arrived = past(undisturbed).named('arrived');
    assert(arrived.not().or(p.data.eq(past(p.word, cfg.width + 1))), 'a word that was sent arrives');
    cover(arrived.and(p.data.ne(0)), 'a word arrives');
  }
}
