// The testbenches as a user runs them: make, in a design folder.

import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeDesignFolder } from '../../flows/design-folder.ts';
import { runChild } from '../../sim/cosim/index.ts';
import { inFolder, options } from './helpers.ts';

function writeDesign(folder: string, rows: number, cols: number, dataflow: 'ws' | 'os'): void {
  for (const { path, text } of makeDesignFolder({ rows, cols, dataflow, reset: 'sync', name: 'made_unit' }).files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

async function run(program: string, args: readonly string[], cwd?: string): Promise<{ exitCode: number | undefined; all: string }> {
  const { exitCode, stdout, stderr } = await runChild(program, args, { ...options, ...(cwd === undefined ? {} : { cwd }) });
  return { exitCode, all: `${stdout}${stderr}` };
}

const make = (folder: string, engine: string, ...args: string[]) => run('make', ['-C', join(folder, 'tb', engine), ...args]);

describe.each(['verilator', 'icarus'])('tb/%s', (engine) => {
  it('passes with the vectors of the folder, without a warning', { timeout: 300_000 }, () =>
    inFolder(async (folder) => {
      writeDesign(folder, 3, 5, engine === 'icarus' ? 'ws' : 'os');
      const { exitCode, all } = await make(folder, engine, 'run', 'TRACE=out.txt');
      expect(all).toMatch(/^PASS: \d+ cycles, \d+ output beats$/m);
      expect([exitCode, all]).toEqual([0, expect.not.stringMatching(/warning/i)]);
      if (engine === 'verilator') expect(readFileSync(join(folder, 'tb/verilator/build/plain/build.log'), 'utf8')).not.toMatch(/warning/i);
      const trace = readFileSync(join(folder, 'tb', engine, 'out.txt'), 'utf8');
      expect(trace).toBe(readFileSync(join(folder, 'tb/vectors/expected.txt'), 'utf8'));

      const missing = await make(folder, engine, 'run', 'VECTORS=/nonexistent');
      expect([missing.exitCode, missing.all]).toEqual([2, expect.stringContaining('/nonexistent/run.txt: cannot be opened')]);
    }),
  );

  it('fails at the first difference, and writes waves', { timeout: 300_000 }, () =>
    inFolder(async (folder) => {
      writeDesign(folder, 2, 2, 'ws');
      const file = join(folder, 'tb/vectors/expected.txt');
      const lines = readFileSync(file, 'utf8').split('\n');
      const at = lines.findIndex((line) => (Number.parseInt(line, 16) & 8) !== 0);
      lines[at] = `${lines[at]?.slice(0, -1)}${lines[at]?.endsWith('0') ? '1' : '0'}`;
      writeFileSync(file, lines.join('\n'));
      const { exitCode, all } = await make(folder, engine, 'run', 'VCD=waves.vcd');
      expect(exitCode).not.toBe(0);
      expect(all).toMatch(new RegExp(`^FAIL: cycle ${at}, out_data\\[31:0\\]: expected -?\\d+, actual -?\\d+`, 'm'));
      expect(all).not.toContain('PASS');
      expect(statSync(join(folder, 'tb', engine, 'waves.vcd')).size).toBeGreaterThan(1000);
    }),
  );
});

it('compiles without a word from -Wall -Wextra', { timeout: 300_000 }, () =>
  inFolder(async (folder) => {
    for (const [rows, cols] of [
      [1, 1],
      [2, 1],
      [4, 2],
      [8, 9],
    ] as const) {
      writeDesign(folder, rows, cols, 'ws');
      const rtl = ['_ws_pe', '_pes_row', ''].map((part) => `rtl/made_unit${part}.v`);
      await run('verilator', ['--cc', '--top-module', 'made_unit', '--prefix', 'Vmade_unit', '--Mdir', 'model', ...rtl], folder);
      const root = (await run('verilator', ['--getenv', 'VERILATOR_ROOT'])).all.trim();
      const include = [`${root}/include`, `${root}/include/vltstd`, 'model'].flatMap((path) => ['-isystem', path]);
      const flags = ['-std=gnu++17', '-Wall', '-Wextra', '-DVM_TRACE=0', '-fsyntax-only'];
      const { exitCode, all } = await run('g++', [...flags, ...include, 'tb/verilator/main.cpp'], folder);
      expect(exitCode).toBe(0);
      expect(all).toBe('');
    }
  }),
);
