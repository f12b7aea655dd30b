// Two engines side by side on one design: every signal in every cycle.

import { expect } from 'vitest';
import type { Design } from '../../hdl/index.ts';
import { type EngineName, type Simulation, simulateDesign } from '../../sim/index.ts';

/** Random words; a chance in `n` by `chance(n)`. */
export function randomness(seed: number): { word(): number; chance(n: number): boolean } {
  let state = seed | 1;
  const word = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
  return { word, chance: (n) => word() % n === 0 };
}

/** Compares an engine with the JavaScript engine under random inputs; bools are mostly true, so that pipelines move and stall. */
export function compareEngines(
  design: Design,
  engine: EngineName | ((design: Design, seed: number) => Simulation),
  cycles: number,
  seed: number,
  every = 1,
  from = 0,
): void {
  const reference = simulateDesign(design, { engine: 'js', seed });
  const tested = typeof engine === 'string' ? simulateDesign(design, { engine, seed }) : engine(design, seed);
  const random = randomness(seed);
  const inputs = design.top.signals.filter((s) => s.role === 'input' && s.type.kind !== 'clock');
  const names = reference.signals();
  for (let cycle = 0; cycle < cycles; cycle++) {
    for (const { name, type, dims } of inputs) {
      const n = dims.reduce((product, d) => product * d, 1);
      const values = Array.from({ length: n }, (): bigint => {
        if (type.kind === 'reset') return BigInt(cycle < 2 || random.chance(60));
        if (type.kind === 'bool') return BigInt(!random.chance(5));
        let bits = 0n;
        for (let at = 0; at < type.width; at += 32) bits = (bits << 32n) | BigInt(random.word());
        return type.kind === 'sint' ? BigInt.asIntN(type.width, bits) : BigInt.asUintN(type.width, bits);
      });
      for (const sim of [reference, tested]) sim.poke(name, dims.length > 0 ? values : (values[0] as bigint));
    }
    if (cycle >= from && cycle % every === 0)
      for (const name of names) expect([tested.peek(name)].flat(), `${name} in cycle ${cycle}`).toEqual([reference.peek(name)].flat());
    reference.step();
    tested.step();
  }
}
