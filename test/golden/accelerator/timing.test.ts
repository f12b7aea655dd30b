// The timing model against RTL: cycles and every performance counter, equal.
//
// Programs of a bench run one after the other on the same hardware and memory; counters go on from one to the next. Time does not depend on data, so that memory holds programs only.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Layer, loweredCycles, lowerLayer } from '../../../compiler/accelerator/index.ts';
import { type AcceleratorConfig, DEFAULT_ACCELERATOR } from '../../../isa/config.ts';
import { encodeProgram, type Instruction } from '../../../isa/index.ts';
import { AcceleratorSystem, runLowered } from '../../../sim/cosim/accelerator-system.ts';
import { type MemoryTiming, programCycles, randomProgram } from '../../../sim/golden/accelerator/index.ts';
import { filter, SMALL_LAYERS, weights } from '../../support/accelerator-layers.ts';
import { op, SMALL, whole } from './programs.ts';

const MEMORY_BYTES = 2 ** 20;
/** Programs begin behind the data of all. */
const PROGRAMS = 2 ** 18;
const MOST_CYCLES = 500_000;
const RUNS = Number(process.env['ACCELERATOR_FUZZ'] ?? 6);

class Bench {
  readonly #config: AcceleratorConfig;
  readonly #options: MemoryTiming;
  readonly #memory = new Uint8Array(MEMORY_BYTES);
  readonly #system: AcceleratorSystem;
  #at = PROGRAMS;
  #before: { readonly [counter: string]: number } = {};

