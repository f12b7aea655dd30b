// The matrix unit in the in-process simulator against the golden model: every output in every cycle. The whole matrix of shapes and
// engines is in test/cosim/matrix.test.ts; this is the fast half, which mutations are tried on.

import { describe, expect, it } from 'vitest';
import { elaborateMatrixUnit } from '../../generators/matrix-unit.ts';
import { evenStall, makeRun, outBeats, simulateRun } from '../../sim/cosim/index.ts';
import { collectResult, compareTraces, cyclesWithoutStalls, matmul } from '../../sim/golden/index.ts';

const SHAPES = [
  [1, 1],
  [1, 4],
  [4, 1],
  [2, 3],
  [5, 3],
  [8, 8],
] as const;
const never = new AbortController().signal;

describe.each(['ws', 'os'] as const)('%s', (dataflow) => {
  it.each(SHAPES)('%i×%i equals the golden model in every cycle', async (rows, cols) => {
    const unit = { rows, cols, dataflow };
    const design = elaborateMatrixUnit(unit);
    for (const [m, k, n] of [
      [1, 1, 1],
      [rows, rows, cols],
      [2 * rows + 1, 2 * rows + 1, 2 * cols + 1],
      [3, 7, 5],
    ] as const) {
      for (const stall of [0, 0.35]) {
        const run = makeRun(unit, { m, k, n, withD: (m + k) % 2 === 0, stimulus: { seed: 17 * m + k, stall: evenStall(stall) } });
        const trace = await simulateRun(design, run, never);
        expect(compareTraces(run.expected, trace), `${m}×${k}×${n}, stall ${stall}`).toBeNull();
        const { a, b, d } = run.problem;
        expect(collectResult(unit, { m, k, n }, outBeats(trace, run))).toEqual(matmul({ m, k, n }, a, b, d));
      }
    }
  });

  it('does not depend on the start values of registers without reset', async () => {
    const unit = { rows: 3, cols: 4, dataflow };
    for (const seed of [1, 2, 3, 4, 5]) {
      const run = makeRun(unit, { m: 7, k: 7, n: 9, withD: true, stimulus: { seed, stall: evenStall(0.2) } });
      expect(compareTraces(run.expected, await simulateRun(elaborateMatrixUnit(unit), run, never))).toBeNull();
    }
  });

  it('streams 128×256×256 on 16×16 without a bubble: at most 5 % above the 32,768 cycles of the multiplies', async () => {
    const unit = { rows: 16, cols: 16, dataflow };
    const run = makeRun(unit, { m: 128, k: 256, n: 256, withD: false, stimulus: { seed: 1, stall: evenStall(0) } });
    const trace = await simulateRun(elaborateMatrixUnit(unit), run, never);
    expect(compareTraces(run.expected, trace)).toBeNull();
    expect(trace.flags.length).toBe(cyclesWithoutStalls(unit, { m: 128, k: 256, n: 256, withD: false }));
    expect(trace.flags.length).toBeLessThanOrEqual(1.05 * 32_768);
  });
});
