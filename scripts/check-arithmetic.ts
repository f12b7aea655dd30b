// npm run check:arithmetic: wide products, quotients and remainders on both in-process engines, Icarus and Verilator against exact integers.

import { pathToFileURL } from 'node:url';
import { Command } from 'commander';
import { guarded } from '../cli/errors.ts';
import type { Io } from '../cli/io.ts';
import { integerFlag, parseFlags } from '../cli/options.ts';
import { runAsProcess } from '../cli/run.ts';
import { compareWide, WIDE_WIDTHS } from '../test/support/wide-arithmetic.ts';
import { elapsed, integersFlag } from './flags.ts';

interface ArithmeticFlags {
  readonly widths: string;
  readonly every: string;
  readonly randoms: string;
  readonly seed: string;
  readonly json?: true;
}

const MAX_WIDTH = 1024;

const EXAMPLES = `
Examples:
  npm run check:arithmetic                                all pairs of the wide widths, all pairs of edge values
  npm run check:arithmetic -- --widths 65,128 --every 7   these widths, every 7th pair

Exit codes: 0 all engines agree, 1 one differs, 2 the request is wrong.
`;

/** @returns the exit code */
export function main(argv: readonly string[], io: Io): Promise<number> {
  return guarded('check:arithmetic', argv, io, async () => {
    const flags = parseFlags<ArithmeticFlags>(command(), argv, io);
    if (!flags) return 0;
    const widths = integersFlag('widths', flags.widths, 1, MAX_WIDTH);
    const extent = {
      widths,
      every: integerFlag('every', flags.every, 1, 1_000_000),
      randoms: integerFlag('randoms', flags.randoms, 0, 1000),
    };
    const seed = integerFlag('seed', flags.seed, 0, 2 ** 32 - 1);
    const start = performance.now();
    const { cases, operands, problems } = compareWide(extent, seed);
    const ok = problems.length === 0;
    if (flags.json) io.out(`${JSON.stringify({ ok, ...extent, seed, cases, operands, problems }, null, 2)}\n`);
    else {
      for (const p of problems) io.out(`${p}\n`);
      io.out(`${cases} operators (${widths.join()} bits, both kinds), ${operands} pairs of operands each, on four engines: ${elapsed(start)}\n`);
      io.out(`${ok ? 'all equal' : `${problems.length} engines differ`}\n`);
    }
    return ok ? 0 : 1;
  });
}

function command(): Command {
  return new Command('check:arithmetic')
    .usage('-- [flags]')
    .description('Wide products, quotients and remainders on both in-process engines, Icarus and Verilator against exact integers.')
    .option('--widths <LIST>', `widths of the operands in bits, 1 to ${MAX_WIDTH}`, WIDE_WIDTHS.join())
    .option('--every <N>', 'every how manyth pair of edge values is taken', '1')
    .option('--randoms <N>', 'random values that each edge value meets, on either side', '4')
    .option('--seed <N>', 'of the random values', '1')
    .option('--json', 'print one JSON object on stdout')
    .helpOption('-h, --help', 'print this')
    .addHelpText('after', EXAMPLES);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) await runAsProcess(main);
