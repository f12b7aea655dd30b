// npm run bench:qor: elements of the generators beside elements written by hand, on each target, counted by the same Yosys; see --help.

import { pathToFileURL } from 'node:url';
import { Command } from 'commander';
import { guarded } from '../cli/errors.ts';
import type { Io } from '../cli/io.ts';
import { parseFlags } from '../cli/options.ts';
import { createProgress } from '../cli/progress.ts';
import { runAsProcess } from '../cli/run.ts';
import { subjectNamed } from '../estimate/catalogue.ts';
import { placerVersion } from '../estimate/clock-rate.ts';
import { type Area, measure } from '../estimate/measure.ts';
import { type Target, targetText } from '../estimate/targets.ts';
import { findYosys, type Yosys } from '../estimate/yosys.ts';
import { writeFigures } from './page.ts';
import { clockRows, clocksAsMarkdown } from './qor-clocks.ts';
import { type Counts, REFERENCES, type Reference } from './qor-references.ts';

interface Flags {
  readonly only?: string;
  readonly fmax?: true;
  readonly write?: true;
  readonly json?: true;
}

/** A reference on a target, and the best of the generators' forms there. */
interface Row {
  readonly element: string;
  readonly target: string;
  readonly reference: Counts;
  readonly form: string;
  readonly ours: Counts;
  readonly met: boolean;
}

const EXAMPLES = `
Examples:
  npm run bench:qor                       all elements on all targets, in a few minutes
  npm run bench:qor -- --only int8 --json
  npm run bench:qor -- --fmax             clock rates by nextpnr-ice40 too, in a few minutes more
  npm run docs:qor                        writes both tables into docs/quality-of-results.md

Of several forms the one that needs least counts: DSP blocks first where they are asked for, then look-up tables, a carry cell of ECP5 as two.

Exit codes: 0 measured, 1 a tool failed, 2 the request is wrong.
`;

function command(): Command {
  return new Command('bench:qor')
    .usage('-- [flags]')
    .description('Elements of the generators beside elements written by hand, on each target, counted by the same Yosys.')
    .option('--only <WORD>', 'elements whose name has the word')
    .option('--fmax', 'clock rates on iCE40 too, by nextpnr-ice40')
    .option('--write', 'write the tables, clock rates too, into docs/quality-of-results.md')
    .option('--json', 'print one JSON object on stdout')
    .helpOption('-h, --help', 'print this')
    .addHelpText('after', EXAMPLES);
}

/** @returns the exit code */
export function main(argv: readonly string[], io: Io): Promise<number> {
  return guarded('bench:qor', argv, io, async () => {
    const flags = parseFlags<Flags>(command(), argv, io);
    if (!flags) return 0;
    const options = { signal: io.signal, env: io.env };
    const placer = flags.fmax || flags.write ? await placerVersion(options) : undefined;
    const yosys = await findYosys('auto', options);
    const progress = createProgress('bench:qor', io);
    const rows: Row[] = [];
    const areas = new Map<string, Area>();
    const chosen = REFERENCES.filter(({ element }) => element.includes(flags.only ?? ''));
    for (const reference of chosen)
      for (const { target, counts } of reference.targets) {
        progress.step(`${reference.element}, ${targetText(target)}`);
        rows.push(await best(yosys, reference, target, counts, areas));
      }
    const clocks = placer === undefined ? undefined : { placer, rows: await clockRows(yosys, flags.only ?? '', progress, options) };
    progress.done();
    const tables = [asMarkdown(rows, yosys.version), ...(clocks ? [clocksAsMarkdown(clocks.rows, clocks.placer)] : [])].join('\n');
    io.out(flags.json ? `${JSON.stringify({ ok: true, tool: yosys.version, rows, ...(clocks && { clocks }) }, null, 2)}\n` : `${tables}\n`);
    if (flags.write) writeFigures(new URL('../docs/quality-of-results.md', import.meta.url), 'docs:qor', tables);
    return 0;
  });
}

async function best(yosys: Yosys, { element, forms }: Reference, target: Target, reference: Counts, areas: Map<string, Area>): Promise<Row> {
  let found: { readonly form: string; readonly ours: Counts } | undefined;
  for (const form of forms) {
    const key = `${form} ${targetText(target)}`;
    const area = areas.get(key) ?? (await measure(yosys, subjectNamed(form), target));
    areas.set(key, area);
    const ours = { luts: area.luts, carries: target.name === 'ecp5' ? area.carries : 0, dsps: area.dsps };
    if (!found || cost(ours) < cost(found.ours)) found = { form, ours };
  }
  if (!found) throw new Error(`${element} has no forms`);
  return { element, target: targetText(target), reference, ...found, met: found.ours.dsps <= reference.dsps && luts(found.ours) <= luts(reference) };
}

const luts = ({ luts: plain, carries }: Counts): number => plain + 2 * carries;
/** A DSP block is worth more tables than any element has, where it may be used: the target without them has none. */
const cost = (counts: Counts): number => luts(counts) + 20 * counts.dsps;

const text = ({ luts: plain, carries, dsps }: Counts): string =>
  [`${plain}${carries > 0 ? ` + ${carries}` : ''}`, dsps > 0 ? `${dsps} DSP` : ''].filter((part) => part !== '').join(', ');

function asMarkdown(rows: readonly Row[], tool: string): string {
  const lines = rows.map(
    ({ element, target, reference, form, ours, met }) =>
      `| ${element} | ${target} | ${text(reference)} | ${text(ours)} | ${form} | ${(luts(ours) / Math.max(1, luts(reference))).toFixed(2)} | ${met ? 'yes' : 'no'} |`,
  );
  const met = rows.filter((row) => row.met).length;
  return [
    `${tool}. At or below the reference: ${met} of ${rows.length}.`,
    '',
    '| element | target | by hand | ours | our form | look-up tables, ours ÷ by hand | at or below |',
    '|---|---|--:|--:|---|--:|---|',
    ...lines,
    '',
  ].join('\n');
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) await runAsProcess(main);
