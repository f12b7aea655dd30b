// FIFO, skid buffer and pipeline stage against one queue: each is a queue of some depth that passes ready or data at once, or not.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bool, type Design, elaborate, sint, uint } from '../../hdl/index.ts';
import { Fifo, PipelineStage, SkidBuffer } from '../../hdl/std/index.ts';
import { simulateDesign } from '../../sim/index.ts';
import { Bench, Random } from './bench.ts';
import { type Beat, Driver, run, Taker } from './stream-bench.ts';

const payload = { data: uint(8), last: bool, offset: sint(5) };
const fields = Object.keys(payload);
interface Queue {
  readonly depth: number;
  readonly pipe: boolean;
  readonly flow: boolean;
  readonly count: boolean;
}
interface Rates {
  readonly seed: number;
  readonly inRate: number;
  readonly outRate: number;
  readonly beats: number;
}

function beats(n: number, random: Random): Beat[] {
  return Array.from({ length: n }, () => ({ data: random.bits(8), last: random.bits(1), offset: BigInt.asIntN(5, random.bits(5)) }));
}

/** Every output in every cycle as the queue says; nothing lost, doubled or out of order. */
function against(
  design: Design,
  { depth, pipe, flow, count }: Queue,
  { seed, inRate, outRate, beats: n }: Rates,
): { readonly bench: Bench; readonly taker: Taker } {
  const random = new Random(seed);
  const bench = new Bench(design);
  const driver = new Driver('in', beats(n, random), inRate);
  const taker = new Taker('out', fields, outRate);
  let held = 0;
  const cycles = n * 4 + 2 * depth + 10;
  run(bench, [driver], [taker], cycles, random, (out, t) => {
    const ready = held < depth || (pipe && taker.ready);
    const valid = held > 0 || (flow && driver.valid);
    expect(out, `cycle ${t}`).toMatchObject({ in_ready: ready ? 1n : 0n, out_valid: valid ? 1n : 0n, ...(count && { count: BigInt(held) }) });
    held += Number(ready && driver.valid) - Number(valid && taker.ready);
  });
  expect(taker.taken).toEqual(driver.sent.slice(0, taker.taken.length));
  expect(driver.sent.length - taker.taken.length).toBe(held);
  return { bench, taker };
}

const CELLS: readonly [string, () => Design, Queue][] = [
  ...[1, 2, 3, 4, 5, 8, 13].flatMap((depth) =>
    [
      [false, false],
      [true, false],
      [false, true],
      [true, true],
    ].map(
      ([pipe = false, flow = false]) =>
        [
          `Fifo ${depth}${pipe ? ' pipe' : ''}${flow ? ' flow' : ''}`,
          () => elaborate(Fifo, { payload, depth, pipe, flow }),
          { depth, pipe, flow, count: true },
        ] as const,
    ),
  ),
  ['SkidBuffer', () => elaborate(SkidBuffer, { payload }), { depth: 2, pipe: false, flow: false, count: false }],
  ['PipelineStage', () => elaborate(PipelineStage, { payload }), { depth: 1, pipe: true, flow: false, count: false }],
].map((cell) => cell as unknown as [string, () => Design, Queue]);

describe.each(CELLS)('%s', (_, make, queue) => {
  const design = make();

  test('is the queue, whatever the stalls', () => {
    const rates = fc.record({
      seed: fc.nat(),
      inRate: fc.constantFrom(0.1, 0.5, 0.9, 1),
      outRate: fc.constantFrom(0.1, 0.5, 0.9, 1),
      beats: fc.integer({ min: 1, max: 40 }),
    });
    fc.assert(
      fc.property(rates, (r) => {
        against(design, queue, r);
      }),
      { numRuns: 12 },
    );
  });

  test('throughput and latency', () => {
    const { taker } = against(design, queue, { seed: 1, inRate: 1, outRate: 1, beats: 100 });
    const latency = queue.flow ? 0 : 1;
    const interval = queue.depth === 1 && !queue.pipe && !queue.flow ? 2 : 1;
    expect(taker.times).toEqual(Array.from({ length: 100 }, (__, i) => latency + i * interval));
  });

  test('the printed Verilog is clean and does the same on Icarus', () => {
    against(design, queue, { seed: 7, inRate: 0.6, outRate: 0.5, beats: 60 }).bench.replay();
  });
});

test('a FIFO holds its whole depth', () => {
  const bench = new Bench(elaborate(Fifo, { payload, depth: 6 }));
  run(bench, [new Driver('in', beats(20, new Random(1)), 1)], [new Taker('out', fields, 0)], 20, new Random(1));
  expect(bench.cycle({})).toMatchObject({ count: 6n, in_ready: 0n });
});

test('ready, valid and payload of a skid buffer are registers: inputs do not move them within a cycle', () => {
  const sim = simulateDesign(elaborate(SkidBuffer, { payload }), { seed: 3 });
  sim.reset();
  const random = new Random(5);
  const look = (): unknown[] => ['in_ready', 'out_valid', ...fields.map((field) => `out_${field}`)].map((name) => sim.peek(name));
  for (let t = 0; t < 300; t++) {
    const before = look();
    sim.poke('in_valid', random.chance(0.6));
    sim.poke('out_ready', random.chance(0.5));
    sim.poke('in_data', random.bits(8));
    expect(look()).toEqual(before);
    sim.step();
  }
});
