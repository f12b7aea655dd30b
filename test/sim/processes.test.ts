// Concurrent processes, agents on streams and buses, matchers and seeds.

import { describe, expect, test } from 'vitest';
import { bool, clock, enumeration, flip, inDomain, input, Module, output, reset, sint, uint, vec, when } from '../../hdl/index.ts';
import { axiLite, Fifo, registerBank } from '../../hdl/std/index.ts';
import {
  axiLiteMaster,
  axiLiteMemory,
  cycles,
  type EngineName,
  ended,
  type ProcessBody,
  type Simulation,
  simulate,
  streamSink,
  streamSource,
  until,
} from '../../sim/index.ts';
import { simulationMatchers } from '../../sim/vitest.ts';

expect.extend(simulationMatchers);

class Timer extends Module {
  readonly p = this.io({
    start: input(bool),
    load: input(uint(8)),
    busy: output(bool),
    left: output(uint(8)),
    mode: output(Mode),
    pair: output(vec(sint(4), 2)),
  });
  readonly count = this.reg(uint(8), { reset: 0 });
  constructor() {
    super();
    const { p, count } = this;
    when(count.ne(0), () => count.set(count.subw(1)));
    when(p.start, () => count.set(p.load));
    p.busy.set(count.ne(0));
    p.left.set(count);
    p.mode.set('idle');
    when(p.busy, () => p.mode.set('run'));
    p.pair.at(0).set(-3);
    p.pair.at(1).set(count.bits(3, 0).asSInt());
  }
}
const Mode = enumeration('Mode', ['idle', 'run']);

function* start(sim: Simulation, load: number): ProcessBody<number> {
  sim.poke('start', 1);
  sim.poke('load', load);
  yield;
  sim.poke('start', 0);
  return sim.cycle;
}

describe('processes', () => {
  test('drive at once, go on behind edges, wait for conditions and for each other', () => {
    const sim = simulate(Timer);
    const log: string[] = [];
    const starter = sim.fork(() => start(sim, 5), { name: 'starter' });
    sim.expect('start', 1);
    const waiter = sim.fork(function* waiter(): ProcessBody<string> {
      const at = yield* ended(starter);
      log.push(`started, cycle ${at}, now ${sim.cycle}`);
      const seen = yield* until(() => sim.value('left') === 2 && { busy: sim.value('busy'), at: sim.cycle });
      log.push(`${seen.busy} in ${seen.at}, behind the edge ${sim.cycle}, left ${sim.value('left')}`);
      yield* cycles(3);
      yield 0;
      return `end in ${sim.cycle}`;
    });
    expect(sim.join(waiter)).toBe('end in 8');
    expect(log).toEqual(['started, cycle 1, now 1', '1 in 4, behind the edge 5, left 1']);
    expect([starter.done, starter.value, waiter.name]).toEqual([true, 1, 'waiter']);
    sim.step(3);
    expect(sim.cycle).toBe(11);
  });

  test('fork from within, stop, and finally', () => {
    const sim = simulate(Timer);
    const log: number[] = [];
    const ticker = sim.fork(function* (): ProcessBody<void> {
      try {
        for (;;) {
          log.push(sim.cycle);
          yield 2;
        }
      } finally {
        log.push(-1);
      }
    });
    const outer = sim.fork(function* (): ProcessBody<number> {
      yield 1;
      const inner = sim.fork(() => start(sim, 9));
      return yield* ended(inner);
    });
    expect(sim.join(outer)).toBe(2);
    sim.step(3);
    ticker.stop();
    ticker.stop();
    sim.step(4);
    expect(log).toEqual([0, 2, 4, -1]);
  });

  test('count the edges of their own clock', () => {
    class Two extends Module {
      readonly p = this.io({ clkB: input(clock), rstB: input(reset()), a: output(uint(4)), b: output(uint(4)) });
      readonly b = this.domain({ clock: this.p.clkB, reset: this.p.rstB });
      constructor() {
        super();
        const count = this.reg(uint(4), { reset: 0 });
        count.set(count.addw(1));
        this.p.a.set(count);
        inDomain(this.b, () => {
          const other = this.reg(uint(4), { reset: 0 });
          other.set(other.addw(1));
          this.p.b.set(other);
        });
      }
    }
    const sim = simulate(Two);
    const slow = sim.fork(() => cycles(2), { clock: 'clkB' });
    const fast = sim.fork(() => until(() => sim.value('a') === 4 && sim.value('b')), { clock: 'clk' });
    sim.step(3, 'clk');
    expect([slow.done, fast.done]).toEqual([false, false]);
    sim.step(1, ['clk', 'clkB']);
    sim.join(fast, { clock: 'clk' });
    expect(fast.value).toBe(1);
    sim.join(slow, { clock: 'clkB' });
    sim.expect('b', 2);
    expect(() => sim.fork(() => cycles(1))).toThrow(/SIM-E015/);
    expect(() => sim.fork(() => cycles(1), { clock: 'clkC' })).toThrow(/SIM-E008/);
  });

  test('that wait for ever are named, with what they wait for', () => {
    const sim = simulate(Timer);
    const never = sim.fork(() => until(() => sim.value('busy') === 1, { what: '`busy`' }), { name: 'never' });
    sim.fork(() => ended(never), { name: 'after' });
    sim.fork(() => cycles(100), { name: 'long' });
    expect(() => sim.join(never, { within: 10 })).toThrow(
      /^SIM-E030: the process `never` has not ended within 10 cycles; `never` waits for `busy`, for 10 cycles, `after` waits for the process `never`, `long` waits for 90 more cycles\n {2}help:/,
    );
    sim.fork(() => until(() => sim.value('busy') === 1, { what: '`busy`', within: 4 }), { name: 'late' });
    expect(() => sim.step(20)).toThrow(/^SIM-E031: the process `late` waited 4 cycles for `busy`/);
    expect(sim.cycle).toBe(14);
  });

  test('throw out of step', () => {
    const sim = simulate(Timer);
    sim.fork(function* (): ProcessBody<void> {
      yield 2;
      sim.poke('left', 1);
    });
    expect(() => sim.step(5)).toThrow(/SIM-E003/);
    sim.step(5);
  });
});

