// State, conditions, partial assignment and hierarchy, by examples with written-out expectations.

import { describe, expect, test } from 'vitest';
import { bool, cat, fill, input, lit, Module, mux, output, sint, type UInt, uint, vec, when } from '../../hdl/index.ts';
import { simulate } from '../../sim/index.ts';

class Counter extends Module<{ readonly width: number }> {
  readonly p = this.io({ enable: input(bool), value: output(uint(this.cfg.width)) });
  readonly count = this.reg(uint(this.cfg.width), { reset: 5 });

  constructor(cfg: { readonly width: number }) {
    super(cfg);
    when(this.p.enable, () => this.count.set(this.count.addw(1)));
    this.p.value.set(this.count);
  }
}

test('a counter starts at its reset value, holds, wraps and resets first', () => {
  const sim = simulate(Counter, { width: 3 });
  sim.expect('value', 5);
  sim.step(4);
  sim.expect('value', 5);
  sim.poke('enable', true);
  sim.step(2);
  sim.expect('value', 7);
  sim.step();
  sim.expect('value', 0);
  sim.step(3);
  sim.reset(2);
  sim.expect('value', 5);
  expect(sim.cycle).toBe(12);
  expect(sim.registers()).toEqual(['count']);
});

class Conditions extends Module {
  readonly p = this.io({ a: input(bool), b: input(bool), c: input(bool), q: output(uint(4)), word: output(uint(16)), swap: output(vec(uint(8), 2)) });
  readonly first = this.reg(uint(8), { reset: 1 });
  readonly second = this.reg(uint(8), { reset: 2 });

  constructor() {
    super();
    const { a, b, c, q, word, swap } = this.p;
    q.set(1);
    when(a, () => q.set(2))
      .elsewhen(b, () => {
        q.set(3);
        when(c, () => q.set(4));
      })
      .otherwise(() => when(c, () => q.set(5)));
    when(a.and(b).and(c), () => q.set(15));
    word.set(0xffff);
    word.bits(11, 4).set(0x5a);
    word.bit(0).set(a);
    when(b, () => word.bits(15, 12).set(word.bits(3, 0).and(6)));
    this.first.set(this.second);
    this.second.set(this.first);
    swap.at(0).set(this.first);
    swap.at(1).set(this.second);
  }
}

test('the last assignment on the path taken wins', () => {
  const sim = simulate(Conditions);
  const expected = [1, 5, 3, 4, 2, 2, 2, 15];
  for (let i = 0; i < 8; i++) {
    sim.poke('a', i >> 2);
    sim.poke('b', (i >> 1) & 1);
    sim.poke('c', i & 1);
    sim.expect('q', expected[i] as number);
    const low = 0x5ae | (i >> 2);
    sim.expect('word', ((i >> 1) & 1 ? (low & 6) << 12 : 0xf000) | low);
  }
  sim.expect('swap', [1, 2]);
  sim.step();
  sim.expect('swap', [2, 1]);
});

class Bank extends Module {
  readonly p = this.io({
    write: input(bool),
    at: input(uint(4)),
    data: input(sint(40)),
    read: output(sint(40)),
    all: output(vec(sint(40), 6)),
    low: output(vec(uint(8), 6)),
  });
  readonly cells = this.reg(vec(sint(40), 6), { reset: -1 });
  readonly bytes = this.reg(vec(uint(8), 6));

  constructor() {
    super();
    const { write, at, data, read, all, low } = this.p;
    when(write, () => {
      this.cells.at(at).set(data);
      this.bytes.at(at).set(data.asUInt().bits(7, 0));
    }).otherwise(() => this.bytes.set(this.bytes.reversed()));
    read.set(this.cells.at(at));
    all.set(this.cells);
    low.set(this.bytes);
  }
}

