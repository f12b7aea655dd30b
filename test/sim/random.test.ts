// Random modules against the slow evaluator: every signal in every cycle.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { elaborate } from '../../hdl/index.ts';
import { simulateDesign } from '../../sim/index.ts';
import { RandomModule, type Step } from './random-module.ts';
import { flatten, Reference, wrap } from './reference.ts';

const step: fc.Arbitrary<Step> = fc.tuple(fc.nat(18), fc.nat(200), fc.nat(200), fc.nat(200));

function check(steps: readonly Step[], seed: number): void {
  const design = elaborate(RandomModule, { steps });
  const sim = simulateDesign(design);
  const reference = new Reference(design.top);
  let state = seed;
  const random = (): bigint => {
    let value = 0n;
    for (let i = 0; i < 3; i++) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      value = (value << 32n) | BigInt(state ^ (state >>> 15));
    }
    return state % 7 === 0 ? -1n : state % 11 === 0 ? 0n : value >> BigInt(state % 60);
  };
  const inputs = design.top.signals.filter((s) => s.role === 'input' && s.type.kind !== 'clock');
  const names = sim.signals();
  for (let cycle = 0; cycle < 8; cycle++) {
    for (const s of inputs) {
      const n = s.dims.reduce((product, d) => product * d, 1);
      const values = Array.from({ length: n }, () => (s.type.kind === 'reset' ? BigInt(cycle === 0 || cycle === 5) : wrap(random(), s.type)));
      sim.poke(s.name, s.dims.length > 0 ? values : (values[0] as bigint));
      const shape = (dims: readonly number[]): never =>
        (dims.length === 0 ? values.shift() : Array.from({ length: dims[0] as number }, () => shape(dims.slice(1)))) as never;
      reference.env.set(s, shape(s.dims));
    }
    reference.settle();
    for (const name of names) {
      const s = design.top.signals.find((x) => x.name === name);
      if (!s || (cycle === 0 && s.type.kind === 'clock')) continue;
      if (cycle === 0) continue; // Before the first edge registers hold their reset values here and zero there.
      expect([sim.peek(name)].flat().map(BigInt), `${name} in cycle ${cycle}`).toEqual(flatten(reference.env.get(s) as never));
    }
    sim.step();
    reference.edge();
  }
  sim.close();
}

test('random modules', () => {
  fc.assert(fc.property(fc.array(step, { minLength: 5, maxLength: 60 }), fc.nat(), check), {
    numRuns: Number(process.env['RANDOM_RUNS'] ?? 150),
    endOnFailure: false,
  });
}, 600_000);
