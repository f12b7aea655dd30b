// npm run cosim: one set of vectors on all engines, compared in every output of every cycle.
//
// Invariant: the request is checked as a whole before a tool is started. A folder is simulated with the Verilog that stands in it.

import { existsSync } from 'node:fs';
import { dirname, extname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Command } from 'commander';
import { DESIGN_KEYS, resolveDesign } from '../flows/design-config.ts';
import { checkOperands } from '../flows/element.ts';
import { EXIT_CODES } from '../flows/user-error.ts';
import { peOf } from '../generators/array-config.ts';
import type { AnyRun, EngineName, Target } from '../sim/cosim/index.ts';
import { type CosimFlags, enginesFlag, lengthFlag, seedFlag, stallFlag } from './cosim-flags.ts';
import { cosimReport, describeCosim } from './cosim-report.ts';
import { guarded, UserError } from './errors.ts';
import type { Io } from './io.ts';
import { addDesignFlags, designSettings, parseFlags } from './options.ts';
import { createProgress } from './progress.ts';
import { runAsProcess } from './run.ts';

const EXAMPLES = `
Examples:
  npm run cosim -- --design verilog-out/systolic_16x16_ws
  npm run cosim -- --rows 4 --cols 8 --dataflow os --m 9 --k 20 --n 17 --with-d --stall 0.5
  npm run cosim -- --design verilog-out/systolic_16x16_ws --engines golden,icarus --vcd waves.vcd
  npm run cosim -- --preset fusible --operands int4 --m 128 --k 256 --n 256 --stall 0 --engines golden,systole

With --design the Verilog of that folder is simulated as it is; with the flags of a design it is made in memory.
Builds are kept in node_modules/.cache/systole, or where SYSTOLE_CACHE says.

Exit codes: 0 all engines agree, 1 one differs or a tool failed, 2 the request is wrong, 130 and 143 interrupted.
`;

/** @returns the exit code */
export function main(argv: readonly string[], io: Io): Promise<number> {
  return guarded('cosim', argv, io, async () => {
    const flags = parseFlags<CosimFlags>(command(), argv, io);
    if (!flags) return 0;
    const engines = enginesFlag(flags.engines);
    const [stall, seed] = [stallFlag(flags.stall), seedFlag(flags.seed)];
    if (flags.vcd !== undefined) checkWaves(flags.vcd, io);
    const target = await loadTarget(flags, io);
    const run = await loadRun(target, flags, stall, seed);
    const report = cosimReport(target, run, await simulate(target, run, engines, flags, io));
    io.out(flags.json ? `${JSON.stringify(report, null, 2)}\n` : describeCosim(report, (engine) => wavesCommand(argv, engine)));
    return report.ok ? 0 : EXIT_CODES.failure;
  });
}

function command(): Command {
  return addDesignFlags(new Command('cosim').option('--design <DIR>', 'a folder that npm run gen wrote'))
    .usage('-- --design DIR [flags]')
    .description(
      'Runs one problem on the golden model, the in-process simulator, Verilator and Icarus Verilog and compares every output of every cycle.',
    )
    .option('--engines <LIST>', 'some of golden,systole,verilator,icarus (default: all)')
    .option('--m <M>', 'rows of A and C (default: part of a tile more than the array)')
    .option('--k <K>', 'columns of A and rows of B')
    .option('--n <N>', 'columns of B and C')
    .option(
      '--operands <P>',
      'of a fusible or bit-serial element: whole numbers of one precision, which --k then counts (default: steps of random modes)',
    )
    .option('--seed <S>', 'of the operands and the pauses (default: 1)')
    .option('--stall <P>', 'share of cycles in which each stream pauses, 0 to 0.95 (default: 0.25)')
    .option('--with-d', 'add a matrix D to the product')
    .option('--vcd <FILE>', "write waves; with several engines the engine's name goes before the suffix")
    .option('--json', 'print one JSON object on stdout')
    .helpOption('-h, --help', 'print this')
    .addHelpText('after', EXAMPLES);
}

