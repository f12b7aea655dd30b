// The Icarus Verilog engine.
//
// Invariant: one process a run; the runs end with the first difference. Four-state: an unknown output counts as a difference.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cached, cacheFolder, type Entry, hashOf } from './cache.ts';
import { type ChildOptions, runChild, runTool } from './child-process.ts';
import { checkEnd, childOptions, readTraces } from './testbench.ts';
import { toolVersion } from './tools.ts';
import type { AnyRun, EngineOptions, EngineReport, Target } from './types.ts';
import { withVectors } from './vector-folder.ts';
import { judgeTestbench } from './verdict.ts';

const PROGRAM = 'tb.vvp';

/** Builds the RTL of the target and runs it. @throws UserError, the reason of the abort */
export async function runIcarus(target: Target, runs: readonly AnyRun[], options: EngineOptions): Promise<EngineReport> {
  const begin = performance.now();
  const { path, cached } = await buildIcarus(target, childOptions(options));
  const buildSeconds = (performance.now() - begin) / 1000;
  return withVectors(target, runs, async (folder) => {
    let runSeconds = 0;
    let said = '';
    for (const index of runs.keys()) {
      const waves = index === 0 && options.vcd !== undefined ? [`+vcd=${options.vcd}`] : [];
      const args = ['-n', join(path, PROGRAM), `+vectors=${index}`, `+trace=${index}.trace`, ...waves];
      const finished = await runChild('vvp', args, childOptions(options, folder));
      checkEnd('icarus', finished);
      runSeconds += finished.seconds;
      said += `${finished.stdout}\n`;
      if (/^FAIL:/m.test(finished.stdout)) break;
    }
    const texts = await readTraces(runs.map((_, index) => join(folder, `${index}.trace`)));
    return { engine: 'icarus', cached, buildSeconds, runSeconds, ...judgeTestbench(runs, texts, said) };
  });
}

/** The entry of the cache that holds the compiled testbench of a unit. */
export async function buildIcarus({ top, rtl, harness }: Target, options: ChildOptions): Promise<Entry> {
  const version = await toolVersion('iverilog', options);
  const key = hashOf(['icarus', version, top, harness.icarus, ...rtl.flatMap(({ name, text }) => [name, text])]);
  return cached(cacheFolder(options.env), `icarus-${key}`, async (stage) => {
    const files = [{ name: 'tb.v', text: harness.icarus }, ...rtl];
    for (const { name, text } of files) await writeFile(join(stage, name), text);
    const args = [
      rtl.some((file) => file.name.endsWith('.sv')) ? '-g2012' : '-g2005',
      '-s',
      `${top}_tb`,
      '-o',
      PROGRAM,
      ...files.map((file) => file.name),
    ];
    await runTool('iverilog', args, { ...options, cwd: stage });
  });
}
