// Output-stationary arrays that drain through their accumulators, against the golden model in every cycle; the closed form; what is refused.

import { describe, expect, it } from 'vitest';
import type { ArrayConfig } from '../../../generators/array-config.ts';
import { elaborateMatrixUnit } from '../../../generators/matrix-unit.ts';
import { type PeConfig, processingElement } from '../../../generators/pe/index.ts';
import { evenStall, makeStepRun, simulateRun } from '../../../sim/cosim/index.ts';
import { checkProduct } from '../../../sim/cosim/product.ts';
import { compareTraces, cyclesWithoutStalls } from '../../../sim/golden/index.ts';
import { int, uint } from './elements.ts';

/** The choice of what is added in front of the addition and behind it, a valid bit, product registers, modes. */
const ELEMENTS: readonly PeConfig[] = [
  { kind: 'int', activation: int(8), weight: int(8) },
  { kind: 'int', activation: int(8), weight: int(8), form: 'fused' },
  { kind: 'int', activation: uint(5), weight: int(4), stages: 3, gated: true, accumulator: 9, overflow: 'saturate' },
  { kind: 'xnor', lanes: 5 },
  { kind: 'xnor', lanes: 4, stages: 2 },
  { kind: 'float', operand: 'bf16', accumulate: 'fp32', productStages: 1 },
  { kind: 'fusible', stages: 1 },
];

describe('drain through the accumulators', () => {
  it.each(ELEMENTS.map((pe) => ({ name: processingElement(pe).name, pe })))('$name equals the golden model in every cycle', async ({ pe }) => {
    for (const [rows, cols] of [
      [1, 1],
      [3, 5],
      [4, 2],
    ] as const) {
      const unit = { rows, cols, dataflow: 'os', drain: 'through', pe } as const;
      const design = elaborateMatrixUnit(unit);
      for (const [m, k, n, stall, kind] of [
        [rows + 2, 2 * rows + 1, 2 * cols + 1, 0, 'uniform'],
        [2 * rows, 1, 2 * cols, 0.3, 'extreme'],
        [3 * rows, 7, 4, 0.2, 'uniform'],
        [2 * rows, 2, 3 * cols, 0, 'uniform'],
      ] as const) {
        const withD = m % 2 === 0;
        const run = makeStepRun(unit, { m, k, n, withD, kind, stimulus: { seed: 31 * m + k, stall: evenStall(stall) } });
        const trace = await simulateRun(design, run, new AbortController().signal);
        expect(compareTraces(run.expected, trace), `${rows}×${cols}: ${m}×${k}×${n}, stall ${stall}`).toBeNull();
        expect(checkProduct(unit, run, 0, trace)).toBeUndefined();
        const { mode, ...shape } = run.problem;
        if (stall === 0 && !mode) expect(run.prediction.cycles).toBe(cyclesWithoutStalls(unit, { ...shape, withD }));
      }
    }
  });

  it('costs the drain of each tile: K + R cycles in place of K', () => {
    const unit: ArrayConfig = { rows: 16, cols: 16, dataflow: 'os' };
    const shape = { m: 128, k: 256, n: 256, withD: false };
    const tiles = 8 * 16;
    expect(cyclesWithoutStalls({ ...unit, drain: 'through' }, shape)).toBe(cyclesWithoutStalls(unit, shape) + 1 + (tiles - 1) * 16);
  });

  it('is for output-stationary arrays without tiles', () => {
    const size = { rows: 4, cols: 4, drain: 'through' } as const;
    expect(() => elaborateMatrixUnit({ ...size, dataflow: 'os', tile: { rows: 2, cols: 2 } })).toThrow(
      /HDL-C001: .*a drain through the accumulators in an array of tiles/,
    );
    const run = { m: 1, k: 1, n: 1, withD: false, stimulus: { seed: 1, stall: evenStall(0) } };
    expect(() => makeStepRun({ ...size, dataflow: 'ws', pe: { kind: 'xnor', lanes: 4 } }, run)).toThrow(
      'a drain through the accumulators is for os without tiles',
    );
  });
});
