// The WebAssembly engine against the JavaScript engine, with vectors and without.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { elaborateMatrixUnit } from '../../generators/matrix-unit.ts';
import { bool, type Design, elaborate, input, Module, mux, output, sint, uint, vec, when } from '../../hdl/index.ts';
import { simulateDesign } from '../../sim/index.ts';
import { lowered } from '../../sim/lower.ts';
import { Simulation } from '../../sim/simulation.ts';
import { WasmEngine } from '../../sim/wasm-engine.ts';
import { EveryState } from './every-state.ts';
import { RandomModule, type Step } from './random-module.ts';
import { compareEngines, randomness } from './wasm-support.ts';

const ENGINES = ['wasm', 'wasm-scalar'] as const;

describe.each(ENGINES)('%s', (engine) => {
  describe.each(['ws', 'os'] as const)('matrix unit, %s', (dataflow) => {
    // Rows of one vector, of several, with a rest, too short for any; masks wider than 64 bits.
    test.each([
      [1, 1],
      [4, 4],
      [5, 20],
      [16, 16],
      [3, 7],
      [33, 18],
      [70, 6],
    ] as const)('%i×%i with stalls', (rows, cols) => {
      compareEngines(elaborateMatrixUnit({ rows, cols, dataflow }), engine, 160, rows * 100 + cols, 3);
    });
  });

  test('random modules', () => {
    const step: fc.Arbitrary<Step> = fc.tuple(fc.nat(18), fc.nat(200), fc.nat(200), fc.nat(200));
    const property = fc.property(fc.array(step, { minLength: 5, maxLength: 60 }), fc.nat(), (steps, seed) => {
      // From the first edge on: a reset value that is read from a wire is zero in the JavaScript engine before it.
      compareEngines(elaborate(RandomModule, { steps }), engine, 7, seed, 1, 1);
    });
    fc.assert(property, { numRuns: Number(process.env['RANDOM_RUNS'] ?? 60), endOnFailure: false });
  });

  test.each([
    [0, 1],
    [0, -1],
    [1, 0],
    [-1, 0],
  ] as const)('mesh of many operators, links along [%i, %i] and back', (dr, dc) => {
    for (const [rows, cols] of [
      [2, 2],
      [3, 16],
      [17, 5],
      [4, 37],
    ] as const)
      compareEngines(elaborate(Grid, { rows, cols, dr, dc }), engine, 40, 7);
  });

  test('delays of every shape', () => {
    compareEngines(elaborate(Delays), engine, 80, 3);
  });

  test.each([
    [3, 8],
    [4, 8],
    [8, 0],
    [16, 8],
    [20, 5],
    [2, 16],
    [8, 12],
    [3, 40],
  ])('arrays that read each other, in rings too, and elements that read arrays of their own: words of %i × %i bits', (n, bits) => {
    compareEngines(elaborate(Arrays, { n, bits }), engine, 80, 3);
  });

  test('streams give what single steps give', () => {
    const design = elaborateMatrixUnit({ rows: 6, cols: 16, dataflow: 'ws' });
    const [single, batch] = [simulateDesign(design, { engine: 'js' }), simulateDesign(design, { engine })];
    for (const sim of [single, batch]) {
      sim.reset(2);
      sim.poke('out_ready', 1);
    }
    const { word, chance } = randomness(11);
    const cycles = 700;
    const bits = (): Uint8Array => Uint8Array.from({ length: cycles }, () => Number(!chance(4)));
    const inputs = {
      act_valid: bits(),
      weight_valid: bits(),
      act_last: Uint8Array.from({ length: cycles }, () => Number(chance(9))),
      act_data: Int8Array.from({ length: cycles * 6 }, word),
      weight_data: Int8Array.from({ length: cycles * 16 }, word),
    };
    const make = () => ({ out_valid: new Uint8Array(cycles), out_data: new Int32Array(cycles * 16), act_ready: new Array<number>(cycles).fill(0) });
    const [want, got] = [make(), make()];
    single.run(cycles, inputs, want);
    batch.run(cycles, inputs, got);
    expect(got).toEqual(want);
    for (const name of single.signals()) expect(batch.peek(name), name).toEqual(single.peek(name));
    expect(batch.cycle).toBe(single.cycle);
  });

  test('a stream of a wrong length, of a wrong value, to no input', () => {
    const sim = simulateDesign(elaborateMatrixUnit({ rows: 2, cols: 2, dataflow: 'os' }), { engine });
    expect(() => sim.run(3, { act_data: new Int8Array(5) })).toThrow(/SIM-E005.*6 values in 3 cycles, not 5/);
    expect(() => sim.run(1, { act_valid: [2] })).toThrow(/SIM-E004/);
    expect(() => sim.run(1, { out_valid: [1] })).toThrow(/SIM-E003/);
  });

  test('snapshots', () => {
    const sim = simulateDesign(elaborateMatrixUnit({ rows: 4, cols: 8, dataflow: 'os' }), { engine });
    sim.step(5);
    const before = sim.snapshot();
    const names = sim.signals();
    const look = (): unknown => names.map((name) => sim.peek(name));
    const first = look();
    sim.poke('act_valid', 1);
    sim.step(20);
    sim.restore(before);
    expect(look()).toEqual(first);
    expect(sim.cycle).toBe(5);
  });
});

