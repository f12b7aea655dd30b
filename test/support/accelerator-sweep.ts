// Accelerators of all sizes behind memories of all kinds: small layers give the golden model's bytes in all of memory.
//
// Invariant: a point's number gives all of it; the first 20 points have every array on every bus.

import { lowerLayer, systemImage } from '../../compiler/accelerator/index.ts';
import { type AcceleratorConfig, DEFAULT_ACCELERATOR } from '../../isa/config.ts';
import { AcceleratorSystem, type SystemOptions } from '../../sim/cosim/accelerator-system.ts';
import { GoldenAccelerator } from '../../sim/golden/accelerator/index.ts';
import { operandSeed, randomInt8 } from '../../sim/golden/prng.ts';
import { randomWords } from '../../sim/random.ts';
import { SMALL_LAYERS } from './accelerator-layers.ts';

const ARRAYS = [
  [4, 4],
  [8, 8],
  [16, 16],
  [32, 8],
] as const;
const BUSES = [32, 64, 128, 256, 512] as const;
const SCRATCHPADS = [2 ** 14, 2 ** 16, 2 ** 18] as const;
const MOST_LATENCY = 300;
const STALLS = [0, 0.1, 0.3, 0.6] as const;
/** More than a layer and its program need. */
const MEMORY = 2 ** 17;

export interface SweepPoint {
  readonly config: AcceleratorConfig;
  readonly behaviour: Omit<SystemOptions, 'engine'>;
  /** In a word or two. */
  readonly text: string;
}

export function sweepPoint(number: number): SweepPoint {
  const random = randomWords(number, 'sweep');
  const pick = <T>(list: readonly T[]): T => list[random() % list.length] as T;
  const [rows, cols] = ARRAYS[number % ARRAYS.length] as (typeof ARRAYS)[number];
  const bus = BUSES[Math.floor(number / ARRAYS.length) % BUSES.length] as number;
  const config: AcceleratorConfig = {
    ...DEFAULT_ACCELERATOR,
    ...{ rows, cols, bus, scratchpad: pick(SCRATCHPADS), banks: pick([1, 2, 4, 8]), sums: pick([64, 256, 1024]) },
    ...{ burst: pick([1, 4, 16, 64]), outstanding: pick([1, 2, 8]), queue: pick([1, 4, 16]) },
  };
  const behaviour = { seed: number, latency: 1 + (random() % MOST_LATENCY), stall: pick(STALLS), outOfOrder: pick([true, false]) };
  const { scratchpad, banks, sums, burst, outstanding, queue } = config;
  const sizes = `bus ${bus}, ${scratchpad / 1024} KB in ${banks}, ${sums} sums, bursts of ${burst}, ${outstanding} under way, queues of ${queue}`;
  const memory = `latency ${behaviour.latency}, stalls ${behaviour.stall}${behaviour.outOfOrder ? ', out of order' : ''}`;
  return { config, behaviour, text: `${rows}×${cols}, ${sizes}; ${memory}` };
}

/** What is wrong with a layer of the point, the layer first; nothing when all is well. `layers`: which of them, all when absent. */
export function checkPoint({ config, behaviour }: SweepPoint, engine: SystemOptions['engine'], layers = Object.keys(SMALL_LAYERS)): string[] {
  const memory = new Uint8Array(MEMORY);
  const system = new AcceleratorSystem(config, memory, { ...behaviour, ...(engine && { engine }) });
  try {
    return layers.flatMap((name) => {
      const lowered = lowerLayer(SMALL_LAYERS[name] as never, config);
      const tensors = lowered.inputs.map(({ bytes }, i) => randomInt8(operandSeed(i, 'a'), bytes));
      const image = systemImage(lowered, tensors, config);
      memory.fill(0);
      memory.set(image.memory);
      const model = new GoldenAccelerator(config, memory.slice());
      const golden = model.run(lowered.program);
      const { done, error } = system.run(image.program.address, image.program.length);
      if (golden.error || !done)
        return [`${name}: error ${error.code} in instruction ${error.index}, ${golden.error?.message ?? 'none'} in the golden model`];
      const differing = model.memory.reduce((count, byte, i) => count + (byte === memory[i] ? 0 : 1), 0);
      return differing === 0 ? [] : [`${name}: ${differing} bytes differ`];
    });
  } finally {
    system.sim.close();
  }
}
