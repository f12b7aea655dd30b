// Counts of set lanes against a count bit by bit: all values of few lanes, and of many lanes one, none, all, and at random.

import { expect, it } from 'vitest';
import { laneCount } from '../../../generators/pe/lane-count.ts';
import { counterType, elaborate, input, Module, output, uint } from '../../../hdl/index.ts';
import { simulateDesign } from '../../../sim/index.ts';
import { Rng } from '../../support/random.ts';

class Counter extends Module<number> {
  readonly p = this.io({ lanes: input(uint(this.cfg)), count: output(counterType(this.cfg)) });
  constructor(cfg: number) {
    super(cfg);
    this.p.count.set(laneCount(this.p.lanes));
  }
}

const setBits = (value: bigint): number => [...value.toString(2)].filter((digit) => digit === '1').length;

function valuesOf(lanes: number): bigint[] {
  if (lanes <= 8) return Array.from({ length: 2 ** lanes }, (_, i) => BigInt(i));
  const rng = new Rng(lanes);
  const single = Array.from({ length: lanes }, (_, i) => 1n << BigInt(i));
  const all = (1n << BigInt(lanes)) - 1n;
  const random = Array.from({ length: 100 }, () => single.reduce((value, bit) => (rng.below(2) === 1 ? value | bit : value), 0n));
  return [0n, all, ...single, ...single.map((bit) => all ^ bit), ...random];
}

it.each([...Array.from({ length: 34 }, (_, i) => i + 1), 62, 63, 64, 100, 256])('%i lanes', (lanes) => {
  const simulation = simulateDesign(elaborate(Counter, lanes));
  const values = valuesOf(lanes);
  const counts = values.map((value) => {
    simulation.poke('lanes', value);
    return Number(simulation.peek('count'));
  });
  simulation.close();
  expect(counts).toEqual(values.map(setBits));
});
