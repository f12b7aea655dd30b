// npm run check:arithmetic: wide products, quotients and remainders on both in-process engines, Icarus and Verilator against exact integers.
//
//     npm run check:arithmetic                                all pairs of the wide widths, all pairs of edge values
//     npm run check:arithmetic -- --widths 65,128 --every 7   these widths, every 7th pair

import { parseArgs } from 'node:util';
import { compareWide, WIDE_WIDTHS } from '../test/support/wide-arithmetic.ts';

const { values } = parseArgs({
  options: {
    widths: { type: 'string', default: WIDE_WIDTHS.join() },
    every: { type: 'string', default: '1' },
    randoms: { type: 'string', default: '4' },
    seed: { type: 'string', default: '1' },
  },
});
const widths = values.widths.split(',').map(Number);
const start = performance.now();
const { cases, operands, problems } = compareWide({ widths, every: Number(values.every), randoms: Number(values.randoms) }, Number(values.seed));
for (const p of problems) console.log(p);
const seconds = ((performance.now() - start) / 1000).toFixed(0);
console.log(`${cases} operators (${widths.join()} bits, both kinds), ${operands} pairs of operands each, on four engines: ${seconds} s`);
console.log(problems.length === 0 ? 'all equal' : `${problems.length} engines differ`);
process.exitCode = problems.length === 0 ? 0 : 1;
