// What a recording says is what somebody who looks in each cycle of an untraced run sees, on each engine that runs cycles again.

import { describe, expect, test } from 'vitest';
import { cover, type Design, ExternalModule, elaborate, input, Module, output, uint, when } from '../../hdl/index.ts';
import type { Engine } from '../../sim/engine.ts';
import { type Simulation, simulate, simulateDesign } from '../../sim/index.ts';
import { JsEngine } from '../../sim/js-engine.ts';
import { lowered } from '../../sim/lower.ts';
import { Simulation as PlainSimulation } from '../../sim/simulation.ts';
import { TieredEngine } from '../../sim/tiered-engine.ts';
import { WasmEngine } from '../../sim/wasm-engine.ts';
import { BelowFive } from '../support/below-five.ts';
import { designOf, KINDS, level, PORTS, type Port, STEPS } from '../support/every-reset.ts';
import { EveryState, pokeAll } from './every-state.ts';
import { randomness } from './wasm-support.ts';

const engines: { readonly [name: string]: (design: Design) => Engine } = {
  js: (design) => new JsEngine(lowered(design), 5),
  wasm: (design) => new WasmEngine(lowered(design), 5),
  'wasm-scalar': (design) => new WasmEngine(lowered(design), 5, { lanes: false }),
  'a move between engines': (design) => new TieredEngine(lowered(design), 5, 17),
};

