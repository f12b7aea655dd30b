// Matchers for Vitest: `expect.extend(simulationMatchers)`, once in a setup file.
//
// Invariant: a failure names every port that differs, the cycle and the seed that repeats the run.

import type { Simulation } from './simulation.ts';
import { checkerOf, type Pokable, toCell, type Value } from './values.ts';

interface Result {
  readonly pass: boolean;
  readonly message: () => string;
}

export const simulationMatchers = {
  /** Whether signals, by path, have these values now. */
  toHaveOutputs(sim: Simulation, expected: { readonly [path: string]: Pokable }): Result {
    const wrong = Object.entries(expected).flatMap(([path, want]) => {
      const type = sim.typeOf(path);
      const given: (Value | boolean | string)[] = typeof want === 'object' ? Array.from(want) : [want];
      const wanted = given.map((w) => (typeof w === 'string' ? toCell(path, type, checkerOf(type), w) : w));
      const actual = [sim.peek(path)].flat() as Value[];
      const same = wanted.length === actual.length && wanted.every((w, i) => BigInt(w) === BigInt(actual[i] as Value));
      return same ? [] : [`  ${path}: expected ${sim.shown(path, wanted)}, actual ${sim.shown(path, actual)}`];
    });
    const where = `in cycle ${sim.cycle} (SYSTOLE_SEED=${sim.seed} repeats the run)`;
    return {
      pass: wrong.length === 0,
      message: () =>
        wrong.length === 0 ? `no port differs from ${Object.keys(expected).join(', ')} ${where}` : `outputs differ ${where}:\n${wrong.join('\n')}`,
    };
  },
};

declare module 'vitest' {
  // biome-ignore lint/suspicious/noExplicitAny: as Vitest declares it
  interface Matchers<T = any> {
    toHaveOutputs(expected: { readonly [path: string]: Pokable }): T;
  }
}
