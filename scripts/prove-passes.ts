// npm run prove:passes: every pass, and all together, on random circuits: Yosys reads the Verilog before and after, ABC proves them equal.
//
//     npm run prove:passes -- --circuits 200 --seed 1

import { parseArgs } from 'node:util';
import { optimise, PASSES, type PassName } from '../hdl/passes/index.ts';
import { inequivalent } from '../test/support/equivalence.ts';
import { passPair } from '../test/support/pass-proof.ts';

const { values } = parseArgs({ options: { circuits: { type: 'string', default: '200' }, seed: { type: 'string', default: '1' } } });
const [circuits, first] = [Number(values.circuits), Number(values.seed)];
/** Pairs of one run of Yosys. */
const BATCH = 10;

let failures = 0;
for (const name of [...(Object.keys(PASSES) as PassName[]), 'all'] as const) {
  const passes = name === 'all' ? {} : { passes: [name] };
  const start = performance.now();
  for (let from = 0; from < circuits; from += BATCH) {
    const seeds = [...Array(Math.min(BATCH, circuits - from)).keys()].map((i) => first + from + i);
    // Odd seeds may lose the names that the user gave.
    const found = inequivalent(seeds.map((seed) => passPair(seed, (d) => optimise(d, { ...passes, keepNames: seed % 2 === 0 }))));
    failures += found.length;
    for (const f of found) console.log(`${name}: ${f}`);
  }
  console.log(`${name}: ${circuits} circuits, ${((performance.now() - start) / 1000).toFixed(0)} s`);
}
console.log(failures === 0 ? 'all proven equal' : `${failures} outputs differ`);
process.exitCode = failures === 0 ? 0 : 1;
