// Arrays of processing elements through all engines: golden model, in-process, Verilator and Icarus Verilog agree in every output of every cycle, and no tool has a warning.
//
// One array for each thing in which elements differ; `npm run test:elements` runs every element in every dataflow and shape.

import { describe, expect, it } from 'vitest';
import type { ArrayConfig } from '../../generators/matrix-unit.ts';
import type { PeConfig } from '../../generators/pe/index.ts';
import { cosimulate, ENGINES, evenStall, makeRun, targetOfConfig } from '../../sim/cosim/index.ts';
import { int, uint } from '../generators/pe/elements.ts';
import { lint } from '../support/verilog-tools.ts';
import { options } from './helpers.ts';

const ARRAYS: readonly (ArrayConfig & { readonly pe: PeConfig })[] = [
  { rows: 3, cols: 5, dataflow: 'os', pe: { kind: 'int', activation: uint(8), weight: int(4), accumulator: 20, stages: 1, gated: true } },
  { rows: 3, cols: 2, dataflow: 'ws', pe: { kind: 'float', operand: 'bf16', accumulate: 'fp32', productStages: 1, sumStages: 3 } },
  { rows: 2, cols: 3, dataflow: 'os', pe: { kind: 'float', operand: 'fp8e4m3', accumulate: 'fp16', productStages: 1 } },
  { rows: 3, cols: 5, dataflow: 'ws', pe: { kind: 'xnor', lanes: 5, masked: true, accumulator: 9 } },
  { rows: 4, cols: 3, dataflow: 'os', pe: { kind: 'xnor', lanes: 40, stages: 1 } },
  { rows: 2, cols: 3, dataflow: 'os', pe: { kind: 'fusible', stages: 1 } },
  { rows: 3, cols: 2, dataflow: 'ws', pe: { kind: 'bit-serial', lanes: 7, accumulator: 24 } },
  { rows: 3, cols: 5, dataflow: 'is', pe: { kind: 'bit-serial', lanes: 3, accumulator: 24 } },
  { rows: 5, cols: 2, dataflow: 'dot', pe: { kind: 'float', operand: 'bf16', sumStages: 2 } },
  { rows: 4, cols: 4, dataflow: 'cube', pe: { kind: 'int', activation: uint(8), weight: int(4), accumulator: 13, overflow: 'saturate', stages: 1 } },
  { rows: 3, cols: 2, dataflow: 'ws+os', pe: { kind: 'fusible', stages: 1 } },
  { rows: 8, cols: 4, dataflow: 'ws', tile: { rows: 2, cols: 2 }, pe: { kind: 'fusible', stages: 1 } },
  { rows: 4, cols: 6, dataflow: 'os', tile: { rows: 4, cols: 3 }, pe: { kind: 'xnor', lanes: 40, stages: 1 } },
  { rows: 3, cols: 5, dataflow: 'os', drain: 'through', pe: { kind: 'fusible', stages: 1 } },
  { rows: 4, cols: 3, dataflow: 'os', drain: 'through', pe: { kind: 'xnor', lanes: 5 } },
  { rows: 6, cols: 3, dataflow: 'is', tile: { rows: 3, cols: 1 }, pe: { kind: 'int', activation: uint(8), weight: int(4), accumulator: 20 } },
];

describe('golden = systole = verilator = icarus', () => {
  it.each(ARRAYS)('$rows x $cols $dataflow of $pe.kind', async ({ pe, ...array }) => {
    const target = targetOfConfig({ ...array, pe }, `unit_${array.dataflow.replace('+', '_')}_${pe.kind.replace('-', '_')}`);
    const requests = [
      { m: 5, k: 2 * array.rows, n: 3 * array.cols + 1, withD: true, stimulus: { seed: 3, stall: evenStall(0.3) } },
      { m: array.rows, k: array.rows, n: array.cols, withD: false, kind: 'extreme', stimulus: { seed: 4, stall: evenStall(0) } },
    ] as const;
    const runs = requests.map((request) => makeRun(target, request));
    for (const { engine, difference } of await cosimulate(target, runs, { ...options, engines: ENGINES, profile: 'fast' }))
      expect({ engine, difference }).toEqual({ engine, difference: undefined });
    expect(
      lint(
        target.rtl.map(({ name, text }) => ({ name: name.replace(/\.v$/, ''), text })),
        target.top,
      ),
    ).toBe('');
  });
});

it('whole numbers of every precision through one fusible array on Verilator: the product, at one, four and sixteen times the rate', async () => {
  const target = targetOfConfig({ rows: 4, cols: 3, dataflow: 'os', pe: { kind: 'fusible' } }, 'unit_whole');
  const stimulus = { seed: 5, stall: evenStall(0) };
  const runs = [int(8), int(4), int(2)].map((x) =>
    makeRun(target, { m: 4, k: 64, n: 3, withD: true, operands: { activation: x, weight: x }, stimulus }),
  );
  const mixed = [int(16), uint(4)].map((x) =>
    makeRun(target, { m: 5, k: 9, n: 4, withD: true, operands: { activation: x, weight: x }, stimulus: { seed: 6, stall: evenStall(0.3) } }),
  );
  for (const { engine, difference } of await cosimulate(target, [...runs, ...mixed], {
    ...options,
    engines: ['golden', 'systole', 'verilator'],
    profile: 'fast',
  }))
    expect({ engine, difference }).toEqual({ engine, difference: undefined });
  // K steps, and what it takes to fill and to drain.
  expect(runs.map((run) => run.prediction.cycles)).toEqual([64 + 11, 16 + 11, 4 + 11]);
});
