// Layers as programs on the golden accelerator, byte for byte against results of TensorFlow Lite Micro and CMSIS-NN, and against direct sums where sizes are odd.

import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { type Conv2d, type Layer, lowerLayer, lowerNetwork, memoryImage } from '../../compiler/accelerator/index.ts';
import { lowerConv2d } from '../../compiler/conv-to-matmul.ts';
import { EXAMPLES } from '../../examples/accelerator/layers.ts';
import { type AcceleratorConfig, DEFAULT_ACCELERATOR } from '../../isa/config.ts';
import { checkProgram, GoldenAccelerator } from '../../sim/golden/accelerator/index.ts';
import { matmul } from '../../sim/golden/matmul.ts';
import { randomInt8, randomInt32 } from '../../sim/golden/prng.ts';
import { requantise } from '../../sim/golden/requantise.ts';
import { cmsisLayers } from '../support/cmsis-nn.ts';
import { MLPERF_MODELS, mlperfLayers, type ReferenceLayer } from '../support/mlperf-tiny.ts';

const ARRAYS: readonly AcceleratorConfig[] = [
  DEFAULT_ACCELERATOR,
  { ...DEFAULT_ACCELERATOR, rows: 4, cols: 4, bus: 32, scratchpad: 2 ** 16, sums: 128 },
  { ...DEFAULT_ACCELERATOR, rows: 8, cols: 8, bus: 64, scratchpad: 2 ** 17, banks: 8 },
  { ...DEFAULT_ACCELERATOR, rows: 32, cols: 8, bus: 512, banks: 1 },
];
const nameOf = ({ rows, cols, scratchpad }: AcceleratorConfig): string => `${rows}×${cols}, ${scratchpad} bytes`;

/** The bytes of the output. */
function run(layer: Layer, inputs: readonly Int8Array[], config: AcceleratorConfig): Int8Array {
  const lowered = lowerLayer(layer, config);
  const memory = memoryImage(lowered, inputs);
  const { error } = new GoldenAccelerator(config, memory).run(lowered.program);
  if (error) throw new Error(error.message);
  return new Int8Array(memory.buffer, lowered.output.address, lowered.output.bytes);
}
function check({ name, layer, inputs, output }: ReferenceLayer, config: AcceleratorConfig): void {
  expect([...run(layer, inputs, config)], name).toEqual([...output]);
}

describe.each(ARRAYS.map((config) => [nameOf(config), config] as const))('%s', (_, config) => {
  test.each(MLPERF_MODELS)('layers of %s', (model) => {
    const folder = fileURLToPath(new URL('../data/mlperf-tiny', import.meta.url));
    const layers = (['double', 'single'] as const).flatMap((rounding) => mlperfLayers(folder, model, 'real', rounding));
    expect(layers.length).toBe({ resnet8: 32, kws: 13, vww: 12, ad: 5 }[model]);
    for (const layer of layers) check(layer, config);
  });

  test('CMSIS-NN: odd strides, paddings, dilations, channel multipliers, batches', () => {
    const layers = cmsisLayers();
    expect(layers.length).toBe(101);
    for (const layer of layers) check(layer, config);
  });
});

/** The same by a direct matrix multiply. */
function direct(layer: Conv2d, input: Int8Array): Int32Array {
  const { m, k, n, a, b, d } = lowerConv2d({ ...layer, input: { ...layer.input, data: input }, bias: layer.bias as Int32Array });
  const { scaling, output } = layer;
  return requantise(matmul({ m, k, n }, a, b, d), { mode: scaling.rounding, multiplier: scaling.multiplier, shift: scaling.shift, ...output });
}

function conv(shape: Conv2d['input']['shape'], weights: Conv2d['weights']['shape'], rest: Partial<Conv2d> = {}): Conv2d {
  const outputs = weights[0];
  return {
    kind: 'conv2d',
    input: { shape, zeroPoint: -7 },
    weights: {
      shape: weights,
      data: randomInt8(
        5,
        weights.reduce((x, y) => x * y, 1),
      ),
    },
    bias: randomInt32(6, outputs).map((x) => x >> 16),
    stride: [1, 1],
    dilation: [1, 1],
    padding: 'SAME',
    scaling: {
      multiplier: Array.from({ length: outputs }, (_x, c) => 2 ** 30 + 12345 * c),
      shift: Array.from({ length: outputs }, (_x, c) => -8 - (c % 3)),
      rounding: 'single',
    },
    output: { zeroPoint: 3, min: -128, max: 120 },
    ...rest,
  };
}