describe('large designs', () => {
  const inParts = (design: Design, seed: number): Simulation => new Simulation(new WasmEngine(lowered(design), seed, { split: 0 }));

  test('in many functions', () => {
    compareEngines(elaborateMatrixUnit({ rows: 5, cols: 20, dataflow: 'ws' }), inParts, 80, 5, 3);
    compareEngines(elaborate(Grid, { rows: 4, cols: 18, dr: 0, dc: 1 }), inParts, 30, 7);
    compareEngines(elaborate(Delays), inParts, 50, 3);
    compareEngines(elaborate(EveryState), inParts, 50, 3);
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(18), fc.nat(200), fc.nat(200), fc.nat(200)), { minLength: 5, maxLength: 60 }), fc.nat(), (steps, seed) => {
        compareEngines(elaborate(RandomModule, { steps }), inParts, 7, seed, 1, 1);
      }),
      { numRuns: 20, endOnFailure: false },
    );
  });

  test('more values than a function has room for', () => {
    compareEngines(elaborate(Wide), 'wasm', 2, 1);
  });
});

/** Each sum of 1024 bits is sixteen words, so that one function would have more than 40,000 of them. */
class Wide extends Module {
  readonly p = this.io({ x: input(uint(1024)), y: output(uint(1024)) });
  readonly state = Array.from({ length: 210 }, () => this.reg(uint(1024)));
  constructor() {
    super();
    this.state.forEach((reg, i) => {
      const before = this.state[(i + 209) % 210] as typeof reg;
      const sum = before.addw(this.p.x);
      reg.set(sum.xor(before).addw(sum).xor(reg).addw(sum.and(reg)).trunc(1024));
    });
    this.p.y.set(this.state[0] as (typeof this.state)[0]);
  }
}

/** An element with every operator that has a vector form, registers guarded in several ways and links in both directions of an axis. */
class Cell extends Module {
  readonly p = this.io({
    ...{ a: input(sint(8)), b: input(uint(5)), back: input(sint(20)), on: input(bool), gain: input(uint(8)), row: input(sint(8)) },
    ...{ aOut: output(sint(8)), bOut: output(uint(5)), backOut: output(sint(20)), wide: output(uint(32)), flag: output(bool) },
  });
  readonly held = this.reg(sint(8));
  readonly small = this.reg(uint(5), { reset: 3 });
  readonly total = this.reg(sint(20), { reset: -7 });
  readonly mixed = this.reg(uint(32));
  readonly seen = this.reg(bool, { reset: false });
  readonly swapped = this.reg(sint(8));

  constructor() {
    super();
    const { p, held, small, total, mixed, seen, swapped } = this;
    const product = p.a.mul(p.row).named('product');
    const less = p.a.lt(p.row).named('less');
    held.set(mux(less, p.a, p.row.subw(p.a)));
    small.set(p.b.addw(small.shr(1).extend(5)));
    total.set(p.back.add(product).trunc(20));
    when(less.and(p.on), () => mixed.set(p.gain.extend(32).addw(mixed))).elsewhen(p.b.orR(), () =>
      mixed.set(mixed.xor(p.gain.mul(p.gain).extend(32)).not()),
    );
    when(p.on, () => {
      seen.set(p.gain.ge(mixed.bits(15, 8)).xor(p.b.xorR()));
      when(p.b.andR().not(), () => swapped.set(held));
    });
    when(seen, () => mixed.bits(7, 4).set(p.gain.bits(3, 0)));
    p.aOut.set(held);
    p.bOut.set(small);
    p.backOut.set(total);
    p.wide.set(mixed.addw(swapped.asUInt().extend(32)));
    p.flag.set(seen.and(less));
  }
}

type GridConfig = { readonly rows: number; readonly cols: number; readonly dr: number; readonly dc: number };
class Grid extends Module<GridConfig> {
  readonly edge = this.cfg.dr === 0 ? this.cfg.rows : this.cfg.cols;
  readonly p = this.io({
    ...{ a: input(vec(sint(8), this.edge)), b: input(vec(uint(5), this.edge)), back: input(vec(sint(20), this.edge)) },
    ...{ on: input(bool), gain: input(vec(uint(8), this.cfg.cols)), row: input(vec(sint(8), this.cfg.rows)) },
    ...{ end: output(vec(sint(8), this.edge)), wide: output(vec(vec(uint(32), this.cfg.cols), this.cfg.rows)) },
    flags: output(vec(vec(bool, this.cfg.cols), this.cfg.rows)),
  });

