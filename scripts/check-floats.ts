// The floating-point cells on many random operands against the BigInt model, in-process and on Verilator.
//
//     npm run test:floats                                 30,000 for each cell, on WebAssembly
//     npm run test:floats -- --cases 1000000 --seed 7 --only 'bf16 fma'
//     npm run test:floats -- --engine verilator           the emitted Verilog

import { parseArgs } from 'node:util';
import { emitVerilog } from '../hdl/verilog/index.ts';
import { boundaryCases, type Case, type Cell, randomCases } from '../test/generators/float/cases.ts';
import { disagreements } from '../test/generators/float/run-cell.ts';
import { HEAVY_CELLS } from '../test/generators/float/suite.ts';
import { BATCH, verilogDisagreements } from '../test/generators/float/verilog-bench.ts';
import { Rng } from '../test/support/random.ts';

const { values } = parseArgs({
  options: {
    cases: { type: 'string', default: '30000' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string', default: '' },
    engine: { type: 'string', default: 'wasm' },
  },
});
const { engine } = values;
if (engine !== 'wasm' && engine !== 'js' && engine !== 'verilator') {
  console.error(`there is no engine '${engine}': wasm, js and verilator are possible`);
  process.exit(2);
}
/** Boundaries first, then random operands, in batches. */
function* batches(cell: Cell, count: number, rng: Rng): Generator<readonly Case[]> {
  yield boundaryCases(cell, BATCH / 2);
  for (let left = count; left > 0; left -= BATCH) yield randomCases(cell, Math.min(left, BATCH), rng);
}

let [total, wrong] = [0, 0];
for (const cell of HEAVY_CELLS.filter(({ name }) => name.includes(values.only))) {
  const rng = new Rng(Number(values.seed));
  const all = batches(cell, Number(values.cases), rng);
  let cases = 0;
  const found: string[] = [];
  const check =
    engine === 'verilator'
      ? verilogDisagreements(cell, emitVerilog(cell.elaborate()))
      : (batch: readonly Case[]) => disagreements(cell, batch, { engine });
  for (const batch of all) {
    cases += batch.length;
    found.push(...check(batch));
    if (found.length > 0) break;
  }
  total += cases;
  wrong += found.length;
  console.log(`${cell.name}: ${cases} cases, ${found.length === 0 ? 'no difference' : 'DIFFERENT'}`);
  for (const text of found) console.log(`  ${text}`);
}
console.log(`${total} cases, ${wrong} differences (seed ${values.seed}, ${engine})`);
process.exitCode = wrong === 0 ? 0 : 1;
