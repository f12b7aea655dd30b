// `npm run fuzz -- [--circuits N] [--seconds N] [--seed S] [--engines a,b] [--jobs N] [--batch N] [--out folder] [--json]`
//
// Random circuits on every engine until the number or the time is reached. Seeds go up from S; the report says with which one to go on. A
// failure is shrunk and saved as a program of its own. Exit code 1 when there was one that Verilator does not make by itself, by optimisation.

import { Command, InvalidArgumentError } from 'commander';
import { type Counts, countFeatures, featureLines, sortedFeatures } from '../support/circuit/features.ts';
import { shareSeeds } from '../support/share-seeds.ts';
import { saveFailure } from './explain.ts';
import { circuitOf, ENGINES, type EngineName, type Failure } from './run.ts';
import { OPTIMISER } from './tools.ts';

function natural(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('a whole number is due');
  return Number(text);
}
function engines(text: string): EngineName[] {
  const list = text.split(',') as EngineName[];
  const unknown = list.filter((e) => !ENGINES.includes(e));
  if (unknown.length > 0) throw new InvalidArgumentError(`no engine ${unknown.join(', ')}; there are ${ENGINES.join(', ')}`);
  return list;
}

const options = new Command('fuzz')
  .description('Random circuits: the model in exact integers and every engine agree on every port in every cycle.')
  .option('--circuits <n>', 'number of circuits', natural)
  .option('--seconds <n>', 'stop after this time', natural)
  .option('--seed <n>', 'first seed', natural, 1)
  .option('--engines <list>', 'engines to compare with the model', engines, [...ENGINES])
  .option('--jobs <n>', 'processes at a time', natural, 2)
  .option('--batch <n>', 'circuits in one Icarus compile and one Verilator build', natural, 40)
  .option('--shrink <n>', 'how many failures are shrunk and saved', natural, 3)
  .option('--out <folder>', 'where failures are saved', 'fuzz-failures')
  .option('--json', 'one line of JSON at the end in place of text', false)
  .parse()
  .opts<{
    circuits?: number;
    seconds?: number;
    seed: number;
    engines: EngineName[];
    jobs: number;
    batch: number;
    shrink: number;
    out: string;
    json: boolean;
  }>();

const circuits = options.circuits ?? (options.seconds === undefined ? 100 : Number.POSITIVE_INFINITY);
const end = Date.now() + (options.seconds ?? Number.POSITIVE_INFINITY) * 1000;
const started = Date.now();
let checked = 0;
const failures: Failure[] = [];
const say = (text: string): void => {
  if (!options.json) process.stdout.write(`${text}\n`);
};

const features: Counts = {};

/** How many differences there are, and how many that Verilator makes by itself. */
const counts = (): string => {
  const own = failures.filter(({ engine }) => engine === OPTIMISER).length;
  return `${failures.length - own} differences${own === 0 ? '' : `, ${own} by Verilator's optimisation alone`}`;
};

function report(seeds: readonly number[], found: readonly Failure[], resume: number): void {
  checked += seeds.length;
  for (const seed of seeds) countFeatures(circuitOf(seed), features);
  failures.push(...found);
  const seconds = (Date.now() - started) / 1000;
  say(`${checked} circuits, ${counts()}, ${seconds.toFixed(0)} s, ${(checked / seconds).toFixed(1)} circuits/s, done to ${resume - 1}`);
  for (const { seed, engine, what } of found) say(`seed ${seed}, ${engine}: ${what.split('\n')[0]}\n  npm run fuzz -- --circuits 1 --seed ${seed}`);
}

const resume = await shareSeeds<Failure[]>({
  ...{ first: options.seed, count: circuits, batch: options.batch, jobs: options.jobs, end, report },
  ...{ program: new URL('./worker.ts', import.meta.url), argument: JSON.stringify(options.engines) },
});
const seconds = (Date.now() - started) / 1000;
const saved = [...new Map(failures.map((f) => [f.seed, f])).values()].slice(0, options.shrink).map((f) => saveFailure(f, options.out));
for (const file of saved) say(`saved ${file}`);
if (options.json)
  process.stdout.write(
    `${JSON.stringify({ seed: options.seed, circuits: checked, seconds, resume, failures, saved, features: sortedFeatures(features) })}\n`,
  );
else {
  for (const line of featureLines(features)) say(line);
  say(`${checked} circuits from seed ${options.seed}, ${counts()}, ${seconds.toFixed(0)} s; to go on: --seed ${resume}`);
}
process.exitCode = failures.some(({ engine }) => engine !== OPTIMISER) ? 1 : 0;
