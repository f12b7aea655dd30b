// The run that comes with an accelerator's folder: a small layer, its memory before and the bytes that must stand there afterwards.
//
// Invariant: follows from the configuration alone. The bytes are the golden model's, the cycles the timing model's.

import { type Layer, loweredCycles, lowerLayer, type SystemImage, systemImage } from '../../compiler/accelerator/index.ts';
import type { AcceleratorConfig } from '../../isa/config.ts';
import { instructionText } from '../../isa/index.ts';
import { GoldenAccelerator } from '../../sim/golden/accelerator/index.ts';
import { operandSeed, randomInt8 } from '../../sim/golden/prng.ts';

export interface AcceleratorRun {
  readonly program: SystemImage['program'] & { readonly text: string };
  /** Memory before the run, the program included. */
  readonly image: Uint8Array;
  /** Cycles behind a memory of `RUN_LATENCY`. */
  readonly expected: { readonly at: number; readonly bytes: Uint8Array; readonly cycles: number };
}

const SEED = 1;
/** Of the testbench's memory, where nothing else is asked for. */
export const RUN_LATENCY = 10;

/** A convolution with padding and a channel more than the array has columns; where the accelerator rounds in no way of TFLite's, a maximum over windows. */
function layerOf({ rows, cols, modes }: AcceleratorConfig): Layer {
  const [height, width, channels, outputs] = [7, 6, rows, cols + 1];
  const rounding = modes.find((mode) => mode === 'double' || mode === 'single');
  const window = { kernel: [3, 3], stride: [1, 1], padding: 'SAME' } as const;
  if (!rounding) return { kind: 'maximum', input: { shape: [1, height, width, channels] }, ...window, output: { min: -128, max: 127 } };
  return {
    kind: 'conv2d',
    input: { shape: [1, height, width, channels], zeroPoint: -3 },
    weights: { shape: [outputs, 3, 3, channels], data: randomInt8(operandSeed(SEED, 'b'), outputs * 9 * channels) },
    stride: [1, 1],
    dilation: [1, 1],
    padding: 'SAME',
    scaling: {
      multiplier: Array.from({ length: outputs }, (_, i) => 2 ** 30 + 12_345_678 * i),
      shift: Array.from({ length: outputs }, (_, i) => -9 - (i % 3)),
      rounding,
    },
    output: { zeroPoint: 5, min: -128, max: 127 },
  };
}

/** @throws RangeError when the scratchpad cannot hold the smallest tile of the layer */
export function defaultAcceleratorRun(config: AcceleratorConfig): AcceleratorRun {
  const lowered = lowerLayer(layerOf(config), config);
  const tensors = lowered.inputs.map(({ bytes }) => randomInt8(operandSeed(SEED, 'a'), bytes));
  const { memory, program } = systemImage(lowered, tensors, config);
  const after = memory.slice();
  const { error } = new GoldenAccelerator(config, after).run(lowered.program);
  if (error) throw new Error(`the default run fails in the golden model: ${error.message}`);
  const { address, bytes } = lowered.output;
  return {
    program: { ...program, text: lowered.program.map((instruction) => `${instructionText(instruction)}\n`).join('') },
    image: memory,
    expected: { at: address, bytes: after.slice(address, address + bytes), cycles: loweredCycles(lowered, config, { latency: RUN_LATENCY }).cycles },
  };
}
