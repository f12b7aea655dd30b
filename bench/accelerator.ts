// npm run bench:accelerator: utilisation in RTL, from memory to memory, with everything that a layer needs to load and store.
//
// A layer is a program of its own on the in-process engine behind a memory of --latency cycles (100) on a bus of 16 bytes; operands are random, and its result must be the golden model's, byte for byte, its cycles the timing model's. Utilisation is
// the layer's multiplies divided by cycles × rows × cols. Layers: matmul 512×512×512, and those of ResNet-18 that VTA was measured on (Moreau et al., arXiv 1807.04188; C2 to C11).

import { pathToFileURL } from 'node:url';
import { Command } from 'commander';
import { guarded } from '../cli/errors.ts';
import type { Io } from '../cli/io.ts';
import { integerFlag, oneOf, parseFlags } from '../cli/options.ts';
import { runAsProcess } from '../cli/run.ts';
import { type Layer, loweredCycles, lowerLayer, macsPerOutput, memoryImage, outputOf } from '../compiler/accelerator/index.ts';
import { DEFAULT_ACCELERATOR } from '../isa/index.ts';
import { runLowered } from '../sim/cosim/accelerator-system.ts';
import { GoldenAccelerator } from '../sim/golden/accelerator/index.ts';
import { operandSeed, randomInt8 } from '../sim/golden/prng.ts';

interface Flags {
  readonly only?: string;
  readonly latency: string;
  readonly model?: true;
  readonly json?: true;
}
interface Row {
  readonly name: string;
  readonly macs: number;
  readonly cycles: number;
  /** Multiplies of the layer for each one that the array could have done. */
  readonly utilisation: number;
}

const EXAMPLES = `
Examples:
  npm run bench:accelerator
  npm run bench:accelerator -- --only C4,C7,C10 --latency 200
  npm run bench:accelerator -- --model
  npm run bench:accelerator -- --json

Exit codes: 0 measured, 1 the hardware differs from the golden model or the timing model, 2 the request is wrong.
`;

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
  return [{ name: 'matmul 512', layer: matmul }, ...conv];
}

/** By the timing model alone. */
function predict(name: string, layer: Layer, latency: number): Row {
  const lowered = lowerLayer(layer, config);
  return rowOf(name, layer, lowered.output.bytes, loweredCycles(lowered, config, { latency }).cycles);
}

function rowOf(name: string, layer: Layer, outputs: number, cycles: number): Row {
  const macs = outputs * macsPerOutput(layer);
  return { name, macs, cycles, utilisation: macs / (cycles * config.rows * config.cols) };
}

function measure(name: string, layer: Layer, latency: number): Row {
  const lowered = lowerLayer(layer, config);
  const tensors = lowered.inputs.map(({ bytes }) => randomInt8(operandSeed(1, 'a'), bytes));
  const wanted = memoryImage(lowered, tensors);
  const { error } = new GoldenAccelerator(config, wanted).run(lowered.program);
  if (error) throw new Error(`${name}: ${error.message}`);
  const { output, counters, timingFault } = runLowered(lowered, tensors, config, { latency });
  const model = outputOf(lowered, wanted);
  if (output.some((byte, i) => byte !== model[i])) throw new Error(`${name}: the result is not the golden model's`);
  if (timingFault) throw new Error(`${name}: ${timingFault}`);
  return rowOf(name, layer, output.length, counters.cycles);
}

/** @returns the exit code */
export function main(argv: readonly string[], io: Io): Promise<number> {
  return guarded('bench:accelerator', argv, io, async () => {
    const flags = parseFlags<Flags>(command(), argv, io);
    if (!flags) return 0;
    const latency = integerFlag('latency', flags.latency, 1, 10_000);
    const all = layers();
    const words = flags.only?.split(',').map((word) => oneOf('only', word, [...Object.keys(RESNET18), '512']));
    const rows = all
      .filter(({ name }) => words === undefined || words.some((word) => name.endsWith(` ${word}`)))
      .map(({ name, layer }) => {
        io.signal.throwIfAborted();
        io.err(`bench:accelerator: ${name} …\n`);
        const row = (flags.model ? predict : measure)(name, layer, latency);
        if (!flags.json) io.out(lineOf(row));
        return row;
      });
    if (flags.json) io.out(`${JSON.stringify({ config, latency, rows }, null, 2)}\n`);
    return 0;
  });
}

function lineOf({ name, macs, cycles, utilisation }: Row): string {
  const share = (100 * utilisation).toFixed(1).padStart(6);
  return `${name.padEnd(14)} ${(macs / 1e6).toFixed(1).padStart(7)} M MAC ${String(cycles).padStart(9)} cycles ${share} % of peak\n`;
}

function command(): Command {
  return new Command('bench:accelerator')
    .usage('-- [flags]')
    .description('Utilisation of the 16 x 16 accelerator in RTL, from memory to memory.')
    .option('--only <LIST>', 'layers, with commas between: C2 to C11 of ResNet-18, 512 for the matrix product (default: all)')
    .option('--latency <CYCLES>', 'of the memory, from an address to its first beat', '100')
    .option('--model', 'cycles by the timing model alone: no RTL, no bytes')
    .option('--json', 'print one JSON object on stdout')
    .helpOption('-h, --help', 'print this')
    .addHelpText('after', EXAMPLES);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) await runAsProcess(main);
