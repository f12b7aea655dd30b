// npm run prove:passes: every pass, and all together, on random circuits: Yosys reads the Verilog before and after and both are proven equal.
//
// Seeds go up from the first; a seed gives one circuit, so a run goes on where another stopped.

import { pathToFileURL } from 'node:url';
import { Command } from 'commander';
import { guarded } from '../cli/errors.ts';
import type { Io } from '../cli/io.ts';
import { integerFlag, oneOf, parseFlags } from '../cli/options.ts';
import { runAsProcess } from '../cli/run.ts';
import { type Counts, countFeatures, featureLines, sortedFeatures } from '../test/support/circuit/features.ts';
import { type Proven, passCircuit, passesOf, plainCircuit } from '../test/support/pass-proof.ts';
import { shareSeeds } from '../test/support/share-seeds.ts';
import { elapsed } from './flags.ts';

interface PassesFlags {
  readonly circuits: string;
  readonly seed: string;
  readonly jobs: string;
  readonly by: string;
  readonly plain?: true;
  readonly seconds: string;
  readonly features?: true;
  readonly json?: true;
}

const SOLVERS = ['abc', 'sat'] as const;
const MAX_SEED = 2 ** 32 - 1;

const EXAMPLES = `
Examples:
  npm run prove:passes -- --circuits 200 --seed 1          ABC decides
  npm run prove:passes -- --circuits 20 --plain --by sat   Yosys decides, by its own SAT solver; small circuits of one clock

Exit codes: 0 all pairs are proven equal, 1 one differs or is not decided, 2 the request is wrong.
`;

/** @returns the exit code */
export function main(argv: readonly string[], io: Io): Promise<number> {
  return guarded('prove:passes', argv, io, async () => {
    const flags = parseFlags<PassesFlags>(command(), argv, io);
    if (!flags) return 0;
    const [count, first] = [integerFlag('circuits', flags.circuits, 1, MAX_SEED), integerFlag('seed', flags.seed, 0, MAX_SEED)];
    const [jobs, seconds] = [integerFlag('jobs', flags.jobs, 1, 64), integerFlag('seconds', flags.seconds, 1, 86_400)];
    const by = oneOf('by', flags.by, SOLVERS);
    const plain = flags.plain === true;
    const say = (text: string): void => (flags.json ? undefined : io.out(`${text}\n`));
    const start = performance.now();
    const features: Counts = {};
    const all: Proven[] = [];
    const sum = (of: (p: Proven) => number): number => all.reduce((n, p) => n + of(p), 0);

    const resume = await shareSeeds<Proven[]>({
      ...{ first, count, batch: 2, jobs },
      ...{ program: new URL('../test/support/pass-proof-worker.ts', import.meta.url), argument: JSON.stringify({ by, plain, seconds }) },
      report: (seeds, found, done) => {
        all.push(...found);
        if (flags.features) for (const seed of seeds) countFeatures(plain ? plainCircuit(seed) : passCircuit(seed), features);
        for (const what of found.flatMap((p) => [...p.differ, ...p.undecided.map((u) => `not decided: ${u}`)])) say(what);
        say(`${all.length} circuits, ${sum((p) => p.pairs + p.same)} pairs, done to ${done - 1}: ${elapsed(start)}`);
      },
    });
    const [differ, undecided] = [all.flatMap((p) => p.differ), all.flatMap((p) => p.undecided)];
    const ok = differ.length + undecided.length === 0;
    const [pairs, same] = [sum((p) => p.pairs), sum((p) => p.same)];
    if (flags.json) {
      const drawn = flags.features && { features: sortedFeatures(features) };
      io.out(`${JSON.stringify({ ok, seed: first, circuits: all.length, by, pairs, same, resume, differ, undecided, ...drawn }, null, 2)}\n`);
    }
    for (const line of featureLines(features)) say(line);
    const told = `${pairs} pairs by ${by === 'sat' ? 'Yosys' : 'Yosys and ABC'}, ${same} of equal text`;
    say(`${all.length} circuits from seed ${first}, ${passesOf(first).length} pairs each: ${told}, ${elapsed(start)}; to go on: --seed ${resume}`);
    say(ok ? 'all proven equal' : `${differ.length} outputs differ, ${undecided.length} not decided`);
    return ok ? 0 : 1;
  });
}

function command(): Command {
  return new Command('prove:passes')
    .usage('-- [flags]')
    .description('Every pass, and all together, on random circuits: Yosys reads the Verilog before and after and both are proven equal.')
    .option('--circuits <N>', 'number of circuits', '200')
    .option('--seed <S>', 'first seed', '1')
    .option('--jobs <N>', 'processes at a time', '1')
    .option('--by <SOLVER>', `what decides: ${SOLVERS.join(' or ')}`, 'abc')
    .option('--plain', 'small circuits of one clock, without memories and properties')
    .option('--seconds <S>', 'limit of each question to ABC', '120')
    .option('--features', 'tell what was drawn of the language, counted')
    .option('--json', 'print one JSON object on stdout')
    .helpOption('-h, --help', 'print this')
    .addHelpText('after', EXAMPLES);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) await runAsProcess(main);
