// The cosimulation matrix: golden model, in-process simulator, Verilator and Icarus Verilog agree in every output of every cycle, for every array.
//
// A missing tool fails the tests: what is not compared is not known to work.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cosimulate, ENGINES, makeRun, runChild, type Target, targetOfConfig } from '../../sim/cosim/index.ts';
import { inFolder, limiter, options } from './helpers.ts';
import { matrixDesigns } from './matrix-cases.ts';

/** Builds and runs that go on at once. */
const limited = limiter(2);
const TIMEOUT_MS = 1_800_000;

/** Everything that the linters say about the RTL and the testbench: nothing. */
async function complaints(target: Target): Promise<string> {
  return inFolder(async (folder) => {
    const rtl = target.rtl.map(({ name }) => name);
    for (const { name, text } of [...target.rtl, { name: 'tb.v', text: target.harness.icarus }]) writeFileSync(join(folder, name), text);
    const commands: [string, string[]][] = [
      ['verilator', ['--lint-only', '-Wall', '--top-module', target.top, ...rtl]],
      ['iverilog', ['-g2005', '-Wall', '-s', `${target.top}_tb`, '-o', '/dev/null', 'tb.v', ...rtl]],
      ['yosys', ['-Q', '-q', '-p', `read_verilog ${rtl.join(' ')}; hierarchy -check -top ${target.top}; proc; check -assert`]],
    ];
    let said = '';
    for (const [program, args] of commands) {
      const { exitCode, stdout, stderr } = await runChild(program, args, { ...options, cwd: folder });
      said += `${stdout}${stderr}${exitCode === 0 ? '' : `${program}: exit code ${exitCode}`}`;
    }
    return said;
  });
}

describe.concurrent('golden = systole = verilator = icarus, in every output of every cycle', () => {
  const designs = matrixDesigns();

  it('covers 130 designs and more', () => expect(designs.length).toBeGreaterThanOrEqual(130));

  for (const { rows, cols, dataflow, requests } of designs) {
    it(`${rows} x ${cols} ${dataflow}, ${requests.length} runs`, { timeout: TIMEOUT_MS }, () =>
      limited(async () => {
        const target = targetOfConfig({ rows, cols, dataflow }, `unit_${rows}x${cols}_${dataflow}`);
        const runs = requests.map((request) => makeRun(target, request));
        const reports = await cosimulate(target, runs, { ...options, engines: ENGINES });
        for (const { engine, difference, traces } of reports) {
          expect({ engine, difference, request: difference && requests[difference.run] }).toEqual({
            engine,
            difference: undefined,
            request: undefined,
          });
          expect(traces.map((trace) => trace.flags.length)).toEqual(runs.map((run) => run.prediction.cycles));
        }
        expect(await complaints(target)).toBe('');
      }),
    );
  }
});
