// A program on both: the accelerator and its golden model.

import type { AcceleratorConfig } from '../../../isa/config.ts';
import { encode, wordsToBytes } from '../../../isa/encode.ts';
import type { Instruction } from '../../../isa/instructions.ts';
import { type Outcome, AcceleratorSystem as System, type SystemOptions } from '../../../sim/cosim/accelerator-system.ts';
import { GoldenAccelerator, type GoldenResult } from '../../../sim/golden/accelerator/index.ts';

export { type Outcome, System, type SystemOptions };

/** A program, of instructions or words, and its data in one memory; gives what both implementations leave there. */
export function both(
  config: AcceleratorConfig,
  program: readonly (Instruction | bigint)[],
  data: Uint8Array,
  options: SystemOptions & { readonly base?: number } = {},
): { readonly golden: GoldenResult; readonly wanted: Uint8Array; readonly outcome: Outcome; readonly memory: Uint8Array; readonly system: System } {
  const { base = data.length - 16 * program.length - 16, ...rest } = options;
  const memory = data.slice();
  const code = wordsToBytes(program.map((one) => (typeof one === 'bigint' ? one : encode(one, config))));
  memory.set(code, base);
  const model = new GoldenAccelerator(config, memory.slice());
  const golden = model.run(code);
  const system = new System(config, memory, rest);
  const outcome = system.run(base, program.length);
  return { golden, wanted: model.memory, outcome, memory, system };
}
