// The cells as Verilog: no tool has a warning, and Verilator gives what the model says.

import { describe, expect, it } from 'vitest';
import { bf16, fp8e4m3, fp8e5m2, fp16, fp32 } from '../../../hdl/index.ts';
import { emitVerilog } from '../../../hdl/verilog/index.ts';
import { I8, I32 } from '../../../sim/golden/float/index.ts';
import { Rng } from '../../support/random.ts';
import { lint, type Run, runAllOnVerilator } from '../../support/verilog-tools.ts';
import { addCell, boundaryCases, compareCell, convertCell, fmaCell, fromIntCell, mulCell, randomCases, toIntCell } from './cases.ts';
import { verilogRun } from './verilog-run.ts';

const rounding = 'input';
const CELLS = [
  fmaCell(bf16, fp32, { stages: 5 }),
  fmaCell(fp32, fp32, { rounding, stages: 1 }),
  addCell(fp16, { rounding, stages: 2 }),
  mulCell(bf16, bf16, { rounding, stages: 3 }),
  mulCell(fp8e5m2, fp8e5m2, { overflow: 'saturate' }),
  compareCell(fp16),
  convertCell(fp32, fp8e4m3, { rounding }),
  toIntCell(bf16, I32, { rounding, stages: 1 }),
  fromIntCell(I8, fp16),
];

describe('as Verilog', () => {
  const items = CELLS.map((cell, i) => {
    const top = `cell_${i}`;
    const cases = [...boundaryCases(cell, 300), ...randomCases(cell, 700, new Rng(i))];
    return { cell, cases, top, files: emitVerilog(cell.elaborate(top)) };
  });
  const runs: Run[] = items.map(({ cell, cases, top, files }) => verilogRun(cell, cases, top, files));

  it('warns no tool', () => {
    for (const { files, top } of items) expect(lint(files, top)).toBe('');
  });

  it('gives the results of the model on Verilator', () => {
    for (const [i, waves] of runAllOnVerilator(runs).entries()) {
      const { cell, cases } = items[i] as (typeof items)[0];
      const wrong = cases.flatMap(({ operands, rounding: mode }, t) => {
        const want = cell.model(operands, mode).map((x) => x.toString(16));
        const got = Object.values(waves[t + cell.stages] as { readonly [port: string]: string });
        return want.every((x, k) => x === got[k]) ? [] : [`${operands.map((x) => x.toString(16))} ${mode}: ${got}, not ${want}`];
      });
      expect(wrong.slice(0, 5), cell.name).toEqual([]);
    }
  });
});
