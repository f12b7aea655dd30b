/** The lowering against independent convolutions: ResNet-8 on a real picture, and CMSIS-NN's vectors. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ConvLayer, lowerConv2d, type Matmul } from '../../compiler/conv-to-matmul.ts';
import type { Shape4, Size2 } from '../../compiler/im2col.ts';
import { loadResnet8Conv } from '../../examples/resnet8-conv/load.ts';
import { requantise } from '../../sim/golden/requantise.ts';

interface CmsisVector {
  name: string;
  inputShape: Shape4;
  weightShape: Shape4;
  outputShape: Shape4;
  stride: Size2;
  dilation: Size2;
  padTopLeft: Size2;
  inputZeroPoint: number;
  outputZeroPoint: number;
  activationMin: number;
  activationMax: number;
  input: number[];
  weights: number[];
  bias: number[];
  multiplier: number[];
  shift: number[];
  output: number[];
}

const vectors: CmsisVector[] = JSON.parse(readFileSync(new URL('data/cmsis-nn-conv.json', import.meta.url), 'utf8'));
const resnet8 = loadResnet8Conv();

/** A·B + D by the definition, wrapped to int32 only at the end. */
function multiply({ m, k, n, a, b, d }: Matmul): Int32Array {
  expect([a.length, b.length, d.length]).toEqual([m * k, k * n, m * n]);
  const result = new Int32Array(m * n);
  for (let row = 0; row < m; row++)
    for (let column = 0; column < n; column++) {
      // Products of int8 summed over k stay far below 2^53.
      let sum = 0;
      for (let i = 0; i < k; i++) sum += (a[row * k + i] ?? NaN) * (b[i * n + column] ?? NaN);
      result[row * n + column] = Number(BigInt.asIntN(32, BigInt(sum) + BigInt(d[row * n + column] ?? NaN)));
    }
  return result;
}

/** Whatever padding after the picture the stated output size needs. */
function paddingAfter(v: CmsisVector, axis: 0 | 1): number {
  const inner = axis === 0 ? 1 : 2;
  const extent = (v.weightShape[inner] - 1) * v.dilation[axis] + 1;
  return Math.max((v.outputShape[inner] - 1) * v.stride[axis] + extent - v.inputShape[inner] - v.padTopLeft[axis], 0);
}

describe('the first convolution of ResNet-8', () => {
  test('lowered, A·B + D is every accumulator of the direct convolution', () => {
    const matmul = lowerConv2d(resnet8.layer);
    expect([matmul.m, matmul.k, matmul.n]).toEqual([1024, 27, 16]);
    expect(matmul.outputShape).toEqual(resnet8.outputShape);
    expect(resnet8.accumulators).toHaveLength(16384);
    expect(multiply(matmul)).toEqual(resnet8.accumulators);
  });

  test('requantised, it is every byte of the reference output', () => {
    const output = requantise(multiply(lowerConv2d(resnet8.layer)), resnet8.requantisation);
    expect(Int8Array.from(output)).toEqual(resnet8.output);
    // Guards against references mixed up: the single-rounding build differs in 13 places.
    expect(output.filter((value, i) => value !== resnet8.outputSingleRounding[i])).toHaveLength(13);
  });
});

describe('CMSIS-NN convolutions', () => {
  test.each(vectors)('$name', (v) => {
    const matmul = lowerConv2d({
      input: { shape: v.inputShape, data: Int8Array.from(v.input), zeroPoint: v.inputZeroPoint },
      weights: { shape: v.weightShape, data: Int8Array.from(v.weights) },
      bias: Int32Array.from(v.bias),
      stride: v.stride,
      dilation: v.dilation,
      padding: { top: v.padTopLeft[0], bottom: paddingAfter(v, 0), left: v.padTopLeft[1], right: paddingAfter(v, 1) },
    });
    expect(matmul.outputShape).toEqual(v.outputShape);
    const output = requantise(multiply(matmul), {
      multiplier: v.multiplier,
      shift: v.shift,
      zeroPoint: v.outputZeroPoint,
      min: v.activationMin,
      max: v.activationMax,
    });
    expect(Array.from(output)).toEqual(v.output);
  });
});

describe('lowerConv2d', () => {
  test('D wraps modulo 2^32', () => {
    const layer: ConvLayer = {
      input: { shape: [1, 1, 1, 1], data: Int8Array.of(127), zeroPoint: -128 },
      weights: { shape: [1, 1, 1, 1], data: Int8Array.of(127) },
      bias: Int32Array.of(2 ** 31 - 1),
      stride: [1, 1],
      dilation: [1, 1],
      padding: 'VALID',
    };
    expect(Array.from(multiply(lowerConv2d(layer)))).toEqual([-(2 ** 31) - 1 + 255 * 127]);
  });

  test('a picture of zero points gives the bias, whatever the zero point and the padding', () => {
    const bias = Int32Array.of(5, -7);
    fc.assert(
      fc.property(fc.integer({ min: -128, max: 127 }), fc.int8Array({ minLength: 2 * 3 * 2 * 2, maxLength: 2 * 3 * 2 * 2 }), (zeroPoint, weights) => {
        const matmul = lowerConv2d({
          input: { shape: [1, 4, 5, 2], data: new Int8Array(40).fill(zeroPoint), zeroPoint },
          weights: { shape: [2, 3, 2, 2], data: weights },
          bias,
          stride: [1, 2],
          dilation: [2, 1],
          padding: { top: 2, bottom: 1, left: 0, right: 3 },
        });
        expect(multiply(matmul)).toEqual(Int32Array.from({ length: matmul.m * 2 }, (_, i) => bias[i % 2] ?? NaN));
      }),
    );
  });

  const { layer } = resnet8;
  test.each<[string, Partial<ConvLayer>, RegExp]>([
    [
      'weights of other channels',
      { weights: { shape: [16, 3, 1, 9], data: layer.weights.data } },
      /^weights: their input channels \(9\) must equal .* \(3\)\. .*groups/,
    ],
    [
      'weights of another length',
      { weights: { shape: [16, 5, 5, 3], data: layer.weights.data } },
      /^weights: shape \[16,5,5,3\] \(OHWI\) needs 1200 elements, got 432/,
    ],
    ['a bias of another length', { bias: new Int32Array(3) }, /^bias: must have one element for each of the 16 .* got 3\. Pass zeros/],
    ['a uint8 zero point', { input: { ...layer.input, zeroPoint: 128 } }, /^input: its zero point must be an int8 .* got 128\. Requantise/],
    [
      'an input of another length',
      { input: { ...layer.input, shape: [1, 31, 32, 3] } },
      /^input: shape \[1,31,32,3\] \(NHWC\) needs 2976 elements, got 3072/,
    ],
  ])('refuses %s', (_, change, message) => {
    expect(() => lowerConv2d({ ...layer, ...change })).toThrow(message);
  });
});
