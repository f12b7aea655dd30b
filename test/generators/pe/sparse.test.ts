// Elements of 2:4 structured weights: products of dense matrices against plain numbers, steps against the pairs that their indices name, work that is skipped, what is refused.

import { describe, expect, it } from 'vitest';
import { elaborateMatrixUnit } from '../../../generators/matrix-unit.ts';
import type { IntPeConfig, PeConfig } from '../../../generators/pe/index.ts';
import { processingElement } from '../../../generators/pe/index.ts';
import { evenStall, simulateRun } from '../../../sim/cosim/index.ts';
import { checkProduct } from '../../../sim/cosim/product.ts';
import { FP16, FP32, floatFrom, floatValue } from '../../../sim/golden/float/index.ts';
import { compareTraces, expectedTrace, predict, sparseSteps, stepProduct, stepStreams, workOf } from '../../../sim/golden/index.ts';
import { Rng } from '../../support/random.ts';
import { int, uint } from './elements.ts';
import { disagreements } from './step-cell.ts';

const INT8: IntPeConfig = { kind: 'int', activation: int(8), weight: int(8), sparse: '2:4' };
const FLOAT = { kind: 'float', operand: 'fp16', accumulate: 'fp32', sparse: '2:4' } as const;

/** Numbers of a dense problem: at most two in each four rows of a column of B. */
function dense(m: number, k: number, n: number, rng: Rng, draw: () => number) {
  const b = new Array<number>(k * n).fill(0);
  for (let group = 0; group < k; group += 4)
    for (let col = 0; col < n; col++) for (const row of rng.shuffled([0, 1, 2, 3]).slice(0, rng.below(3))) b[(group + row) * n + col] = draw();
  return { m, k, n, a: Array.from({ length: m * k }, draw), b };
}
const coded = ({ a, b, ...shape }: ReturnType<typeof dense>, code: (x: number) => bigint) => ({ ...shape, a: a.map(code), b: b.map(code) });

describe.each(['ws', 'os'] as const)('products, %s', (dataflow) => {
  it('of int8 equal those of the dense matrices, in the array too', async () => {
    const rng = new Rng(1);
    const problem = dense(5, 28, 4, rng, () => rng.below(256) - 128);
    const steps = sparseSteps(
      INT8,
      coded(problem, (x) => BigInt.asUintN(8, BigInt(x))),
    );
    expect(steps.k).toBe(7);
    const want = Array.from({ length: 20 }, (_, at) => {
      const [row, col] = [Math.floor(at / 4), at % 4];
      return BigInt.asUintN(
        32,
        BigInt(
          Array.from({ length: 28 }, (_x, i) => (problem.a[row * 28 + i] as number) * (problem.b[i * 4 + col] as number)).reduce((x, y) => x + y),
        ),
      );
    });
    const unit = { rows: 3, cols: 2, dataflow, pe: INT8 };
    expect(stepProduct(unit, steps)).toEqual(want);
    const stimulus = { seed: 3, stall: evenStall(0.2) };
    const streams = stepStreams(unit, steps);
    const prediction = predict(unit, streams, stimulus);
    const run = { problem: steps, stimulus, streams, prediction, expected: expectedTrace(streams, prediction), seconds: 0 };
    const trace = await simulateRun(elaborateMatrixUnit(unit), run, new AbortController().signal);
    expect(compareTraces(run.expected, trace)).toBeNull();
    expect(checkProduct(unit, run, 0, trace)).toBeUndefined();
  });
});

it('floats take value 0 first, and round after each', () => {
  const rng = new Rng(2);
  const problem = dense(3, 8, 2, rng, () => (rng.below(4001) - 2000) / 64);
  const steps = sparseSteps(
    FLOAT,
    coded(problem, (x) => BigInt(floatFrom(FP16, x).bits)),
  );
  const want = Array.from({ length: 6 }, (_, at) => {
    let sum = 0;
    // Products of fp16 are exact in a double, and one sum rounded to it and then to fp32 is that of the fused operation.
    for (let i = 0; i < 8; i++) sum = Math.fround(sum + (problem.a[Math.floor(at / 2) * 8 + i] as number) * (problem.b[i * 2 + (at % 2)] as number));
    return sum;
  });
  expect(stepProduct({ rows: 2, cols: 2, dataflow: 'os', pe: FLOAT }, steps).map((code) => floatValue(FP32, Number(code)))).toEqual(want);
});