const words = Array.from({ length: 40 }, (_, i) => ({ data: (i * 37) & 255, last: i % 4 === 3 ? 1 : 0 }));

describe.each(['js', 'wasm', 'verilator', 'icarus', 'all'] as EngineName[])('agents on %s', (engine) => {
  test('stream source and sink with stalls', () => {
    using sim = simulate(Fifo, { payload: { data: uint(8), last: bool }, depth: 4 }, { engine, seed: 11 });
    sim.reset();
    sim.fork(() => streamSource(sim, 'in', words, { stall: 0.4 }), { name: 'source' });
    const taken = sim.join(sim.fork(() => streamSink(sim, 'out', words.length, { stall: 0.5 }), { name: 'sink' }));
    expect(taken).toEqual(words);
    // The same seed, the same stalls, on every engine.
    expect(sim.cycle).toBe(95);
  });
});

test('another seed stalls otherwise; SYSTOLE_SEED is the one by default', () => {
  const run = (seed?: number): number => {
    const sim = simulate(Fifo, { payload: { data: uint(8) }, depth: 2 }, seed === undefined ? {} : { seed });
    sim.reset();
    sim.fork(() => streamSource(sim, 'in', [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], { stall: 0.5 }));
    expect(sim.join(sim.fork(() => streamSink(sim, 'out', 10, { stall: 0.5 })))).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    return sim.cycle;
  };
  const before = process.env['SYSTOLE_SEED'];
  try {
    process.env['SYSTOLE_SEED'] = '7';
    expect(run()).toBe(run(7));
    expect(new Set([1, 2, 3, 4, 5].map(run)).size).toBeGreaterThan(1);
    const sim = simulate(Timer);
    expect(() => sim.expect('left', 3)).toThrow(
      /SIM-E006: `left` in cycle 0: expected 0x03 \(3\), actual 0x00 \(0\)\n {2}help: SYSTOLE_SEED=7 repeats the run/,
    );
    process.env['SYSTOLE_SEED'] = 'x';
    expect(() => simulate(Timer)).toThrow(/^SIM-E034: SYSTOLE_SEED is "x"/);
  } finally {
    if (before === undefined) delete process.env['SYSTOLE_SEED'];
    else process.env['SYSTOLE_SEED'] = before;
  }
});

test('a producer that takes its offer back is caught, and what is no stream', () => {
  class Fickle extends Module {
    readonly p = this.io({ out: { valid: output(bool), ready: input(bool), data: output(uint(4)) } });
    readonly count = this.reg(uint(4), { reset: 0 });
    constructor() {
      super();
      this.count.set(this.count.addw(1));
      this.p.out.valid.set(this.count.bits(1, 1).asBool());
      this.p.out.data.set(5);
    }
  }
  const sim = simulate(Fickle, undefined, { seed: 2 });
  sim.fork(() => streamSink(sim, 'out', 50, { stall: 0.9 }));
  expect(() => sim.step(50)).toThrow(/^SIM-E032: the stream `out` offered 5 and took it back in cycle 4, without `out_ready`/);
  expect(() => sim.fork(() => streamSource(sim, 'out', [1]))).toThrow(
    /^SIM-E033: `out` is no stream that the design takes\n {2}help: it needs an input `out_valid`/,
  );
  expect(() => sim.fork(() => streamSink(sim, 'outt', 1))).toThrow(/^SIM-E033: `outt` is no stream that the design gives/);
});

