// Arbiters against a model of the policy, with random stalls at every port.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { elaborate, Module, sint, uint } from '../../hdl/index.ts';
import { arbitrate, connectStream, consumer, type Policy, producer, StreamArbiter } from '../../hdl/std/index.ts';
import { Bench, type Cycle, Random } from './bench.ts';

const payload = { data: uint(8), offset: sint(4) };
interface Arbiter {
  readonly inputs: number;
  readonly policy: Policy;
  readonly lock: boolean;
}

/** Grants as the contract says; inputs hold their beats until taken. */
function against(
  { inputs, policy, lock }: Arbiter,
  { seed, inRate, outRate }: { seed: number; inRate: number; outRate: number },
  cycles = 150,
): Bench {
  const random = new Random(seed);
  const bench = new Bench(elaborate(StreamArbiter, { payload, inputs, policy, lock }));
  const waiting: ({ data: bigint; offset: bigint } | undefined)[] = Array(inputs).fill(undefined);
  let last = -1;
  let locked: number | undefined;
  const moved = Array<number>(inputs).fill(0);
  const waits = Array<number>(inputs).fill(0);
  for (let t = 0; t < cycles; t++) {
    waiting.forEach((w, i) => {
      if (!w && random.chance(inRate)) waiting[i] = { data: random.bits(8), offset: BigInt.asIntN(4, random.bits(4)) };
    });
    const ready = random.chance(outRate);
    const order = Array.from({ length: inputs }, (_, i) => (policy === 'priority' ? i : (last + 1 + i) % inputs));
    const choice = locked ?? order.find((i) => waiting[i]);
    const out = bench.cycle({
      in_valid: waiting.map((w) => (w ? 1n : 0n)),
      in_data: waiting.map((w) => w?.data ?? 0n),
      in_offset: waiting.map((w) => w?.offset ?? 0n),
      out_ready: ready ? 1n : 0n,
    } as Cycle);
    const want =
      choice === undefined
        ? { out_valid: 0n, out_data: 0n, out_offset: 0n, chosen: 0n }
        : { out_valid: 1n, out_data: waiting[choice]?.data, out_offset: waiting[choice]?.offset, chosen: BigInt(choice) };
    expect(out, `cycle ${t}`).toMatchObject({ ...want, in_ready: waiting.map((_, i) => (ready && i === choice ? 1n : 0n)) });
    locked = lock && choice !== undefined && !ready ? choice : undefined;
    if (choice !== undefined && ready) {
      last = choice;
      waiting.forEach((w, i) => {
        waits[i] = w && i !== choice ? (waits[i] as number) + 1 : 0;
      });
      if (policy === 'roundRobin') expect(Math.max(...waits)).toBeLessThan(inputs + (lock ? 1 : 0));
      waiting[choice] = undefined;
      moved[choice] = (moved[choice] as number) + 1;
    }
  }
  if (inRate === 1 && outRate === 1 && policy === 'roundRobin') expect(Math.max(...moved) - Math.min(...moved)).toBeLessThanOrEqual(1);
  if (inRate === 1 && outRate === 1) expect(moved.reduce((a, b) => a + b)).toBe(cycles);
  return bench;
}

const CASES: Arbiter[] = [1, 2, 3, 4, 7].flatMap((inputs) =>
  (['priority', 'roundRobin'] as const).flatMap((policy) => [true, false].map((lock) => ({ inputs, policy, lock }))),
);

describe.each(CASES)('$policy of $inputs, lock $lock', (arbiter) => {
  test('grants as the model', () => {
    const rates = fc.record({ seed: fc.nat(), inRate: fc.constantFrom(0.1, 0.5, 1), outRate: fc.constantFrom(0.2, 0.7, 1) });
    fc.assert(
      fc.property(rates, (r) => {
        against(arbiter, r);
      }),
      { numRuns: 8 },
    );
    against(arbiter, { seed: 3, inRate: 1, outRate: 1 });
  });
  test('on Icarus', () => {
    against(arbiter, { seed: 4, inRate: 0.5, outRate: 0.6 }).replay();
  });
});

test('arbitrate() connects streams', () => {
  class Merge extends Module {
    readonly p = this.io({ a: consumer(payload), b: consumer(payload), out: producer(payload) });
    constructor() {
      super();
      const merged = arbitrate([this.p.a, this.p.b], { policy: 'roundRobin' });
      merged.out.offset.neg().named('typed');
      connectStream(this.p.out, merged.out);
    }
  }
  const bench = new Bench(elaborate(Merge));
  const both = { a_valid: 1n, a_data: 1n, a_offset: -1n, b_valid: 1n, b_data: 2n, b_offset: -2n, out_ready: 1n };
  expect(
    [bench.cycle(both), bench.cycle(both), bench.cycle(both)].map(({ out_data, out_offset, a_ready }) => [out_data, out_offset, a_ready]),
  ).toEqual([
    [1n, -1n, 1n],
    [2n, -2n, 0n],
    [1n, -1n, 1n],
  ]);
  bench.replay();
});
