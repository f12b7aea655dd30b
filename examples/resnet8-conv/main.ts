// npm run example:resnet8: a real layer with a real picture on the golden model, the in-process simulator, Verilator and Icarus.

import { ENGINES } from '../../sim/cosim/index.ts';
import { runLayer } from './run.ts';

const unit = { rows: 16, cols: 16, dataflow: 'ws' } as const;
console.log(
  'ResNet-8, first convolution: 32×32×3 picture, 16 filters of 3×3, as 1024×27×16 on a 16×16 weight-stationary unit, streams stalled 10 % of the time',
);
const verdicts = await runLayer(unit, ENGINES, 0.1, new AbortController().signal);
for (const { engine, cycles, seconds, wrongSums, wrongBytes, difference } of verdicts) {
  const sums = wrongSums === 0 ? 'all 16384 sums equal the direct convolution' : `${wrongSums} of 16384 sums WRONG`;
  const bytes = wrongBytes === 0 ? 'all 16384 bytes equal TensorFlow Lite Micro' : `${wrongBytes} of 16384 bytes WRONG`;
  console.log(
    `${engine.padEnd(10)} ${String(cycles).padStart(5)} cycles  ${seconds.toFixed(2).padStart(6)} s  ${sums}, ${bytes}${difference ? `; ${difference}` : ''}`,
  );
}
process.exitCode = verdicts.every((v) => v.wrongSums === 0 && v.wrongBytes === 0 && v.difference === undefined) ? 0 : 1;
