// Walks against nested loops.

import { describe, expect, it } from 'vitest';
import { Walker } from '../../../generators/accelerator/walker.ts';
import { simulate } from '../../../sim/index.ts';
import { randomWords } from '../../../sim/random.ts';

interface Dimension {
  readonly count: number;
  readonly strides: readonly number[];
  readonly y: number;
  readonly x: number;
}
interface Box {
  readonly y: number;
  readonly x: number;
  readonly height: number;
  readonly width: number;
}
const WIDTHS = [24, 32];

/** All positions, by loops. */
function positions(dims: readonly Dimension[], bases: readonly number[], box: Box): object[] {
  const found: object[] = [];
  const total = dims.reduce((n, { count }) => n * count, 1);
  for (let n = 0; n < total; n++) {
    let rest = n;
    const at = dims.map(({ count }) => {
      const place = rest % count;
      rest = Math.floor(rest / count);
      return place;
    });
    const sum = (of: (d: Dimension) => number): number => dims.reduce((all, d, i) => all + (at[i] as number) * of(d), 0);
    const [y, x] = [box.y + sum((d) => d.y), box.x + sum((d) => d.x)];
    const inside = (box.height === 0 && box.width === 0) || (y >= 0 && y < box.height && x >= 0 && x < box.width);
    found.push({
      addresses: bases.map((base, a) => Number(BigInt.asUintN(WIDTHS[a] as number, BigInt(base + sum((d) => d.strides[a] as number))))),
      inside: Number(inside),
      first: at.map((_, i) => Number(at.slice(0, i + 1).every((place) => place === 0))),
      last: at.map((_, i) => Number(at.slice(0, i + 1).every((place, j) => place === (dims[j] as Dimension).count - 1))),
    });
  }
  return found;
}

function walk(engine: 'systole' | 'all', seed: number): void {
  const words = randomWords(seed, 'walker');
  const below = (n: number): number => words() % n;
  const around = (n: number): number => below(2 * n + 1) - n;
  using sim = simulate(Walker, { dims: 4, addresses: WIDTHS, box: true }, { engine, seed });
  sim.reset();
  for (let round = 0; round < 6; round++) {
    const dims = Array.from({ length: 4 }, () => ({ count: 1 + below(4), strides: [around(1000), around(2 ** 20)], y: around(3), x: around(3) }));
    const box =
      round % 3 === 2 ? { y: around(4), x: around(4), height: 0, width: 0 } : { y: around(4), x: around(4), height: below(8), width: 1 + below(8) };
    const bases = [below(2 ** 24), below(2 ** 31)];
    sim.poke('clear', 1);
    sim.step();
    sim.poke('clear', 0);
    dims.forEach(({ count, strides, y, x }, i) => {
      for (const [port, value] of Object.entries({ index: i, counts: 1, count, y, x })) sim.poke(`set_${port}`, value);
      strides.forEach((by, a) => {
        sim.poke(`set_strides_${a}_write`, 1);
        sim.poke(`set_strides_${a}_by`, by);
      });
      sim.step();
    });
    sim.poke('set_counts', 0);
    for (const a of [0, 1]) sim.poke(`set_strides_${a}_write`, 0);
    for (const [port, value] of Object.entries({ write: 1, ...box })) sim.poke(`box_${port}`, value);
    sim.step();
    sim.poke('box_write', 0);
    bases.forEach((base, a) => {
      sim.poke(`bases_${a}`, base);
    });
    sim.poke('start', 1);
    sim.step();
    sim.poke('start', 0);
    for (const position of positions(dims, bases, box)) {
      while (below(3) === 0) sim.step();
      expect(sim.value('active')).toBe(1);
      expect({
        addresses: [sim.value('addresses_0'), sim.value('addresses_1')],
        inside: sim.value('inside'),
        first: sim.peek('first'),
        last: sim.peek('last'),
      }).toEqual({
        ...position,
      });
      sim.poke('step', 1);
      sim.step();
      sim.poke('step', 0);
    }
    expect(sim.value('active')).toBe(0);
  }
}

describe('Walker', () => {
  it.each([1, 2, 3])('visits what nested loops visit, in their order (seed %i)', (seed) => walk('systole', seed));
  it('does so on all engines', () => walk('all', 4));
});
