// The cells of the small formats on all operands: fp8 and below all pairs, conversions from all codes of up to 16 bits.

import { describe, expect, it } from 'vitest';
import { ROUNDINGS } from '../../../generators/float/index.ts';
import { bf16, type FloatType, fp4e2m1, fp6e2m3, fp6e3m2, fp8e4m3, fp8e5m2, fp16, fp32 } from '../../../hdl/index.ts';
import { I8, I32, U8 } from '../../../sim/golden/float/index.ts';
import { addCell, type Case, type Cell, compareCell, convertCell, fromIntCell, mulCell, toIntCell } from './cases.ts';
import { disagreements } from './run-cell.ts';

const SMALL = [fp4e2m1, fp6e2m3, fp6e3m2, fp8e4m3, fp8e5m2];
const ALL = [...SMALL, fp16, bf16, fp32];

/** All operands; the rounding goes round with them, or all roundings where the cases are few. */
function allCases({ operands, rounding }: Cell): Case[] {
  const bits = operands.reduce((sum, { width }) => sum + width, 0);
  const split = (index: number): number[] =>
    operands.map(({ width }, i) => Math.floor(index / 2 ** (i === 0 ? 0 : (operands[0] as { width: number }).width)) % 2 ** width);
  const cases: Case[] = [];
  for (let index = 0; index < 2 ** bits; index++) {
    const values = split(index);
    if (rounding !== 'input') cases.push({ operands: values, rounding });
    else if (bits <= 12) for (const each of ROUNDINGS) cases.push({ operands: values, rounding: each });
    else cases.push({ operands: values, rounding: ROUNDINGS[(index + Math.floor(index / 5)) % 5] as Case['rounding'] });
  }
  return cases;
}

const named = (cells: readonly Cell[]) => cells.map((cell) => ({ name: cell.name, cell }));

describe('on all operands', () => {
  const overflow = 'saturate';
  it.each(
    named([
      ...SMALL.flatMap((type) => [addCell(type, { rounding: 'input' }), mulCell(type, type, { rounding: 'input' }), compareCell(type)]),
      ...[fp8e4m3, fp8e5m2].flatMap((type) => [addCell(type), mulCell(type, type), mulCell(type, type, { overflow })]),
      mulCell(fp8e4m3, fp16, { rounding: 'input' }),
      mulCell(fp8e5m2, fp32),
    ]),
  )('$name', ({ cell }) => expect(disagreements(cell, allCases(cell))).toEqual([]));

  const narrow = ALL.filter(({ width }) => width <= 16);
  const pairs = narrow.flatMap((from) => ALL.filter((to) => to !== from).map((to): [FloatType, FloatType] => [from, to]));
  it('converts floats to floats', () => {
    for (const [from, to] of pairs) {
      const cell = convertCell(from, to, { rounding: 'input', ...(from.width % 3 === 0 && { overflow }) });
      const cases = allCases(cell);
      // Of 16 bits every third code, to stay within seconds; all of them together with the other formats' targets.
      const some = from.width === 16 ? cases.filter((_, i) => i % 3 === pairs.findIndex(([f, t]) => f === from && t === to) % 3) : cases;
      expect(disagreements(cell, some), cell.name).toEqual([]);
    }
  });

  it('converts floats to integers and back', () => {
    for (const type of narrow)
      for (const int of [I8, U8, I32]) {
        const cell = toIntCell(type, int, { rounding: 'input' });
        const cases = allCases(cell);
        expect(disagreements(cell, type.width === 16 ? cases.filter((_, i) => i % 3 === int.width % 3) : cases), cell.name).toEqual([]);
        if (int.width === 8) {
          const back = fromIntCell(int, type, { rounding: 'input' });
          expect(disagreements(back, allCases(back)), back.name).toEqual([]);
        }
      }
  });
});
