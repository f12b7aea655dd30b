// Waveforms as text, for WaveDrom and in files.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { bool, enumeration, input, Module, output, sint, uint, vec, when } from '../../hdl/index.ts';
import { type EngineName, type SimulateOptions, type Simulation, simulate } from '../../sim/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'wave-'));
afterAll(() => rmSync(folder, { recursive: true }));

const Op = enumeration('Op', { add: 1, sub: 2, hold: 6 });

class Counter extends Module {
  readonly p = this.io({
    go: input(bool),
    op: input(Op),
    d: input(vec(sint(8), 2)),
    count: output(uint(12)),
    odd: output(bool),
    least: output(sint(8)),
  });
  readonly counter = this.reg(uint(12), { reset: 0 });
  constructor() {
    super();
    const { p, counter } = this;
    when(p.go, () => counter.set(counter.addw(1)));
    when(p.op.eq('hold'), () => counter.set(100));
    p.count.set(counter);
    p.odd.set(counter.bits(0, 0).asBool());
    p.least.set(p.d.at(0));
    when(p.d.at(1).lt(p.d.at(0)), () => p.least.set(p.d.at(1)));
  }
}

function driven(options: SimulateOptions): Simulation {
  const sim = simulate(Counter, undefined, options);
  for (let t = 0; t < 8; t++) {
    sim.poke('go', t % 3 !== 1);
    sim.poke('op', [1, 1, 2, 6, 2][t] ?? 1);
    sim.poke('d', [t * 3, -t]);
    sim.step();
  }
  return sim;
}

test('levels, boxes, names of enumerations, and a hash of everything', () => {
  const sim = driven({ trace: true });
  expect(sim.wave({ signals: ['go', 'op', 'd', 'count', 'odd'] })).toMatchInlineSnapshot(`
    "cycle   0    1    2    3    4    5    6    7    8
    go     ▔▔▔▔▔╲▁▁▁▁╱▔▔▔▔▔▔▔▔▔╲▁▁▁▁╱▔▔▔▔▔▔▔▔▔╲▁▁▁▁▁▁▁▁▁
    op     │add      │sub │hold│sub │add
    d[0]   │0   │3   │6   │9   │12  │15  │18  │21
    d[1]   │0   │-1  │-2  │-3  │-4  │-5  │-6  │-7
    count  │000 │001      │002 │064      │065 │066
    odd    ▁▁▁▁▁╱▔▔▔▔▔▔▔▔▔╲▁▁▁▁▁▁▁▁▁▁▁▁▁▁╱▔▔▔▔╲▁▁▁▁▁▁▁▁▁
    # 9 cycles of 8 signals: 72c9a61a040acd44"
  `);
  expect(
    sim
      .wave({ signals: ['count'], from: 2, to: 4, radix: 'dec' })
      .split('\n')
      .slice(0, 2),
  ).toEqual(['cycle   2   3   4', 'count  │1  │2  │100']);
  expect(sim.wave({ signals: ['count'], from: 2, to: 2, radix: 'bin' })).toContain('│0000000000…');
});

test('the hash is of all that was recorded, whatever is shown', () => {
  const last = (sim: Simulation, options = {}): string | undefined => sim.wave(options).split('\n').at(-1);
  const sim = driven({ trace: true });
  expect(last(sim, { signals: ['go'], to: 3 })).toBe(last(sim));
  const other = driven({ trace: true });
  other.poke('d', [1, 1]);
  expect(last(other)).not.toBe(last(sim));
});

test('the same on every engine', () => {
  const waves = (['js', 'wasm', 'wasm-scalar', 'verilator', 'icarus', 'all'] as const).map((engine: EngineName) => {
    using sim = driven({ trace: true, engine });
    return sim.wave();
  });
  expect(new Set(waves).size).toBe(1);
});

test('chosen signals, inner ones too, and a run in bulk', () => {
  const sim = simulate(Counter, undefined, { trace: ['counter', 'op'] });
  sim.run(3, { go: [1, 1, 1], op: [2, 1, 1] });
  expect(sim.recorded().signals.map((s) => [s.name, [...s.values].map(Number)])).toEqual([
    ['counter', [0, 1, 2, 3]],
    ['op', [2, 1, 1, 1]],
  ]);
  sim.record(['go']);
  sim.step(2);
  expect(sim.recorded().cycles).toEqual([3, 4, 5]);
});

test('WaveDrom', () => {
  expect(driven({ trace: true }).waveDrom({ from: 1, to: 4 })).toEqual({
    signal: [
      { name: 'clk', wave: 'p...' },
      { name: 'go', wave: '01.0' },
      { name: 'op', wave: '====', data: ['add', 'sub', 'hold', 'sub'] },
      { name: 'd[0]', wave: '====', data: ['3', '6', '9', '12'] },
      { name: 'd[1]', wave: '====', data: ['-1', '-2', '-3', '-4'] },
      { name: 'count', wave: '=.==', data: ['001', '002', '064'] },
      { name: 'odd', wave: '1.0.' },
      { name: 'least', wave: '====', data: ['-1', '-2', '-3', '-4'] },
      { name: 'rst', wave: '0...' },
    ],
    head: { tick: 1 },
  });
});

test('what was not recorded', () => {
  expect(() => driven({}).wave()).toThrow(/^SIM-E028: no waveform was recorded\n {2}help: simulate with `trace: true`/);
  const sim = driven({ trace: true });
  expect(() => sim.wave({ signals: ['counter'] })).toThrow(
    /^SIM-E029: `counter` was not recorded\n {2}help: name it in `trace`; there are go, op, d\[0\]/,
  );
  expect(() => sim.wave({ from: 20, to: 30 })).toThrow(/^SIM-E029: nothing was recorded from cycle 20 to 30\n {2}help: there are the cycles 0 to 8/);
});

test('a dump has the names of enumerations, and FST is made of it', () => {
  const [vcd, fst] = [join(folder, 'a.vcd'), join(folder, 'a.fst')];
  driven({ vcd }).close();
  const text = readFileSync(vcd, 'utf8');
  const [, id] = /\$var string 1 (\S+) op_name \$end/.exec(text) as unknown as [string, string];
  expect(text.split('\n').filter((line) => line.endsWith(` ${id}`) && line.startsWith('s'))).toEqual(
    ['sadd', 'ssub', 'shold', 'ssub', 'sadd'].map((s) => `${s} ${id}`),
  );
  if (existsSync('/usr/bin/vcd2fst')) {
    driven({ vcd: fst }).close();
    expect(execFileSync('fst2vcd', [fst], { encoding: 'utf8' })).toMatch(/\$var string \d \S+ op_name \$end[\s\S]*shold /);
  }
  const path = process.env['PATH'];
  process.env['PATH'] = folder;
  try {
    const sim = driven({ vcd: fst });
    expect(() => sim.close()).toThrow(
      /^SIM-E020: `.*a\.fst` cannot be made: there is no program `vcd2fst` in PATH\n {2}help: install it: apt-get install gtkwave/,
    );
  } finally {
    process.env['PATH'] = path;
  }
});
