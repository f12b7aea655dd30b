// npm run test:blocks: dot products of MX blocks, the golden model against rational arithmetic, all pairs of formats in turn.
//
//     npm run test:blocks                                   a million, of blocks of 2
//     npm run test:blocks -- --cases 20000 --size 32 --seed 7
//
// The cell in hardware: npm run test:floats -- --only dot --cases 1000000, and --engine verilator.

import { parseArgs } from 'node:util';
import { BLOCK_FORMATS } from '../sim/golden/float/index.ts';
import { boundaryDots, type DotCase, randomDot, tieDots } from '../test/golden/float/block-operands.ts';
import { wrongDots } from '../test/golden/float/check-dots.ts';
import { Rng } from '../test/support/random.ts';

const { values } = parseArgs({
  options: { cases: { type: 'string', default: '1000000' }, size: { type: 'string', default: '2' }, seed: { type: 'string', default: '1' } },
});
const formats = BLOCK_FORMATS.map((format) => ({ ...format, size: Number(values.size) }));
const pairs = formats.flatMap((a) => formats.map((b) => [a, b] as const));
const rng = new Rng(Number(values.seed));
const start = performance.now();
let [total, wrong] = [0, 0];
const check = (cases: Iterable<DotCase>): void => {
  for (const text of wrongDots(counted(cases))) {
    wrong++;
    console.log(text);
  }
};
function* counted(cases: Iterable<DotCase>): Generator<DotCase> {
  for (const c of cases) {
    total++;
    yield c;
  }
}
for (const format of formats) check(tieDots(format));
for (const [a, b] of pairs) {
  check(boundaryDots(a, b));
  check(Array.from({ length: Math.ceil(Number(values.cases) / pairs.length) }, () => randomDot(a, b, rng)));
  console.log(`${a.name} x ${b.name}: ${total} cases so far, ${wrong} differences, ${((performance.now() - start) / 1000).toFixed(0)} s`);
}
console.log(`${total} dot products of blocks of ${values.size}: ${wrong === 0 ? 'no difference' : `${wrong} differences`} (seed ${values.seed})`);
process.exitCode = wrong === 0 ? 0 : 1;
