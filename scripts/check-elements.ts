// npm run test:elements: every processing element in every dataflow and shape on every engine, in every output of every cycle.
//
// Icarus runs arrays up to 8 × 8. A line an array.

import { pathToFileURL } from 'node:url';
import { Command } from 'commander';
import { guarded, UserError } from '../cli/errors.ts';
import type { Io } from '../cli/io.ts';
import { integerFlag, parseFlags } from '../cli/options.ts';
import { runAsProcess } from '../cli/run.ts';
import { parseDataflow } from '../flows/design-config.ts';
import { show } from '../flows/setting.ts';
import { tileText } from '../flows/tile.ts';
import { CUBE, DATAFLOWS, type Dataflow, type Drain, sumsStay, type TileSize, tileProblem } from '../generators/array-config.ts';
import { INT8_PE, type PeConfig, processingElement } from '../generators/pe/index.ts';
import { cosimulate, ENGINES, evenStall, makeRun, targetOfConfig } from '../sim/cosim/index.ts';
import { ELEMENTS, SLOW_SUMS } from '../test/generators/pe/elements.ts';

interface ElementsFlags {
  readonly only: string;
  readonly dataflow?: string;
  readonly from: string;
  readonly jobs: string;
  readonly json?: true;
}

const SHAPES = [
  [1, 1],
  [3, 5],
  [8, 8],
  [16, 16],
] as const;

const EXAMPLES = `
Examples:
  npm run test:elements                   all
  npm run test:elements -- --only bf16    elements whose name contains a word
  npm run test:elements -- --dataflow os  all in one dataflow
  npm run test:elements -- --only tiles   int8 in tiles of several elements
  npm run test:elements -- --only through drained through the accumulators
  npm run test:elements -- --from 541     the 541st array and those behind it, where an earlier run was stopped

Exit codes: 0 all engines agree, 1 one differs, 2 the request is wrong, 130 and 143 interrupted.
`;

/** @returns the exit code */
export function main(argv: readonly string[], io: Io): Promise<number> {
  return guarded('test:elements', argv, io, async () => {
    const flags = parseFlags<ElementsFlags>(command(), argv, io);
    if (!flags) return 0;
    const flows = flags.dataflow === undefined ? DATAFLOWS : [parseDataflow({ value: flags.dataflow, place: '--dataflow' })];
    const jobs = integerFlag('jobs', flags.jobs, 1, 64);
    const from = integerFlag('from', flags.from, 1, 1_000_000);
    const begin = performance.now();
    const all =
      flags.only === 'tiles'
        ? tiledCases(flows)
        : flags.only === 'through'
          ? drainedCases(flows)
          : [...casesOf(elementsOf(flags.only), flows), ...(flags.only === '' ? [...tiledCases(flows), ...drainedCases(flows)] : [])];
    const cases = all.slice(from - 1);
    if (cases.length === 0) throw noArray(from, all.length);
    const arrays = await eachOf(cases, jobs, async (array, index) => {
      const checked = await check(array, io);
      if (!flags.json) io.out(`${from + index}/${all.length} ${lineOf(checked)}`);
      return checked;
    });
    const ok = arrays.every((a) => a.differences.length === 0);
    const seconds = Math.round((performance.now() - begin) / 1000);
    if (flags.json) io.out(`${JSON.stringify({ ok, seconds, arrays }, null, 2)}\n`);
    else io.out(summaryOf(arrays, seconds));
    return ok ? 0 : 1;
  });
}

/** Tiles of the arrays that have them, of int8: pieces, whole rows and columns, the whole array. */
function tilesOf(size: number): readonly TileSize[] {
  return [
    [2, 2],
    [4, 1],
    [1, 4],
    [size, size],
  ].map(([rows, cols]) => ({ rows: rows as number, cols: cols as number }));
}

function tiledCases(flows: readonly Dataflow[]): Case[] {
  return [4, 8, 16].flatMap((size) =>
    flows
      .filter((dataflow) => tileProblem({ rows: size, cols: size, dataflow, tile: { rows: 2, cols: 2 } }, 1) === undefined)
      .flatMap((dataflow) => tilesOf(size).map((tile) => ({ pe: INT8_PE, rows: size, cols: size, dataflow, tile }))),
  );
}

/** Every element whose sums can stay, drained through the accumulators. */
function drainedCases(flows: readonly Dataflow[]): Case[] {
  if (!flows.includes('os')) return [];
  return casesOf(ELEMENTS, ['os']).map((one) => ({ ...one, drain: 'through' }));
}

interface Case {
  readonly tile?: TileSize;
  readonly drain?: Drain;
  readonly pe: PeConfig;
  readonly rows: number;
  readonly cols: number;
  readonly dataflow: Dataflow;
}

