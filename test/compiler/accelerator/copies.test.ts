// Layers that move bytes against plain loops: concatenation, repeats, transposes, tables; in the golden model and in RTL.

import { describe, expect, test } from 'vitest';
import { type Layer, lowerLayer, rescaleTable } from '../../../compiler/accelerator/index.ts';
import { DEFAULT_ACCELERATOR } from '../../../isa/config.ts';
import { randomInt8 } from '../../../sim/golden/prng.ts';
import { saturatingRoundingDoublingHighMul } from '../../../sim/golden/requantise.ts';
import { EIGHT, expectLayer, FOUR, TINY } from './both.ts';

const product = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);
/** All indices of a shape, the last one fastest. */
function indices(shape: readonly number[]): number[][] {
  return shape.reduce<number[][]>((all, size) => all.flatMap((head) => Array.from({ length: size }, (_, i) => [...head, i])), [[]]);
}
const at = (shape: readonly number[], index: readonly number[]): number => index.reduce((address, i, d) => address * (shape[d] as number) + i, 0);

describe('transpose', () => {
  test.each<[readonly number[], readonly number[]]>([
    [
      [7, 5],
      [1, 0],
    ],
    [
      [33, 20],
      [1, 0],
    ],
    [
      [2, 3, 5, 4],
      [0, 3, 1, 2],
    ],
    [
      [2, 3, 4, 5, 3],
      [4, 2, 3, 0, 1],
    ],
    [
      [3, 6, 2, 7],
      [0, 2, 1, 3],
    ],
    [
      [4, 1, 9],
      [0, 1, 2],
    ],
  ])('[%j] by %j', (shape, permutation) => {
    const codes = randomInt8(1, product(shape));
    const to = permutation.map((d) => shape[d] as number);
    const expected = indices(to).map((index) => {
      const from: number[] = [];
      permutation.forEach((d, i) => {
        from[d] = index[i] as number;
      });
      return codes[at(shape, from)] as number;
    });
    expectLayer({ kind: 'transpose', shape, permutation }, [codes], expected);
  });
  test.each([
    [[1, 16, 8], EIGHT],
    [[1, 50, 45], FOUR],
    [[3, 21, 19], EIGHT],
    [[2, 130, 7], FOUR],
  ] as const)('matrices of %j by the array', (shape, config) => {
    const codes = randomInt8(3, product(shape));
    const [n, h, w] = shape;
    const expected = indices([n, w, h]).map(([i, x, y]) => codes[at(shape, [i, y, x] as number[])] as number);
    const layer: Layer = { kind: 'transpose', shape, permutation: [0, 2, 1] };
    const wide = { ...DEFAULT_ACCELERATOR, rows: 32, cols: 8, modes: ['floor'] as const };
    expect(lowerLayer(layer, config).program.some(({ name }) => name === 'mx.multiply')).toBe(true);
    expectLayer(layer, [codes], expected, [config, TINY, wide, DEFAULT_ACCELERATOR]);
  });
  test('a wrong permutation is refused', () => {
    expect(() => lowerLayer({ kind: 'transpose', shape: [2, 3], permutation: [1, 1] }, FOUR)).toThrow('must name each of 2 dimensions once, from 0');
    expect(() => lowerLayer({ kind: 'transpose', shape: [2, 0], permutation: [1, 0] }, FOUR)).toThrow('no size below 1');
  });
});

describe('resize', () => {
  test.each<[readonly [number, number, number, number], readonly [number, number]]>([
    [
      [1, 3, 4, 8],
      [2, 2],
    ],
    [
      [2, 5, 3, 3],
      [3, 1],
    ],
    [
      [1, 4, 7, 1],
      [2, 5],
    ],
    [
      [1, 2, 40, 30],
      [1, 3],
    ],
  ])('%j by %j', (shape, factors) => {
    const codes = randomInt8(2, product(shape));
    const [n, h, w, c] = shape;
    const out = [n, h * factors[0], w * factors[1], c];
    const expected = indices(out).map(
      ([i, y, x, k]) =>
        codes[at(shape, [i, Math.floor((y as number) / factors[0]), Math.floor((x as number) / factors[1]), k] as number[])] as number,
    );
    expectLayer({ kind: 'resize', input: { shape }, factors }, [codes], expected);
  });
});

describe('concatenate', () => {
  test.each<[readonly (readonly number[])[], number]>([
    [[[5], [3], [70]], 0],
    [
      [
        [1, 4, 3, 8],
        [1, 4, 3, 5],
      ],
      3,
    ],
    [
      [
        [2, 3, 4],
        [2, 1, 4],
        [2, 6, 4],
      ],
      1,
    ],
    [
      [
        [3, 300],
        [3, 1],
      ],
      1,
    ],
  ])('%j along %i', (shapes, axis) => {
    const inputs = shapes.map((shape, i) => randomInt8(i + 1, product(shape)));
    const [first = []] = shapes;
    const out = first.map((size, d) => (d === axis ? shapes.reduce((sum, shape) => sum + (shape[d] as number), 0) : size));
    // The scale of each operand is another: 1, 1/2 and 3/5 of a code of the result for each of its own, as gemmlowp rounds them.
    const to = { scale: 0.5, zeroPoint: 4 };
    const scales = [0.5, 0.25, 0.3];
    const rescaled = (code: number, i: number): number => {
      const x = code - (i - 1);
      const scaled = i === 0 ? x : saturatingRoundingDoublingHighMul(x, i === 1 ? 2 ** 30 : 1288490189);
      return Math.min(Math.max(scaled + 4, -128), 127);
    };
    const value = (index: readonly number[], change: (code: number, i: number) => number): number => {
      const moved = [...index];
      let i = 0;
      for (; (moved[axis] as number) >= (shapes[i]?.[axis] as number); i++) moved[axis] = (moved[axis] as number) - (shapes[i]?.[axis] as number);
      return change((inputs[i] as Int8Array)[at(shapes[i] as number[], moved)] as number, i);
    };
    const plain: Layer = { kind: 'concatenate', operands: shapes.map((shape) => ({ shape })), axis };
    expectLayer(
      plain,
      inputs,
      indices(out).map((index) => value(index, (code) => code)),
    );
    const operands = shapes.map((shape, i) => ({ shape, table: rescaleTable({ scale: scales[i] as number, zeroPoint: i - 1 }, to) }));
    expectLayer(
      { kind: 'concatenate', operands, axis },
      inputs,
      indices(out).map((index) => value(index, rescaled)),
      [FOUR, TINY, DEFAULT_ACCELERATOR],
    );
  });
  test('one operand without a table among those that have one', () => {
    const table = Int8Array.from({ length: 256 }, (_, i) => 127 - i);
    const [a, b] = [randomInt8(1, 40), randomInt8(2, 50)];
    const layer: Layer = { kind: 'concatenate', operands: [{ shape: [40] }, { shape: [50], table }], axis: 0 };
    expectLayer(layer, [a, b], [...a, ...Array.from(b, (code) => -1 - code)]);
  });
  test('shapes that do not fit are refused', () => {
    const of = (...shapes: readonly (readonly number[])[]): Layer => ({ kind: 'concatenate', operands: shapes.map((shape) => ({ shape })), axis: 1 });
    expect(() => lowerLayer(of([2, 3], [3, 3]), FOUR)).toThrow('operands of concatenate are [2, 3] and [3, 3], but must differ along axis 1 only');
    expect(() => lowerLayer(of([2]), FOUR)).toThrow('along axis 1 only');
    expect(() => lowerLayer({ kind: 'lookup', elements: 4, table: new Int8Array(255) }, FOUR)).toThrow('a table has 255 codes');
  });
});
