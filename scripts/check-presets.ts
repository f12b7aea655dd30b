// npm run test:presets: a product of 128 × 256 × 256 on every preset in RTL, all outputs of all cycles as the golden model has them, in as many cycles as the closed form says, at 95 % of peak or more.

import { pathToFileURL } from 'node:url';
import { Command } from 'commander';
import { guarded } from '../cli/errors.ts';
import type { Io } from '../cli/io.ts';
import { oneOf, parseFlags } from '../cli/options.ts';
import { createProgress } from '../cli/progress.ts';
import { runAsProcess } from '../cli/run.ts';
import { resolveDesign } from '../flows/design-config.ts';
import { checkOperands } from '../flows/element.ts';
import { PRESETS } from '../flows/presets.ts';
import { elementCount, peakRates, peOf } from '../generators/array-config.ts';
import { cosimulate, evenStall, makeRun, targetOfConfig } from '../sim/cosim/index.ts';
import { cyclesWithoutStalls } from '../sim/golden/index.ts';

const SHAPE = { m: 128, k: 256, n: 256 };
const LEAST_PERCENT = 95;

interface PresetsFlags {
  readonly preset?: string;
  readonly json?: true;
}

interface Checked {
  readonly preset: string;
  /** Where the mode of a step chooses it. */
  readonly precision?: string;
  /** Of the RTL. */
  readonly cycles: number;
  readonly closedForm: number;
  readonly percentOfPeak: number;
  readonly seconds: number;
  readonly ok: boolean;
  readonly differences: readonly unknown[];
}

const EXAMPLES = `
Examples:
  npm run test:presets
  npm run test:presets -- --preset bf16-train --json

Exit codes: 0 every run is as it should be, 1 one is not, 2 the request is wrong, 130 and 143 interrupted.
`;

/** @returns the exit code */
export function main(argv: readonly string[], io: Io): Promise<number> {
  return guarded('test:presets', argv, io, async () => {
    const flags = parseFlags<PresetsFlags>(command(), argv, io);
    if (!flags) return 0;
    const names = Object.keys(PRESETS);
    const presets = flags.preset === undefined ? names : [oneOf('preset', flags.preset, names)];
    const progress = createProgress('test:presets', io);
    const rows: Checked[] = [];
    for (const preset of presets) {
      const config = resolveDesign({ preset: { value: preset, place: '--preset' } });
      for (const { precision, macs } of peakRates(config)) {
        progress.step(`${preset} ${precision}`.trim());
        const row = await check(preset, config, precision, macs, io);
        rows.push(row);
        if (!flags.json) io.out(lineOf(row));
      }
    }
    progress.done();
    const ok = rows.every((row) => row.ok);
    if (flags.json) io.out(`${JSON.stringify({ ok, shape: SHAPE, rows }, null, 2)}\n`);
    return ok ? 0 : 1;
  });
}

function command(): Command {
  return new Command('test:presets')
    .usage('-- [flags]')
    .description(
      'A product of 128 x 256 x 256 on every preset in RTL, without pauses, compared with the golden model in every output of every cycle.',
    )
    .option('--preset <NAME>', `one of ${Object.keys(PRESETS).join(', ')} (default: all)`)
    .option('--json', 'print one JSON object on stdout')
    .helpOption('-h, --help', 'print this')
    .addHelpText('after', EXAMPLES);
}

/** @param macs multiply-accumulates a cycle in this precision when every element works */
async function check(preset: string, config: ReturnType<typeof resolveDesign>, precision: string, macs: number, io: Io): Promise<Checked> {
  const target = targetOfConfig(config, config.name);
  const { m, k, n } = SHAPE;
  const [activation, weight] = precision.split('x');
  const operands = precision === '' ? undefined : checkOperands('precision', { value: `int${activation}xint${weight}`, place: preset }, peOf(config));
  // Where the precision is given K counts numbers, else steps.
  const steps = Math.ceil((k * elementCount(config)) / macs);
  const run = makeRun(target, { m, k: operands ? k : steps, n, withD: false, operands, stimulus: { seed: 1, stall: evenStall(0) } });
  const reports = await cosimulate(target, [run], { env: io.env, signal: io.signal, engines: ['golden', 'systole'], blocks: true });
  const differences = reports.flatMap(({ engine, difference }) => (difference ? [{ engine, difference }] : []));
  const { cycles } = run.prediction;
  const closedForm = cyclesWithoutStalls(config, { m, k: steps, n, withD: false });
  const percentOfPeak = Number(((100 * m * k * n) / (cycles * macs)).toFixed(2));
  const seconds = Number(reports.reduce((sum, { buildSeconds, runSeconds }) => sum + buildSeconds + runSeconds, 0).toFixed(1));
  const ok = differences.length === 0 && cycles === closedForm && percentOfPeak >= LEAST_PERCENT;
  return { preset, ...(precision !== '' && { precision }), cycles, closedForm, percentOfPeak, seconds, ok, differences };
}

function lineOf({ preset, precision, cycles, closedForm, percentOfPeak, seconds, ok, differences }: Checked): string {
  const wrong = [...(cycles === closedForm ? [] : [`the closed form says ${closedForm}`]), ...differences.map((one) => JSON.stringify(one))];
  const run = `${preset}${precision === undefined ? '' : ` ${precision}`}: ${cycles} cycles, ${percentOfPeak} % of peak, ${seconds} s`;
  return `${ok ? 'ok  ' : 'FAIL'} ${run}${wrong.map((text) => `\n  ${text}`).join('')}\n`;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) await runAsProcess(main);
