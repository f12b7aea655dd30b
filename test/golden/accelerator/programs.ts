// Programs for tests of the golden accelerator.

import { type AcceleratorConfig, acceleratorHash, DEFAULT_ACCELERATOR } from '../../../isa/config.ts';
import { type FieldsOf, INSTRUCTIONS, type Instruction, type Mnemonic } from '../../../isa/instructions.ts';
import { GoldenAccelerator, type GoldenResult } from '../../../sim/golden/accelerator/index.ts';

export const SMALL: AcceleratorConfig = { ...DEFAULT_ACCELERATOR, rows: 4, cols: 4, bus: 32, scratchpad: 4096, sums: 64 };

/** An instruction; fields that are not given are 0. */
export function op<N extends Mnemonic>(name: N, fields: Partial<FieldsOf<N>> = {}, wait: number[] = [], signal: number[] = []): Instruction {
  const zeros = Object.fromEntries(Object.keys(INSTRUCTIONS[name].fields).map((field) => [field, 0]));
  return { name, fields: { ...zeros, ...fields }, wait, signal };
}

/** begin, the body, halt. */
export function whole(config: AcceleratorConfig, body: readonly Instruction[]): Instruction[] {
  return [op('begin', { hash: acceleratorHash(config) }), ...body, op('halt')];
}

/** Runs a body on a new accelerator whose scratchpad holds `scratchpad`. */
export function runBody(
  body: readonly Instruction[],
  {
    scratchpad = [],
    memory = new Uint8Array(0),
    config = SMALL,
  }: { scratchpad?: ArrayLike<number>; memory?: Uint8Array; config?: AcceleratorConfig } = {},
): { readonly accelerator: GoldenAccelerator; readonly result: GoldenResult } {
  const accelerator = new GoldenAccelerator(config, memory);
  accelerator.scratchpad.set(scratchpad);
  return { accelerator, result: accelerator.run(whole(config, body)) };
}