async function loadTarget(flags: CosimFlags, io: Io): Promise<Target> {
  const { targetOfConfig, targetOfFolder } = await import('../sim/cosim/index.ts');
  if (flags.design === undefined) {
    const { rows, cols, unit, config, preset } = flags;
    if (rows === undefined && cols === undefined && unit === undefined && config === undefined && preset === undefined) {
      throw new UserError({
        code: 'missing-design',
        message: 'no design is given',
        help: 'pass --design DIR with a folder that npm run gen wrote, or --rows R --cols C',
      });
    }
    const design = resolveDesign(await designSettings(flags, io, ['out']));
    return targetOfConfig(design, design.name);
  }
  const other = ([...DESIGN_KEYS, 'config'] as const).find((key) => flags[key] !== undefined);
  if (other)
    throw new UserError({
      code: 'design-twice',
      message: `--design already says what --${other} would say`,
      place: `--${other}`,
      help: `leave out one of --design and --${other}`,
    });
  return targetOfFolder(resolve(io.cwd, flags.design), flags.design);
}

async function loadRun(target: Target, flags: CosimFlags, stall: number, seed: number): Promise<AnyRun> {
  const { evenStall, makeRun } = await import('../sim/cosim/index.ts');
  const { defaultShape } = await import('../flows/default-run.ts');
  const operands = flags.operands === undefined ? undefined : checkOperands('operands', { value: flags.operands, place: '--operands' }, peOf(target));
  const absent = defaultShape(target, operands);
  const [m, k, n] = [lengthFlag('m', flags.m, absent.m), lengthFlag('k', flags.k, absent.k), lengthFlag('n', flags.n, absent.n)];
  return makeRun(target, { m, k, n, withD: flags.withD === true, operands, stimulus: { seed, stall: evenStall(stall) } });
}

async function simulate(target: Target, run: AnyRun, engines: readonly EngineName[], flags: CosimFlags, io: Io) {
  const { cosimulate } = await import('../sim/cosim/index.ts');
  const progress = createProgress('cosim', io);
  const hardware = engines.filter((engine) => engine !== 'golden');
  const vcdOf = (engine: EngineName) =>
    flags.vcd === undefined || engine === 'golden' ? undefined : resolve(io.cwd, vcdName(flags.vcd, engine, hardware.length));
  try {
    return await cosimulate(target, [run], {
      ...{ env: io.env, signal: io.signal, engines, vcdOf },
      onEngine: (engine) => progress.step(`${engine}: ${run.prediction.cycles} cycles of ${target.top}`),
    });
  } finally {
    progress.done();
  }
}

/** Simulators say little about a file that they cannot make. */
function checkWaves(file: string, io: Io): void {
  const folder = dirname(resolve(io.cwd, file));
  if (existsSync(folder)) return;
  throw new UserError({
    code: 'bad-vcd',
    message: `the folder of ${JSON.stringify(file)} does not exist`,
    place: '--vcd',
    help: 'make the folder, or choose another file',
  });
}

/** `waves.vcd` of one engine, `waves.icarus.vcd` of one among several. */
function vcdName(file: string, engine: EngineName, engines: number): string {
  const suffix = extname(file);
  return engines === 1 ? file : `${file.slice(0, file.length - suffix.length)}.${engine}${suffix}`;
}

/** The same request for one engine, with waves. */
function wavesCommand(argv: readonly string[], engine: EngineName): string {
  const kept = argv.filter((word, i) => !/^--(engines|vcd|json)(=|$)/.test(word) && !/^--(engines|vcd)$/.test(argv[i - 1] ?? ''));
  const quoted = kept.map((word) => (/^[\w./@%+,:=-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`));
  return `npm run cosim -- ${[...quoted, '--engines', engine, '--vcd', `${engine}.vcd`].join(' ')}`;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) await runAsProcess(main);
