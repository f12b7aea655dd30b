// The Verilator engine.
//
// Invariant: all runs go through one process, which stops at the first difference.

import { join } from 'node:path';
import { runChild } from './child-process.ts';
import { checkEnd, childOptions, readTraces } from './testbench.ts';
import { type AnyRun, BINARY, type EngineOptions, type EngineReport, type Target } from './types.ts';
import { withVectors } from './vector-folder.ts';
import { judgeTestbench } from './verdict.ts';
import { type BuildProfile, buildVerilator, filesOf } from './verilator-build.ts';

/** Work, in cycles times processing elements, above which optimising costs less time than it saves; measured at 16x16. */
const LONG_RUN = 400_000_000;

/** Builds the RTL of the target and runs it. @throws UserError, the reason of the abort */
export async function runVerilator(target: Target, runs: readonly AnyRun[], options: EngineOptions): Promise<EngineReport> {
  const begin = performance.now();
  const { path, cached } = await buildVerilator(target, chooseProfile(target, runs, options), childOptions(options));
  const buildSeconds = (performance.now() - begin) / 1000;
  return withVectors(target, runs, async (folder) => {
    const args = runs.flatMap((_, index) => {
      const waves = index === 0 && options.vcd !== undefined ? ['--vcd', options.vcd] : [];
      return ['--trace', `${index}.trace`, ...waves, String(index)];
    });
    const finished = await runChild(join(path, BINARY), args, childOptions(options, folder));
    checkEnd('verilator', finished);
    const texts = await readTraces(runs.map((_, index) => join(folder, `${index}.trace`)));
    const verdict = judgeTestbench(runs, texts, finished.stdout);
    return { engine: 'verilator', cached, buildSeconds, runSeconds: finished.seconds, ...verdict };
  });
}

/** Modules that stand in meshes, but for rows of them. */
const REPEATED = /_(ws|os|dual|dot)_pe$|_cube_cell$|_sum_tree$/;

/** Characters of Verilog above which a module is compiled once: below it copies cost less than calls. At 16x16 2300 of int8 take 15 s as copies, 55 s called, 19,000 of fusible 225 s and 29 s. */
const LARGE = 5000;

function isBlock(name: string, rtl: Target['rtl']): boolean {
  return REPEATED.test(name) && filesOf(name, rtl).reduce((sum, { text }) => sum + text.length, 0) > LARGE;
}

function chooseProfile({ rows, cols, rtl }: Target, runs: readonly AnyRun[], options: EngineOptions): BuildProfile {
  const cycles = runs.reduce((sum, run) => sum + run.prediction.cycles, 0);
  const profile = options.profile ?? (cycles * rows * cols > LONG_RUN ? 'optimised' : 'fast');
  const waves = options.vcd !== undefined;
  const blocks = options.blocks ? rtl.map(({ name }) => name.replace(/\.v$/, '')).filter((name) => isBlock(name, rtl)) : [];
  return profile === 'fast' ? { verilate: '-O1', compile: '-O0', waves, blocks } : { verilate: '-O3', compile: '-O2', waves, blocks };
}
