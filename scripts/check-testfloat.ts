// Whole files of TestFloat vectors, results and flags, against the golden model or the cells.
//
//     npm run test:testfloat -- --dir DIR              a line for each file; exit code 1 when one case differs
//     npm run test:testfloat -- --dir DIR --cells      the hardware, simulated in-process

import { parseArgs } from 'node:util';
import { disagreements } from '../test/generators/float/run-cell.ts';
import { cellOf, linesOf } from '../test/generators/float/vectors.ts';
import { differences } from '../test/golden/float/check-vectors.ts';
import { vectorFiles } from '../test/golden/float/testfloat.ts';

const { values } = parseArgs({ options: { dir: { type: 'string' }, cells: { type: 'boolean', default: false } } });
if (values.dir === undefined) {
  console.error('name the folder with the vectors: npm run test:testfloat -- --dir DIR');
  process.exit(2);
}
let [cases, wrong] = [0, 0];
for (const file of vectorFiles(values.dir)) {
  const cell = cellOf(file.operation, { rounding: file.rounding });
  const lines = linesOf(file, cell);
  const found = values.cells ? disagreements(cell, lines.cases, lines) : differences(file);
  cases += file.cases.length;
  wrong += found.length;
  console.log(`${file.file}: ${file.cases.length} cases, ${found.length === 0 ? 'no difference' : 'DIFFERENT'}`);
  for (const text of found.slice(0, 5)) console.log(`  ${text}`);
}
console.log(`${cases} cases, ${wrong === 0 ? 'no difference' : 'DIFFERENT'}`);
process.exitCode = wrong === 0 ? 0 : 1;
