// Golden elements against arithmetic that has nothing to do with them: whole numbers, and doubles rounded to single precision.

import { describe, expect, it } from 'vitest';
import { FP16, FP32, floatFrom, floatValue } from '../../sim/golden/float/index.ts';
import { goldenPe, type MatrixUnit, matmul, randomProblem, randomSteps, stepProduct, stepStreams, tileStreams } from '../../sim/golden/index.ts';

const codes = (values: ArrayLike<number>, width: number): bigint[] => Array.from(values, (x) => BigInt.asUintN(width, BigInt(x)));

describe('int8 as an element', () => {
  it.each(['ws', 'os'] as const)('has the beats and the product of the int8 model, %s', (dataflow) => {
    const pe = { kind: 'int', activation: { width: 8, signed: true }, weight: { width: 8, signed: true } } as const;
    const plain: MatrixUnit = { rows: 3, cols: 4, dataflow };
    for (const [m, k, n, withD] of [
      [5, 7, 9, true],
      [3, 3, 4, false],
      [1, 8, 1, true],
    ] as const) {
      const problem = randomProblem({ m, k, n }, m + k, { withD, kind: 'extreme' });
      const { a, b, d } = problem;
      const steps = { m, k, n, a: codes(a, 8), b: codes(b, 8), ...(d && { d: codes(d, 32) }) };
      const [want, got] = [tileStreams(plain, problem), stepStreams({ ...plain, pe }, steps)];
      for (const [name, width] of [
        ['act', 8],
        ['weight', 8],
        ['psum', 32],
        ['out', 32],
      ] as const)
        expect(got[name].data, name).toEqual(codes(want[name].data, width));
      expect([got.act.last, got.act.accumulate, got.out.last]).toEqual([want.act.last, want.act.accumulate, want.out.last]);
      expect(stepProduct({ ...plain, pe }, steps)).toEqual(codes(matmul({ m, k, n }, a, b, d), 32));
    }
  });
});

describe('floats', () => {
  it('are added up in the order of the array', () => {
    const pe = { kind: 'float', operand: 'fp16', accumulate: 'fp32' } as const;
    const [m, k, n, rows] = [2, 7, 2, 3];
    const problem = randomSteps(pe, { m, k, n }, 5, { withD: true });
    const value = (format: typeof FP16, code: bigint | undefined): number => floatValue(format, Number(code));
    // From the last row of a ws tile to its first; in os from the first step on.
    const orders = { ws: [2, 1, 0, 5, 4, 3, 6], os: [0, 1, 2, 3, 4, 5, 6] } as const;
    for (const dataflow of ['ws', 'os'] as const) {
      const want = Array.from({ length: m * n }, (_, at) => {
        const [row, col] = [Math.floor(at / n), at % n];
        const d = value(FP32, problem.d?.[at]);
        const sum = orders[dataflow].reduce<number>(
          (s, step) => Math.fround(s + value(FP16, problem.a[row * k + step]) * value(FP16, problem.b[step * n + col])),
          dataflow === 'ws' ? d : 0,
        );
        return BigInt(floatFrom(FP32, dataflow === 'ws' ? sum : Math.fround(sum + d)).bits);
      });
      expect(stepProduct({ rows, cols: 2, dataflow, pe }, problem)).toEqual(want);
    }
  });

  it('are padded with what leaves every sum as it is', () => {
    for (const operand of ['fp32', 'fp16', 'bf16', 'fp8e4m3', 'fp8e5m2'] as const) {
      const { padding, step, sumWidth } = goldenPe({ kind: 'float', operand });
      if (!padding) throw new Error('floats have padding');
      const sign = 1n << BigInt(sumWidth - 1);
      for (const sum of [0n, sign, 1n, sign + 1n, sign / 2n]) expect(step(padding.activation, padding.weight, sum, 0)).toBe(sum);
    }
  });
});
