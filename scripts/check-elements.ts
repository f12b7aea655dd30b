// Every processing element in every dataflow and shape on every engine, in every output of every cycle.
//
//     npm run test:elements              all
//     npm run test:elements -- bf16      elements whose name contains a word
//
// Icarus runs arrays up to 8 × 8. Prints a line an array; the exit code is 1 when one differs.

import { type PeConfig, processingElement } from '../generators/pe/index.ts';
import { cosimulate, ENGINES, evenStall, makeRun, targetOfConfig } from '../sim/cosim/index.ts';
import { ELEMENTS, SLOW_SUMS } from '../test/generators/pe/elements.ts';

const word = process.argv[2] ?? '';
const SHAPES = [
  [1, 1],
  [3, 5],
  [8, 8],
  [16, 16],
] as const;

async function check(pe: PeConfig, rows: number, cols: number, dataflow: 'ws' | 'os'): Promise<boolean> {
  const target = targetOfConfig({ rows, cols, dataflow, pe }, 'unit');
  const runs = [
    makeRun(target, { m: rows + 3, k: 2 * rows, n: cols + 1, withD: true, stimulus: { seed: rows, stall: evenStall(0.25) } }),
    makeRun(target, { m: 2 * rows, k: rows, n: cols, withD: false, kind: 'extreme', stimulus: { seed: cols, stall: evenStall(0) } }),
  ];
  const engines = ENGINES.filter((engine) => engine !== 'icarus' || rows <= 8);
  const reports = await cosimulate(target, runs, { env: process.env, signal: new AbortController().signal, engines });
  const wrong = reports.filter(({ difference }) => difference);
  for (const { engine, difference } of wrong) console.log(engine, JSON.stringify(difference));
  console.log(
    `${wrong.length === 0 ? 'ok  ' : 'FAIL'} ${processingElement(pe).name} ${rows}x${cols} ${dataflow}: ${runs.map((r) => r.prediction.cycles).join(' and ')} cycles on ${engines.join(', ')}`,
  );
  return wrong.length === 0;
}

let ok = true;
for (const pe of [...ELEMENTS, ...SLOW_SUMS].filter((x) => processingElement(x).name.includes(word)))
  for (const dataflow of processingElement(pe).sumStages > 1 ? (['ws'] as const) : (['ws', 'os'] as const))
    for (const [rows, cols] of SHAPES) ok = (await check(pe, rows, cols, dataflow)) && ok;
process.exitCode = ok ? 0 : 1;
