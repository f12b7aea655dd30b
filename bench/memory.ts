// npm run bench:memory: peak resident memory of simulating a 256×256 matrix unit of each dataflow, sources of the language and of TypeScript's loader
// included. One line of JSON: megabytes before, and at most.

import { elaborateMatrixUnit } from '../generators/matrix-unit.ts';
import { simulateDesign } from '../sim/index.ts';

const SIZE = 256;
const CYCLES = 64;
const before = process.memoryUsage().rss / 1e6;
for (const dataflow of ['ws', 'os'] as const) {
  using sim = simulateDesign(elaborateMatrixUnit({ rows: SIZE, cols: SIZE, dataflow }));
  for (const port of ['act_valid', 'weight_valid', 'out_ready']) sim.poke(port, 1);
  sim.pokeArray('act_data', new Int8Array(SIZE).fill(3));
  sim.step(CYCLES);
  sim.run(CYCLES, { weight_data: new Int8Array(SIZE * CYCLES).fill(5) }, { out_data: new Int32Array(SIZE * CYCLES) });
  sim.peek('out_valid');
}
console.log(JSON.stringify({ before: Math.round(before), peak: Math.round(process.resourceUsage().maxRSS / 1000) }));
