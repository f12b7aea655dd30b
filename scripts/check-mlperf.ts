// Every layer of the MLPerf Tiny models as a program of its own on the golden accelerator, byte for byte and without hazards: `npm run test:mlperf -- --data DIR [--array 16x16,8x8] [--model resnet8]`.

import { parseArgs } from 'node:util';
import { lowerLayer, memoryImage } from '../compiler/accelerator/index.ts';
import { DEFAULT_ACCELERATOR } from '../isa/config.ts';
import { checkProgram, GoldenAccelerator } from '../sim/golden/accelerator/index.ts';
import { MLPERF_MODELS, mlperfLayers } from '../test/support/mlperf-tiny.ts';

const { values } = parseArgs({
  options: { data: { type: 'string', default: 'test/data/mlperf-tiny' }, array: { type: 'string', default: '16x16' }, model: { type: 'string' } },
});
let layers = 0;
let wrong = 0;
for (const array of values.array.split(',')) {
  const [rows, cols] = array.split('x').map(Number) as [number, number];
  const config = { ...DEFAULT_ACCELERATOR, rows, cols };
  for (const model of MLPERF_MODELS.filter((name) => values.model === undefined || name === values.model)) {
    let macs = 0;
    const before = { layers, wrong };
    const started = performance.now();
    for (const kind of ['real', 'seeded'] as const)
      for (const rounding of ['double', 'single'] as const)
        for (const { name, layer, inputs, output } of mlperfLayers(values.data, model, kind, rounding)) {
          layers++;
          const lowered = lowerLayer(layer, config);
          const memory = memoryImage(lowered, inputs);
          const { error, counters } = new GoldenAccelerator(config, memory).run(lowered.program);
          macs += counters.macs;
          const result = new Int8Array(memory.buffer, lowered.output.address, lowered.output.bytes);
          const differing = output.reduce((count, value, i) => count + (value === result[i] ? 0 : 1), 0);
          const [fault] = checkProgram(lowered.program, config, lowered.bytes);
          if (!error && !fault && differing === 0 && result.length === output.length) continue;
          wrong++;
          console.error(`${array} ${name}: ${error?.message ?? fault?.message ?? `${differing} of ${output.length} bytes differ`}`);
        }
    const seconds = (performance.now() - started) / 1000;
    console.log(
      `${array} ${model}: ${layers - before.layers} layers, ${wrong - before.wrong} wrong, ${(macs / 1e6).toFixed(0)} M MAC in ${seconds.toFixed(1)} s`,
    );
  }
}
if (layers === 0) {
  console.error(`no layers in ${values.data}; give a folder of traces with --data`);
  process.exitCode = 1;
}
if (wrong > 0) process.exitCode = 1;
