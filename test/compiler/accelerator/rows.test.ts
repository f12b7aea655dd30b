// Softmax and normalisation as layers: TFLite Micro's and CMSIS-NN's results, rows of any length and number, in the golden model and in RTL.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { type Layer, lowerLayer, lowerNetwork, softmaxScaling } from '../../../compiler/accelerator/index.ts';
import { DEFAULT_ACCELERATOR } from '../../../isa/config.ts';
import { softmaxRow, softmaxTable } from '../../../sim/golden/accelerator/softmax.ts';
import { randomInt8 } from '../../../sim/golden/prng.ts';
import { requantise } from '../../../sim/golden/requantise.ts';
import { MLPERF_MODELS, mlperfLayers } from '../../support/mlperf-tiny.ts';
import { EIGHT, expectLayer, FOUR, golden, TINY } from './both.ts';

describe('MLPerf Tiny: softmax and reshape, in RTL too', () => {
  const folder = fileURLToPath(new URL('../../data/mlperf-tiny', import.meta.url));
  const layers = MLPERF_MODELS.flatMap((model) => mlperfLayers(folder, model, 'real', 'double')).filter(({ layer }) =>
    ['softmax', 'reshape'].includes(layer.kind),
  );
  expect(layers.length).toBe(6);
  test.each(layers)('$name', ({ layer, inputs, output }) => expectLayer(layer, inputs, output, [EIGHT, FOUR]));
});

test('softmax of CMSIS-NN', () => {
  const { cmsisNn } = JSON.parse(readFileSync(new URL('../../data/softmax/rows.json', import.meta.url), 'utf8'));
  const { input, output, length, multiplier, leftShift, diffMin } = cmsisNn;
  const layer: Layer = { kind: 'softmax', rows: input.length / length, length, scaling: { multiplier, leftShift, diffMin } };
  expectLayer(layer, [Int8Array.from(input)], output);
});

const rowsOf = (codes: Int8Array, length: number): Int8Array[] =>
  Array.from({ length: codes.length / length }, (_, i) => codes.subarray(i * length, (i + 1) * length));

describe('softmax of many rows', () => {
  test.each([
    [1, 1],
    [37, 3],
    [5, 64],
    [300, 17],
    [2, 500],
  ])('%i of %i', (rows, length) => {
    const codes = randomInt8(rows, rows * length);
    const scaling = softmaxScaling(1, 0.07);
    const expected = rowsOf(codes, length).flatMap((row) => [...softmaxRow(row, softmaxTable(scaling))]);
    expectLayer({ kind: 'softmax', rows, length, scaling }, [codes], expected);
  });
  test('a row that fits alone only, and one that does not', () => {
    const scaling = softmaxScaling(1, 0.01);
    const layer = (length: number): Layer => ({ kind: 'softmax', rows: 3, length, scaling });
    const codes = randomInt8(4, 3 * 3500);
    const expected = rowsOf(codes, 3500).flatMap((row) => [...softmaxRow(row, softmaxTable(scaling))]);
    expectLayer(layer(3500), [codes], expected, [FOUR, DEFAULT_ACCELERATOR]);
    expect(() => lowerLayer(layer(520), TINY)).toThrow(
      'a scratchpad of 2048 bytes does not hold a row of 520 bytes beside its result and 1024 bytes',
    );
    expect(() => lowerLayer(layer(4096), DEFAULT_ACCELERATOR)).toThrow('a row of softmax has 4096 codes, but must have 1 to 4095');
  });
});

/** (x − mean) / √variance by real numbers, rounded; cases are chosen to be far from ties. */
function normalised(row: Int8Array, fraction: number, epsilon: number): number[] {
  const n = row.length;
  const mean = row.reduce((a, b) => a + b, 0) / n;
  const variance = row.reduce((a, b) => a + (b - mean) ** 2, 0) / n + 2 ** epsilon / n ** 2;
  return Array.from(row, (x) => Math.min(Math.max(Math.round(((x - mean) / Math.sqrt(variance)) * 2 ** fraction), -128), 127));
}

describe('normalisation', () => {
  test.each([
    [9, 8],
    [4, 30],
    [33, 12],
    [2, 139],
  ])('%i rows of %i', (rows, length) => {
    const codes = randomInt8(length, rows * length);
    const expected = rowsOf(codes, length).flatMap((row) => normalised(row, 5, 4));
    expectLayer({ kind: 'normalise', rows, length, fraction: 5, epsilon: 4 }, [codes], expected);

    const weights = randomInt8(2, length);
    const bias = Int32Array.from(randomInt8(3, length), (x) => 13 * x);
    const scaling = { multiplier: Array.from({ length }, (_, i) => 2 ** 30 + 997 * i), shift: Array(length).fill(-5), rounding: 'double' } as const;
    const output = { zeroPoint: -6, min: -120, max: 127 };
    const sums = expected.map((x, i) => x * (weights[i % length] as number) + (bias[i % length] as number));
    expectLayer(
      { kind: 'normalise', rows, length, fraction: 5, epsilon: 4, affine: { weights, bias, scaling, output } },
      [codes],
      requantise(sums, { ...scaling, mode: 'double', ...output }),
    );
  });
  test('wrong weights are refused', () => {
    const affine = {
      weights: new Int8Array(3),
      scaling: { multiplier: [1], shift: [0], rounding: 'double' },
      output: { zeroPoint: 0, min: 0, max: 0 },
    } as const;
    expect(() => lowerLayer({ kind: 'normalise', rows: 1, length: 4, fraction: 5, epsilon: 0, affine }, FOUR)).toThrow(
      'a row of 4 codes is normalised with 3 weights',
    );
    expect(() => lowerLayer({ kind: 'normalise', rows: 0, length: 4, fraction: 5, epsilon: 0 }, FOUR)).toThrow('normalise has 0 rows');
  });
});

test('a reshape in a network is nothing, of the network’s input a copy', () => {
  const reshape = { kind: 'reshape', elements: 60 } as const;
  const codes = randomInt8(1, 60);
  const layers = [
    { layer: reshape, operands: ['input'] },
    { layer: { kind: 'normalise', rows: 4, length: 15, fraction: 4, epsilon: 0 }, operands: [0] },
    { layer: reshape, operands: [1] },
  ] as const;
  const network = lowerNetwork(layers, FOUR);
  expect(network.program.length).toBe(lowerNetwork(layers.slice(0, 2), FOUR).program.length);
  expect([...golden(network, [codes], FOUR).output]).toEqual(rowsOf(codes, 15).flatMap((row) => normalised(row, 4, 0)));
  expect(() => lowerNetwork([...layers.slice(0, 2), { layer: { ...reshape, elements: 59 }, operands: [1] }], FOUR)).toThrow(
    'layer 2 takes 59 bytes as operand 0, but gets 60 of layer 1',
  );
});

test('a network whose first layer takes the input twice reads one', () => {
  const codes = randomInt8(1, 37);
  const product: Layer = {
    kind: 'multiply',
    elements: 37,
    a: { zeroPoint: 3 },
    b: { zeroPoint: -5 },
    scaling: { multiplier: [2 ** 30], shift: [-5], rounding: 'double' },
    output: { zeroPoint: 1, min: -128, max: 127 },
  };
  const network = lowerNetwork([{ layer: product, operands: ['input', 'input'] }], FOUR);
  expect(network.inputs).toHaveLength(1);
  const alone = lowerLayer(product, FOUR);
  expect([...golden(network, [codes], FOUR).output]).toEqual([...golden(alone, [codes, codes], FOUR).output]);
});
