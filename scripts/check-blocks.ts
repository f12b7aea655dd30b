// npm run test:blocks: dot products of MX blocks, the golden model against rational arithmetic, all pairs of formats in turn.

import { pathToFileURL } from 'node:url';
import { Command } from 'commander';
import { guarded } from '../cli/errors.ts';
import type { Io } from '../cli/io.ts';
import { integerFlag, parseFlags } from '../cli/options.ts';
import { runAsProcess } from '../cli/run.ts';
import { BLOCK_FORMATS } from '../sim/golden/float/index.ts';
import { boundaryDots, type DotCase, randomDot, tieDots } from '../test/golden/float/block-operands.ts';
import { wrongDots } from '../test/golden/float/check-dots.ts';
import { Rng } from '../test/support/random.ts';
import { elapsed } from './flags.ts';

interface BlockFlags {
  readonly cases: string;
  readonly size: string;
  readonly seed: string;
  readonly json?: true;
}

const EXAMPLES = `
Examples:
  npm run test:blocks                                   a million, of blocks of 2
  npm run test:blocks -- --cases 20000 --size 32 --seed 7

The cell in hardware: npm run test:floats -- --only dot --cases 1000000, and --engine verilator.

Exit codes: 0 no difference, 1 differences, 2 the request is wrong.
`;

/** @returns the exit code */
export function main(argv: readonly string[], io: Io): Promise<number> {
  return guarded('test:blocks', argv, io, async () => {
    const flags = parseFlags<BlockFlags>(command(), argv, io);
    if (!flags) return 0;
    const count = integerFlag('cases', flags.cases, 1, 2 ** 32);
    const size = integerFlag('size', flags.size, 1, 32);
    const seed = integerFlag('seed', flags.seed, 0, 2 ** 32 - 1);
    const formats = BLOCK_FORMATS.map((format) => ({ ...format, size }));
    const pairs = formats.flatMap((a) => formats.map((b) => [a, b] as const));
    const rng = new Rng(seed);
    const start = performance.now();
    let cases = 0;
    const differences: string[] = [];
    function* counted(all: Iterable<DotCase>): Generator<DotCase> {
      for (const c of all) {
        cases++;
        yield c;
      }
    }
    const check = (all: Iterable<DotCase>): void => {
      differences.push(...wrongDots(counted(all)));
    };
    for (const format of formats) check(tieDots(format));
    for (const [a, b] of pairs) {
      check(boundaryDots(a, b));
      check(Array.from({ length: Math.ceil(count / pairs.length) }, () => randomDot(a, b, rng)));
      io.err(`test:blocks: ${a.name} x ${b.name}: ${cases} cases so far, ${differences.length} differences, ${elapsed(start)}\n`);
    }
    const ok = differences.length === 0;
    if (flags.json) io.out(`${JSON.stringify({ ok, size, seed, cases, differences }, null, 2)}\n`);
    else {
      for (const text of differences) io.out(`${text}\n`);
      io.out(`${cases} dot products of blocks of ${size}: ${ok ? 'no difference' : `${differences.length} differences`} (seed ${seed})\n`);
    }
    return ok ? 0 : 1;
  });
}

function command(): Command {
  return new Command('test:blocks')
    .usage('-- [flags]')
    .description('Dot products of MX blocks, the golden model against rational arithmetic, all pairs of formats in turn.')
    .option('--cases <N>', 'random products, over all pairs of formats', '1000000')
    .option('--size <K>', 'elements of a block, 1 to 32', '2')
    .option('--seed <N>', 'of the random values', '1')
    .option('--json', 'print one JSON object on stdout')
    .helpOption('-h, --help', 'print this')
    .addHelpText('after', EXAMPLES);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) await runAsProcess(main);
