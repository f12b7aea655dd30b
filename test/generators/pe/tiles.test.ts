// Tiles of elements that share a slot, in the in-process simulator against the golden model: every output of every cycle, and the closed form.

import { describe, expect, it } from 'vitest';
import type { Dataflow, PeConfig } from '../../../generators/matrix-unit.ts';
import { elaborateMatrixUnit } from '../../../generators/matrix-unit.ts';
import { evenStall, makeStepRun, simulateRun } from '../../../sim/cosim/index.ts';
import { checkProduct } from '../../../sim/cosim/product.ts';
import { compareTraces, cyclesWithoutStalls } from '../../../sim/golden/index.ts';
import { int, uint } from './elements.ts';

const FLOWS = ['ws', 'os', 'is'] as const;
const ARRAYS = [
  [4, 4],
  [8, 8],
  [16, 16],
  [6, 10],
] as const;
const INT8: PeConfig = { kind: 'int', activation: int(8), weight: int(8) };
/** What differs for a tile: product stages, modes, a valid bit, recoded weights, rounding in between. */
const OTHERS: readonly PeConfig[] = [
  { kind: 'int', activation: uint(8), weight: int(4), stages: 2, gated: true },
  { kind: 'int', activation: int(4), weight: int(5), form: 'radix4' },
  { kind: 'float', operand: 'bf16', accumulate: 'fp32', productStages: 1 },
  { kind: 'xnor', lanes: 5, accumulator: 9 },
  { kind: 'fusible', stages: 1 },
];

/** 1 × 1, single rows, single columns, some of both, and the whole array. */
const tilesOf = (rows: number, cols: number) =>
  [
    [1, 1],
    [2, 2],
    [rows % 4 === 0 ? 4 : 3, 1],
    [1, cols % 4 === 0 ? 4 : 5],
    [rows, cols],
  ].map(([r, c]) => ({ rows: r as number, cols: c as number }));

async function check(pe: PeConfig, dataflow: Dataflow, rows: number, cols: number): Promise<void> {
  for (const tile of tilesOf(rows, cols)) {
    const unit = { rows, cols, dataflow, pe, tile };
    const design = elaborateMatrixUnit(unit);
    for (const [m, k, n, stall] of [
      [rows + 2, 2 * rows, 2 * cols + 1, 0],
      [2 * rows, rows, cols, 0.3],
      [3, 3 * rows, 4, 0.2],
    ] as const) {
      const withD = m % 2 === 0;
      const run = makeStepRun(unit, { m, k, n, withD, kind: 'uniform', stimulus: { seed: 31 * m + k, stall: evenStall(stall) } });
      const trace = await simulateRun(design, run, new AbortController().signal);
      expect(compareTraces(run.expected, trace), `tiles of ${tile.rows}×${tile.cols}: ${m}×${k}×${n}, stall ${stall}`).toBeNull();
      expect(checkProduct(unit, run, 0, trace)).toBeUndefined();
      const { mode, ...shape } = run.problem;
      if (stall === 0 && !mode) expect(run.prediction.cycles).toBe(cyclesWithoutStalls(unit, { ...shape, withD }));
    }
  }
}

describe.each(FLOWS)('%s', (dataflow) => {
  it.each(ARRAYS)('%i × %i of int8 equals the golden model in every cycle, whatever the tiles', (rows, cols) => check(INT8, dataflow, rows, cols));
  it.each(OTHERS)('$kind equals the golden model in every cycle', (pe) => check(pe, dataflow, 4, 4));
});

it('a tile takes slots from the latency: 128×256×256 on 16 × 16', () => {
  const cyclesOf = (rows: number, cols: number) =>
    cyclesWithoutStalls({ rows: 16, cols: 16, dataflow: 'ws', tile: { rows, cols } }, { m: 128, k: 256, n: 256, withD: false });
  expect([cyclesOf(1, 1), cyclesOf(4, 1), cyclesOf(4, 4), cyclesOf(16, 16)]).toEqual([32_816, 32_804, 32_792, 32_786]);
});
