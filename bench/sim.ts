// npm run bench:sim: cycles a second of the in-process engines, of Verilator and of Icarus, on the same designs; see --help and docs/performance.md.

import { pathToFileURL } from 'node:url';
import { Command } from 'commander';
import { guarded, UserError } from '../cli/errors.ts';
import type { Io } from '../cli/io.ts';
import { parseFlags } from '../cli/options.ts';
import { createProgress } from '../cli/progress.ts';
import { runAsProcess } from '../cli/run.ts';
import { writeFigures } from './page.ts';
import { allDesigns, type BenchDesign, designNamed, SIZES } from './sim/designs.ts';
import { describeMachine } from './sim/machine.ts';
import { FULL, QUICK } from './sim/measure.ts';
import { asMarkdown, asText, type Report } from './sim/report.ts';
import { runPlan } from './sim/run.ts';
import { targets } from './sim/targets.ts';

const PAGE = new URL('../docs/performance.md', import.meta.url);
const QUICK_SIZES = [4, 16];

interface Flags {
  readonly only?: string;
  readonly sizes?: string;
  readonly quick?: true;
  readonly large?: true;
  readonly verilator: boolean;
  readonly icarus: boolean;
  readonly write?: true;
  readonly json?: true;
}

const EXAMPLES = `
Examples:
  npm run bench:sim                              everything but models that take the compiler minutes
  npm run bench:sim -- --quick                   small arrays and what is no array, in half a minute
  npm run bench:sim -- --only ws64,riscv         some designs
  npm run bench:sim -- --sizes 16,64 --json
  npm run docs:performance                       writes the figures into docs/performance.md

Designs: arrays with weights (ws) or sums (os) that stay, of the sizes ${SIZES.join(', ')}; fifos, dma, riscv.
Times are CPU times. Models of Verilator are built once and kept; the first run takes ten minutes, later ones five.

Exit codes: 0 all checksums are equal, 1 some are not or a tool failed, 2 the request is wrong.
`;

function command(): Command {
  return new Command('bench:sim')
    .usage('-- [flags]')
    .description('Measures simulators on designs that carry their own stimulus and checksum, and compares the checksums.')
    .option('--only <NAMES>', 'some designs, such as ws64,os16,riscv')
    .option('--sizes <N,…>', `sizes of the arrays (default: ${SIZES.join(',')})`)
    .option('--quick', `short rounds on the sizes ${QUICK_SIZES.join(' and ')}`)
    .option('--large', 'build structural models of 64 rows and more, too, which takes the compiler minutes; later runs have them')
    .option('--no-verilator', 'leave Verilator out')
    .option('--no-icarus', 'leave Icarus out')
    .option('--write', 'write the figures into docs/performance.md')
    .option('--json', 'print one JSON object on stdout')
    .helpOption('-h, --help', 'print this')
    .addHelpText('after', EXAMPLES);
}

/** @returns the exit code */
export function main(argv: readonly string[], io: Io): Promise<number> {
  return guarded('bench:sim', argv, io, async () => {
    const flags = parseFlags<Flags>(command(), argv, io);
    if (!flags) return 0;
    const designs = chosen(flags);
    const progress = createProgress('bench:sim', io);
    const machine = await describeMachine();
    const { verilator, icarus } = flags;
    const { rows, extras, wrong } = await runPlan({
      ...{ designs, verilator, icarus, large: flags.large ?? false, extras: !flags.quick && designs.some((d) => d.name === 'ws64') },
      effort: flags.quick ? QUICK : FULL,
      onStep: (text) => progress.step(text),
    }).finally(() => progress.done());
    const report: Report = {
      machine,
      command: ['npm run bench:sim --', ...argv].join(' '),
      targets: targets(rows, extras),
      rows,
      extras,
    };
    io.out(flags.json ? `${JSON.stringify({ ok: wrong.length === 0, wrong, ...report }, null, 2)}\n` : asText(report));
    for (const text of wrong) io.err(`bench:sim: ${text}\n`);
    if (flags.write && wrong.length === 0) writeFigures(PAGE, 'docs:performance', asMarkdown(report));
    return wrong.length === 0 ? 0 : 1;
  });
}

function chosen({ only, sizes, quick }: Flags): BenchDesign[] {
  if (only !== undefined)
    return only.split(',').map((name) => {
      try {
        return designNamed(name.trim());
      } catch (error) {
        throw new UserError({ code: 'unknown-design', message: (error as Error).message, place: '--only', help: 'see npm run bench:sim -- --help' });
      }
    });
  const numbers = sizes?.split(',').map(Number) ?? (quick ? QUICK_SIZES : SIZES);
  const wrong = numbers.find((n) => !Number.isInteger(n) || n < 1 || n > 1024);
  if (wrong !== undefined)
    throw new UserError({
      code: 'bad-sizes',
      message: `sizes are ${JSON.stringify(sizes)}`,
      place: '--sizes',
      help: 'write whole numbers from 1 to 1024, such as 4,16',
    });
  return allDesigns(numbers);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) await runAsProcess(main);
