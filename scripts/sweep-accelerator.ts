// npm run test:accelerator-sweep: small layers on accelerators of all sizes, behind memories of all kinds, in RTL: the golden model's bytes in all of memory.

import { pathToFileURL } from 'node:url';
import { Command } from 'commander';
import { guarded } from '../cli/errors.ts';
import type { Io } from '../cli/io.ts';
import { integerFlag, oneOf, parseFlags } from '../cli/options.ts';
import { runAsProcess } from '../cli/run.ts';
import { ENGINES } from '../sim/index.ts';
import { checkPoint, sweepPoint } from '../test/support/accelerator-sweep.ts';
import { elapsed } from './flags.ts';

interface Flags {
  readonly points: string;
  readonly first: string;
  readonly engine: string;
  readonly json?: true;
}

const EXAMPLES = `
Examples:
  npm run test:accelerator-sweep                                every array on every bus, all else at random
  npm run test:accelerator-sweep -- --points 200 --first 20
  npm run test:accelerator-sweep -- --points 4 --engine verilator

Exit codes: 0 the same bytes, 1 other bytes, 2 the request is wrong, 130 and 143 interrupted.
`;

/** @returns the exit code */
export function main(argv: readonly string[], io: Io): Promise<number> {
  return guarded('test:accelerator-sweep', argv, io, async () => {
    const flags = parseFlags<Flags>(command(), argv, io);
    if (!flags) return 0;
    const points = integerFlag('points', flags.points, 1, 1_000_000);
    const first = integerFlag('first', flags.first, 0, 2 ** 31);
    const engine = oneOf('engine', flags.engine, ENGINES);
    const start = performance.now();
    const results: { point: number; what: string; wrong: readonly string[] }[] = [];
    for (let point = first; point < first + points; point++) {
      // Lets an interrupt through.
      await new Promise(setImmediate);
      io.signal.throwIfAborted();
      const one = sweepPoint(point);
      const wrong = checkPoint(one, engine);
      results.push({ point, what: one.text, wrong });
      if (!flags.json) io.out(`${point}: ${one.text}: ${wrong.length === 0 ? 'the same bytes' : wrong.join('; ')}\n`);
    }
    const bad = results.filter(({ wrong }) => wrong.length > 0).length;
    if (flags.json) io.out(`${JSON.stringify({ ok: bad === 0, engine, results }, null, 2)}\n`);
    else io.out(`${points} points on ${engine}, ${bad} wrong, ${elapsed(start)}\n`);
    return bad === 0 ? 0 : 1;
  });
}

function command(): Command {
  return new Command('test:accelerator-sweep')
    .usage('-- [flags]')
    .description('Accelerators of all sizes behind memories of all kinds: the same bytes as the golden model.')
    .option('--points <N>', 'how many', '20')
    .option('--first <N>', 'number of the first', '0')
    .option('--engine <NAME>', `one of ${ENGINES.join(', ')}`, 'wasm')
    .option('--json', 'print one JSON object on stdout')
    .helpOption('-h, --help', 'print this')
    .addHelpText('after', EXAMPLES);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) await runAsProcess(main);
