// Products of two tensors, and an attention head as one program, against plain loops from the definitions.

import { expect, test } from 'vitest';
import { type Layer, lowerLayer, lowerNetwork, type OutputRange, type Scaling } from '../../../compiler/accelerator/index.ts';
import { attentionHead } from '../../../examples/accelerator/attention.ts';
import { DEFAULT_ACCELERATOR } from '../../../isa/config.ts';
import { softmaxRow, softmaxScaling, softmaxTable } from '../../../sim/golden/accelerator/softmax.ts';
import { randomInt8 } from '../../../sim/golden/prng.ts';
import { requantise } from '../../../sim/golden/requantise.ts';
import { both, EIGHT, expectLayer, FOUR, golden, TINY } from './both.ts';

const NONE = { zeroPoint: 0, min: -128, max: 127 };

/** Σ (a[i][l] − zero) · b[l][j] + bias[j], scaled. */
function multiplied(
  a: (i: number, l: number) => number,
  b: (l: number, j: number) => number,
  [m, depth, n]: readonly [number, number, number],
  { multiplier, shift, rounding }: Scaling,
  { bias, output = NONE }: { readonly bias?: Int32Array; readonly output?: OutputRange } = {},
): Int8Array {
  const sums = Array.from({ length: m * n }, (_, at) => {
    let sum = bias?.[at % n] ?? 0;
    for (let l = 0; l < depth; l++) sum += a(Math.floor(at / n), l) * b(l, at % n);
    return sum;
  });
  return Int8Array.from(requantise(sums, { mode: rounding, multiplier, shift, ...output }));
}

const scaling = { multiplier: [1518500250], shift: [-9], rounding: 'double' } as const;

test.each<[number, number, number, number]>([
  [5, 8, 8, 0],
  [9, 13, 7, -128],
  [21, 30, 19, 127],
  [3, 130, 5, -1],
  [40, 6, 30, 9],
])('[%i × %i] · [%i], zero point %i', (m, depth, n, zeroPoint) => {
  const [a, b] = [randomInt8(1, m * depth), randomInt8(2, depth * n)];
  const output = { zeroPoint: 7, min: -128, max: 100 };
  const of = (i: number, l: number): number => (a[i * depth + l] as number) - zeroPoint;
  for (const transposed of [false, true]) {
    const layer: Layer = {
      kind: 'matmul',
      a: { shape: [m, depth], zeroPoint },
      b: { shape: transposed ? [n, depth] : [depth, n], transposed },
      scaling,
      output,
    };
    const expected = multiplied(of, (l, j) => b[transposed ? j * depth + l : l * n + j] as number, [m, depth, n], scaling, { output });
    expectLayer(layer, [a, b], expected, [FOUR, { ...TINY, sums: 32 }, EIGHT, DEFAULT_ACCELERATOR]);
  }
});

test('sizes that do not fit are refused', () => {
  const layer = (transposed: boolean): Layer => ({
    kind: 'matmul',
    a: { shape: [2, 3], zeroPoint: 0 },
    b: { shape: [4, 2], transposed },
    scaling,
    output: NONE,
  });
  expect(() => lowerLayer(layer(false), FOUR)).toThrow('matmul of [2, 3] and [4, 2] has rows of 3 and columns of 4 codes');
  expect(() => lowerLayer(layer(true), FOUR)).toThrow('and [4, 2] transposed has rows of 3 and columns of 2 codes');
});

test('an attention head as one program', () => {
  const [tokens, embedding, size] = [19, 21, 12];
  const layers = attentionHead(tokens, embedding, size);
  const x = randomInt8(7, tokens * embedding);
  const parameters = layers.map(({ layer }) => layer as unknown as { scaling: Scaling; bias: Int32Array; weights: { data: Int8Array } });
  const of = (i: number) => parameters[i] as (typeof parameters)[number];
  const [q, k, v] = [0, 1, 2].map((i) => {
    const { weights, bias, scaling: by } = of(i);
    const weight = (l: number, j: number): number => weights.data[j * embedding + l] as number;
    return multiplied((t, l) => (x[t * embedding + l] as number) - 4, weight, [tokens, embedding, size], by, { bias });
  }) as [Int8Array, Int8Array, Int8Array];
  const code =
    (codes: Int8Array, width: number, zero = 0) =>
    (i: number, l: number) =>
      (codes[i * width + l] as number) - zero;
  const scores = multiplied(code(q, size), (l, j) => code(k, size)(j, l), [tokens, size, tokens], of(4).scaling);
  const table = softmaxTable(softmaxScaling(1, 1 / 32));
  const rows = Array.from({ length: tokens }, (_, t) => [...softmaxRow(scores.subarray(t * tokens, (t + 1) * tokens), table)]);
  const expected = multiplied(code(Int8Array.from(rows.flat()), tokens, -128), code(v, size), [tokens, tokens, size], of(6).scaling);
  // It is no head that looks everywhere alike.
  expect(new Set(expected).size).toBeGreaterThan(40);

  const lowered = lowerNetwork(layers, FOUR);
  expect([...both(lowered, [x], FOUR).output]).toEqual([...expected]);
  expect([...golden(lowerNetwork(layers, DEFAULT_ACCELERATOR), [x], DEFAULT_ACCELERATOR).output]).toEqual([...expected]);
});
