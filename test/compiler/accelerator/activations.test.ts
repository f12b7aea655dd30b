// Every activation function of the compiler, once: tables against TFLite's definitions, and as layers in the golden model and in RTL.

import { describe, expect, test } from 'vitest';
import {
  ACTIVATIONS,
  activationTable,
  type Layer,
  leakyReluTable,
  lowerLayer,
  outputBetween,
  type Quantisation,
} from '../../../compiler/accelerator/index.ts';
import { randomInt8 } from '../../../sim/golden/prng.ts';
import {
  roundingDivideByPowerOfTwo as divide,
  saturatingRoundingDoublingHighMul as multiply,
  quantiseMultiplier,
} from '../../../sim/golden/requantise.ts';
import { EIGHT, expectLayer, FOUR, TINY } from './both.ts';

const CODES = Int8Array.from({ length: 256 }, (_, i) => i - 128);
/** All codes, and more than a piece. */
const INPUT = Int8Array.from([...CODES, ...randomInt8(1, 900)]);

describe('functions of real numbers', () => {
  const input: Quantisation = { scale: 0.05, zeroPoint: -9 };
  // Values of the functions at some arguments, from tables of mathematics.
  test.each<[keyof typeof ACTIVATIONS, Quantisation, readonly (readonly [x: number, value: number])[]]>([
    [
      'sigmoid',
      { scale: 1 / 256, zeroPoint: -128 },
      [
        [0, 0.5],
        [1, 0.7310585786300049],
        [-2, 0.11920292202211755],
      ],
    ],
    [
      'tanh',
      { scale: 1 / 128, zeroPoint: 0 },
      [
        [0, 0],
        [1, 0.7615941559557649],
        [-0.5, -0.46211715726000974],
      ],
    ],
    [
      'gelu',
      { scale: 0.037, zeroPoint: -100 },
      [
        [1, 0.8413447460685429],
        [-1, -0.15865525393145707],
        [3, 2.99595030590511],
        [-9, 0],
        [5, 4.99999856674214],
      ],
    ],
    [
      'silu',
      { scale: 0.037, zeroPoint: -100 },
      [
        [0, 0],
        [1, 0.7310585786300049],
        [-4, -0.07194483984836623],
      ],
    ],
  ])('%s', (name, output, values) => {
    const of = ACTIVATIONS[name];
    for (const [x, value] of values) expect(of(x)).toBeCloseTo(value, 12);
    const table = activationTable(of, input, output);
    // None of these is near a tie of fp32.
    const expected = Array.from(CODES, (code) => {
      const scaled = of(0.05 * (code + 9)) / output.scale;
      expect(Math.abs(Math.abs(scaled % 1) - 0.5)).toBeGreaterThan(1e-5);
      return Math.min(Math.max(Math.round(scaled) + output.zeroPoint, -128), 127);
    });
    expectLayer(
      { kind: 'lookup', elements: INPUT.length, table },
      [INPUT],
      Array.from(INPUT, (code) => expected[code + 128] as number),
      [FOUR, TINY],
    );
  });
});

/** MultiplyByQuantizedMultiplier. */
function scaled(x: number, { multiplier, shift }: { readonly multiplier: number; readonly shift: number }): number {
  return divide(multiply(x * 2 ** Math.max(shift, 0), multiplier), Math.max(-shift, 0));
}
const clamp = (x: number, min = -128): number => Math.min(Math.max(x, min), 127);

test('leaky ReLU', () => {
  const [input, output] = [
    { scale: 0.04, zeroPoint: 11 },
    { scale: 0.03, zeroPoint: -20 },
  ];
  const [steep, flat] = [quantiseMultiplier(0.04 / 0.03), quantiseMultiplier((0.04 / 0.03) * 0.1)];
  const expected = Array.from(INPUT, (code) => clamp(scaled(code - 11, code >= 11 ? steep : flat) - 20));
  expectLayer({ kind: 'lookup', elements: INPUT.length, table: leakyReluTable(0.1, input, output) }, [INPUT], expected, [FOUR]);
});

test('PReLU', () => {
  for (const [shape, from] of [
    [[1, 5, 7, 3], 1],
    [[2, 3, 30, 21], 2],
  ] as const) {
    const [n, h, w, channels] = shape;
    const codes = randomInt8(from, n * h * w * channels);
    const slopes = randomInt8(3, channels);
    const [positive, negative] = [quantiseMultiplier(0.8), quantiseMultiplier(0.013)];
    const expected = Array.from(codes, (code, i) => {
      const x = code + 5;
      return clamp((x >= 0 ? scaled(x, positive) : scaled(x * ((slopes[i % channels] as number) - 6), negative)) + 2, -100);
    });
    const layer: Layer = {
      kind: 'prelu',
      input: { shape, zeroPoint: -5, ...positive },
      slopes: { data: slopes, zeroPoint: 6 },
      scaling: { multiplier: [negative.multiplier], shift: [negative.shift], rounding: 'double' },
      output: { zeroPoint: 2, min: -100, max: 127 },
    };
    expectLayer(layer, [codes], expected, [FOUR, TINY, EIGHT]);
    expect(() => lowerLayer({ ...layer, slopes: { data: new Int8Array(2), zeroPoint: 0 } }, FOUR)).toThrow(
      `prelu has 2 slopes for ${channels} channels`,
    );
  }
});

test('ReLU, ReLU6 and those without limits, as outputs of any layer', () => {
  const quantisation = { scale: 0.05, zeroPoint: -30 };
  expect(outputBetween(0, Number.POSITIVE_INFINITY, quantisation)).toEqual({ zeroPoint: -30, min: -30, max: 127 });
  expect(outputBetween(0, 6, quantisation)).toEqual({ zeroPoint: -30, min: -30, max: 90 });
  expect(outputBetween(-1, 1, quantisation)).toEqual({ zeroPoint: -30, min: -50, max: -10 });
  expect(outputBetween(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, quantisation)).toEqual({ zeroPoint: -30, min: -128, max: 127 });
  const [a, b] = [randomInt8(4, 333), randomInt8(5, 333)];
  const product = quantiseMultiplier(0.03);
  const layer: Layer = {
    kind: 'multiply',
    elements: 333,
    a: { zeroPoint: 1 },
    b: { zeroPoint: -2 },
    scaling: { multiplier: [product.multiplier], shift: [product.shift], rounding: 'double' },
    output: outputBetween(0, 6, quantisation),
  };
  const expected = Array.from(a, (x, i) => Math.min(Math.max(scaled((x - 1) * ((b[i] as number) + 2), product) - 30, -30), 90));
  expectLayer(layer, [a, b], expected, [FOUR]);
});
