// Arrays of every element in the in-process simulator against the golden model: every output of every cycle, and the product.

import { describe, expect, it } from 'vitest';
import { DATAFLOWS, peakMacs } from '../../../generators/array-config.ts';
import { type Dataflow, elaborateMatrixUnit } from '../../../generators/matrix-unit.ts';
import { type PeConfig, processingElement } from '../../../generators/pe/index.ts';
import { evenStall, makeStepRun, simulateRun } from '../../../sim/cosim/index.ts';
import { checkProduct } from '../../../sim/cosim/product.ts';
import { compareTraces, cyclesWithoutStalls, goldenPe } from '../../../sim/golden/index.ts';
import { ELEMENTS, int, SLOW_SUMS, uint } from './elements.ts';

const never = new AbortController().signal;
const SHAPES = [
  [1, 1],
  [3, 5],
  [4, 2],
] as const;

const CUBES = [[4, 4]] as const;

async function check(pe: PeConfig, dataflow: Dataflow): Promise<void> {
  // Without a code to fill tiles with, K is whole.
  const whole = goldenPe(pe).padding === undefined && dataflow !== 'os';
  for (const [rows, cols] of dataflow === 'cube' ? CUBES : SHAPES) {
    const unit = { rows, cols, dataflow, pe };
    const design = elaborateMatrixUnit(unit);
    for (const [m, k, n, stall, kind] of [
      [rows + 2, whole ? 2 * rows : 2 * rows + 1, 2 * cols + 1, 0, 'uniform'],
      [2 * rows, rows, cols, 0.3, 'extreme'],
      [3, whole ? 3 * rows : 7, 4, 0.2, 'uniform'],
      // Tiles that are shorter than the drain of the one before.
      [2 * rows, whole ? rows : 1, 2 * cols, 0, 'uniform'],
    ] as const) {
      const withD = m % 2 === 0;
      const run = makeStepRun(unit, { m, k, n, withD, kind, stimulus: { seed: 31 * m + k, stall: evenStall(stall) } });
      const trace = await simulateRun(design, run, never);
      expect(compareTraces(run.expected, trace), `${rows}×${cols}: ${m}×${k}×${n}, stall ${stall}`).toBeNull();
      expect(checkProduct(unit, run, 0, trace)).toBeUndefined();
      const { mode, ...shape } = run.problem;
      if (stall === 0 && !mode) expect(run.prediction.cycles).toBe(cyclesWithoutStalls(unit, { ...shape, withD }));
    }
  }
}

const named = (list: readonly PeConfig[]) => list.map((pe) => ({ name: processingElement(pe).name, pe }));

describe.each(['ws', 'os'] as const)('%s', (dataflow) => {
  it.each(named(ELEMENTS))('$name equals the golden model in every cycle', ({ pe }) => check(pe, dataflow));
});

describe('ws, sums of several cycles', () => {
  it.each(named(SLOW_SUMS))('$name equals the golden model in every cycle', ({ pe }) => check(pe, 'ws'));
});

/** What differs for an array: signs, recoded weights, products wider than their sum, modes, sums without a neutral zero, operands without an idle one. `npm run test:elements` has all. */
const SAMPLE: readonly PeConfig[] = [
  { kind: 'int', activation: uint(8), weight: int(4), stages: 2, gated: true },
  { kind: 'int', activation: int(4), weight: int(5), form: 'radix4' },
  { kind: 'int', activation: uint(4), weight: uint(4), accumulator: 7, overflow: 'saturate', stages: 1, form: 'radix4' },
  { kind: 'int', activation: int(4), weight: int(4), accumulator: 9, sparse: '2:4' },
  { kind: 'float', operand: 'bf16', accumulate: 'fp32', productStages: 1 },
  { kind: 'xnor', lanes: 5, accumulator: 9 },
  { kind: 'fusible', stages: 1 },
];

describe.each(DATAFLOWS.filter((flow) => flow !== 'ws' && flow !== 'os'))('%s', (dataflow) => {
  it.each(named(SAMPLE))('$name equals the golden model in every cycle', ({ pe }) => check(pe, dataflow));
});

describe('128×256×256 without stalls is 95 % of peak and more', () => {
  const shape = { m: 128, k: 256, n: 256, withD: false };
  it.each([
    [{ rows: 16, cols: 16, dataflow: 'ws' }, 32_816],
    [{ rows: 16, cols: 16, dataflow: 'os' }, 32_816],
    [{ rows: 16, cols: 16, dataflow: 'is' }, 32_816],
    [{ rows: 16, cols: 16, dataflow: 'ws+os' }, 32_951],
    [{ rows: 16, cols: 16, dataflow: 'dot' }, 32_791],
    [{ rows: 4, cols: 4, dataflow: 'cube' }, 131_078],
  ] as const)('%o in %i cycles', (unit, cycles) => {
    expect(cyclesWithoutStalls(unit, shape)).toBe(cycles);
    expect(cycles * peakMacs(unit)).toBeLessThanOrEqual((shape.m * shape.k * shape.n) / 0.95);
  });
});
