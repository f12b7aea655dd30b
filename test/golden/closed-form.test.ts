import { describe, expect, it } from 'vitest';
import { cyclesWithoutStalls, type MatrixUnit, predict, tileStreams, utilisation } from '../../sim/golden/index.ts';
import { noStall } from './arbitraries.ts';

function predicted(unit: MatrixUnit, m: number, k: number, n: number, withD: boolean): number {
  const d = withD ? new Int32Array(m * n) : undefined;
  const problem = { m, k, n, a: new Int8Array(m * k), b: new Int8Array(k * n), d };
  return predict(unit, tileStreams(unit, problem), noStall).cycles;
}

describe('cyclesWithoutStalls', () => {
  for (const dataflow of ['ws', 'os'] as const) {
    it(`equals predict on a grid of shapes in ${dataflow}`, () => {
      const sizes = [1, 2, 3, 4, 5, 7, 8, 9];
      for (const rows of [1, 2, 3, 4, 8]) {
        for (const cols of [1, 2, 5]) {
          const unit: MatrixUnit = { rows, cols, dataflow };
          for (const m of sizes) {
            for (const k of sizes) {
              for (const n of [1, 2, 5, 6]) {
                const withD = (m + k + n) % 2 === 0;
                const expected = predicted(unit, m, k, n, withD);
                if (cyclesWithoutStalls(unit, { m, k, n, withD }) !== expected) {
                  expect.fail(`${JSON.stringify({ ...unit, m, k, n, withD })} takes ${expected} cycles`);
                }
              }
            }
          }
        }
      }
    });
  }

  it('equals predict on large shapes', () => {
    const cases = [
      [16, 16, 128, 256, 256],
      [16, 8, 7, 100, 33],
      [8, 16, 100, 7, 33],
      [1, 1, 13, 11, 9],
      [32, 32, 1, 1, 1],
    ] as const;
    for (const [rows, cols, m, k, n] of cases) {
      for (const dataflow of ['ws', 'os'] as const) {
        const unit: MatrixUnit = { rows, cols, dataflow };
        expect(cyclesWithoutStalls(unit, { m, k, n, withD: false })).toBe(predicted(unit, m, k, n, false));
        expect(cyclesWithoutStalls(unit, { m, k, n, withD: true })).toBe(predicted(unit, m, k, n, true));
      }
    }
  });

  it('refuses an empty problem', () => {
    const unit: MatrixUnit = { rows: 2, cols: 2, dataflow: 'os' };
    expect(() => cyclesWithoutStalls(unit, { m: 1, k: 0, n: 1, withD: false })).toThrow('k must be an integer');
  });
});

describe('utilisation', () => {
  it('is the share of useful multiplications', () => {
    const unit: MatrixUnit = { rows: 16, cols: 16, dataflow: 'ws' };
    const shape = { m: 128, k: 256, n: 256, withD: true };
    expect(utilisation(unit, shape)).toBeCloseTo(32768 / 32816, 12);
    expect(utilisation(unit, shape, 65536)).toBe(0.5);
  });
});