test('a dynamic index out of range reads zero and writes nothing', () => {
  const sim = simulate(Bank, undefined, { seed: 9 });
  const before = sim.peek('bytes') as number[];
  expect(new Set(before).size).toBeGreaterThan(1);
  expect(simulate(Bank, undefined, { seed: 9 }).peek('bytes')).toEqual(before);
  expect(simulate(Bank, undefined, { seed: 10 }).peek('bytes')).not.toEqual(before);
  sim.poke('write', 1);
  for (const [at, data] of [
    [2, -77n],
    [6, 5n],
    [15, 6n],
    [5, (1n << 39n) - 1n],
  ] as const) {
    sim.poke('at', at);
    sim.poke('data', data);
    sim.step();
  }
  sim.expect('read', (1n << 39n) - 1n);
  sim.poke('at', 7);
  sim.expect('read', 0);
  sim.expect('all', [-1, -1, -77, -1, -1, (1n << 39n) - 1n]);
  expect(sim.peek('all[2]')).toBe(-77n);
  sim.poke('write', 0);
  sim.step();
  const bytes = [...before];
  bytes[2] = 256 - 77;
  bytes[5] = 255;
  sim.expect('low', bytes.reverse());
});

class Inner extends Module<{ readonly step: number }> {
  readonly p = this.io({ link: { data: input(uint(8)), valid: input(bool) }, sum: output(uint(8)), next: output(uint(8)) });
  readonly total = this.reg(uint(8), { reset: 0 });

  constructor(cfg: { readonly step: number }) {
    super(cfg);
    when(this.p.link.valid, () => this.total.set(this.total.addw(this.p.link.data)));
    this.p.sum.set(this.total);
    this.p.next.set(this.p.link.data.addw(cfg.step));
  }
}
class Middle extends Module {
  readonly p = this.io({ data: input(uint(8)), valid: input(bool), sums: output(vec(uint(8), 3)) });
  readonly stages = [1, 1, 100].map((step) => this.inst(Inner, { step }));

  constructor() {
    super();
    let data = this.p.data as never;
    this.stages.forEach((stage, i) => {
      stage.link.data.set(data);
      stage.link.valid.set(this.p.valid);
      this.p.sums.at(i).set(stage.sum);
      data = stage.next as never;
    });
  }
}
class Outer extends Module {
  readonly p = this.io({ data: input(uint(8)), valid: input(bool), sums: output(vec(uint(8), 3)) });
  readonly middle = this.inst(Middle);

  constructor() {
    super();
    this.middle.data.set(this.p.data);
    this.middle.valid.set(this.p.valid);
    this.p.sums.set(this.middle.sums);
  }
}

test('instances two levels deep, with paths to what is inside', () => {
  const sim = simulate(Outer);
  sim.poke('data', 10);
  sim.poke('valid', 1);
  sim.step(3);
  sim.poke('valid', 0);
  sim.step(3);
  sim.expect('sums', [30, 33, 36]);
  expect(sim.peek('middle.stages_2.total')).toBe(36);
  expect(sim.peek('middle.stages_2.link_data')).toBe(12);
  expect(sim.peek('middle.stages_2.next')).toBe(112);
});

class Wide extends Module {
  readonly p = this.io({ a: input(uint(100)), s: input(sint(70)), shift: input(uint(5)), q: output(uint(100)), r: output(sint(70)) });
  readonly acc = this.reg(uint(100), { reset: 0 });

  constructor() {
    super();
    const { a, s, shift, q, r } = this.p;
    this.acc.set(this.acc.addw(a));
    when(a.orR(), () => this.acc.bits(99, 64).set(7));
    q.set(cat(this.acc.bits(49, 0), this.acc.bits(99, 50)));
    r.set(mux(s.lt(0), s.dshr(shift), s.neg().trunc(70)));
  }
}

test('values of any width', () => {
  const sim = simulate(Wide);
  const a = (1n << 99n) | 0xfedcba9876543210n;
  sim.poke('a', a);
  sim.poke('s', -(1n << 69n));
  sim.poke('shift', 31);
  sim.expect('r', -(1n << 38n));
  sim.step();
  const acc = 0xfedcba9876543210n | (7n << 64n);
  expect(sim.peek('acc')).toBe(acc);
  sim.expect('q', ((acc & ((1n << 50n) - 1n)) << 50n) | (acc >> 50n));
});

