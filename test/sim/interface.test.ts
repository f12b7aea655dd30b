// The user's side: bulk access, errors, snapshots, and what may be imported.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { bool, bundle, input, Module, output, sint, uint, vec } from '../../hdl/index.ts';
import { simulate } from '../../sim/index.ts';

class Ports extends Module {
  readonly p = this.io({
    act: { valid: input(bool), data: input(vec(sint(8), 3)) },
    big: input(uint(64)),
    mid: input(uint(40)),
    none: input(uint(0)),
    pair: output(bundle({ first: sint(8), sum: uint(64) })),
    copy: output(vec(sint(8), 3)),
    middle: output(uint(41)),
    ok: output(bool),
  });
  readonly last = this.reg(sint(8), { reset: 0 });
  constructor() {
    super();
    const { act, big, mid, none, pair, copy, middle, ok } = this.p;
    this.last.set(act.data.at(2));
    pair.first.set(this.last);
    pair.sum.set(big.addw(none.extend(1)));
    copy.set(act.data);
    middle.set(mid.add(1));
    ok.set(act.valid);
  }
}

test('ports by name, whole arrays and elements', () => {
  const sim = simulate(Ports);
  sim.poke('act_data', [1, -2, -128]);
  sim.poke('act_data[1]', 127);
  sim.poke('act_valid', true);
  sim.poke('big', (1n << 64n) - 1n);
  sim.poke('mid', 2 ** 40 - 1);
  sim.poke('none', 0);
  expect(sim.peek('copy')).toEqual([1, 127, -128]);
  expect(sim.peek('ok')).toBe(1);
  expect(sim.peek('pair_sum')).toBe((1n << 64n) - 1n);
  expect(sim.peek('middle')).toBe(1n << 40n);
  expect(sim.value('none')).toBe(0);
  sim.step();
  sim.expect('pair_first', -128);
  const target = new Int8Array(3);
  expect(sim.peekArray('copy', target)).toBe(target);
  expect([...target]).toEqual([1, 127, -128]);
  sim.pokeArray('act_data', Int8Array.of(4, 5, 6));
  expect(sim.peekArray('copy')).toEqual([4, 5, 6]);
  expect([...sim.peekArray('pair_sum', new BigUint64Array(1))]).toEqual([(1n << 64n) - 1n]);
});

test('a snapshot brings a run back', () => {
  const sim = simulate(Ports);
  sim.poke('act_data', [1, 2, 3]);
  sim.step();
  const saved = sim.snapshot();
  sim.poke('act_data', [7, 8, 9]);
  sim.step(3);
  sim.expect('pair_first', 9);
  sim.restore(saved);
  sim.expect('pair_first', 3);
  sim.expect('copy', [1, 2, 3]);
  expect(sim.cycle).toBe(1);
});

describe('errors', () => {
  const sim = simulate(Ports);
  test.each<[string, () => void, RegExp]>([
    [
      'unknown path',
      () => {
        sim.peek('act_vald');
      },
      /SIM-E001: no signal `act_vald` in the top module ports\n {2}help: did you mean act_valid\?/,
    ],
    [
      'unknown instance',
      () => {
        sim.peek('core.x');
      },
      /SIM-E001: no instance or mesh `core`/,
    ],
    [
      'no path',
      () => {
        sim.peek('a[b]');
      },
      /SIM-E001: `a\[b\]` is not a path/,
    ],
    [
      'index',
      () => {
        sim.peek('copy[3]');
      },
      /SIM-E002: index \[3\] in `copy\[3\]`: `copy` has the shape \[3\]/,
    ],
    [
      'output',
      () => {
        sim.poke('ok', 1);
      },
      /SIM-E003: `ok` is an output and cannot be poked/,
    ],
    [
      'internal',
      () => {
        sim.poke('last', 1);
      },
      /SIM-E003: `last` is an internal signal/,
    ],
    [
      'clock',
      () => {
        sim.poke('clk', 1);
      },
      /SIM-E003: `clk` is a clock/,
    ],
    [
      'range',
      () => {
        sim.poke('act_data[0]', 128);
      },
      /SIM-E004: 128 is out of range for `act_data\[0\]`, a s8\n {2}help: give -128 to 127/,
    ],
    [
      'range in an array',
      () => {
        sim.poke('act_data', [0, 0, -129]);
      },
      /SIM-E004: -129 is out of range for `act_data`/,
    ],
    [
      'range of a wide one',
      () => {
        sim.poke('big', -1);
      },
      /SIM-E004: -1 is out of range for `big`, a u64/,
    ],
    [
      'zero width',
      () => {
        sim.poke('none', 1);
      },
      /SIM-E004: 1 is out of range for `none`, a u0\n {2}help: give 0/,
    ],
    [
      'fraction',
      () => {
        sim.poke('mid', 0.5);
      },
      /SIM-E004: 0\.5 is not a whole number/,
    ],
    [
      'length',
      () => {
        sim.poke('act_data', [1, 2]);
      },
      /SIM-E005: `act_data` has 3 values, not 2/,
    ],
    [
      'scalar for an array',
      () => {
        sim.poke('act_data', 1);
      },
      /SIM-E005: `act_data` has 3 values, not 1/,
    ],
    [
      'length of the target',
      () => {
        sim.peekArray('copy', new Int8Array(2));
      },
      /SIM-E005/,
    ],
    [
      'expectation',
      () => {
        sim.expect('pair_first', -1);
      },
      /SIM-E006: `pair_first` in cycle 0: expected 0xff \(-1\), actual 0x00 \(0\)/,
    ],
    [
      'expectation in an array',
      () => {
        sim.expect('copy', [0, 1, 0]);
      },
      /SIM-E006: `copy\[1\]` in cycle 0: expected 0x01 \(1\), actual 0x00 \(0\)/,
    ],
    [
      'other clock',
      () => {
        sim.step(1, 'fast');
      },
      /SIM-E008: no clock `fast`\n {2}help: the clock is `clk`/,
    ],
    [
      'cycles',
      () => {
        sim.step(-1);
      },
      /SIM-E009/,
    ],
  ])('%s', (_, act, message) => {
    expect(act).toThrow(message);
  });

  test('an array of which one element is refused changes nothing', () => {
    expect(() => sim.poke('act_data', [9, 9, 999])).toThrow(/SIM-E004/);
    sim.expect('copy', [0, 0, 0]);
  });

  test('use after close', () => {
    const closed = simulate(Ports);
    closed.close();
    closed.close();
    for (const act of [
      () => closed.peek('ok'),
      () => closed.poke('act_valid', 1),
      () => closed.step(),
      () => closed.trace('x'),
      () => closed.reset(),
    ])
      expect(act).toThrow(/SIM-E000/);
  });
});

