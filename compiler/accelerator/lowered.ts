// What lowering a layer gives, and what all kinds of layers share.

import type { AcceleratorConfig } from '../../isa/config.ts';
import { encodeProgram } from '../../isa/encode.ts';
import type { Instruction } from '../../isa/instructions.ts';
import { type MemoryTiming, type ProgramTiming, programCycles } from '../../sim/golden/accelerator/index.ts';
import type { Constant, ProgramBuilder } from './builder.ts';
import type { OutputRange, Scaling } from './layers.ts';

/** Bytes of a tensor in memory. */
export interface Region {
  readonly address: number;
  readonly bytes: number;
}
/** A program and the memory that it works on. */
export interface Lowered {
  readonly program: readonly Instruction[];
  /** Of the operands, in their order. */
  readonly inputs: readonly Region[];
  readonly output: Region;
  readonly constants: readonly Constant[];
  /** Size of memory without the program. */
  readonly bytes: number;
}

export function finish(builder: ProgramBuilder, inputs: readonly Region[], output: Region): Lowered {
  return { ...builder.end(), inputs, output, constants: builder.constants };
}

/** The memory of a lowered layer: constants and inputs in their places. */
export function memoryImage({ inputs, constants, bytes }: Lowered, tensors: readonly Int8Array[]): Uint8Array {
  const memory = new Uint8Array(bytes);
  for (const { address, bytes: constant } of constants) memory.set(constant, address);
  inputs.forEach(({ address, bytes: size }, i) => {
    const tensor = tensors[i];
    if (tensor?.length !== size) throw new RangeError(`input ${i} has ${tensor?.length ?? 'no'} bytes, but the layer takes ${size}`);
    memory.set(new Uint8Array(tensor.buffer, tensor.byteOffset, size), address);
  });
  return memory;
}

/** A program begins at a whole page behind its data. */
const PAGE = 4096;

function programAddress({ bytes }: Lowered): number {
  return Math.ceil(bytes / PAGE) * PAGE;
}

/** All of memory before a run. */
export interface SystemImage {
  readonly memory: Uint8Array;
  /** Where the program is, in bytes, and its length in instructions. */
  readonly program: { readonly address: number; readonly length: number };
}

/**
 * The memory of a lowered layer, with its program behind the data.
 *
 * @throws RangeError when a tensor has another size than the layer takes
 */
export function systemImage(lowered: Lowered, tensors: readonly Int8Array[], config: AcceleratorConfig): SystemImage {
  const words = encodeProgram(lowered.program, config);
  const address = programAddress(lowered);
  const memory = new Uint8Array(address + words.length);
  memory.set(memoryImage(lowered, tensors));
  memory.set(words, address);
  return { memory, program: { address, length: lowered.program.length } };
}

/**
 * The cycles of a lowered layer by the timing model, its program where `systemImage` puts it.
 *
 * @throws what `programCycles` throws
 */
export function loweredCycles(lowered: Lowered, config: AcceleratorConfig, memory: MemoryTiming = {}): ProgramTiming {
  return programCycles(config, lowered.program, { at: programAddress(lowered), ...memory });
}

/** The output of a lowered layer in a memory after the run: a view. */
export function outputOf({ output: { address, bytes } }: Pick<Lowered, 'output'>, memory: Uint8Array): Int8Array {
  return new Int8Array(memory.buffer, memory.byteOffset + address, bytes);
}

/** The fields of `vx.range`. */
export function rangeOf(
  { scaling, output }: { readonly scaling: Pick<Scaling, 'rounding'>; readonly output: OutputRange },
  { modes }: AcceleratorConfig,
  zeros: { readonly aZero?: number; readonly bZero?: number; readonly left?: number } = {},
) {
  const mode = modes.indexOf(scaling.rounding);
  if (mode < 0)
    throw new RangeError(`the layer rounds in mode '${scaling.rounding}', but the accelerator has ${modes.join(', ')}; add it to its modes`);
  const { aZero = 0, bZero = 0, left = 0 } = zeros;
  return { aZero, bZero, zero: output.zeroPoint, min: output.min, max: output.max, left, mode };
}