/** All elements of all signals but clocks, in each cycle. */
class Looks {
  readonly #sim: Simulation;
  readonly names: string[];
  readonly cycles: number[] = [];
  readonly columns: (number | bigint)[][] = [];
  constructor(sim: Simulation) {
    this.#sim = sim;
    this.names = sim.signals().filter((name) => sim.typeOf(name).kind !== 'clock');
  }
  look(): void {
    this.cycles.push(this.#sim.cycle);
    this.columns.push(this.names.flatMap((name) => [this.#sim.peek(name)].flat()));
  }
}

function expectSame(recorded: Simulation, looks: Looks): void {
  looks.look();
  const { cycles, signals } = recorded.recorded();
  expect(cycles).toEqual(looks.cycles);
  looks.columns.forEach((column, c) => {
    expect(
      signals.map((s) => s.values[c]),
      `cycle ${looks.cycles[c]}`,
    ).toEqual(column);
  });
}

describe.each(Object.keys(engines))('%s', (name) => {
  const make = engines[name] as (design: Design) => Engine;
  const pair = (design: Design): readonly [Simulation, Simulation, Looks] => {
    const [recorded, untraced] = [new PlainSimulation(make(design)), new PlainSimulation(make(design))];
    const looks = new Looks(untraced);
    recorded.record(looks.names);
    return [recorded, untraced, looks];
  };

  test('memories, delays, arrays and wide values; snapshots, and traces in between', () => {
    const design = elaborate(EveryState);
    const [recorded, untraced, looks] = pair(design);
    const random = randomness(3);
    const steps = (n: number): void => {
      for (let t = 0; t < n; t++) {
        pokeAll([recorded, untraced], design, t + 2, random);
        recorded.step(2);
        for (let i = 0; i < 2; i++) {
          looks.look();
          untraced.step();
        }
      }
    };
    steps(6);
    const marks = [recorded, untraced].map((sim) => sim.snapshot());
    steps(8);
    recorded.recorded();
    steps(3);
    [recorded, untraced].forEach((sim, i) => sim.restore(marks[i] as (typeof marks)[number]));
    steps(5);
    expectSame(recorded, looks);
    const again = recorded.recorded();
    expect(again).toEqual(recorded.recorded());
  });

  test('more cycles than between two checkpoints, and streams', () => {
    const design = elaborate(EveryState);
    const [recorded, untraced, looks] = pair(design);
    const random = randomness(9);
    pokeAll([recorded, untraced], design, 9, random);
    recorded.step(2345);
    const on = Uint8Array.from({ length: 40 }, () => random.word() & 1);
    const at = Uint8Array.from(on, () => random.word() & 7);
    recorded.run(40, { on, at }, { word: new Array<bigint>(40).fill(0n) });
    for (let t = 0; t < 2345; t++) {
      looks.look();
      untraced.step();
    }
    on.forEach((value, t) => {
      untraced.poke('on', value);
      untraced.poke('at', at[t] as number);
      looks.look();
      untraced.step();
    });
    on.fill(0);
    expectSame(recorded, looks);
  });

  test.each(KINDS)('two clocks and resets of the kind $name', (kind) => {
    const [recorded, untraced, looks] = pair(designOf(kind));
    for (const { edges, values } of STEPS) {
      for (const sim of [recorded, untraced])
        for (const port of Object.keys(PORTS) as Port[]) {
          if (port === 'rstA' || port === 'rstB') sim.poke(port === 'rstB' ? 'rstB' : 'areset', level(kind, values[port]));
          else sim.poke(port, values[port]);
        }
      if (edges === 0) continue;
      looks.look();
      for (const sim of [recorded, untraced]) sim.step(1, edges === 3 ? ['clk', 'clkB'] : edges === 1 ? 'clk' : 'clkB');
    }
    expectSame(recorded, looks);
  });
});

/** Counts how often it is asked, which a run again must not add to. */
const asked = { outputs: 0, edges: 0 };
class Doubler extends ExternalModule {
  readonly p = this.io({ x: input(uint(8)), y: output(uint(8)) });
  readonly verilog = { name: 'doubler', files: [], clock: 'CLK' };
  override model() {
    return {
      state: () => 0,
      outputs: ({ x }: { readonly x: number }, state: number) => {
        asked.outputs++;
        return { y: (2 * x + state) & 255 };
      },
      edge: (_: unknown, state: number) => {
        asked.edges++;
        return state + 1;
      },
    };
  }
}
class Around extends Module {
  readonly p = this.io({ x: input(uint(8)), sum: output(uint(8)) });
  readonly doubler = this.inst(Doubler);
  readonly total = this.reg(uint(8), { reset: 0 });
  constructor() {
    super();
    const { p, doubler, total } = this;
    doubler.x.set(p.x);
    total.set(total.addw(doubler.y));
    p.sum.set(total);
    when(total.eq(0), () => cover(p.x.ne(0), 'starts'));
  }
}

test('neither models of external modules nor covers count when cycles run again', () => {
  const sims = (['js', 'wasm'] as const).map((engine) => simulate(Around, undefined, { engine, trace: ['x', 'doubler.y', 'total'] }));
  for (const sim of sims) {
    sim.reset();
    for (const x of [1, 2, 2, 7]) {
      sim.poke('x', x);
      sim.step();
    }
    const before = { ...asked };
    const counts = sim.coverage().map((c) => c.count);
    const values = sim.recorded().signals.map((s) => [...s.values]);
    expect(values).toEqual([
      [0, 1, 2, 2, 7, 7],
      [0, 3, 6, 7, 18, 19],
      [0, 0, 3, 9, 16, 34],
    ]);
    expect(counts).toEqual([1]);
    expect(sim.coverage().map((c) => c.count)).toEqual(counts);
    // The present is settled once more.
    expect(asked.edges).toBe(before.edges);
    expect(asked.outputs - before.outputs).toBeLessThanOrEqual(2);
  }
});

test('what a failing step did is in the trace', () => {
  const sim = simulateDesign(elaborate(BelowFive), { trace: true, engine: 'js' });
  sim.reset();
  expect(() => sim.step(100)).toThrow(/SIM-E011: assertion "below five"/);
  expect(sim.recorded().cycles).toEqual([0, 1, 2, 3, 4, 5, 6]);
  expect(sim.recorded().signals.find((s) => s.name === 'n')?.values).toEqual([0, 0, 1, 2, 3, 4, 5]);
});
