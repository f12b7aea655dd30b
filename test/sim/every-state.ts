// A design with state of every kind, and random stimulus for any design.

import { bool, type Design, input, Module, output, sint, uint, vec, when } from '../../hdl/index.ts';
import type { Simulation } from '../../sim/simulation.ts';
import type { randomness } from './wasm-support.ts';

/** State of every kind and width: registers with an asynchronous reset, arrays, a memory, delays that differ between lanes and move now and then. */
export class EveryState extends Module {
  readonly p = this.io({
    ...{ x: input(vec(sint(8), 6)), wide: input(uint(100)), middle: input(sint(45)), on: input(bool), at: input(uint(3)) },
    ...{ up: output(vec(sint(8), 6)), down: output(vec(sint(8), 6)), late: output(uint(100)), word: output(uint(45)), sum: output(sint(20)) },
  });
  readonly list = this.reg(vec(uint(45), 8));
  readonly sum = this.reg(sint(20), { reset: -7 });
  readonly words = this.memory(uint(45), 8);

  constructor() {
    super();
    const { p, list, sum, words } = this;
    p.up.set(this.skew(p.x, { first: 0, step: 1 }, { enable: p.on }));
    p.down.set(this.skew(p.x, { first: 7, step: -1 }, { reset: true }));
    p.late.set(this.delay(p.wide, 5, { enable: p.on, reset: true }));
    words.write(p.at, p.middle.asUInt(), { enable: p.on });
    when(p.on, () => list.at(p.at).set(p.middle.asUInt()));
    sum.set(sum.addw(p.x.at(2).extend(20)));
    p.word.set(words.readNow(p.at).xor(list.at(p.at)));
    p.sum.set(sum);
  }
}

/** Random values for all inputs. */
export function pokeAll(sims: readonly Simulation[], design: Design, cycle: number, random: ReturnType<typeof randomness>): void {
  for (const { name, type, dims } of design.top.signals.filter((s) => s.role === 'input' && s.type.kind !== 'clock')) {
    const n = dims.reduce((product, d) => product * d, 1);
    const values = Array.from({ length: n }, (): bigint => {
      if (type.kind === 'reset') return BigInt(cycle < 2 || random.chance(25));
      let bits = 0n;
      for (let at = 0; at < type.width; at += 32) bits = (bits << 32n) | BigInt(random.word());
      return type.kind === 'sint' ? BigInt.asIntN(type.width, bits) : BigInt.asUintN(type.width, bits);
    });
    for (const sim of sims) sim.poke(name, dims.length > 0 ? values : (values[0] as bigint));
  }
}

/** Every signal. */
export function all(sim: Simulation): unknown {
  return sim.signals().map((name) => [name, sim.peek(name)]);
}
