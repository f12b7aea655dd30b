// npm run prove: proves or refutes what modules say of themselves.
//
// Invariant: the request is checked as a whole before anything is proved; waves are written only of assertions that are refuted.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Command } from 'commander';
import type { ProveEngine, Verdict } from '../flows/prove/index.ts';
import { EXIT_CODES } from '../flows/user-error.ts';
import { guarded, UserError } from './errors.ts';
import type { Io } from './io.ts';
import { integerFlag, oneOf, parseFlags } from './options.ts';
import { createProgress } from './progress.ts';
import { type DesignReport, describeProofs, isBad, type ProveReport } from './prove-report.ts';
import { type ProveTarget, proveTargets } from './prove-target.ts';
import { runAsProcess } from './run.ts';

interface ProveFlags {
  readonly depth?: string;
  readonly engine?: string;
  readonly induction?: true;
  readonly seconds?: string;
  readonly params?: string;
  readonly vcd: string;
  readonly json?: true;
}

const ENGINES: readonly ProveEngine[] = ['pdr', 'bmc', 'induction'];
const MAX_DEPTH = 100_000;
const MAX_SECONDS = 86_400;

const EXAMPLES = `
Examples:
  npm run prove                                    what the standard library and the examples promise
  npm run prove -- fifo                            one of them
  npm run prove -- src/my-module.ts                all modules that a file exports
  npm run prove -- src/fifo.ts:Fifo --params '{"depth":4}' --depth 40
  npm run prove -- src/my-module.ts --engine bmc   look for a counterexample only

A run begins with one cycle of reset; afterwards all inputs are free but for assume(). State without reset begins with any value.
Engines: pdr proves without a bound (Yosys, ABC); bmc searches the first cycles; induction does so and proves the step with an SMT solver (z3).

Exit codes: 0 nothing is refuted, 1 an assertion is refuted, a cover unreachable or a tool failed, 2 the request is wrong, 130 and 143 interrupted.
`;

/** @returns the exit code */
export function main(argv: readonly string[], io: Io): Promise<number> {
  return guarded('prove', argv, io, async () => {
    const word = argv[0]?.startsWith('-') ? undefined : argv[0];
    const flags = parseFlags<ProveFlags>(command(), word === undefined ? argv : argv.slice(1), io);
    if (!flags) return 0;
    const options = {
      engine: engineOf(flags),
      ...(flags.depth !== undefined && { depth: integerFlag('depth', flags.depth, 1, MAX_DEPTH) }),
      ...(flags.seconds !== undefined && { seconds: integerFlag('seconds', flags.seconds, 1, MAX_SECONDS) }),
    };
    const { MASTERS, PROPERTIES } = await import('../flows/properties/index.ts');
    // Those that take minutes are proved when they are named.
    const known = word === undefined ? PROPERTIES : { ...PROPERTIES, ...MASTERS };
    const targets = await proveTargets(word, flags.params, known, io.cwd);
    const report = await proveAll(targets, options, flags.vcd, io);
    io.out(flags.json ? `${JSON.stringify(report, null, 2)}\n` : describeProofs(report));
    return report.ok ? 0 : EXIT_CODES.failure;
  });
}

function command(): Command {
  return new Command('prove')
    .usage('-- [NAME | FILE | FILE:MODULE] [flags]')
    .description('Proves the assertions of modules under their assumptions, or shows a run that breaks them; finds a way to each cover.')
    .option('--engine <ENGINE>', `one of ${ENGINES.join(', ')} (default: pdr)`)
    .option('--induction', 'the same as --engine induction')
    .option('--depth <N>', 'cycles that are searched, the first being the reset (default: 20)')
    .option('--seconds <S>', 'limit of each search (default: 60)')
    .option('--params <JSON>', 'the configuration of the module')
    .option('--vcd <DIR>', 'the folder for the waves of refuted assertions', 'build/prove')
    .option('--json', 'print one JSON object on stdout')
    .helpOption('-h, --help', 'print this')
    .addHelpText('after', EXAMPLES);
}

function engineOf({ engine, induction }: ProveFlags): ProveEngine {
  const named = oneOf('engine', engine ?? (induction ? 'induction' : 'pdr'), ENGINES);
  if (!induction || named === 'induction') return named;
  throw new UserError({
    code: 'bad-engine',
    message: `--induction and --engine ${engine} are two engines`,
    place: '--engine',
    help: 'name one engine',
  });
}

async function proveAll(
  targets: readonly ProveTarget[],
  options: { readonly engine: ProveEngine; readonly depth?: number; readonly seconds?: number },
  vcd: string,
  io: Io,
): Promise<ProveReport> {
  const { prove } = await import('../flows/prove/index.ts');
  const progress = createProgress('prove', io);
  const designs: DesignReport[] = [];
  try {
    for (const { name, design } of targets) {
      const begin = performance.now();
      const onStep = (text: string): void => progress.step(`${name}: ${text}`);
      const verdicts = await prove(design(), { ...options, cwd: io.cwd, env: io.env, signal: io.signal, onStep });
      const properties = verdicts.map((verdict) => reported(verdict, name, vcd, io.cwd));
      designs.push({ name, seconds: (performance.now() - begin) / 1000, properties });
    }
  } finally {
    progress.done();
  }
  return { ok: designs.every((d) => !d.properties.some(isBad)), designs };
}

/** Writes the waves of what is refuted. */
function reported({ trace, ...verdict }: Verdict, design: string, folder: string, cwd: string): DesignReport['properties'][number] {
  if (!trace) return verdict;
  const { vcd, ...shown } = trace;
  if (verdict.outcome !== 'refuted') return { ...verdict, trace: shown };
  const file = join(
    folder,
    `${[design, verdict.path, verdict.message]
      .filter(Boolean)
      .join(' ')
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')}.vcd`,
  );
  mkdirSync(resolve(cwd, folder), { recursive: true });
  writeFileSync(resolve(cwd, file), vcd);
  return { ...verdict, trace: shown, vcd: file };
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) await runAsProcess(main);
