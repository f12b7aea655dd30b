// Meshes against scalar loops over elements.

import { describe, expect, test } from 'vitest';
import { bool, fill, input, lit, Module, output, sint, uint, vec, when, zeros } from '../../hdl/index.ts';
import { simulate } from '../../sim/index.ts';

function generator(seed: number): (limit: number) => number {
  let x = seed;
  return (limit) => ((x = (Math.imul(x, 1664525) + 1013904223) >>> 0) >>> 4) % limit;
}

class Mac extends Module {
  readonly p = this.io({
    a: input(sint(8)),
    aOut: output(sint(8)),
    load: input(bool),
    w: input(sint(8)),
    wOut: output(sint(8)),
    sum: input(sint(32)),
    sumOut: output(sint(32)),
  });
  readonly weight = this.reg(sint(8), { reset: 0 });
  readonly held = this.reg(sint(8), { next: this.p.a });
  readonly total = this.reg(sint(32), { next: this.p.sum.addw(this.p.a.mul(this.weight)) });

  constructor() {
    super();
    const { p } = this;
    when(p.load, () => this.weight.set(p.w));
    p.aOut.set(this.held);
    p.wOut.set(this.weight);
    p.sumOut.set(this.total);
  }
}

type Size = { readonly rows: number; readonly cols: number };
class Array2 extends Module<Size> {
  readonly p = this.io({
    a: input(vec(sint(8), this.cfg.rows)),
    w: input(vec(sint(8), this.cfg.cols)),
    load: input(vec(bool, this.cfg.rows)),
    sums: output(vec(sint(32), this.cfg.cols)),
    aEnd: output(vec(sint(8), this.cfg.rows)),
    weights: output(vec(vec(sint(8), this.cfg.cols), this.cfg.rows)),
  });
  readonly pe = this.mesh(Mac, [this.cfg.rows, this.cfg.cols]);

  constructor(cfg: Size) {
    super(cfg);
    const { p, pe } = this;
    pe.shift([0, 1], { from: 'aOut', to: 'a', enter: p.a, leave: p.aEnd });
    pe.shift([1, 0], { from: 'wOut', to: 'w', enter: p.w });
    pe.shift([1, 0], { from: 'sumOut', to: 'sum', enter: zeros(vec(sint(32), cfg.cols)), leave: p.sums });
    pe.feed('load', [0], p.load);
    p.weights.set(pe.collect('wOut') as never);
  }
}
class Deep extends Module<Size> {
  readonly p = this.io({
    a: input(vec(sint(8), this.cfg.rows)),
    w: input(vec(sint(8), this.cfg.cols)),
    load: input(vec(bool, this.cfg.rows)),
    sums: output(vec(sint(32), this.cfg.cols)),
  });
  readonly array = this.inst(Array2, this.cfg);
  constructor(cfg: Size) {
    super(cfg);
    const { array, p } = this;
    array.a.set(p.a);
    array.w.set(p.w);
    array.load.set(p.load);
    p.sums.set(array.sums);
  }
}

test.each([
  [1, 1],
  [1, 4],
  [4, 1],
  [3, 5],
  [16, 16],
])('a %i×%i mesh of multiply-accumulate cells', (rows, cols) => {
  const sim = simulate(Deep, { rows, cols });
  const random = generator(rows * 31 + cols);
  const grid = (): Int32Array => new Int32Array(rows * cols);
  const [weight, held, total] = [grid(), grid(), grid()];
  sim.peekArray('array.pe.held', held);
  sim.peekArray('array.pe.total', total);
  const [a, w, load] = [new Int8Array(rows), new Int8Array(cols), new Uint8Array(rows)];
  for (let cycle = 0; cycle < 50; cycle++) {
    for (let r = 0; r < rows; r++) a[r] = random(256);
    for (let c = 0; c < cols; c++) w[c] = random(256);
    for (let r = 0; r < rows; r++) load[r] = random(2);
    sim.pokeArray('a', a);
    sim.pokeArray('w', w);
    sim.pokeArray('load', load);
    sim.expect('sums', total.subarray((rows - 1) * cols));
    sim.expect(
      'array.aEnd',
      Array.from({ length: rows }, (_, r) => held[r * cols + cols - 1] as number),
    );
    sim.expect('array.weights', weight);
    sim.expect('array.pe.weight', weight);
    sim.expect(`array.pe[${rows - 1}][${cols - 1}].total`, total[rows * cols - 1] as number);
    const [oldWeight, oldHeld, oldTotal] = [weight.slice(), held.slice(), total.slice()];
    for (let r = 0; r < rows; r++) {
      for (let c = 0; c < cols; c++) {
        const e = r * cols + c;
        const west = (c === 0 ? a[r] : oldHeld[e - 1]) as number;
        const north = (r === 0 ? 0 : oldTotal[e - cols]) as number;
        if (load[r]) weight[e] = (r === 0 ? w[c] : oldWeight[e - cols]) as number;
        held[e] = west;
        total[e] = north + west * (oldWeight[e] as number);
      }
    }
    sim.step();
  }
});