describe('a step multiplies the pairs that its indices name', () => {
  it.each<IntPeConfig>([
    INT8,
    { ...INT8, stages: 2, gated: true },
    { kind: 'int', activation: uint(3), weight: int(4), accumulator: 9, overflow: 'saturate', stages: 1, sparse: '2:4' },
  ])('%o', (pe) => {
    const rng = new Rng(3);
    const { activation: a, weight: w, accumulator = 32 } = pe;
    const cases = Array.from({ length: 4000 }, (_, i) => ({
      activation: Number(rng.bits(4 * a.width)),
      weight: Number(rng.bits(2 * w.width + 4)),
      sum: i % 3 === 0 ? 2 ** (accumulator - 1) - 1 - (i % 2) : Number(rng.bits(accumulator)),
    }));
    const number = (code: number, { width, signed }: typeof a): number => (signed && code >= 2 ** (width - 1) ? code - 2 ** width : code);
    const field = (code: number, low: number, width: number): number => Math.floor(code / 2 ** low) % 2 ** width;
    const opinion = ({ activation, weight, sum }: (typeof cases)[0]): number => {
      let total = number(sum, { width: accumulator, signed: true });
      for (const i of [0, 1]) {
        const index = field(weight, 2 * w.width + 2 * i, 2);
        total += number(field(activation, index * a.width, a.width), a) * number(field(weight, i * w.width, w.width), w);
      }
      const end = 2 ** (accumulator - 1);
      const fit = pe.overflow === 'saturate' ? Math.min(Math.max(total, -end), end - 1) : total;
      return ((fit % (2 * end)) + 2 * end) % (2 * end);
    };
    expect(disagreements(pe, cases, opinion)).toEqual([]);
  });
});

it('half of the work is skipped, and with gating that of zeros', () => {
  const codes = { m: 1, k: 4, n: 1, a: [1n, 0n, 3n, 4n], b: [0n, 5n, 0n, 6n] };
  const steps = sparseSteps(INT8, codes);
  expect(steps.b).toEqual([5n | (6n << 8n) | (1n << 16n) | (3n << 18n)]);
  expect(workOf(INT8, steps)).toEqual({ macs: 4, skipped: 2 });
  expect(workOf({ ...INT8, stages: 1, gated: true }, steps)).toEqual({ macs: 4, skipped: 3 });
  const { sparse: _, ...plain } = INT8;
  expect(workOf({ ...plain, stages: 1, gated: true }, codes)).toEqual({ macs: 4, skipped: 3 });
  expect(workOf(plain, codes)).toEqual({ macs: 4, skipped: 0 });
  expect(processingElement(INT8).macs).toEqual([4]);
});

it('what is no 2:4 problem is refused, with what is possible', () => {
  const problem = (k: number, b: readonly bigint[], n = 1) => ({ m: 1, k, n, a: new Array<bigint>(k).fill(1n), b });
  expect(() => sparseSteps(INT8, problem(7, new Array<bigint>(7).fill(0n)))).toThrow(
    'k of 7 is no multiple of 4, of which each group has two weights: give 4 or 8, or fill up with zeros',
  );
  expect(() => sparseSteps(INT8, problem(3, [0n, 0n, 0n]))).toThrow('give 4, or');
  // Column 1 of the second group is the first that has three; −0 is none of a float's.
  const rows = [1n, 1n, 0n, 0n, 1n, 0n, 0n, 1n, 1n, 1n, 0n, 1n, 0n, 1n, 0n, 0n];
  expect(() => sparseSteps(INT8, problem(8, rows, 2))).toThrow(
    'rows 4 to 7 of column 1 have 3 weights that are not zero: 2:4 allows two in each four',
  );
  expect(sparseSteps(FLOAT, problem(4, [0x8000n, 1n, 2n, 0n])).b).toEqual([1n | (2n << 16n) | (1n << 32n) | (2n << 34n)]);
  const { sparse: _, ...plain } = INT8;
  expect(() => sparseSteps(plain, problem(4, [0n, 0n, 0n, 0n]))).toThrow("give it sparse: '2:4'");
  expect(() => processingElement({ ...INT8, sparse: '1:4' } as unknown as PeConfig)).toThrow("int weights of structure '1:4'");
});
