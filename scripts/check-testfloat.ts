// Whole files of TestFloat vectors against the golden model: results and flags.
//
//     npm run test:testfloat -- --dir DIR      a line for each file; exit code 1 when one case differs

import { parseArgs } from 'node:util';
import { differences } from '../test/golden/float/check-vectors.ts';
import { vectorFiles } from '../test/golden/float/testfloat.ts';

const { values } = parseArgs({ options: { dir: { type: 'string' } } });
if (values.dir === undefined) {
  console.error('name the folder with the vectors: npm run test:testfloat -- --dir DIR');
  process.exit(2);
}
let [cases, wrong] = [0, 0];
for (const file of vectorFiles(values.dir)) {
  const found = differences(file);
  cases += file.cases.length;
  wrong += found.length;
  console.log(`${file.file}: ${file.cases.length} cases, ${found.length} differences`);
  for (const { operands, expected, actual } of found.slice(0, 3))
    console.log(`  ${operands.join(' ')}: ${actual.join(' ')}, expected ${expected.join(' ')}`);
}
console.log(`${cases} cases, ${wrong} differences`);
process.exitCode = wrong === 0 ? 0 : 1;
