// Every layer of the MLPerf Tiny models as a program of its own, byte for byte and without hazards: on the golden accelerator and, with --engine, in RTL behind a memory.
//
//     npm run test:mlperf -- --data DIR [--array 16x16,8x8] [--model resnet8] [--kind real] [--rounding double] [--engine systole|verilator|icarus] [--every N] [--latency N]

import { parseArgs } from 'node:util';
import { lowerLayer, macsPerOutput, memoryImage } from '../compiler/accelerator/index.ts';
import { DEFAULT_ACCELERATOR, encodeProgram } from '../isa/index.ts';
import { AcceleratorSystem } from '../sim/cosim/accelerator-system.ts';
import { checkProgram, GoldenAccelerator } from '../sim/golden/accelerator/index.ts';
import type { EngineName } from '../sim/index.ts';
import { MLPERF_MODELS, mlperfLayers } from '../test/support/mlperf-tiny.ts';

const { values } = parseArgs({
  options: {
    data: { type: 'string', default: 'test/data/mlperf-tiny' },
    array: { type: 'string', default: '16x16' },
    model: { type: 'string' },
    kind: { type: 'string' },
    rounding: { type: 'string' },
    engine: { type: 'string' },
    every: { type: 'string', default: '1' },
    latency: { type: 'string', default: '100' },
  },
});
/** The program stands behind the data, at a whole page. */
const PAGE = 4096;
const MOST_CYCLES = 20_000_000;
const engine = values.engine as EngineName | undefined;
const wanted = <T extends string>(all: readonly T[], one: string | undefined): readonly T[] =>
  all.filter((name) => one === undefined || name === one);

let layers = 0;
let wrong = 0;
for (const array of values.array.split(',')) {
  const [rows, cols] = array.split('x').map(Number) as [number, number];
  const config = { ...DEFAULT_ACCELERATOR, rows, cols };
  for (const model of wanted(MLPERF_MODELS, values.model)) {
    let macs = 0;
    let seen = 0;
    const before = { layers, wrong };
    const started = performance.now();
    for (const kind of wanted(['real', 'seeded'] as const, values.kind))
      for (const rounding of wanted(['double', 'single'] as const, values.rounding))
        for (const { name, layer, inputs, output } of mlperfLayers(values.data, model, kind, rounding)) {
          if (seen++ % Number(values.every) !== 0) continue;
          layers++;
          const lowered = lowerLayer(layer, config);
          let memory = memoryImage(lowered, inputs);
          const untouched = memory.slice();
          const { error, counters } = new GoldenAccelerator(config, memory).run(lowered.program);
          macs += counters.macs;
          const [fault] = checkProgram(lowered.program, config, lowered.bytes);
          let trouble = error?.message ?? fault?.message;
          if (engine && !trouble) {
            const base = Math.ceil(untouched.length / PAGE) * PAGE;
            const bytes = encodeProgram(lowered.program, config);
            memory = new Uint8Array(base + bytes.length);
            memory.set(untouched);
            memory.set(bytes, base);
            const system = new AcceleratorSystem(config, memory, { engine, latency: Number(values.latency) });
            const outcome = system.run(base, lowered.program.length, MOST_CYCLES);
            system.sim.close();
            if (!outcome.done) trouble = `error ${outcome.error.code} in instruction ${outcome.error.index}`;
            const { cycles } = outcome.counters;
            console.log(
              `${array} ${engine} ${name}: ${cycles} cycles, ${counters.macs} MAC, ${((100 * outcome.counters.beats) / cycles).toFixed(1)} % of beats, ${((100 * output.length * macsPerOutput(layer)) / (cycles * rows * cols)).toFixed(1)} % of peak`,
            );
          }
          const result = new Int8Array(memory.buffer, lowered.output.address, lowered.output.bytes);
          const differing = output.reduce((count, value, i) => count + (value === result[i] ? 0 : 1), 0);
          if (!trouble && differing === 0 && result.length === output.length) continue;
          wrong++;
          console.error(`${array} ${name}: ${trouble ?? `${differing} of ${output.length} bytes differ`}`);
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
