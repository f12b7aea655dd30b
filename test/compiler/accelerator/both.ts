// A lowered layer or network on the golden accelerator and, the same bytes, in RTL.

import { afterAll, expect } from 'vitest';
import { type Layer, type Lowered, lowerLayer, memoryImage, outputOf, systemImage } from '../../../compiler/accelerator/index.ts';
import { type AcceleratorConfig, DEFAULT_ACCELERATOR } from '../../../isa/config.ts';
import { AcceleratorSystem, type Outcome } from '../../../sim/cosim/accelerator-system.ts';
import { checkProgram, GoldenAccelerator, type GoldenResult } from '../../../sim/golden/accelerator/index.ts';

export const FOUR: AcceleratorConfig = { ...DEFAULT_ACCELERATOR, rows: 4, cols: 4, bus: 32, scratchpad: 8192, sums: 64, burst: 16, queue: 4 };
export const EIGHT: AcceleratorConfig = { ...DEFAULT_ACCELERATOR, rows: 8, cols: 8, bus: 64, scratchpad: 16384, sums: 128, banks: 2 };
/** 2 KB: everything is cut. */
export const TINY: AcceleratorConfig = { ...FOUR, scratchpad: 2048, banks: 2 };

/** The output of a program without hazards in the golden model. */
export function golden(
  lowered: Lowered,
  inputs: readonly Int8Array[],
  config: AcceleratorConfig,
): { result: GoldenResult; output: Int8Array; memory: Uint8Array } {
  expect(checkProgram(lowered.program, config, lowered.bytes)).toEqual([]);
  const memory = memoryImage(lowered, inputs);
  const result = new GoldenAccelerator(config, memory).run(lowered.program);
  expect(result.error).toBeUndefined();
  return { result, output: outputOf(lowered, memory), memory };
}

/** Room for the programs of a file of tests, and an accelerator that runs them one after the other. */
const MEMORY = 2 ** 18;
const systems = new Map<AcceleratorConfig, { readonly system: AcceleratorSystem; readonly memory: Uint8Array }>();
afterAll(() => {
  for (const { system } of systems.values()) system.sim.close();
});

/** The same in RTL, all of memory compared, behind a memory that stalls. */
export function both(
  lowered: Lowered,
  inputs: readonly Int8Array[],
  config: AcceleratorConfig,
): { output: Int8Array; result: GoldenResult; outcome: Outcome } {
  const { result, output, memory: wanted } = golden(lowered, inputs, config);
  const image = systemImage(lowered, inputs, config);
  expect(image.memory.length).toBeLessThanOrEqual(MEMORY);
  if (!systems.has(config)) {
    const memory = new Uint8Array(MEMORY);
    systems.set(config, { memory, system: new AcceleratorSystem(config, memory, { latency: 7, stall: 0.1 }) });
  }
  const { system, memory } = systems.get(config) as NonNullable<ReturnType<typeof systems.get>>;
  memory.fill(0);
  memory.set(image.memory);
  const outcome = system.run(image.program.address, image.program.length);
  expect(outcome.error.code).toBe(0);
  expect(Buffer.compare(memory.subarray(0, wanted.length), wanted)).toBe(0);
  return { output, result, outcome };
}

/** A layer on all of `configs` in the golden model, and in RTL on the first of them. */
export function expectLayer(
  layer: Layer,
  inputs: readonly Int8Array[],
  expected: ArrayLike<number>,
  configs: readonly AcceleratorConfig[] = [FOUR, TINY, DEFAULT_ACCELERATOR],
): void {
  configs.forEach((config, i) => {
    const lowered = lowerLayer(layer, config);
    const { output } = i === 0 ? both(lowered, inputs, config) : golden(lowered, inputs, config);
    expect([...output]).toEqual(Array.from(expected, (code) => code || 0));
  });
}