class Plain extends Module {
  readonly p = this.io({ a: input(uint(4)), q: output(uint(4)) });
  constructor() {
    super();
    this.p.q.set(this.p.a.not());
  }
}

test('a design without a clock counts cycles and has no reset', () => {
  const sim = simulate(Plain);
  sim.poke('a', 5);
  sim.step(3);
  sim.expect('q', 10);
  expect(sim.cycle).toBe(3);
  expect(() => sim.reset()).toThrow(/SIM-E007: plain has no reset input/);
});

test('a simulation needs no tool: it runs where PATH leads nowhere', () => {
  const path = process.env['PATH'];
  process.env['PATH'] = '/nowhere';
  try {
    for (const engine of ['js', 'wasm'] as const) {
      using sim = simulate(Ports, undefined, { engine });
      sim.poke('act_data', [1, 2, 3]);
      sim.step();
      sim.expect('pair_first', 3);
    }
  } finally {
    process.env['PATH'] = path;
  }
});

test('the simulator shares only the IR with the Verilog printer', () => {
  const root = join(import.meta.dirname, '../../sim');
  const own = [root, join(root, 'js')].flatMap((dir) =>
    readdirSync(dir)
      .filter((f) => f.endsWith('.ts'))
      .map((f) => join(dir, f)),
  );
  for (const file of own) {
    const imports = [...readFileSync(file, 'utf8').matchAll(/^(import|export) (type )?.*from '(.*hdl\/.*)'/gm)];
    for (const [, , typeOnly, from] of imports) {
      if (file.endsWith('simulator.ts') && (typeOnly || from?.endsWith('hdl/elaborate.ts'))) continue;
      expect(from, file).toMatch(/hdl\/ir\/(nodes|names|visit|build|clocks|dump|rewrite)\.ts$/);
    }
  }
});

test('ports of more than 32 bits in bulk, in every array that holds them', () => {
  class Wide extends Module {
    readonly p = this.io({ a: input(sint(40)), q: output(sint(40)), u: output(uint(40)) });
    readonly held = this.reg(sint(40), { reset: 0, next: this.p.a });
    constructor() {
      super();
      this.p.q.set(this.held);
      this.p.u.set(this.held.asUInt());
    }
  }
  const given = [1, -5, 2 ** 38, -(2 ** 39), 7];
  const [q, u] = [
    [0, ...given.slice(0, 4)],
    [0, 1, 2 ** 40 - 5, 2 ** 38, 2 ** 39],
  ] as const;
  for (const engine of ['systole', 'js', 'wasm', 'wasm-scalar', 'icarus'] as const) {
    using sim = simulate(Wide, undefined, { engine });
    for (const a of [Float64Array.from(given), BigInt64Array.from(given, BigInt), given.map(BigInt)]) {
      sim.reset();
      const into = { q: new Float64Array(5), u: new BigUint64Array(5) };
      sim.run(5, { a }, into);
      expect([Array.from(into.q), Array.from(into.u)], engine).toEqual([q, u.map(BigInt)]);
    }
    expect(Array.from(sim.peekArray('q', new Float64Array(1)))).toEqual([7]);
  }
});