class Cell extends Module {
  readonly p = this.io({ x: input(uint(8)), y: output(uint(8)) });
  readonly held = this.reg(uint(8), { reset: 0, next: this.p.x });
  constructor() {
    super();
    this.p.y.set(this.held);
  }
}
class Shifts extends Module<{ readonly vector: readonly [number, number] }> {
  static readonly rows = 3;
  static readonly cols = 4;
  readonly edge = this.cfg.vector[0] === 0 ? 3 : 4;
  readonly p = this.io({ x: input(vec(uint(8), this.edge)), end: output(vec(uint(8), this.edge)), all: output(vec(vec(uint(8), 4), 3)) });
  readonly cells = this.mesh(Cell, [3, 4]);
  constructor(cfg: Shifts['cfg']) {
    super(cfg);
    this.cells.shift(cfg.vector, { from: 'y', to: 'x', enter: this.p.x, leave: this.p.end });
    this.p.all.set(this.cells.collect('y') as never);
  }
}

test.each([
  [0, 1],
  [0, -1],
  [1, 0],
  [-1, 0],
] as const)('shifts along [%i, %i]', (dr, dc) => {
  const sim = simulate(Shifts, { vector: [dr, dc] });
  let state = Array.from({ length: 3 }, () => [0, 0, 0, 0]);
  for (let cycle = 1; cycle < 12; cycle++) {
    const x = Array.from({ length: dr === 0 ? 3 : 4 }, (_, i) => cycle * 10 + i);
    sim.poke('x', x);
    sim.expect('all', state.flat());
    sim.expect('end', dr === 0 ? state.map((row) => row[dc > 0 ? 3 : 0] as number) : (state[dr > 0 ? 2 : 0] as number[]));
    state = state.map((row, r) => row.map((_, c) => state[r - dr]?.[c - dc] ?? (x[dr === 0 ? r : c] as number)));
    sim.step();
  }
});

class Line extends Module<{ readonly n: number; readonly step: number }> {
  readonly p = this.io({ x: input(uint(8)), end: output(uint(8)), each: input(vec(uint(8), this.cfg.n)), sums: output(vec(uint(9), this.cfg.n)) });
  readonly cells = this.mesh(Adder, [this.cfg.n]);
  constructor(cfg: Line['cfg']) {
    super(cfg);
    this.cells.shift([cfg.step], { from: 'y', to: 'x', enter: this.p.x, leave: this.p.end });
    this.cells.feed('own', [0], this.p.each);
    this.p.sums.set(this.cells.collect('sum') as never);
  }
}
class Adder extends Module {
  readonly p = this.io({ x: input(uint(8)), own: input(uint(8)), y: output(uint(8)), sum: output(uint(9)) });
  readonly held = this.reg(uint(8), { reset: 0, next: this.p.x });
  constructor() {
    super();
    this.p.y.set(this.held);
    this.p.sum.set(this.held.add(this.p.own));
  }
}

test.each([
  [1, 1],
  [5, 1],
  [5, -1],
])('a line of %i elements shifting by %i', (n, step) => {
  const sim = simulate(Line, { n, step });
  const each = Array.from({ length: n }, (_, i) => i * 50);
  sim.poke('each', each);
  for (let cycle = 1; cycle <= n; cycle++) {
    sim.poke('x', cycle);
    sim.step();
  }
  const held = Array.from({ length: n }, (_, i) => (step > 0 ? n - i : i + 1));
  sim.expect(
    'sums',
    each.map((v, i) => v + (held[i] as number)),
  );
  sim.expect('end', 1);
});

// Combinational paths through shift links, in one and in both directions.
class Ripple extends Module {
  readonly p = this.io({
    west: input(uint(16)),
    east: output(uint(16)),
    north: input(uint(16)),
    south: output(uint(16)),
    gain: input(uint(4)),
    up: input(uint(8)),
    upOut: output(uint(8)),
  });
  constructor() {
    super();
    const { west, east, north, south, gain, up, upOut } = this.p;
    const sum = west.addw(north).addw(gain.extend(16)).named('sum');
    east.set(sum);
    south.set(sum.xor(west));
    upOut.set(up.addw(1));
  }
}
class RippleTop extends Module<Size> {
  readonly p = this.io({
    west: input(vec(uint(16), this.cfg.rows)),
    north: input(vec(uint(16), this.cfg.cols)),
    gain: input(vec(uint(4), this.cfg.cols)),
    east: output(vec(uint(16), this.cfg.rows)),
    south: output(vec(uint(16), this.cfg.cols)),
    up: output(vec(uint(8), this.cfg.cols)),
  });
  readonly r = this.mesh(Ripple, [this.cfg.rows, this.cfg.cols]);
  constructor(cfg: Size) {
    super(cfg);
    const { p, r } = this;
    r.shift([0, 1], { from: 'east', to: 'west', enter: p.west, leave: p.east });
    r.shift([1, 0], { from: 'south', to: 'north', enter: p.north, leave: p.south });
    r.shift([-1, 0], { from: 'upOut', to: 'up', enter: fill(cfg.cols, lit(uint(8), 250)) as never, leave: p.up });
    r.feed('gain', [1], p.gain);
  }
}