describe('convolutions that do not fit at once', () => {
  // 2 KB: activations, weights, results are all cut; 64 rows of sums.
  const tiny: AcceleratorConfig = { ...DEFAULT_ACCELERATOR, rows: 4, cols: 4, bus: 32, scratchpad: 2048, sums: 64, banks: 2 };
  const layers: readonly (readonly [string, Conv2d])[] = [
    ['parts of the channels', conv([1, 3, 3, 150], [9, 3, 3, 150])],
    ['rectangles along x', conv([2, 3, 120, 4], [6, 3, 3, 4])],
    ['rows gathered', conv([1, 20, 21, 3], [5, 5, 3, 3], { stride: [2, 3], padding: { top: 4, bottom: 1, left: 1, right: 3 } })],
    ['windows gathered', conv([2, 17, 9, 1], [7, 7, 2, 1], { stride: [3, 1], dilation: [1, 2], padding: 'VALID' })],
    ['a stride over pixels that are not read', conv([1, 30, 30, 20], [11, 1, 1, 20], { stride: [4, 7] })],
    ['a long row of inputs', conv([1, 1, 3, 3000], [5, 1, 1, 3000])],
    ['dilation', conv([1, 25, 25, 5], [4, 3, 3, 5], { dilation: [5, 9] })],
  ];
  test.each(layers)('%s', (_, layer) => {
    const input = randomInt8(
      8,
      layer.input.shape.reduce((x, y) => x * y, 1),
    );
    const expected = [...direct(layer, input)];
    for (const config of [tiny, DEFAULT_ACCELERATOR]) expect([...run(layer, [input], config)]).toEqual(expected);
  });

  test('one that cannot be cut is refused', () => {
    expect(() => lowerLayer(conv([1, 40, 40, 60], [4, 15, 15, 60]), tiny)).toThrow(/scratchpad of 2048 bytes does not hold one window/);
    expect(() => lowerLayer(conv([1, 4, 4, 4], [4, 1, 1, 4]), { ...tiny, modes: ['double'] })).toThrow(
      /rounds in mode 'single', but the accelerator has double/,
    );
  });
});

test('sums and products that are longer than a piece', () => {
  const config = ARRAYS[1] as AcceleratorConfig;
  const [a, b] = [randomInt8(1, 40_001), randomInt8(2, 40_001)];
  const scaling = { multiplier: [2 ** 30], shift: [-6], rounding: 'double' } as const;
  const layer: Layer = {
    kind: 'multiply',
    elements: a.length,
    a: { zeroPoint: 3 },
    b: { zeroPoint: -1 },
    scaling,
    output: { zeroPoint: -4, min: -100, max: 127 },
  };
  const products = Array.from(a, (x, i) => (x - 3) * ((b[i] as number) + 1));
  const expected = requantise(products, { multiplier: [2 ** 30], shift: [-6], zeroPoint: -4, min: -100, max: 127 });
  expect([...run(layer, [a, b], config)]).toEqual([...expected]);
});

test('a network in one program is its layers one after the other, and has no hazard', () => {
  for (const config of ARRAYS) {
    for (const { name, layers, input } of EXAMPLES) {
      const tensor = randomInt8(1, input);
      const results: Int8Array[] = [];
      for (const { layer, operands } of layers) {
        results.push(
          run(
            layer,
            operands.map((operand) => (operand === 'input' ? tensor : (results[operand] as Int8Array))),
            config,
          ).slice(),
        );
      }
      const lowered = lowerNetwork(layers, config);
      expect(checkProgram(lowered.program, config, lowered.bytes), name).toEqual([]);
      const memory = memoryImage(lowered, [tensor]);
      expect(new GoldenAccelerator(config, memory).run(lowered.program).error).toBeUndefined();
      expect([...new Int8Array(memory.buffer, lowered.output.address, lowered.output.bytes)], name).toEqual([...(results.at(-1) as Int8Array)]);
    }
  }
  const [first] = EXAMPLES;
  expect(() => lowerNetwork([{ layer: first?.layers[0]?.layer as Layer, operands: [0] }], DEFAULT_ACCELERATOR)).toThrow(/only earlier ones/);
});
