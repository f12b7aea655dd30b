// The cells of all formats on boundaries and random operands, all roundings, both kinds of overflow, every depth, against the BigInt model.
// `npm run test:floats` does the same a million times.

import { describe, expect, it } from 'vitest';
import { registersAt } from '../../../generators/pipelined.ts';
import { bf16, float, fp4e2m1, fp8e4m3, fp8e5m2, fp16, fp32 } from '../../../hdl/index.ts';
import { I32 } from '../../../sim/golden/float/index.ts';
import { Rng } from '../../support/random.ts';
import { addCell, boundaryCases, type Cell, compareCell, convertCell, fmaCell, fromIntCell, mulCell, randomCases, toIntCell } from './cases.ts';
import { disagreements } from './run-cell.ts';
import { HEAVY_CELLS } from './suite.ts';

const named = (cells: readonly Cell[]) => cells.map((cell) => ({ name: cell.name, cell }));

function check(cell: Cell, boundaries: number, random: number, engine: 'js' | 'wasm' = 'wasm'): void {
  const cases = [...boundaryCases(cell, boundaries), ...randomCases(cell, random, new Rng(cell.name.length))];
  expect(disagreements(cell, cases, { engine })).toEqual([]);
}

describe('at boundaries and at random', () => {
  it.each(named(HEAVY_CELLS))('$name', ({ cell }) => check(cell, 4000, 3000));

  // Shapes that no named format has: unequal ranges on both sides, a bias off the middle, the smallest of all.
  const odd = float({ exponent: 6, mantissa: 5, bias: 20 });
  const tiny = float({ exponent: 2, mantissa: 1 });
  it.each(
    named([
      fmaCell(odd, fp16, { rounding: 'input' }),
      fmaCell(fp16, odd, { rounding: 'input' }),
      fmaCell(bf16, fp16, { rounding: 'input' }),
      fmaCell(fp16, bf16, { rounding: 'input' }),
      fmaCell(fp32, fp8e4m3, { rounding: 'input' }),
      fmaCell(fp16, fp4e2m1, { rounding: 'input', overflow: 'saturate' }),
      fmaCell(tiny, tiny, { rounding: 'input' }),
      addCell(tiny, { rounding: 'input' }),
      mulCell(odd, tiny, { rounding: 'input' }),
      mulCell(fp32, bf16, { rounding: 'input' }),
      convertCell(odd, fp16, { rounding: 'input' }),
      toIntCell(odd, { width: 5, signed: true }, { rounding: 'input' }),
      fromIntCell({ width: 32, signed: false }, tiny, { rounding: 'input', overflow: 'saturate' }),
    ]),
  )('$name (unusual)', ({ cell }) => check(cell, 1500, 1500));

  it('on the JavaScript engine too', () => {
    for (const cell of [fmaCell(bf16, fp32, { rounding: 'input', stages: 5 }), fmaCell(fp8e5m2, fp8e5m2), convertCell(fp32, fp8e4m3)])
      check(cell, 300, 300, 'js');
  });
});

describe('pipelines', () => {
  it.each([1, 2, 3, 4, 5, 6, 11])('of %i registers delay by as many cycles and change nothing', (stages) => {
    const rounding = 'input';
    for (const cell of [
      fmaCell(bf16, fp32, { rounding, stages }),
      addCell(fp16, { rounding, stages }),
      mulCell(fp8e4m3, fp8e4m3, { rounding, stages }),
      compareCell(bf16, { stages }),
      convertCell(fp32, fp16, { rounding, stages }),
      toIntCell(fp16, I32, { rounding, stages }),
      fromIntCell(I32, fp16, { rounding, stages }),
    ])
      check(cell, 100, 200);
  });

  it('have their registers spread, the outputs first', () => {
    const spread = (stages: number): number[] => Array.from({ length: 5 }, (_, place) => registersAt(place, 5, stages));
    expect([0, 1, 2, 3, 4, 5, 7].map(spread)).toEqual([
      [0, 0, 0, 0, 0],
      [0, 0, 0, 0, 1],
      [0, 0, 1, 0, 1],
      [0, 1, 0, 1, 1],
      [0, 1, 1, 1, 1],
      [1, 1, 1, 1, 1],
      [1, 1, 2, 1, 2],
    ]);
  });
});