class Delays extends Module<{ readonly first: number; readonly step: number; readonly reset: boolean; readonly width: number }> {
  readonly p = this.io({
    a: input(sint(this.cfg.width)),
    v: input(vec(vec(uint(8), 2), 4)),
    enable: input(bool),
    q: output(sint(this.cfg.width)),
    w: output(vec(vec(uint(8), 2), 4)),
  });

  constructor(cfg: Delays['cfg']) {
    super(cfg);
    const { a, v, enable, q, w } = this.p;
    q.set(this.delay(a, cfg.first, { enable, reset: cfg.reset }));
    w.set(this.skew(v, { first: cfg.first, step: cfg.step }, { enable, reset: cfg.reset }));
  }
}

describe.each([
  [0, 1],
  [3, 0],
  [1, 2],
  [3, -1],
  [0, 0],
  [1, 0],
])('a delay of %i + %i·i', (first, step) => {
  test.each([
    [true, 8],
    [false, 40],
    [true, 64],
  ] as const)('reset %s, width %i', (reset, width) => {
    const sim = simulate(Delays, { first, step, reset, width });
    const lanes = [0, 1, 2, 3].map((i) => first + step * i);
    const line = Array.from({ length: first }, () => 0n as bigint | undefined);
    const lines = lanes.map((depth) => Array.from({ length: depth }, () => [0, 0] as (number | undefined)[]));
    if (!reset) {
      line.fill(undefined);
      for (const l of lines) l.fill([undefined, undefined]);
    }
    let x = 12345;
    const next = (): number => (x = (Math.imul(x, 1103515245) + 12345) >>> 0) >>> 8;
    for (let cycle = 0; cycle < 60; cycle++) {
      const a = BigInt.asIntN(width, (BigInt(next()) << 40n) | BigInt(next()));
      const v = Array.from({ length: 8 }, () => next() & 255);
      const enable = next() % 3 > 0;
      const clear = reset && cycle === 40 && (first > 0 || step > 0);
      sim.poke('a', a);
      sim.poke('v', v);
      sim.poke('enable', enable);
      if (clear) sim.poke('rst', 1);
      const want = first === 0 ? a : line[0];
      if (want !== undefined) sim.expect('q', want);
      lanes.forEach((depth, i) => {
        const lane = depth === 0 ? v.slice(2 * i, 2 * i + 2) : (lines[i] as number[][])[0];
        lane?.forEach((value, k) => {
          if (value !== undefined) sim.expect(`w[${i}][${k}]`, value);
        });
      });
      sim.step();
      if (clear) {
        sim.poke('rst', 0);
        line.fill(0n);
        for (const l of lines) l.fill([0, 0]);
      } else if (enable) {
        line.push(a);
        line.shift();
        lines.forEach((l, i) => {
          l.push(v.slice(2 * i, 2 * i + 2));
          l.shift();
        });
      }
    }
  });
});

class ResetVector extends Module {
  readonly p = this.io({ q: output(vec(uint(4), 5)) });
  readonly r = this.reg(vec(uint(4), 5), { reset: fill(5, lit(uint(4), 7)) as never });
  constructor() {
    super();
    this.r.at(1).set(3);
    this.p.q.set(this.r);
  }
}

test('a vector with a reset value', () => {
  const sim = simulate(ResetVector);
  sim.step();
  sim.reset();
  sim.expect('q', [7, 7, 7, 7, 7]);
  sim.step();
  sim.expect('q', [7, 3, 7, 7, 7]);
});

class Tower extends Module<{ readonly n: number }> {
  readonly p = this.io({ a: input(uint(16)), q: output(uint(16)) });
  constructor(cfg: { readonly n: number }) {
    super(cfg);
    let x = this.p.a as UInt;
    for (let i = 0; i < cfg.n; i++) x = x.addw(i % 7).xor(x.shr(3).extend(16));
    this.p.q.set(x);
  }
}

test('an expression a thousand operators deep, its parts shared', () => {
  const sim = simulate(Tower, { n: 600 });
  let want = 4711;
  sim.poke('a', want);
  for (let i = 0; i < 600; i++) want = ((want + (i % 7)) & 0xffff) ^ (want >> 3);
  sim.expect('q', want);
});
