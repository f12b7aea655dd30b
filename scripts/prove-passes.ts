// npm run prove:passes: every pass, and all together, on random circuits: Yosys reads the Verilog before and after and both are proven equal.
//
//     npm run prove:passes -- --circuits 200 --seed 1          ABC decides
//     npm run prove:passes -- --circuits 20 --plain --by sat   Yosys decides, by its own SAT solver; small circuits of one clock
//
// Seeds go up from the first; a seed gives one circuit, so a run goes on where another stopped. Exit code 1 unless all pairs are proven.

import { parseArgs } from 'node:util';
import { type Counts, countFeatures } from '../test/support/circuit/features.ts';
import { type Proven, passCircuit, passesOf, plainCircuit } from '../test/support/pass-proof.ts';
import { shareSeeds } from '../test/support/share-seeds.ts';

const { values } = parseArgs({
  options: {
    circuits: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    jobs: { type: 'string', default: '1' },
    by: { type: 'string', default: 'abc' },
    plain: { type: 'boolean', default: false },
    seconds: { type: 'string', default: '120' },
    features: { type: 'boolean', default: false },
  },
});
const { by, plain } = values;
const [count, first, jobs, limit] = [values.circuits, values.seed, values.jobs, values.seconds].map(Number) as [number, number, number, number];
const start = performance.now();
const features: Counts = {};
const all: Proven[] = [];
const sum = (of: (p: Proven) => number): number => all.reduce((n, p) => n + of(p), 0);
const elapsed = (): string => `${((performance.now() - start) / 1000).toFixed(0)} s`;

const resume = await shareSeeds<Proven[]>({
  ...{ first, count, batch: 2, jobs },
  ...{ program: new URL('../test/support/pass-proof-worker.ts', import.meta.url), argument: JSON.stringify({ by, plain, seconds: limit }) },
  report: (seeds, found, done) => {
    all.push(...found);
    for (const seed of seeds) countFeatures(plain ? plainCircuit(seed) : passCircuit(seed), features);
    for (const what of found.flatMap((p) => [...p.differ, ...p.undecided.map((u) => `not decided: ${u}`)])) console.log(what);
    console.log(`${all.length} circuits, ${sum((p) => p.pairs + p.same)} pairs, done to ${done - 1}: ${elapsed()}`);
  },
});
if (values.features)
  for (const [f, n] of Object.entries(features).sort(([x], [y]) => x.localeCompare(y))) console.log(`${String(n).padStart(8)}  ${f}`);
const [differ, undecided] = [sum((p) => p.differ.length), sum((p) => p.undecided.length)];
const pairs = `${sum((p) => p.pairs)} pairs by ${by === 'sat' ? 'Yosys' : 'Yosys and ABC'}, ${sum((p) => p.same)} of equal text`;
console.log(`${all.length} circuits from seed ${first}, ${passesOf(first).length} pairs each: ${pairs}, ${elapsed()}; to go on: --seed ${resume}`);
console.log(differ + undecided === 0 ? 'all proven equal' : `${differ} outputs differ, ${undecided} not decided`);
process.exitCode = differ + undecided === 0 ? 0 : 1;