class Registers extends Module {
  readonly p = this.io({ bus: flip(axiLite({ addressWidth: 4, dataWidth: 32 })), level: output(uint(12)) });
  constructor() {
    super();
    const bank = registerBank(this.p.bus, {
      name: 'r',
      addressWidth: 4,
      registers: {
        a: { offset: 0, fields: { level: { access: 'rw', lsb: 4, width: 12, reset: 9 } } },
        b: { offset: 4, fields: { all: { access: 'rw', lsb: 0, width: 32 } } },
      },
    });
    this.p.level.set(bank.a.level);
  }
}

test.each([0, 0.4])('a master of AXI4-Lite, stalling %d', (stall) => {
  const sim = simulate(Registers, undefined, { seed: 3 });
  sim.reset();
  const bus = axiLiteMaster(sim, 'bus', { stall });
  const [first, second, level, outside] = sim.join(
    sim.fork(function* () {
      const one = yield* bus.read(0);
      const response = yield* bus.write(4, 0xdeadbeef);
      yield* bus.write(4, 0x11223344, 0b0010);
      yield* bus.write(0, 0x7f0);
      const two = yield* bus.read(4);
      const three = yield* bus.read(12);
      return [one, { ...two, written: response }, sim.value('level'), three.response];
    }),
  ) as [unknown, unknown, number, number];
  expect(first).toEqual({ data: 0x90, response: 0 });
  expect(second).toEqual({ data: 0xdead33ef, response: 0, written: 0 });
  expect([level, outside]).toEqual([0x7f, 2]);
});

/** Adds one to words of a memory. */
class Increment extends Module {
  readonly p = this.io({ m: axiLite({ addressWidth: 8, dataWidth: 32 }), done: output(uint(4)) });
  constructor() {
    super();
    const { m, done } = this.p;
    const machine = this.fsm(['ask', 'wait', 'write', 'answer']);
    const word = this.reg(uint(32));
    const index = this.reg(uint(4), { reset: 0 });
    const [aw, w] = [this.reg(bool, { reset: false }), this.reg(bool, { reset: false })];
    const address = index.extend(6).shl(2);
    m.araddr.set(address);
    m.awaddr.set(address);
    for (const prot of [m.awprot, m.arprot]) prot.set(0);
    m.wdata.set(word.addw(1));
    m.wstrb.set(15);
    m.arvalid.set(machine.state.eq('ask'));
    m.rready.set(machine.state.eq('wait'));
    m.awvalid.set(machine.state.eq('write').and(aw.not()));
    m.wvalid.set(machine.state.eq('write').and(w.not()));
    m.bready.set(machine.state.eq('answer'));
    machine.on({
      ask: () => when(m.arready, () => machine.goto('wait')),
      wait: () =>
        when(m.rvalid, () => {
          word.set(m.rdata);
          machine.goto('write');
        }),
      write: () => {
        when(m.awready, () => aw.set(true));
        when(m.wready, () => w.set(true));
        when(aw.or(m.awready).and(w.or(m.wready)), () => {
          aw.set(false);
          w.set(false);
          machine.goto('answer');
        });
      },
      answer: () =>
        when(m.bvalid, () => {
          index.set(index.addw(1));
          machine.goto('ask');
        }),
    });
    done.set(index);
  }
}

test.each([0, 0.5])('a memory behind AXI4-Lite, stalling %d', (stall) => {
  const sim = simulate(Increment, undefined, { seed: 9 });
  sim.reset();
  const memory = new Uint8Array(40);
  const view = new DataView(memory.buffer);
  for (let i = 0; i < 10; i++) view.setUint32(4 * i, 0xff + i, true);
  sim.fork(() => axiLiteMemory(sim, 'm', memory, { stall }), { name: 'memory' });
  sim.join(sim.fork(() => until(() => sim.value('done') === 8)));
  expect(Array.from({ length: 10 }, (_, i) => view.getUint32(4 * i, true))).toEqual([
    0x100, 0x101, 0x102, 0x103, 0x104, 0x105, 0x106, 0x107, 0x107, 0x108,
  ]);
});

test('toHaveOutputs tells all that differs', () => {
  const sim = simulate(Timer, undefined, { seed: 21 });
  sim.join(sim.fork(() => start(sim, 6)));
  expect(sim).toHaveOutputs({ busy: true, left: 6, mode: 'run', pair: [-3, 6] });
  expect(sim).not.toHaveOutputs({ left: 5 });
  expect(() => expect(sim).toHaveOutputs({ busy: true, left: 7n, mode: 'idle', pair: [-3, 5] })).toThrow(
    'outputs differ in cycle 1 (SYSTOLE_SEED=21 repeats the run):\n  left: expected 7, actual 6\n  mode: expected idle, actual run\n  pair: expected [-3, 5], actual [-3, 6]',
  );
  expect(() => expect(sim).toHaveOutputs({ mode: 'walk' })).toThrow('SIM-E004: "walk" is no member of Mode, the type of `mode`');
});
