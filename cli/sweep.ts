// npm run sweep: generates and cosimulates every array and problem of a grid.
//
// Invariant: what was done is in the journal of the output folder, whichever way the command ends; a second run goes on from there.

import { mkdirSync } from 'node:fs';
import { basename, extname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Command } from 'commander';
import { elementFlags, precisionText } from '../flows/element.ts';
import { EXIT_CODES } from '../flows/user-error.ts';
import type { CaseResult, SweepGrid } from '../sim/cosim/sweep/index.ts';
import { guarded, UserError } from './errors.ts';
import type { Io } from './io.ts';
import { integerFlag, parseFlags } from './options.ts';
import { createProgress } from './progress.ts';
import { runAsProcess } from './run.ts';
import { readSweep } from './sweep-file.ts';

interface SweepFlags {
  readonly jobs?: string;
  readonly out?: string;
  readonly json?: true;
}

/** The object of `--json`; `ok` is whether all cases pass. */
export interface SweepReport {
  readonly ok: boolean;
  readonly out: string;
  readonly cases: number;
  /** Cases that the journal had. */
  readonly known: number;
  readonly passed: number;
  readonly failed: number;
  readonly seconds: number;
  readonly failures: readonly CaseResult[];
}

const MAX_JOBS = 64;
/** Failures that are printed; all are in the files. */
const SHOWN_FAILURES = 5;

const EXAMPLES = `
Every key of the file holds a value or a list; all combinations are run:
  rows: [4, 8]
  cols: 8
  dataflow: [ws, os]        # default: ws
  m: [1, 9]
  k: 20
  n: 17
  withD: [false, true]      # default: false
  stall: [0, 0.5]           # default: 0
  seed: [1, 2]              # default: 1
  engines: [golden, systole, verilator, icarus]
  pe: fusible               # and all that says an element, as in npm run gen; default: int8
  operands: [int8, int4]    # of fusible and bit-serial: whole numbers, which k counts; default: steps of random modes

Results go to journal.jsonl as they come, and to results.csv and results.json at the end. A second run does only what is not in the journal.

Exit codes: 0 all cases pass, 1 one differs or a tool failed, 2 the request is wrong, 130 and 143 interrupted (run it again to go on).
`;

/** @returns the exit code */
export function main(argv: readonly string[], io: Io): Promise<number> {
  return guarded('sweep', argv, io, async () => {
    const { file, rest } = takeFile(argv);
    const flags = parseFlags<SweepFlags>(command(), rest, io);
    if (!flags) return 0;
    if (file === undefined)
      throw new UserError({ code: 'missing-file', message: 'no sweep is named', help: 'name a YAML file: npm run sweep -- sweeps/reference.yaml' });
    const jobs = flags.jobs === undefined ? 2 : integerFlag('jobs', flags.jobs, 1, MAX_JOBS);
    const grid = readSweep(file, io.cwd);
    const report = await sweep(grid, jobs, flags.out ?? join('sweep-out', basename(file, extname(file))), io);
    io.out(flags.json ? `${JSON.stringify(report, null, 2)}\n` : describe(report));
    return report.ok ? 0 : EXIT_CODES.failure;
  });
}

function command(): Command {
  return new Command('sweep')
    .usage('-- FILE [flags]')
    .description('Generates and cosimulates every combination of the parameters in a YAML file.')
    .option('--jobs <N>', 'cases at a time, 1 to 64 (default: 2)')
    .option('--out <DIR>', 'folder of the results (default: sweep-out/<name of the file>)')
    .option('--json', 'print one JSON object on stdout')
    .helpOption('-h, --help', 'print this')
    .addHelpText('after', EXAMPLES);
}

/** The first word that is neither a flag nor the value of one. */
function takeFile(argv: readonly string[]): { file: string | undefined; rest: readonly string[] } {
  const at = argv.findIndex((word, i) => !word.startsWith('-') && !/^--(jobs|out)$/.test(argv[i - 1] ?? ''));
  return { file: argv[at], rest: argv.filter((_, i) => i !== at) };
}

async function sweep(grid: SweepGrid, jobs: number, out: string, io: Io): Promise<SweepReport> {
  const { casesOf, Journal, runSweep, writeResults } = await import('../sim/cosim/sweep/index.ts');
  const folder = resolve(io.cwd, out);
  makeFolder(folder, out);
  const cases = casesOf(grid);
  const progress = createProgress('sweep', io);
  const begin = performance.now();
  let done = 0;
  let known = 0;
  try {
    progress.step(`${cases.length} cases`);
    const results = await runSweep(cases, {
      ...{ env: io.env, signal: io.signal, engines: grid.engines, jobs, journal: new Journal(join(folder, 'journal.jsonl')) },
      onCase: (_, wasKnown) => {
        if (wasKnown) known++;
        progress.count(++done, cases.length);
      },
    });
    writeResults(folder, results, grid.engines);
    const failures = results.filter(({ result }) => result === 'fail');
    const seconds = Math.round((performance.now() - begin) / 10) / 100;
    const counts = { cases: cases.length, known, passed: cases.length - failures.length, failed: failures.length };
    return { ok: failures.length === 0, out, ...counts, seconds, failures };
  } finally {
    progress.done();
  }
}

function makeFolder(folder: string, shown: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UserError({
      code: 'out-not-writable',
      message: `cannot make the folder ${JSON.stringify(shown)} (${code})`,
      place: '--out',
      help: 'choose another folder with --out DIR',
      kind: 'failure',
    });
  }
}

function describe({ out, cases, known, passed, failed, seconds, failures }: SweepReport): string {
  const lines = failures.slice(0, SHOWN_FAILURES).flatMap((one) => {
    const design = `--rows ${one.rows} --cols ${one.cols} --dataflow ${one.dataflow}${elementFlags(one.pe)}`;
    const problem = `--m ${one.m} --k ${one.k} --n ${one.n} --stall ${one.stall} --seed ${one.seed}${one.withD ? ' --with-d' : ''}${one.operands ? ` --operands ${precisionText(one.operands)}` : ''}`;
    const differing = one.engines.flatMap(({ engine, difference: d }) =>
      d ? [`  ${engine}: cycle ${d.cycle}, ${d.signal}: expected ${d.expected}, actual ${d.actual}`] : [],
    );
    return [`npm run cosim -- ${design} ${problem}`, ...differing];
  });
  const more = failures.length > SHOWN_FAILURES ? [`and ${failures.length - SHOWN_FAILURES} more`] : [];
  const head = `${cases} cases: ${passed} pass, ${failed} fail; ${known} were done before; ${seconds.toFixed(1)} s`;
  return `${[head, ...lines, ...more, `results: ${join(out, 'results.csv')} and ${join(out, 'results.json')}`].join('\n')}\n`;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) await runAsProcess(main);