/** Every element in every dataflow that takes it and in every shape; a cube has one. */
function casesOf(elements: readonly PeConfig[], flows: readonly Dataflow[]): Case[] {
  return elements.flatMap((pe) =>
    flows
      .filter((flow) => processingElement(pe).sumStages === 1 || !sumsStay(flow))
      .flatMap((dataflow) => (dataflow === 'cube' ? [[CUBE, CUBE] as const] : SHAPES).map(([rows, cols]) => ({ pe, rows, cols, dataflow }))),
  );
}

/** What `work` makes of each, so many at once; in the order of the list. */
async function eachOf<T, R>(list: readonly T[], jobs: number, work: (one: T, index: number) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < list.length) {
      const index = next++;
      results[index] = await work(list[index] as T, index);
    }
  };
  await Promise.all(Array.from({ length: jobs }, worker));
  return results;
}

function command(): Command {
  return new Command('test:elements')
    .usage('-- [flags]')
    .description('Every processing element in every dataflow and shape on every engine, in every output of every cycle.')
    .option('--only <WORD>', 'elements whose name contains it', '')
    .option('--dataflow <FLOW>', `one of ${DATAFLOWS.join(', ')} (default: all)`)
    .option('--from <N>', 'leave out the arrays in front of the Nth', '1')
    .option('--jobs <N>', 'arrays at once', '2')
    .option('--json', 'print one JSON object on stdout')
    .helpOption('-h, --help', 'print this')
    .addHelpText('after', EXAMPLES);
}

function noArray(from: number, count: number): UserError {
  return new UserError({
    code: 'no-array',
    message: `there is no array ${from}: the list has ${count}`,
    place: '--from',
    help: `give 1 to ${count}`,
  });
}

function elementsOf(word: string): PeConfig[] {
  const all = [...ELEMENTS, ...SLOW_SUMS];
  const found = all.filter((pe) => processingElement(pe).name.includes(word));
  if (found.length > 0) return found;
  throw new UserError({
    code: 'no-element',
    message: `no element has ${show(word)} in its name`,
    place: '--only',
    help: `the names are ${[...new Set(all.map((pe) => processingElement(pe).name))].join(', ')}`,
  });
}

interface Checked {
  readonly element: string;
  readonly rows: number;
  readonly cols: number;
  readonly dataflow: Dataflow;
  readonly engines: readonly string[];
  /** Of each engine, to build and to run. */
  readonly seconds: readonly number[];
  /** Of the two runs. */
  readonly cycles: readonly number[];
  readonly differences: readonly { readonly engine: string; readonly difference: unknown }[];
}

async function check({ pe, rows, cols, dataflow, tile, drain }: Case, io: Io): Promise<Checked> {
  const target = targetOfConfig({ rows, cols, dataflow, pe, tile, drain }, 'unit');
  const runs = [
    makeRun(target, { m: rows + 3, k: 2 * rows, n: 3 * cols + 1, withD: true, stimulus: { seed: rows, stall: evenStall(0.25) } }),
    makeRun(target, { m: 2 * rows, k: rows, n: cols, withD: false, kind: 'extreme', stimulus: { seed: cols, stall: evenStall(0) } }),
  ];
  const engines = ENGINES.filter((engine) => engine !== 'icarus' || rows <= 8);
  const reports = await cosimulate(target, runs, { env: io.env, signal: io.signal, engines, blocks: true });
  const differences = reports.flatMap(({ engine, difference }) => (difference ? [{ engine, difference }] : []));
  const seconds = reports.map(({ buildSeconds, runSeconds }) => Number((buildSeconds + runSeconds).toFixed(1)));
  const element = `${processingElement(pe).name}${tile ? ` tiles of ${tileText(tile)}` : ''}${drain ? ' through' : ''}`;
  return { element, rows, cols, dataflow, engines, seconds, cycles: runs.map((r) => r.prediction.cycles), differences };
}

function summaryOf(arrays: readonly Checked[], seconds: number): string {
  const cycles = arrays.reduce((sum, a) => sum + a.cycles.reduce((x, y) => x + y, 0), 0);
  const wrong = arrays.filter((a) => a.differences.length > 0).length;
  return `${arrays.length} arrays, ${arrays.reduce((sum, a) => sum + a.cycles.length, 0)} runs, ${cycles} cycles, ${wrong} arrays differ, ${seconds} s\n`;
}

function lineOf({ element, rows, cols, dataflow, engines, seconds, cycles, differences }: Checked): string {
  const wrong = differences.map(({ engine, difference }) => `\n${engine} ${JSON.stringify(difference)}`).join('');
  const verdict = differences.length === 0 ? 'ok  ' : 'FAIL';
  return `${verdict} ${element} ${rows}x${cols} ${dataflow}: ${cycles.join(' and ')} cycles on ${engines.map((engine, i) => `${engine} (${seconds[i]} s)`).join(', ')}${wrong}\n`;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) await runAsProcess(main);
