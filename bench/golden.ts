// How fast the golden accelerator multiplies: `npm run bench:golden` prints multiply-accumulates a second of `mx.multiply` for some arrays.

import { type AcceleratorConfig, acceleratorHash, DEFAULT_ACCELERATOR } from '../isa/config.ts';
import type { Instruction } from '../isa/instructions.ts';
import { GoldenAccelerator } from '../sim/golden/accelerator/index.ts';
import { operandSeed, randomInt8 } from '../sim/golden/prng.ts';
import { median } from './median.ts';

const RUNS = 7;

/** `times` multiplies of 512 positions and 16 steps. */
function program(config: AcceleratorConfig, times: number): Instruction[] {
  const { rows } = config;
  return [
    { name: 'begin', fields: { hash: acceleratorHash(config) } },
    { name: 'mx.dim', fields: { index: 0, count: 512, local: 16 * rows, y: 0, x: 0 } },
    { name: 'mx.dim', fields: { index: 2, count: 16, local: rows, y: 0, x: 0 } },
    { name: 'loop', fields: { times, length: 1 } },
    { name: 'mx.multiply', fields: { activation: 0, weight: config.scratchpad / 2, sums: 0, accumulate: 0 } },
    { name: 'halt', fields: {} },
  ];
}

for (const [rows, cols] of [
  [4, 4],
  [8, 8],
  [16, 16],
  [32, 8],
  [64, 64],
] as const) {
  const config = { ...DEFAULT_ACCELERATOR, rows, cols };
  const accelerator = new GoldenAccelerator(config, new Uint8Array(0));
  accelerator.scratchpad.set(randomInt8(operandSeed(1, 'a'), config.scratchpad));
  const times = Math.ceil(2 ** 18 / (rows * cols * 16));
  const rates = Array.from({ length: RUNS }, () => {
    const start = performance.now();
    const { counters } = accelerator.run(program(config, times));
    return counters.macs / (performance.now() - start) / 1000;
  });
  console.log(`${rows}×${cols}: ${Math.round(median(rates))} M MAC/s (median of ${RUNS})`);
}