describe('combinational paths through a mesh', () => {
  test.each([
    [1, 1],
    [4, 6],
    [12, 12],
  ])('%i×%i', (rows, cols) => {
    const sim = simulate(RippleTop, { rows, cols });
    const random = generator(5);
    for (let round = 0; round < 20; round++) {
      const west = Array.from({ length: rows }, () => random(65536));
      const north = Array.from({ length: cols }, () => random(65536));
      const gain = Array.from({ length: cols }, () => random(16));
      sim.poke('west', west);
      sim.poke('north', north);
      sim.poke('gain', gain);
      const south = [...north];
      const east = west.map((first) => {
        let w = first;
        for (let c = 0; c < cols; c++) {
          const sum = (w + (south[c] as number) + (gain[c] as number)) & 0xffff;
          south[c] = sum ^ w;
          w = sum;
        }
        return w;
      });
      sim.expect('east', east);
      sim.expect('south', south);
      sim.expect(
        'up',
        north.map(() => (250 + rows) & 255),
      );
      sim.step();
    }
  });
});

// A mesh within the elements of a mesh.
class Block extends Module {
  readonly p = this.io({ x: input(vec(uint(8), 2)), y: output(vec(uint(8), 2)), bias: input(uint(8)), last: output(uint(9)) });
  readonly inner = this.mesh(Adder, [2]);
  constructor() {
    super();
    const { p, inner } = this;
    inner.feed('x', [0], p.x);
    inner.broadcast('own', p.bias);
    p.y.set(inner.collect('y') as never);
    p.last.set((inner.collect('sum') as unknown as { at(i: number): never }).at(1));
  }
}
class Nested extends Module {
  readonly p = this.io({ x: input(vec(uint(8), 2)), bias: input(vec(uint(8), 3)), y: output(vec(uint(8), 2)), last: output(vec(uint(9), 3)) });
  readonly blocks = this.mesh(Block, [3]);
  constructor() {
    super();
    const { p, blocks } = this;
    blocks.shift([1], { from: 'y', to: 'x', enter: p.x, leave: p.y });
    blocks.feed('bias', [0], p.bias);
    p.last.set(blocks.collect('last') as never);
  }
}

test('meshes within meshes', () => {
  const sim = simulate(Nested);
  sim.poke('bias', [100, 200, 250]);
  for (const x of [
    [1, 11],
    [2, 12],
    [3, 13],
  ]) {
    sim.poke('x', x);
    sim.step();
  }
  sim.expect('y', [1, 11]);
  sim.expect('last', [113, 212, 261]);
  expect(sim.peek('blocks[1].inner[0].held')).toBe(2);
  expect(sim.peek('blocks.inner.held')).toEqual([3, 13, 2, 12, 1, 11]);
  expect(sim.peek('blocks[2].inner[1].own')).toBe(250);
});

test('a wire that is another wire, read by registers of the element alone', () => {
  class Element extends Module {
    readonly p = this.io({ a: input(bool), q: output(bool) });
    readonly inverted = this.wire(bool);
    readonly copy = this.wire(bool);
    readonly held = this.reg(bool, { reset: false });
    constructor() {
      super();
      this.inverted.set(this.p.a.not());
      this.copy.set(this.inverted);
      this.held.set(this.copy);
      this.p.q.set(this.held);
    }
  }
  class Row extends Module {
    readonly p = this.io({ a: input(vec(bool, 5)), q: output(vec(bool, 5)) });
    constructor() {
      super();
      const row = this.mesh(Element, [5]);
      row.feed('a', [0], this.p.a);
      this.p.q.set(row.collect('q'));
    }
  }
  for (const engine of ['js', 'wasm', 'wasm-scalar'] as const) {
    const sim = simulate(Row, undefined, { engine });
    sim.reset();
    sim.poke('a', [1, 0, 0, 1, 0]);
    sim.step();
    expect(sim.peek('q')).toEqual([0, 1, 1, 0, 1]);
  }
});
