// The default engine moves from JavaScript to WebAssembly: with every kind of state, at any cycle, as if nothing had happened.

import { expect, test } from 'vitest';
import { elaborateMatrixUnit } from '../../generators/matrix-unit.ts';
import { bool, type Design, elaborate, uint } from '../../hdl/index.ts';
import { Fifo } from '../../hdl/std/index.ts';
import { JsEngine } from '../../sim/js-engine.ts';
import { lowered } from '../../sim/lower.ts';
import { Simulation } from '../../sim/simulation.ts';
import { TieredEngine } from '../../sim/tiered-engine.ts';
import { designOf, KINDS, level, PORTS, type Port, STEPS } from '../support/every-reset.ts';
import { all, EveryState, pokeAll } from './every-state.ts';
import { randomness } from './wasm-support.ts';

const designs: { readonly [name: string]: Design } = {
  'state of every kind': elaborate(EveryState),
  'a matrix unit, ws': elaborateMatrixUnit({ rows: 3, cols: 6, dataflow: 'ws' }),
  'a matrix unit, os': elaborateMatrixUnit({ rows: 4, cols: 5, dataflow: 'os' }),
  'a queue': elaborate(Fifo, { payload: { data: uint(8), last: bool }, depth: 5 }),
};

test.each(Object.keys(designs))('%s', (name) => {
  const design = designs[name] as Design;
  for (const after of [0, 1, 7, 23]) {
    const layout = lowered(design);
    const [want, got] = [new Simulation(new JsEngine(layout, 5)), new Simulation(new TieredEngine(layout, 5, after))];
    const random = randomness(after + 3);
    for (let cycle = 0; cycle < 40; cycle++) {
      pokeAll([want, got], design, cycle, random);
      // Now and then nobody looks, so that wires are out of date when the state moves.
      if (cycle % 3 > 0) expect(all(got), `cycle ${cycle}, moved after ${after}`).toEqual(all(want));
      for (const sim of [want, got]) sim.step();
    }
    expect(all(got)).toEqual(all(want));
    expect(got.cycle).toBe(want.cycle);
  }
});

test('two clocks and every kind of reset', () => {
  for (const kind of KINDS) {
    const layout = lowered(designOf(kind));
    const sims = [new JsEngine(layout, 5), new TieredEngine(layout, 5, 0), new TieredEngine(layout, 5, 30)].map((engine) => new Simulation(engine));
    const shown = sims.map((sim) =>
      STEPS.map(({ edges, values }) => {
        for (const port of Object.keys(PORTS) as Port[]) {
          if (port === 'rstA' || port === 'rstB') sim.poke(port === 'rstB' ? 'rstB' : 'areset', level(kind, values[port]));
          else sim.poke(port, values[port]);
        }
        const row = ['qA', 'qB'].map((q) => sim.value(q));
        if (edges > 0) sim.step(1, edges === 3 ? ['clk', 'clkB'] : edges === 1 ? 'clk' : 'clkB');
        return row;
      }),
    );
    expect(shown[1]).toEqual(shown[0]);
    expect(shown[2]).toEqual(shown[0]);
  }
});

test('a snapshot from before the move', () => {
  const design = designs['state of every kind'] as Design;
  const layout = lowered(design);
  const sim = new Simulation(new TieredEngine(layout, 5, 10));
  const random = randomness(1);
  for (let cycle = 0; cycle < 6; cycle++) {
    pokeAll([sim], design, cycle, random);
    sim.step();
  }
  const [early, seen] = [sim.snapshot(), all(sim)];
  sim.step(20);
  const [late, then] = [sim.snapshot(), all(sim)];
  expect(then).not.toEqual(seen);
  sim.restore(early);
  expect([sim.cycle, all(sim)]).toEqual([6, seen]);
  sim.step(20);
  expect(all(sim)).toEqual(then);
  sim.restore(early);
  sim.restore(late);
  expect([sim.cycle, all(sim)]).toEqual([26, then]);
});
