// npm run prove:passes: every pass, and all together, on random circuits: Yosys reads the Verilog before and after and both are proven equal.
//
//     npm run prove:passes -- --circuits 200 --seed 1           ABC decides
//     npm run prove:passes -- --circuits 20 --small --by sat    Yosys decides, by its own SAT solver; circuits of one level of hierarchy

import { parseArgs } from 'node:util';
import { optimise, PASSES, type PassName } from '../hdl/passes/index.ts';
import { inequivalent } from '../test/support/equivalence.ts';
import { passPair } from '../test/support/pass-proof.ts';
import { differsBySat } from '../test/support/sat.ts';

const { values } = parseArgs({
  options: {
    circuits: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    by: { type: 'string', default: 'abc' },
    small: { type: 'boolean', default: false },
  },
});
const [circuits, first] = [Number(values.circuits), Number(values.seed)];
const bySat = values.by === 'sat';
/** Circuits of one run of Yosys. */
const BATCH = values.small ? 5 : 2;

const kinds = [...(Object.keys(PASSES) as PassName[]), 'all'] as const;
const start = performance.now();
let [failures, undecided] = [0, 0];
for (let from = 0; from < circuits; from += BATCH) {
  const seeds = Array.from({ length: Math.min(BATCH, circuits - from) }, (_, i) => first + from + i);
  const pairs = seeds.flatMap((seed) =>
    kinds.map((name) => {
      // Odd seeds may lose the names that the user gave.
      const options = { ...(name !== 'all' && { passes: [name] }), keepNames: seed % 2 === 0 };
      return passPair(seed, (d) => optimise(d, options), name, values.small);
    }),
  );
  try {
    const found = bySat ? [differsBySat(pairs) ?? []].flat() : inequivalent(pairs);
    failures += found.length;
    for (const f of found) console.log(f);
  } catch (error) {
    undecided++;
    console.log(`seeds ${seeds.join()}: ${(error as Error).message}`);
  }
  console.log(`${from + seeds.length} circuits, ${kinds.length} pairs each: ${((performance.now() - start) / 1000).toFixed(0)} s`);
}
const proven = failures === 0 && undecided === 0;
console.log(proven ? 'all proven equal' : `${failures} outputs differ, ${undecided} runs of Yosys and ABC without an answer`);
process.exitCode = proven ? 0 : 1;
