// The layers of the example, on random weights and activations.

import type { Conv2d, Layer } from '../../compiler/accelerator/index.ts';
import { operandSeed, randomInt8 } from '../../sim/golden/prng.ts';
import { attentionHead } from './attention.ts';

const scaling = { multiplier: [2 ** 30], shift: [-8], rounding: 'double' } as const;
/** A ReLU: nothing below the zero point. */
const relu = { zeroPoint: -20, min: -20, max: 127 };
const none = { zeroPoint: 4, min: -128, max: 127 };

function weights<const S extends readonly number[]>(shape: S): { readonly shape: S; readonly data: Int8Array } {
  const length = shape.reduce((product, size) => product * size, 1);
  return { shape, data: randomInt8(operandSeed(length, 'b'), length) };
}
function bias(channels: number): Int32Array {
  return Int32Array.from(randomInt8(operandSeed(channels, 'd'), channels), (x) => 100 * x);
}
function convolution(size: number, from: number, to: number, kernel: number, stride: 1 | 2, output = relu): Conv2d {
  return {
    kind: 'conv2d',
    input: { shape: [1, size, size, from], zeroPoint: 4 },
    weights: weights([to, kernel, kernel, from]),
    bias: bias(to),
    stride: [stride, stride],
    dilation: [1, 1],
    padding: 'SAME',
    scaling,
    output,
  };
}

export interface Example {
  readonly name: string;
  /** Each with the input or the result of an earlier one. */
  readonly layers: readonly { readonly layer: Layer; readonly operands: readonly ('input' | number)[] }[];
  /** Bytes of the input. */
  readonly input: number;
  /** Multiply-accumulates: of the array, or of the lanes of the vector unit. */
  readonly work: number;
  readonly unit: 'array' | 'lanes';
}

const one = (layer: Layer): Example['layers'] => [{ layer, operands: ['input'] }];
const operand = { zeroPoint: 4, multiplier: 2 ** 30, shift: 0 };

export const EXAMPLES: readonly Example[] = [
  {
    name: 'matmul 256 × 256 × 64, bias, ReLU',
    layers: one({
      kind: 'fullyConnected',
      input: { shape: [256, 256], zeroPoint: 4 },
      weights: weights([64, 256]),
      bias: bias(64),
      scaling,
      output: relu,
    }),
    input: 256 * 256,
    work: 256 * 256 * 64,
    unit: 'array',
  },
  {
    name: 'convolution 3 × 3, stride 2, padding, 16 × 16 × 32 to 64',
    layers: one(convolution(16, 32, 64, 3, 2)),
    input: 16 * 16 * 32,
    work: 8 * 8 * 9 * 32 * 64,
    unit: 'array',
  },
  {
    name: 'depthwise 3 × 3, 16 × 16 × 32',
    layers: one({ ...convolution(16, 32, 1, 3, 1), kind: 'depthwise', weights: weights([1, 3, 3, 32]), bias: bias(32) }),
    input: 16 * 16 * 32,
    work: 16 * 16 * 9 * 32,
    unit: 'lanes',
  },
  {
    name: 'residual block: two convolutions 3 × 3 and their sum, 8 × 8 × 32',
    layers: [
      { layer: convolution(8, 32, 32, 3, 1), operands: ['input'] },
      { layer: { ...convolution(8, 32, 32, 3, 1, none), input: { shape: [1, 8, 8, 32], zeroPoint: relu.zeroPoint } }, operands: [0] },
      {
        layer: { kind: 'add', elements: 8 * 8 * 32, a: operand, b: operand, left: 20, scaling: { ...scaling, shift: [-18] }, output: relu },
        operands: ['input', 1],
      },
    ],
    input: 8 * 8 * 32,
    work: 2 * 8 * 8 * 9 * 32 * 32,
    unit: 'array',
  },
  {
    name: 'average pool 4 × 4, 16 × 16 × 32',
    layers: one({
      kind: 'average',
      input: { shape: [1, 16, 16, 32] },
      kernel: [4, 4],
      stride: [4, 4],
      padding: 'VALID',
      output: { min: -128, max: 127 },
    }),
    input: 16 * 16 * 32,
    work: 16 * 16 * 32,
    unit: 'lanes',
  },
  {
    name: 'fully connected 256 to 64',
    layers: one({
      kind: 'fullyConnected',
      input: { shape: [1, 256], zeroPoint: 4 },
      weights: weights([64, 256]),
      bias: bias(64),
      scaling,
      output: none,
    }),
    input: 256,
    work: 256 * 64,
    unit: 'array',
  },
  {
    name: 'attention head, 64 tokens of 256, size 64',
    layers: attentionHead(64, 256, 64),
    input: 64 * 256,
    work: 3 * 64 * 256 * 64 + 2 * 64 * 64 * 64,
    unit: 'array',
  },
  {
    name: 'layer normalisation, 64 rows of 256',
    layers: one({
      kind: 'normalise',
      rows: 64,
      length: 256,
      fraction: 5,
      epsilon: 8,
      affine: { weights: weights([256]).data, bias: bias(256), scaling, output: none },
    }),
    input: 64 * 256,
    work: 64 * 256,
    unit: 'lanes',
  },
];