  constructor(cfg: GridConfig) {
    super(cfg);
    const { p } = this;
    const vector = [cfg.dr, cfg.dc];
    const cells = this.mesh(Cell, [cfg.rows, cfg.cols]);
    cells.shift(vector, { from: 'aOut', to: 'a', enter: p.a, leave: p.end });
    cells.shift(vector, { from: 'bOut', to: 'b', enter: p.b });
    cells.shift(
      vector.map((v) => (v === 0 ? 0 : -v)),
      { from: 'backOut', to: 'back', enter: p.back },
    );
    cells.broadcast('on', p.on);
    cells.feed('gain', [1], p.gain);
    cells.feed('row', [0], p.row);
    p.wide.set(cells.collect('wide') as never);
    p.flags.set(cells.collect('flag') as never);
  }
}

class Delays extends Module {
  readonly p = this.io({
    ...{ x: input(vec(sint(8), 20)), y: input(uint(70)), z: input(bool), on: input(bool) },
    ...{ up: output(vec(sint(8), 20)), down: output(vec(sint(8), 20)), even: output(vec(sint(8), 20)), wide: output(uint(70)), bit: output(bool) },
  });

  constructor() {
    super();
    const { p } = this;
    p.up.set(this.skew(p.x, { first: 0, step: 1 }, { enable: p.on }));
    p.down.set(this.skew(p.x, { first: 19, step: -1 }, { enable: p.on, reset: true }));
    p.even.set(this.delay(p.x, 3));
    p.wide.set(this.delay(p.y, 2, { enable: p.on }));
    p.bit.set(this.delay(p.z, 40, { reset: true }));
  }
}

/** Holds a table, of which it reads two entries into registers. */
class Tabled extends Module {
  readonly p = this.io({ at: input(uint(2)), x: input(uint(8)), on: input(bool), y: output(uint(8)), z: output(vec(uint(8), 2)) });
  readonly entries = this.reg(vec(uint(8), 4));
  readonly y = this.reg(uint(8), { next: this.entries.at(this.p.at) });
  readonly pair = this.reg(vec(uint(8), 2));
  constructor() {
    super();
    const { p, entries } = this;
    this.pair.at(0).set(entries.at(p.at));
    this.pair.at(1).set(this.y);
    when(p.on, () => entries.at(p.at).set(p.x.xor(this.y)));
    p.y.set(this.y);
    p.z.set(this.pair);
  }
}

/** Memories of vectors of `n` behind one another, declared from the last reader to the first and back, addresses beyond them included, and arrays in a ring. */
class Arrays extends Module<{ readonly n: number; readonly bits: number }> {
  readonly word = vec(this.cfg.bits > 0 ? uint(this.cfg.bits) : sint(8), this.cfg.n);
  readonly p = this.io({
    ...{ at: input(uint(3)), to: input(uint(3)), x: input(this.word), mask: input(vec(bool, this.cfg.n)), on: input(bool), byte: input(uint(8)) },
    ...{ first: output(this.word), second: output(this.word), third: output(this.word), swapped: output(vec(this.word, 3)) },
    ...{ ring: output(vec(uint(8), 4)), tables: output(vec(uint(8), 5)), pairs: output(vec(vec(uint(8), 2), 5)), turned: output(vec(uint(8), 4)) },
  });
  readonly ram = this.memory(this.word, 6);
  readonly behind = this.memory(this.word, 6);
  readonly rings = [0, 1, 2].map((i) => this.reg(vec(uint(8), 4)).named(`ring_${i}`));

  constructor(cfg: { readonly n: number; readonly bits: number }) {
    super(cfg);
    const { p, ram, behind, rings } = this;
    ram.write(p.to, p.x, { enable: p.on, mask: p.mask });
    const first = ram.read(p.at, { underWrite: 'old', enable: p.on });
    behind.write(p.to, first, { mask: p.mask });
    p.first.set(first);
    p.second.set(behind.read(p.at, { underWrite: 'old' }));
    p.third.set(ram.read(p.to, { underWrite: 'old' }));
    const [left, right] = [this.reg(vec(this.word, 3)).named('left'), this.reg(vec(this.word, 3)).named('right')];
    left.at(p.to.bits(1, 0)).set(right.at(p.at.bits(1, 0)));
    right.at(p.to.bits(1, 0)).set(left.at(p.at.bits(1, 0)));
    p.swapped.set(left);
    rings.forEach((ring, i) => {
      const from = rings[(i + 1) % 3] as typeof ring;
      for (let k = 0; k < 4; k++) ring.at(k).set(from.at((k + 1) % 4).xor(p.byte));
    });
    p.ring.set(rings[0] as never);
    const tables = this.mesh(Tabled, [5]);
    tables.broadcast('at', p.at.trunc(2));
    tables.broadcast('x', p.byte);
    tables.broadcast('on', p.on);
    p.tables.set(tables.collect('y'));
    p.pairs.set(tables.collect('z') as never);
    const turned = this.reg(vec(uint(8), 4));
    for (let k = 0; k < 4; k++) turned.at(k).set(mux(p.on, turned.at((k + 1) % 4), p.byte));
    p.turned.set(turned);
  }
}
