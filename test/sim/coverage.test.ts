// Coverage: bits that toggle, blocks of statements, points of the user's; the same on every engine.

import { expect, test } from 'vitest';
import { bool, cover, input, Module, output, sint, uint, vec, when } from '../../hdl/index.ts';
import { type EngineName, simulate } from '../../sim/index.ts';

class Part extends Module {
  readonly p = this.io({ up: input(bool), q: output(uint(3)) });
  readonly count = this.reg(uint(3), { reset: 0 });
  constructor() {
    super();
    when(this.p.up, () => this.count.set(this.count.addw(1)));
    this.p.q.set(this.count);
  }
}

class Covered extends Module {
  readonly p = this.io({ up: input(bool), mode: input(uint(2)), d: input(vec(sint(2), 2)), q: output(uint(3)), flag: output(bool) });
  readonly part = this.inst(Part);
  constructor() {
    super();
    const { p, part } = this;
    part.up.set(p.up);
    p.q.set(part.q);
    p.flag.set(false);
    when(p.mode.eq(1), () => {
      p.flag.set(true);
      when(p.up, () => p.flag.set(p.d.at(0).eq(p.d.at(1))));
    })
      .elsewhen(p.mode.eq(2), () => p.q.set(7))
      .otherwise(() => p.flag.set(p.up));
    cover(p.mode.eq(1), 'mode one');
    // Statements need a clock to be counted.
    this.reg(bool, { next: p.up }).named('keep');
  }
}

function run(engine: EngineName) {
  using sim = simulate(Covered, undefined, { engine, coverage: true });
  for (const [up, mode, a] of [
    [1, 0, 0],
    [1, 1, 1],
    [0, 0, -2],
    [1, 0, 1],
    [1, 1, 1],
    [1, 3, 0],
  ] as const) {
    sim.poke('up', up);
    sim.poke('mode', mode);
    sim.poke('d', [a, 0]);
    sim.step();
  }
  return { toggles: sim.toggles(), coverage: sim.coverage() };
}

test('which bits rose and fell, which blocks ran', () => {
  const { toggles, coverage } = run('js');
  const of = (path: string) => toggles.find((t) => t.path === path);
  expect(of('up')).toEqual({ path: 'up', bits: 1, toggled: 1, neverRose: [], neverFell: [] });
  expect(of('mode')).toEqual({ path: 'mode', bits: 2, toggled: 1, neverRose: [], neverFell: ['mode[1]'] });
  expect(of('d')).toEqual({ path: 'd', bits: 4, toggled: 2, neverRose: ['d[1][0]', 'd[1][1]'], neverFell: ['d[1][0]', 'd[1][1]'] });
  // 0 1 2 2 3 4 5: bit 2 rises in the last but one and stays.
  expect(of('part.count')).toEqual({ path: 'part.count', bits: 3, toggled: 2, neverRose: [], neverFell: ['part.count[2]'] });
  // The parent's pin and the child's port are one cell; no name stands twice.
  const paths = toggles.map((t) => t.path);
  expect(paths.filter((path) => path.includes('count') || path.includes('q')).sort()).toEqual(['part.count', 'part.q', 'q']);
  const line = (text: string): number => Number(/:(\d+)$/.exec(text)?.[1]);
  const counts = coverage.map(({ kind, path, count, at }) => [kind, path, count, line(at)]);
  expect(counts.filter(([kind]) => kind === 'point')).toEqual([['point', '', 2, 32]]);
  expect(counts.filter(([kind]) => kind === 'statement')).toEqual([
    ['statement', '', 2, 28],
    ['statement', '', 2, 27],
    ['statement', '', 0, 30],
    ['statement', '', 4, 31],
    ['statement', 'part', 5, 12],
  ]);
});

test('the same on every engine', () => {
  const want = run('js');
  const names = want.toggles.map((t) => t.path);
  for (const engine of ['wasm', 'icarus', 'verilator'] as const) {
    const { toggles, coverage } = run(engine);
    expect(coverage, engine).toEqual(want.coverage);
    expect(names, engine).toEqual(expect.arrayContaining(toggles.map((t) => t.path)));
    expect(want.toggles, engine).toEqual(expect.arrayContaining(toggles));
    expect(toggles.length).toBeGreaterThan(5);
  }
});

test('nothing is counted unless asked', () => {
  const sim = simulate(Covered);
  sim.step(2);
  expect(sim.toggles()).toEqual([]);
  expect(sim.coverage().map((c) => c.kind)).toEqual(['point']);
});
