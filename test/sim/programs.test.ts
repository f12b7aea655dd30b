// Programs that simulations of equal designs share: the same values as with programs of their own, and never those of another design.

import { expect, test } from 'vitest';
import { elaborateMatrixUnit } from '../../generators/matrix-unit.ts';
import { type Design, elaborate, input, Module, output, uint } from '../../hdl/index.ts';
import { type Simulation, simulateDesign } from '../../sim/index.ts';
import { lowered } from '../../sim/lower.ts';
import { compiledOnce } from '../../sim/programs.ts';
import { all, EveryState, pokeAll } from './every-state.ts';
import { compareEngines, randomness } from './wasm-support.ts';

class Add extends Module<{ readonly amount: number; readonly width: number }> {
  readonly p = this.io({ x: input(uint(8)), y: output(uint(8)) });
  readonly held = this.reg(uint(this.cfg.width));
  constructor(cfg: { readonly amount: number; readonly width: number }) {
    super(cfg);
    this.held.set(this.p.x.extend(16).trunc(cfg.width));
    this.p.y.set(this.held.extend(16).trunc(8).addw(cfg.amount));
  }
}

/** The program of a layout; `what` is new in each test, so that nothing else has made one. */
function program(design: Design, what: string): { readonly size: number } {
  return compiledOnce(lowered(design), what, () => ({ size: 1 }));
}

test('equal designs share, others do not', () => {
  const first = program(elaborate(Add, { amount: 1, width: 8 }), 'sharing');
  expect(program(elaborate(Add, { amount: 1, width: 8 }), 'sharing')).toBe(first);
  expect(program(elaborate(Add, { amount: 2, width: 8 }), 'sharing')).not.toBe(first);
  expect(program(elaborate(Add, { amount: 1, width: 9 }), 'sharing')).not.toBe(first);
  expect(program(elaborate(Add, { amount: 1, width: 8 }), 'another compiler')).not.toBe(first);
});

test('what is very large is not kept, and of the rest what was used last', () => {
  const layout = lowered(elaborate(Add, { amount: 3, width: 8 }));
  const large = compiledOnce(layout, 'large', () => ({ size: 2 ** 24 }));
  expect(compiledOnce(layout, 'large', () => ({ size: 2 ** 24 }))).not.toBe(large);
  const [used, left] = ['used', 'left'].map((what) => compiledOnce(layout, what, () => ({ size: 1 })));
  for (let i = 0; i < 100; i++) {
    compiledOnce(layout, `filler ${i}`, () => ({ size: 1 }));
    compiledOnce(layout, 'used', () => ({ size: 1 }));
  }
  expect(compiledOnce(layout, 'used', () => ({ size: 1 }))).toBe(used);
  expect(compiledOnce(layout, 'left', () => ({ size: 1 }))).not.toBe(left);
});

test('the digest of a definition is that of its text when all is elaborated', () => {
  for (const make of [() => elaborate(EveryState), () => elaborateMatrixUnit({ rows: 3, cols: 4, dataflow: 'ws+os' })]) {
    const [a, b] = [make(), make()];
    expect(lowered(a).digest).toBe(lowered(b).digest);
    // Without what elaboration remembered.
    const bare = new Map(b.definitions.map((d) => [d, { ...d }]));
    for (const d of bare.values()) {
      d.instances = d.instances.map((i) => ({ ...i, definition: bare.get(i.definition) as typeof d }));
      d.meshes = d.meshes.map((m) => ({ ...m, definition: bare.get(m.definition) as typeof d }));
    }
    const copied = { top: bare.get(b.top) as (typeof b)['top'], definitions: [...bare.values()] };
    expect(lowered(copied).digest).toBe(lowered(a).digest);
  }
});

test.each(['js', 'wasm', 'wasm-scalar'] as const)('%s: simulations that share a program do not disturb each other', (engine) => {
  const make = (seed: number): Simulation => simulateDesign(elaborate(EveryState), { engine, seed });
  // Each alone, then both at once, cycle by cycle.
  const run = (sims: readonly Simulation[]): unknown[][] => {
    const randoms = sims.map((sim) => randomness(sim.seed));
    return Array.from({ length: 25 }, (_, cycle) =>
      sims.map((sim, i) => {
        pokeAll([sim], elaborated, cycle, randoms[i] as ReturnType<typeof randomness>);
        const seen = all(sim);
        sim.step();
        return seen;
      }),
    );
  };
  const elaborated = elaborate(EveryState);
  const [one, two] = [run([make(3)]), run([make(4)])];
  expect(run([make(3), make(4)])).toEqual(one.map((row, i) => [row[0], two[i]?.[0]]));
});

test.each(['wasm', 'wasm-scalar', 'systole'] as const)('%s goes on from a program that another simulation used', (engine) => {
  for (const dataflow of ['ws', 'os'] as const) {
    const unit = { rows: 3, cols: 6, dataflow };
    simulateDesign(elaborateMatrixUnit(unit), { engine }).step(20);
    compareEngines(elaborateMatrixUnit(unit), engine, 60, 7, 2);
  }
});
