// npm run test:mlperf: every layer of the MLPerf Tiny models as a program of its own, byte for byte and without hazards: on the golden accelerator and, with --engine, in RTL behind a memory, in as many cycles as the timing model says.

import { pathToFileURL } from 'node:url';
import { Command } from 'commander';
import { guarded, UserError } from '../cli/errors.ts';
import type { Io } from '../cli/io.ts';
import { integerFlag, oneOf, parseFlags } from '../cli/options.ts';
import { runAsProcess } from '../cli/run.ts';
import { loweredCycles, lowerLayer, macsPerOutput, memoryImage, outputOf } from '../compiler/accelerator/index.ts';
import { resolveAccelerator } from '../flows/accelerator/settings.ts';
import type { AcceleratorConfig } from '../isa/index.ts';
import { runLowered } from '../sim/cosim/accelerator-system.ts';
import { checkProgram, GoldenAccelerator } from '../sim/golden/accelerator/index.ts';
import { ENGINES, type EngineName } from '../sim/index.ts';
import { MLPERF_MODELS, mlperfLayers, type ReferenceLayer } from '../test/support/mlperf-tiny.ts';
import { elapsed } from './flags.ts';

interface Flags {
  readonly data: string;
  readonly array: string;
  readonly model?: string;
  readonly kind?: string;
  readonly rounding?: string;
  readonly engine?: string;
  readonly every: string;
  readonly oneOfEach?: true;
  readonly latency: string;
  readonly cycles?: true;
  readonly json?: true;
}

/** What became of a layer. */
interface Checked {
  readonly array: string;
  readonly name: string;
  readonly macs: number;
  /** In RTL, or by the timing model. */
  readonly cycles?: number;
  /** Multiplies of the layer for each one that the array could have done. */
  readonly utilisation?: number;
  readonly trouble: string | undefined;
}

const KINDS = ['real', 'seeded'] as const;
const ROUNDINGS = ['double', 'single'] as const;

const EXAMPLES = `
Examples:
  npm run test:mlperf                                        the layers that are in the project, on the golden model
  npm run test:mlperf -- --data DIR --array 16x16,8x8,32x8   all layers of a folder of traces (test/data/mlperf-tiny/ORIGIN.md)
  npm run test:mlperf -- --data DIR --model resnet8 --kind real --rounding double --engine verilator
  npm run test:mlperf -- --data DIR --engine systole --every 5 --json
  npm run test:mlperf -- --data DIR --model resnet8 --kind real --rounding double --cycles
  npm run test:mlperf -- --data DIR --engine icarus --one-of-each

Exit codes: 0 TFLite Micro's bytes everywhere, 1 other bytes, a hazard or, in RTL, other cycles than the timing model's, 2 the request is wrong, 130 and 143 interrupted.
`;

/** @returns the exit code */
export function main(argv: readonly string[], io: Io): Promise<number> {
  return guarded('test:mlperf', argv, io, async () => {
    const flags = parseFlags<Flags>(command(), argv, io);
    if (!flags) return 0;
    const models = flags.model === undefined ? MLPERF_MODELS : [oneOf('model', flags.model, MLPERF_MODELS)];
    const kinds = flags.kind === undefined ? KINDS : [oneOf('kind', flags.kind, KINDS)];
    const roundings = flags.rounding === undefined ? ROUNDINGS : [oneOf('rounding', flags.rounding, ROUNDINGS)];
    const engine = flags.engine === undefined ? undefined : oneOf('engine', flags.engine, ENGINES);
    const every = integerFlag('every', flags.every, 1, 10_000);
    const latency = integerFlag('latency', flags.latency, 1, 10_000);
    const arrays = flags.array.split(',').map((text) => ({ text, config: configOf(text) }));
    const results: Checked[] = [];
    const of = models.map((model) => {
      const all = kinds.flatMap((kind) => roundings.flatMap((rounding) => [...mlperfLayers(flags.data, model, kind, rounding)]));
      return { model, layers: all.filter((_, i) => i % every === 0) };
    });
    const smallest = flags.oneOfEach && smallestOfEach(of.flatMap(({ layers }) => layers));
    for (const { text, config } of arrays)
      for (const { model, layers: all } of of) {
        const layers = smallest ? all.filter((layer) => smallest.has(layer)) : all;
        const start = performance.now();
        const checked = layers.map((layer) => {
          io.signal.throwIfAborted();
          const result = { array: text, name: layer.name, ...check(layer, config, { engine, latency, timed: flags.cycles === true }) };
          if (!flags.json && (result.cycles !== undefined || result.trouble)) io.out(lineOf(result));
          return result;
        });
        results.push(...checked);
        const macs = checked.reduce((sum, one) => sum + one.macs, 0);
        io.err(`${text} ${model}: ${layers.length} layers, ${wrongOf(checked)} wrong, ${(macs / 1e6).toFixed(0)} M MAC in ${elapsed(start)}\n`);
      }
    if (results.length === 0)
      throw new UserError({
        code: 'no-layers',
        message: `there are no layers in ${flags.data}`,
        place: '--data',
        help: 'give a folder of traces, or fewer conditions',
      });
    const wrong = wrongOf(results);
    if (flags.json) io.out(`${JSON.stringify({ ok: wrong === 0, layers: results }, null, 2)}\n`);
    else io.out(`${results.length} layers, ${wrong} wrong\n`);
    return wrong === 0 ? 0 : 1;
  });
}

