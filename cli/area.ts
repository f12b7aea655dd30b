// npm run area: what elements and designs cost on a target, counted by Yosys.
//
// Invariant: the request is checked as a whole before anything is synthesised.

import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Command } from 'commander';
import type { Subject } from '../estimate/measure.ts';
import { formsOf, TARGETS, type Target, type TargetName, targetText } from '../estimate/targets.ts';
import { type AreaReport, type AreaSubject, describeAreas } from './area-report.ts';
import { guarded, UserError } from './errors.ts';
import type { Io } from './io.ts';
import { oneOf, parseFlags } from './options.ts';
import { createProgress } from './progress.ts';
import { runAsProcess } from './run.ts';

interface AreaFlags {
  readonly pe?: string;
  readonly design?: string;
  readonly target?: string;
  readonly yosys?: string;
  readonly list?: true;
  readonly json?: true;
}

const YOSYS = ['auto', 'native', 'wasm'] as const;

const EXAMPLES = `
Examples:
  npm run area                                        all that has a name, on all targets
  npm run area -- --list                              the names, with a sentence each
  npm run area -- --pe int8-ws --target ice40
  npm run area -- --design verilog-out/systolic_16x16_ws --target xilinx --json

An FPGA target is measured with and without DSP blocks. The native Yosys counts when there is one, else its WebAssembly build from npm: counts differ a little
between versions, so compare within one.

Exit codes: 0 measured, 1 a tool failed, 2 the request is wrong, 130 and 143 interrupted.
`;

/** @returns the exit code */
export function main(argv: readonly string[], io: Io): Promise<number> {
  return guarded('area', argv, io, async () => {
    const flags = parseFlags<AreaFlags>(command(), argv, io);
    if (!flags) return 0;
    const { CATALOGUE } = await import('../estimate/catalogue.ts');
    const targets = targetsOf(flags.target ?? 'all');
    const which = oneOf('yosys', flags.yosys ?? 'auto', YOSYS);
    if (flags.list) {
      const names = CATALOGUE.map(({ name, what }) => ({ name, what }));
      const width = Math.max(...names.map(({ name }) => name.length));
      io.out(flags.json ? `${JSON.stringify(names, null, 2)}\n` : names.map(({ name, what }) => `${name.padEnd(width)}  ${what}\n`).join(''));
      return 0;
    }
    if (flags.pe !== undefined && flags.design !== undefined)
      throw new UserError({ code: 'two-subjects', message: '--pe and --design name two things', place: '--design', help: 'give one of them' });
    const subjects = flags.design === undefined ? await named(flags.pe) : [await designOf(flags.design, io.cwd)];
    const report = await measureAll(subjects, targets, which, io);
    io.out(flags.json ? `${JSON.stringify(report, null, 2)}\n` : describeAreas(report));
    return 0;
  });
}

function command(): Command {
  return new Command('area')
    .usage('-- [flags]')
    .description('LUTs, registers, DSP blocks and depth of processing elements and designs, counted by Yosys.')
    .option('--pe <NAME>', 'one of the names of --list (default: all of them)')
    .option('--design <DIR>', 'a folder that npm run gen wrote')
    .option('--target <TARGET>', `${TARGETS.join(', ')} or all (default: all)`)
    .option('--yosys <WHICH>', 'native, wasm, or auto: native when there is one (default: auto)')
    .option('--list', 'print what has a name')
    .option('--json', 'print one JSON object on stdout')
    .helpOption('-h, --help', 'print this')
    .addHelpText('after', EXAMPLES);
}

function targetsOf(value: string): Target[] {
  const name = oneOf('target', value, [...TARGETS, 'all'] as const);
  return (name === 'all' ? TARGETS : [name as TargetName]).flatMap(formsOf);
}

type Named = Subject & { readonly what: string };

async function named(pe: string | undefined): Promise<Named[]> {
  const { CATALOGUE, subjectOf } = await import('../estimate/catalogue.ts');
  const names = CATALOGUE.map(({ name }) => name);
  const wanted = pe === undefined ? names : [oneOf('pe', pe, names)];
  return CATALOGUE.filter(({ name }) => wanted.includes(name)).map((entry) => ({ ...subjectOf(entry), what: entry.what }));
}

async function designOf(folder: string, cwd: string): Promise<Named> {
  const { targetOfFolder } = await import('../sim/cosim/index.ts');
  const { top, rtl } = targetOfFolder(resolve(cwd, folder), folder);
  return { name: top, what: `the design in ${folder}`, top, files: rtl };
}

async function measureAll(subjects: readonly Named[], targets: readonly Target[], which: (typeof YOSYS)[number], io: Io): Promise<AreaReport> {
  const [{ findYosys }, { measure }] = await Promise.all([import('../estimate/yosys.ts'), import('../estimate/measure.ts')]);
  const yosys = await findYosys(which, { env: io.env, signal: io.signal });
  const progress = createProgress('area', io);
  const done: AreaSubject[] = [];
  try {
    for (const subject of subjects) {
      const areas = [];
      for (const target of targets) {
        io.signal.throwIfAborted();
        progress.step(`${subject.name} for ${targetText(target)}`);
        areas.push(await measure(yosys, subject, target));
      }
      done.push({ name: subject.name, what: subject.what, areas });
    }
  } finally {
    progress.done();
  }
  return { ok: true, tool: yosys.version, subjects: done };
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) await runAsProcess(main);
