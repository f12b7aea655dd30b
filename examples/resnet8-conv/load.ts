/**
 * The first convolution of MLPerf Tiny's int8 ResNet-8 on a CIFAR-10 picture: layer and references, from `data/`.
 *
 * Invariant: tensors are the files' bytes, little endian, in TFLite's layouts; see data/ORIGIN.md.
 * Refused: a layer.json of another form (or with asymmetric weights), files of another length than their shape says.
 */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { ConvLayer } from '../../compiler/conv-to-matmul.ts';
import { activationRange, type Requantisation } from '../../sim/golden/requantise.ts';

const size = z.int().positive();
const shape4 = z.tuple([size, size, size, size]);
const size2 = z.tuple([size, size]);
const scale = z.array(z.number().positive());

const layerFile = z.strictObject({
  operator: z.literal('CONV_2D'),
  input: z.strictObject({ file: z.string(), shape: shape4, scale, zeroPoint: z.int() }),
  weights: z.strictObject({ file: z.string(), shape: shape4, scale, zeroPoint: z.literal(0) }),
  bias: z.strictObject({ file: z.string(), shape: z.tuple([size]), scale, zeroPoint: z.literal(0) }),
  output: z.strictObject({ fileDouble: z.string(), fileSingle: z.string(), shape: shape4, scale, zeroPoint: z.int() }),
  stride: size2,
  dilation: size2,
  padding: z.enum(['SAME', 'VALID']),
  activation: z.enum(['NONE', 'RELU']),
  multiplier: z.array(z.int()),
  shift: z.array(z.int()),
});

/** A convolution, how its sums become int8, and what independent implementations made of it. */
export interface ConvExample {
  readonly layer: ConvLayer;
  readonly requantisation: Requantisation;
  /** Of the quantised tensors; one for each channel of the weights. */
  readonly scales: { readonly input: number; readonly weights: readonly number[]; readonly output: number };
  /** NHWC shape of the output and of all references below. */
  readonly outputShape: readonly [number, number, number, number];
  /** int32 sums of a direct convolution (data/make-accumulators.py). */
  readonly accumulators: Int32Array;
  /** Output of TFLite Micro's reference kernel with double rounding, its default. */
  readonly output: Int8Array;
  /** The same of its single-rounding build, which differs: never mix the two. */
  readonly outputSingleRounding: Int8Array;
}

/**
 * Loads the example.
 *
 * @throws Error if a file is missing, Error (zod) if layer.json has another form, RangeError if a file has another length than its shape.
 */
export function loadResnet8Conv(): ConvExample {
  const file = layerFile.parse(JSON.parse(read('layer.json').toString('utf8')));
  const { input, weights, bias, output } = file;
  return {
    layer: {
      input: { shape: input.shape, data: int8s(input.file, input.shape), zeroPoint: input.zeroPoint },
      weights: { shape: weights.shape, data: int8s(weights.file, weights.shape) },
      bias: int32s(bias.file, bias.shape),
      stride: file.stride,
      dilation: file.dilation,
      padding: file.padding,
    },
    requantisation: {
      multiplier: file.multiplier,
      shift: file.shift,
      zeroPoint: output.zeroPoint,
      ...activationRange(file.activation, output.zeroPoint),
    },
    scales: { input: input.scale[0] as number, weights: weights.scale, output: output.scale[0] as number },
    outputShape: output.shape,
    accumulators: int32s('accumulators.bin', output.shape),
    output: int8s(output.fileDouble, output.shape),
    outputSingleRounding: int8s(output.fileSingle, output.shape),
  };
}

function int8s(name: string, shape: readonly number[]): Int8Array {
  return Int8Array.from(bytes(name, shape, 1), (byte) => (byte << 24) >> 24);
}

function int32s(name: string, shape: readonly number[]): Int32Array {
  const data = bytes(name, shape, 4);
  // Not a view of the file: typed arrays take the byte order of the machine.
  return Int32Array.from({ length: data.length / 4 }, (_, i) => data.readInt32LE(4 * i));
}

function bytes(name: string, shape: readonly number[], elementBytes: number): Buffer {
  const data = read(name);
  const expected = shape.reduce((product, n) => product * n, elementBytes);
  if (data.length !== expected) {
    throw new RangeError(
      `${name}: shape [${shape}] of ${elementBytes}-byte elements needs ${expected} bytes, got ${data.length}. Restore the file from the repository.`,
    );
  }
  return data;
}

function read(name: string): Buffer {
  return readFileSync(new URL(`data/${name}`, import.meta.url));
}
