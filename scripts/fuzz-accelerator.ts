// npm run fuzz:accelerator: random programs on the accelerator in RTL and on its golden model, all of memory compared; or programs with a word that is no instruction.

import { pathToFileURL } from 'node:url';
import { Command } from 'commander';
import { guarded } from '../cli/errors.ts';
import type { Io } from '../cli/io.ts';
import { integerFlag, oneOf, parseFlags } from '../cli/options.ts';
import { createProgress } from '../cli/progress.ts';
import { runAsProcess } from '../cli/run.ts';
import { ENGINES } from '../sim/index.ts';
import { AcceleratorFuzz, fuzzCase, listing } from '../test/support/accelerator-fuzz.ts';
import { elapsed } from './flags.ts';

interface Flags {
  readonly programs: string;
  readonly seed: string;
  readonly length: string;
  readonly engine: string;
  readonly illegal?: true;
  readonly json?: true;
}

const EXAMPLES = `
Examples:
  npm run fuzz:accelerator                                  100 programs, in-process
  npm run fuzz:accelerator -- --programs 1000 --seed 5000 --engine verilator
  npm run fuzz:accelerator -- --illegal --programs 500      an error that names the word, and no stray write
  npm run fuzz:accelerator -- --programs 1 --seed 17        one of them again

Exit codes: 0 no difference, 1 a difference, 2 the request is wrong, 130 and 143 interrupted.
`;

/** @returns the exit code */
export function main(argv: readonly string[], io: Io): Promise<number> {
  return guarded('fuzz:accelerator', argv, io, async () => {
    const flags = parseFlags<Flags>(command(), argv, io);
    if (!flags) return 0;
    const programs = integerFlag('programs', flags.programs, 1, 10_000_000);
    const first = integerFlag('seed', flags.seed, 0, 2 ** 31);
    const length = integerFlag('length', flags.length, 1, 400);
    const engine = oneOf('engine', flags.engine, ENGINES);
    const isIllegal = flags.illegal === true;
    const fuzz = new AcceleratorFuzz(engine);
    const progress = createProgress('fuzz:accelerator', io);
    const start = performance.now();
    const failures: { seed: number; what: string; program: string }[] = [];
    progress.step(`${isIllegal ? 'illegal words' : 'programs'} on ${engine}`);
    try {
      for (let seed = first; seed < first + programs; seed++) {
        // Lets an interrupt through.
        await new Promise(setImmediate);
        io.signal.throwIfAborted();
        const one = fuzzCase(seed, isIllegal, length);
        const what = attempt(() => fuzz.check(one));
        if (what !== undefined) {
          failures.push({ seed, what, program: listing(one) });
          io.err(`seed ${seed}: ${what}\n`);
        }
        progress.count(seed - first + 1, programs);
      }
    } finally {
      fuzz.close();
      progress.done();
    }
    const ok = failures.length === 0;
    if (flags.json) io.out(`${JSON.stringify({ ok, engine, illegal: isIllegal, seed: first, programs, failures }, null, 2)}\n`);
    else {
      for (const { seed, what, program } of failures) io.out(`${program}\nseed ${seed}: ${what}\n`);
      io.out(`${programs} programs from seed ${first} on ${engine}, ${failures.length} differences, ${elapsed(start)}\n`);
    }
    return ok ? 0 : 1;
  });
}

/** What a run says, or why it did not end. */
function attempt(run: () => string | undefined): string | undefined {
  try {
    return run();
  } catch (error) {
    return (error as Error).message;
  }
}

function command(): Command {
  return new Command('fuzz:accelerator')
    .usage('-- [flags]')
    .description('Random programs of all units, on RTL and golden model: the same bytes in all of memory.')
    .option('--programs <N>', 'how many', '100')
    .option('--seed <S>', 'of the first; the others follow', '1')
    .option('--length <N>', 'instructions that work, at most', '40')
    .option('--engine <NAME>', `one of ${ENGINES.join(', ')}`, 'systole')
    .option('--illegal', 'one word of each program is no instruction')
    .option('--json', 'print one JSON object on stdout')
    .helpOption('-h, --help', 'print this')
    .addHelpText('after', EXAMPLES);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) await runAsProcess(main);
