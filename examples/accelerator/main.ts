// npm run example:accelerator [-- ENGINE]: layers as programs of the accelerator (16 × 16, 256 KB), on its golden model and its hardware, in process or with `verilator`.
//
// Cycles are those of the timing model, too. Utilisation is multiply-accumulates (or, for the vector unit, additions of lanes) for each one that there could have been, with a memory of 100 cycles latency.

import { lowerNetwork, memoryImage, outputOf } from '../../compiler/accelerator/index.ts';
import { DEFAULT_ACCELERATOR } from '../../isa/index.ts';
import { runLowered } from '../../sim/cosim/accelerator-system.ts';
import { GoldenAccelerator } from '../../sim/golden/accelerator/index.ts';
import { operandSeed, randomInt8 } from '../../sim/golden/prng.ts';
import type { EngineName } from '../../sim/index.ts';
import { EXAMPLES } from './layers.ts';

/** An unknown engine is refused by the simulator. */
const engine = process.argv[2] as EngineName | undefined;
const config = DEFAULT_ACCELERATOR;
for (const { name, layers, input, work, unit } of EXAMPLES) {
  const lowered = lowerNetwork(layers, config);
  const tensor = randomInt8(operandSeed(1, 'a'), input);
  const memory = memoryImage(lowered, [tensor]);
  const { error } = new GoldenAccelerator(config, memory).run(lowered.program);
  const { output, counters, timingFault } = runLowered(lowered, [tensor], config, { latency: 100, ...(engine && { engine }) });
  const wanted = outputOf(lowered, memory);
  const same = !error && output.every((byte, i) => byte === wanted[i]);
  const most = unit === 'array' ? config.rows * config.cols : config.cols;
  const share = ((100 * work) / (most * counters.cycles)).toFixed(1);
  console.log(
    `${name}\n  ${lowered.program.length} instructions, ${counters.cycles} cycles, ${share} % of the ${unit}, ${same ? 'the same bytes' : 'OTHER BYTES'}`,
  );
  if (timingFault) console.log(`  ${timingFault}`);
  if (!same || timingFault) process.exitCode = 1;
}
