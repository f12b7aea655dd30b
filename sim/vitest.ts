// Matchers for Vitest: `expect.extend(simulationMatchers)`, once in a setup file.
//
// Invariant: a failure names every port that differs, the cycle and the seed that repeats the run.

import type { Simulation } from './simulation.ts';
import type { Pokable, Value } from './values.ts';

/** A value, the elements of an array, or a member of an enumeration by its name. */
export type Expected = Pokable | string;

interface Result {
  readonly pass: boolean;
  readonly message: () => string;
}

function member(sim: Simulation, path: string, name: string): Value {
  const { enumeration } = sim.typeOf(path);
  const code = enumeration?.members.get(name);
  if (code !== undefined) return code;
  const known = enumeration ? `its members are ${[...enumeration.members.keys()].join(', ')}` : 'it is no enumeration';
  throw new TypeError(`\`${path}\` has no value \`${name}\`: ${known}`);
}

export const simulationMatchers = {
  /** Whether signals, by path, have these values now. */
  toHaveOutputs(sim: Simulation, expected: { readonly [path: string]: Expected }): Result {
    const wrong = Object.entries(expected).flatMap(([path, want]) => {
      const wanted = typeof want === 'string' ? [member(sim, path, want)] : typeof want === 'object' ? Array.from(want) : [want];
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
    toHaveOutputs(expected: { readonly [path: string]: Expected }): T;
  }
}
