// Paths of handles: what the simulator takes, what waveforms and messages show.

import { expect, it } from 'vitest';
import { assert, type Design, elaborate, input, Module, output, pathOf, pathsOf, sint, uint, vec } from '../../hdl/index.ts';
import { simulateDesign } from '../../sim/index.ts';

/** The objects that were constructed last. */
const made: { pe?: Pe; row?: Row; top?: Top } = {};

class Pe extends Module {
  readonly p = this.io({ a: input(uint(8)), q: output(uint(8)) });
  readonly acc = this.reg(uint(8), { reset: 0 });
  readonly history = this.reg(vec(uint(8), 3), { reset: 0 });
  readonly oldest = this.history.at(2);
  constructor() {
    super();
    made.pe = this;
    this.acc.set(this.acc.addw(this.p.a));
    this.oldest.set(this.acc);
    this.p.q.set(this.acc);
    assert(this.acc.ne(6), 'never six');
  }
}
class Row extends Module {
  readonly p = this.io({ a: input(uint(8)), q: output(uint(8)) });
  readonly pes = this.mesh(Pe, [2, 3]);
  readonly words = this.memory(uint(8), 4);
  constructor() {
    super();
    made.row = this;
    this.pes.broadcast('a', this.p.a);
    this.words.write(this.p.a.bits(1, 0), this.p.a);
    this.p.q.set(this.pes.collect('q').at(1).at(2));
  }
}
class Top extends Module {
  readonly p = this.io({ a: input(uint(8)), q: output(uint(8)), r: output(uint(8)) });
  readonly unit = this.inst(Row);
  readonly stages = [this.inst(Other), this.inst(Other)];
  constructor() {
    super();
    made.top = this;
    this.unit.a.set(this.p.a);
    this.p.q.set(this.unit.q);
    let last = this.p.a.trunc(4).asSInt();
    for (let i = 0; i < 2; i++) {
      // Two of one name.
      const stage = this.inst(Other);
      stage.x.set(last);
      last = stage.y;
    }
    for (const s of this.stages) s.x.set(last);
    this.p.r.set((this.stages[0]?.y ?? last).extend(8).asUInt());
  }
}
class Other extends Module {
  readonly p = this.io({ x: input(sint(4)), y: output(sint(4)) });
  constructor() {
    super();
    this.p.y.set(this.reg(sint(4), { reset: 1, next: this.p.x }).named('kept'));
  }
}

const build = (): [Design, Required<typeof made>] => [elaborate(Top, undefined, { name: 'top' }), made as Required<typeof made>];

it('of registers, elements, ports, pins, instances, meshes, memories and modules', () => {
  const [design, { pe, row, top }] = build();
  expect(pathOf(design, pe.acc, 1, 2)).toBe('top.unit.pes[1][2].acc');
  expect(pathOf(design, pe.acc)).toBe('top.unit.pes.acc');
  expect(pathOf(design, pe.history, 0, 1, 2)).toBe('top.unit.pes[0][1].history[2]');
  expect(pathOf(design, pe.oldest, 0)).toBe('top.unit.pes[0].history[2]');
  expect(pathOf(design, pe.p.q, 1, 0)).toBe('top.unit.pes[1][0].q');
  expect(pathOf(design, pe, 1, 0)).toBe('top.unit.pes[1][0]');
  expect(pathOf(design, row.pes)).toBe('top.unit.pes');
  expect(pathOf(design, row.words)).toBe('top.unit.words');
  expect(pathOf(design, top.unit)).toBe('top.unit');
  expect(pathOf(design, top.unit.q)).toBe('top.unit.q');
  expect(pathOf(design, top)).toBe('top');
  expect(pathOf(design, design.top)).toBe('top');
  expect(pathOf(design, design.top.instances[3] as object)).toBe('top.stage');
  expect(pathOf(design, design.top.instances[4] as object)).toBe('top.stage_1');
});

it('of a module that stands in several places', () => {
  const [design] = build();
  const kept = design.definitions.find((d) => d.name === 'other')?.signals.find((s) => s.name === 'kept') as object;
  const paths = ['top.stages_0.kept', 'top.stages_1.kept', 'top.stage.kept', 'top.stage_1.kept'];
  expect(pathsOf(design, kept).sort()).toEqual(paths.sort());
  expect(() => pathOf(design, kept)).toThrow(/^HDL-O002: a path was asked for what stands in 4 places: top\.\w+\.kept, .*, …\n/);
});

it('are what the simulator takes, with and without the top, and what it shows', () => {
  const [design, { pe }] = build();
  const sim = simulateDesign(design);
  sim.reset();
  sim.poke('a', 3);
  sim.step();
  for (const path of pathsOf(design, pe.acc)) expect(sim.peek(path)).toEqual([3, 3, 3, 3, 3, 3]);
  expect(sim.peek(pathOf(design, pe.acc, 1, 2))).toBe(3);
  expect(sim.peek('unit.pes[1][2].acc')).toBe(3);
  // Three cycles behind the input, one behind the other.
  expect([sim.peek('top.stage.kept'), sim.peek('stage_1.kept'), sim.peek('stages_1.kept')]).toEqual([3, 1, 1]);
  expect(sim.signals()).toContain('stage_1.kept');
  expect(() => sim.peek('top.unit.absent')).toThrow(/^SIM-E001: no signal `absent` in unit/);
  sim.step();
  expect(() => sim.step()).toThrow(/fails in `unit\.pes\[0\]\[0\]`/);
  sim.close();
});
