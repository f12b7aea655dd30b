// The requantiser in every mode, alone and together, against the golden model: in-process and, without a warning of any tool, on Icarus and Verilator.

import { describe, expect, it } from 'vitest';
import { REQUANTISE_MODES, type RequantiseMode, type RequantiseOptions, Requantiser } from '../../../generators/requantise/index.ts';
import { elaborate, sint, uint } from '../../../hdl/index.ts';
import { emitVerilog } from '../../../hdl/verilog/index.ts';
import { Rng } from '../../support/random.ts';
import { lint, runAllOnIcarus, runAllOnVerilator } from '../../support/verilog-tools.ts';
import { boundaryCases, type Case, type Cell, randomCases } from '../float/cases.ts';
import { disagreements } from '../float/run-cell.ts';
import { verilogRun } from '../float/verilog-run.ts';
import { requantiseCell, tieCases } from './cases.ts';

const POWERS: readonly [RequantiseMode, ...RequantiseMode[]] = ['floor', 'halfUp', 'halfEven', 'halfAway'];
const ALL = REQUANTISE_MODES;
const OPTIONS: RequantiseOptions[] = [
  ...ALL.map((mode): RequantiseOptions => ({ modes: [mode] })),
  { modes: ALL },
  { modes: ALL, stages: 5, output: uint(8) },
  { modes: ['double', 'float', 'halfAway'], stages: 0, steady: true },
  { modes: ['double', 'single'], stages: 3, output: sint(16) },
  { modes: ['single', 'int16', ...POWERS], accumulator: 48, output: sint(16), stages: 1 },
  { modes: ['int16'], accumulator: 40, output: sint(16), stages: 2 },
  { modes: POWERS, accumulator: 20, output: uint(4) },
  { modes: ['float', 'halfEven'], accumulator: 24, output: uint(16), stages: 7 },
  { modes: ['float'], accumulator: 25 },
  { modes: ['float'], accumulator: 12, output: sint(2) },
  { modes: ['double'], accumulator: 20, output: sint(4) },
  { modes: ['double', 'single', ...POWERS], output: sint(32), stages: 3 },
];
const CELLS = OPTIONS.map(requantiseCell);

function cases(cell: Cell, boundaries: number, random: number, ties: number): Case[] {
  const rng = new Rng(cell.name.length);
  return [...boundaryCases(cell, boundaries), ...randomCases(cell, random, rng), ...tieCases(cell, ties, rng)];
}

describe('requantiser', () => {
  it.each(CELLS.map((cell) => ({ name: cell.name, cell })))('$name', ({ cell }) => {
    expect(disagreements(cell, cases(cell, 6000, 4000, 2000))).toEqual([]);
  });

  it('the same without SIMD, and on the JavaScript engine', () => {
    for (const engine of ['js', 'wasm-scalar'] as const) {
      const cell = requantiseCell({ modes: ALL, stages: 5 });
      expect(disagreements(cell, cases(cell, 500, 500, 200), { engine })).toEqual([]);
    }
  });

  describe('as Verilog', () => {
    const items = CELLS.map((cell, i) => ({ cell, top: `requantiser_${i}`, cases: cases(cell, 200, 300, 100) })).map((item) => ({
      ...item,
      files: emitVerilog(item.cell.elaborate(item.top)),
    }));

    it('warns no tool', () => {
      for (const { files, top } of items) expect(lint(files, top)).toBe('');
    });

    it.each([
      ['Icarus', runAllOnIcarus],
      ['Verilator', runAllOnVerilator],
    ] as const)('gives the results of the model on %s', (_, run) => {
      const all = run(items.map(({ cell, cases: list, top, files }) => verilogRun(cell, list, top, files)));
      for (const [i, waves] of all.entries()) {
        const { cell, cases: list } = items[i] as (typeof items)[0];
        const wrong = list.flatMap(({ operands, rounding }, t) => {
          const [want] = cell.model(operands, rounding) as [number];
          const got = waves[t + cell.stages]?.['result'];
          return got === want.toString(16) ? [] : [`${operands.map((x) => x.toString(16))}: ${got}, not ${want.toString(16)}`];
        });
        expect(wrong.slice(0, 5), cell.name).toEqual([]);
      }
    });
  });

  it.each<[string, object, string]>([
    ['no mode', { modes: [] }, 'Requantiser with modes none'],
    ['an unknown mode', { modes: ['banker'] }, "Requantiser with modes 'banker'"],
    ['a mode twice', { modes: ['double', 'double'] }, 'each once'],
    ['accumulators too wide for a mode', { modes: ['int16', 'double'], accumulator: 48 }, "of accumulators of 48 bits in mode 'double'"],
    ['300 bits', { modes: ['int16'], accumulator: 300 }, 'give 8 to 48 bits'],
    ['an output of 33 bits', { modes: ['double'], output: sint(33) }, 'to an output of 33 bits'],
    ['a wide output of floats', { modes: ['double', 'float'], output: sint(17) }, "to an output of 17 bits in mode 'float'"],
    ['minus one stage', { modes: ['double'], stages: -1 }, 'with -1 stages'],
  ])('refuses %s', (_, cfg, said) => {
    const attempt = (): unknown => elaborate(Requantiser, cfg as RequantiseOptions);
    expect(attempt).toThrow(said);
    expect(attempt).toThrow('HDL-C001');
    expect(attempt).toThrow('requantiser.test.ts');
  });
});