  constructor(config: AcceleratorConfig, options: MemoryTiming) {
    [this.#config, this.#options] = [config, options];
    this.#system = new AcceleratorSystem(config, this.#memory, { engine: 'wasm', ...options });
  }

  /** Both, on a program of its own place; gives the cycles. */
  compare(name: string, program: readonly Instruction[]): number {
    // No two of them stand alike in a page or in a beat.
    const at = this.#at;
    this.#at += 16 * (program.length + 5);
    this.#memory.set(encodeProgram(program, this.#config), at);
    const { done, counters } = this.#system.run(at, program.length, MOST_CYCLES);
    expect(done, name).toBe(true);
    const clears = program.some((instruction) => instruction.name === 'counters');
    const before = clears ? {} : this.#before;
    this.#before = counters;
    const { cycles, counters: model } = programCycles(this.#config, program, { at, ...this.#options });
    const hardware = Object.fromEntries(Object.entries(counters).map(([counter, count]) => [counter, count - (before[counter] ?? 0)]));
    expect(model, name).toEqual(hardware);
    if (!clears) expect(cycles, name).toBe(model.cycles);
    return cycles;
  }

  close(): void {
    this.#system.sim.close();
  }
}

/** Four loops in one another, more instructions than the window holds, control instructions among them. */
function loops(config: AcceleratorConfig): Instruction[] {
  const work = (local: number): Instruction[] => [
    op('ld.move', { memory: 64, local, run: 33 }, [], [0]),
    op('ld.offset', { adds: 1, local: 8 }),
    op('st.move', { memory: 8192, local: local + 16, run: 21 }, [0]),
  ];
  const body = [op('loop', { times: 2, length: 1 }), op('vx.range'), ...work(0), op('mx.offset', { adds: 1, sums: 1 })];
  return whole(config, [
    ...Array.from({ length: 20 }, (_, i) => work(32 * i)).flat(),
    op('interrupt', { code: 1 }),
    op('loop', { times: 3, length: 40 + body.length }),
    ...Array.from({ length: 38 }, () => op('st.dim', { count: 1 })),
    op('loop', { times: 2, length: body.length + 1 }),
    op('loop', { times: 2, length: body.length }),
    ...body,
    op('fence'),
    ...Array.from({ length: 60 }, () => op('ld.dim', { count: 1 })),
  ]);
}

const BASE: AcceleratorConfig = { ...DEFAULT_ACCELERATOR, rows: 4, cols: 4, bus: 64, scratchpad: 8192, sums: 64, burst: 16, queue: 4 };
const BENCHES: readonly (readonly [Partial<AcceleratorConfig>, MemoryTiming])[] = [
  [{}, { latency: 20, bandwidth: 0.4 }],
  [{ bus: 32, banks: 1, outstanding: 1, burst: 1, queue: 1 }, {}],
  [
    { rows: 8, cols: 8, bus: 128, scratchpad: 2 ** 14 },
    { latency: 100, outstanding: 3 },
  ],
  [{ rows: 8, cols: 8, bus: 256, banks: 8, scratchpad: 2 ** 14, outstanding: 4 }, { latency: 7 }],
  [
    { rows: 8, cols: 2, bus: 512, banks: 2, queue: 8 },
    { latency: 33, bandwidth: 0.75, outstanding: 1 },
  ],
];

describe.each(BENCHES)('%j behind %j', (part, options) => {
  const config = { ...BASE, ...part };
  let bench: Bench;
  beforeAll(() => {
    bench = new Bench(config, options);
  });
  afterAll(() => bench.close());

  test('layers', () => {
    for (const [name, layer] of Object.entries(SMALL_LAYERS)) bench.compare(name, lowerLayer(layer, config).program);
  });

  test('random programs of all queues', () => {
    for (let seed = 0; seed < RUNS; seed++) bench.compare(`seed ${seed}`, randomProgram(seed, config).program);
  });

  test('loops', () => {
    expect(bench.compare('loops', loops(config))).toBeGreaterThan(1000);
  });

  test('counters that are cleared', () => {
    const load = op('ld.move', { run: 100 });
    const cycles = bench.compare('cleared', whole(config, [load, op('counters'), load]));
    expect(programCycles(config, whole(config, [load, op('counters'), load]), options).counters.cycles).toBeLessThan(cycles);
  });
});

test('a lowered layer runs in the cycles of the model, and is not compared where the memory stalls at random', () => {
  const lowered = lowerLayer(SMALL_LAYERS['multiply'] as Layer, BASE);
  const tensors = lowered.inputs.map(({ bytes }) => new Int8Array(bytes));
  const run = (stall: number) => runLowered(lowered, tensors, BASE, { engine: 'wasm', latency: 9, stall });
  const model = loweredCycles(lowered, BASE, { latency: 9 });
  const plain = run(0);
  expect(plain.timingFault).toBeUndefined();
  expect(plain.counters.cycles).toBe(model.cycles);
  const stalled = run(0.2);
  expect(stalled.timingFault).toBeUndefined();
  expect(stalled.counters.cycles).toBeGreaterThan(model.cycles);
});

test.each([
  [56, 64, 128],
  [28, 128, 256],
  [14, 256, 512],
])('1×1, stride 2, %i × %i → %i: above seven tenths of the peak', (size, channels, outputs) => {
  const input = { shape: [1, size, size, channels], zeroPoint: 0 } as const;
  const layer: Layer = { kind: 'conv2d', input, weights: weights(outputs, 1, 1, channels), stride: [2, 2], padding: 'VALID', ...filter };
  const { cycles } = loweredCycles(lowerLayer(layer, DEFAULT_ACCELERATOR), DEFAULT_ACCELERATOR, { latency: 100 });
  expect(((size / 2) ** 2 * channels * outputs) / 256 / cycles).toBeGreaterThan(0.7);
});

describe('refused', () => {
  const time = (body: readonly Instruction[]) => () => programCycles(SMALL, whole(SMALL, body));

  test('programs that do not end with halt', () => {
    expect(time([op('vx.range', {}, [3])])).toThrow(/stands still: vx.range at 1 waits for semaphore 3/);
    expect(time([op('mx.dim', { count: 100 }), op('mx.multiply')])).toThrow('mx.multiply has 100 positions, but there are 64 rows of sums');
    expect(time([op('loop', { times: 256, length: 1 }), op('vx.range', {}, [], [3])])).toThrow(/semaphore 3 above 255/);
    expect(() => programCycles({ ...SMALL, queue: 1 }, whole(SMALL, []))).toThrow(/made for another configuration/);
    expect(() => programCycles(SMALL, [op('halt')])).toThrow(/begins with halt/);
    expect(() => programCycles(SMALL, new Uint8Array(16))).toThrow(/opcode 0x00/);
  });

  test('memories that cannot be', () => {
    const behind = (options: Parameters<typeof programCycles>[2]) => () => programCycles(SMALL, whole(SMALL, []), options);
    expect(behind({ latency: 0 })).toThrow('latency of a memory is 0, but must be a whole number from 1 on');
    expect(behind({ bandwidth: 1.5 })).toThrow('bandwidth of a memory is 1.5 beats a cycle, but must be above 0 and at most 1');
    expect(behind({ outstanding: 0 })).toThrow('a memory takes 0 bursts, but must take 1 at least');
    expect(behind({ at: 8 })).toThrow('a program at 8, but instructions stand at multiples of 16');
  });
});
