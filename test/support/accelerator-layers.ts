// Small layers for accelerators, with random weights.

import type { Layer } from '../../compiler/accelerator/index.ts';
import { operandSeed, randomInt8 } from '../../sim/golden/prng.ts';

const scaling = { multiplier: [2 ** 30], shift: [-6], rounding: 'single' } as const;
const output = { zeroPoint: 0, min: -128, max: 127 };
export const filter = { dilation: [1, 1], scaling, output } as const;
export const weights = <const S extends readonly number[]>(...shape: S) => ({
  shape,
  data: randomInt8(
    operandSeed(1, 'b'),
    shape.reduce((all, one) => all * one, 1),
  ),
});

/** One of each kind and shape that lowers in its own way, small enough for any array in RTL. */
export const SMALL_LAYERS: { readonly [name: string]: Layer } = {
  matmul: { kind: 'fullyConnected', input: { shape: [20, 24], zeroPoint: 0 }, weights: weights(17, 24), scaling, output },
  'fully connected': { kind: 'fullyConnected', input: { shape: [1, 40], zeroPoint: 0 }, weights: weights(10, 40), scaling, output },
  '3×3, stride 2': {
    kind: 'conv2d',
    input: { shape: [1, 9, 8, 3], zeroPoint: 1 },
    weights: weights(9, 3, 3, 3),
    stride: [2, 2],
    padding: 'SAME',
    ...filter,
  },
  '3×3': {
    kind: 'conv2d',
    input: { shape: [1, 7, 6, 16], zeroPoint: 1 },
    weights: weights(16, 3, 3, 16),
    stride: [1, 1],
    padding: 'SAME',
    ...filter,
  },
  '1×1': {
    kind: 'conv2d',
    input: { shape: [1, 6, 6, 16], zeroPoint: 1 },
    weights: weights(8, 1, 1, 16),
    stride: [2, 2],
    padding: 'VALID',
    ...filter,
  },
  depthwise: {
    kind: 'depthwise',
    input: { shape: [1, 7, 7, 12], zeroPoint: 1 },
    weights: weights(1, 3, 3, 12),
    stride: [1, 1],
    padding: 'SAME',
    ...filter,
  },
  average: { kind: 'average', input: { shape: [1, 6, 6, 10] }, kernel: [3, 3], stride: [2, 2], padding: 'SAME', output },
  maximum: { kind: 'maximum', input: { shape: [1, 6, 6, 10] }, kernel: [2, 2], stride: [2, 2], padding: 'VALID', output },
  add: {
    kind: 'add',
    elements: 333,
    a: { zeroPoint: 1, multiplier: 2 ** 30, shift: 0 },
    b: { zeroPoint: 2, multiplier: 2 ** 30, shift: 0 },
    left: 20,
    scaling: { ...scaling, shift: [-18] },
    output,
  },
  multiply: { kind: 'multiply', elements: 100, a: { zeroPoint: 1 }, b: { zeroPoint: 2 }, scaling, output },
};