/** `<rows>x<cols>`. @throws UserError */
function configOf(text: string): AcceleratorConfig {
  const [, rows, cols] = /^(\d+)x(\d+)$/.exec(text) ?? [];
  if (rows === undefined || cols === undefined)
    throw new UserError({ code: 'bad-array', message: `array '${text}' is not ROWSxCOLS`, place: '--array', help: 'write, for instance, 16x16,8x8' });
  return resolveAccelerator({ rows: { value: rows, place: '--array' }, cols: { value: cols, place: '--array' } }).config;
}

interface How {
  readonly engine: EngineName | undefined;
  readonly latency: number;
  /** By the timing model where there is no engine. */
  readonly timed: boolean;
}

/** Of each kind of layer that with the fewest operations. */
function smallestOfEach(layers: readonly ReferenceLayer[]): Set<ReferenceLayer> {
  const operations = ({ layer, output }: ReferenceLayer): number => output.length * Math.max(1, macsPerOutput(layer));
  const found = new Map<string, ReferenceLayer>();
  for (const one of layers) {
    const { kind } = one.layer;
    const best = found.get(kind);
    if (!best || operations(one) < operations(best)) found.set(kind, one);
  }
  return new Set(found.values());
}

function check({ layer, inputs, output }: ReferenceLayer, config: AcceleratorConfig, { engine, latency, timed }: How) {
  const lowered = lowerLayer(layer, config);
  const memory = memoryImage(lowered, inputs);
  const { error, counters } = new GoldenAccelerator(config, memory).run(lowered.program);
  const [hazard] = checkProgram(lowered.program, config, lowered.bytes);
  const { macs } = counters;
  const differing = (what: string, result: Int8Array): string | undefined => {
    const count = output.reduce((sum, value, i) => sum + (value === result[i] ? 0 : 1), 0);
    return count === 0 && result.length === output.length ? undefined : `${count} of ${output.length} bytes differ in ${what}`;
  };
  const trouble = error?.message ?? hazard?.message ?? differing('the golden model', outputOf(lowered, memory));
  if (trouble !== undefined || (engine === undefined && !timed)) return { macs, trouble };
  const run = engine && runLowered(lowered, inputs, config, { engine, latency });
  const { cycles } = (run ?? loweredCycles(lowered, config, { latency })).counters;
  return {
    macs,
    cycles,
    utilisation: (output.length * macsPerOutput(layer)) / (cycles * config.rows * config.cols),
    trouble: run && (differing('RTL', run.output) ?? run.timingFault),
  };
}

function wrongOf(results: readonly Checked[]): number {
  return results.filter(({ trouble }) => trouble !== undefined).length;
}

function lineOf({ array, name, macs, cycles, utilisation, trouble }: Checked): string {
  const speed = cycles === undefined ? '' : `${cycles} cycles, ${(100 * (utilisation ?? 0)).toFixed(1)} % of peak, `;
  return `${array} ${name}: ${speed}${macs} MAC, ${trouble ?? 'the same bytes'}\n`;
}

function command(): Command {
  return new Command('test:mlperf')
    .usage('-- [flags]')
    .description('Layers of the MLPerf Tiny models against the tensors of TensorFlow Lite Micro, byte for byte.')
    .option('--data <DIR>', 'the folder of traces', 'test/data/mlperf-tiny')
    .option('--array <LIST>', 'arrays, ROWSxCOLS with commas between', '16x16')
    .option('--model <NAME>', `one of ${MLPERF_MODELS.join(', ')} (default: all)`)
    .option('--kind <NAME>', `inputs: one of ${KINDS.join(', ')} (default: both)`)
    .option('--rounding <NAME>', `arithmetic: one of ${ROUNDINGS.join(', ')} (default: both)`)
    .option('--engine <NAME>', `also in RTL, on one of ${ENGINES.join(', ')}`)
    .option('--every <N>', 'only every Nth layer of a model', '1')
    .option('--one-of-each', 'only the smallest layer of each kind')
    .option('--latency <CYCLES>', 'of the memory, from an address to its first beat', '100')
    .option('--cycles', 'cycles by the timing model where there is no engine')
    .option('--json', 'print one JSON object on stdout')
    .helpOption('-h, --help', 'print this')
    .addHelpText('after', EXAMPLES);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) await runAsProcess(main);
