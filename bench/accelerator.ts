// npm run bench:accelerator: utilisation in RTL, from memory to memory, with everything that a layer needs to load and store.
//
// A layer is a program of its own on the in-process engine behind a memory of --latency cycles (100) on a bus of 16 bytes; operands are random, and its result must be the golden model's, byte for byte. Utilisation is
// the layer's multiplies divided by cycles × rows × cols. Layers: matmul 512×512×512, and those of ResNet-18 that VTA was measured on (Moreau et al., arXiv 1807.04188; C2 to C11).

import { parseArgs } from 'node:util';
import { type Layer, lowerLayer, macsPerOutput, memoryImage } from '../compiler/accelerator/index.ts';
import { DEFAULT_ACCELERATOR, encodeProgram } from '../isa/index.ts';
import { AcceleratorSystem } from '../sim/cosim/accelerator-system.ts';
import { GoldenAccelerator } from '../sim/golden/accelerator/index.ts';
import { operandSeed, randomInt8 } from '../sim/golden/prng.ts';

const { values } = parseArgs({
  options: { only: { type: 'string' }, latency: { type: 'string', default: '100' }, json: { type: 'boolean', default: false } },
});
const PAGE = 4096;
const MOST_CYCLES = 5_000_000;
const config = DEFAULT_ACCELERATOR;

/** Size of the square picture, channels in and out, kernel, stride. */
const RESNET18: { readonly [name: string]: readonly [size: number, channels: number, outputs: number, kernel: number, stride: number] } = {
  C2: [56, 64, 64, 3, 1],
  C3: [56, 64, 128, 3, 2],
  C4: [56, 64, 128, 1, 2],
  C5: [28, 128, 128, 3, 1],
  C6: [28, 128, 256, 3, 2],
  C7: [28, 128, 256, 1, 2],
  C8: [14, 256, 256, 3, 1],
  C9: [14, 256, 512, 3, 2],
  C10: [14, 256, 512, 1, 2],
  C11: [7, 512, 512, 3, 1],
};

const common = (outputs: number, taps: number) => ({
  scaling: {
    multiplier: Array.from({ length: outputs }, (_, i) => 2 ** 30 + 1_000_003 * i),
    shift: Array.from({ length: outputs }, () => -Math.ceil(Math.log2(taps)) - 4),
    rounding: 'double' as const,
  },
  output: { zeroPoint: -5, min: -128, max: 127 },
});

function layers(): { readonly name: string; readonly layer: Layer }[] {
  const conv = Object.entries(RESNET18).map(([name, [size, channels, outputs, kernel, stride]]) => {
    const pad = kernel >> 1;
    const layer: Layer = {
      kind: 'conv2d',
      input: { shape: [1, size, size, channels], zeroPoint: 3 },
      weights: { shape: [outputs, kernel, kernel, channels], data: randomInt8(operandSeed(1, 'b'), outputs * kernel * kernel * channels) },
      stride: [stride, stride],
      dilation: [1, 1],
      padding: { top: pad, bottom: pad, left: pad, right: pad },
      ...common(outputs, kernel * kernel * channels),
    };
    return { name: `ResNet-18 ${name}`, layer };
  });
  const matmul: Layer = {
    kind: 'fullyConnected',
    input: { shape: [512, 512], zeroPoint: 3 },
    weights: { shape: [512, 512], data: randomInt8(operandSeed(1, 'b'), 512 * 512) },
    ...common(512, 512),
  };
  return [{ name: 'matmul 512', layer: matmul }, ...conv].filter(
    ({ name }) => values.only === undefined || values.only.split(',').some((word) => name.endsWith(word)),
  );
}

const rows: { readonly name: string; readonly macs: number; readonly cycles: number; readonly utilisation: number }[] = [];
for (const { name, layer } of layers()) {
  const lowered = lowerLayer(layer, config);
  const data = memoryImage(
    lowered,
    lowered.inputs.map(({ bytes }) => randomInt8(operandSeed(1, 'a'), bytes)),
  );
  const wanted = data.slice();
  const { error } = new GoldenAccelerator(config, wanted).run(lowered.program);
  if (error) throw new Error(`${name}: ${error.message}`);
  const base = Math.ceil(data.length / PAGE) * PAGE;
  const program = encodeProgram(lowered.program, config);
  const memory = new Uint8Array(base + program.length);
  memory.set(data);
  memory.set(program, base);
  const system = new AcceleratorSystem(config, memory, { latency: Number(values.latency) });
  const { done, counters, error: fault } = system.run(base, lowered.program.length, MOST_CYCLES);
  system.sim.close();
  if (!done) throw new Error(`${name}: error ${fault.code} in instruction ${fault.index}`);
  const { address, bytes } = lowered.output;
  if (Buffer.compare(memory.subarray(address, address + bytes), wanted.subarray(address, address + bytes)) !== 0)
    throw new Error(`${name}: the result is not the golden model's`);
  const macs = bytes * macsPerOutput(layer);
  const row = { name, macs, cycles: counters.cycles, utilisation: macs / (counters.cycles * config.rows * config.cols) };
  rows.push(row);
  if (!values.json)
    console.log(
      `${name.padEnd(14)} ${(macs / 1e6).toFixed(1).padStart(7)} M MAC ${String(row.cycles).padStart(9)} cycles ${(100 * row.utilisation).toFixed(1).padStart(6)} % of peak`,
    );
}
if (values.json) console.log(JSON.stringify({ config, latency: Number(values.latency), rows }, null, 2));
