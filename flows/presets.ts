// Designs by name, each with a sentence.
//
// Invariant: a preset is nothing but settings; flags and files win over it. Refused: names that do not exist.

import type { Setting, Settings } from './setting.ts';
import { suggest } from './suggest.ts';
import { UserError } from './user-error.ts';

export interface Preset {
  readonly sentence: string;
  readonly settings: Readonly<Record<string, string | number | boolean>>;
}

export const PRESETS: Readonly<Record<string, Preset>> = {
  'tpu-like': { sentence: 'large int8 matrix products, weights resident', settings: { rows: 32, cols: 32, dataflow: 'ws', precision: 'int8' } },
  'edge-int8': {
    sentence: 'small quantised networks: sums resident, zero operands switch nothing',
    settings: { rows: 16, cols: 16, dataflow: 'os', precision: 'int8', pipeline: '1', gated: true },
  },
  bnn: { sentence: 'binary networks: 32 XNOR lanes an element', settings: { rows: 8, cols: 16, dataflow: 'ws', pe: 'xnor', lanes: 32 } },
  ternary: {
    sentence: 'ternary networks: 16 lanes of -1, 0, 1 an element',
    settings: { rows: 16, cols: 16, dataflow: 'os', pe: 'ternary', lanes: 16 },
  },
  fusible: {
    sentence: 'networks of mixed precision: 8, 4 and 2 bits chosen step by step, 16 bits in four passes',
    settings: { rows: 16, cols: 16, dataflow: 'ws', pe: 'fusible', pipeline: '1' },
  },
  'bf16-train': {
    sentence: 'training: bf16 products added up in fp32, the adder in three steps',
    settings: { rows: 16, cols: 16, dataflow: 'ws', precision: 'bf16', accumulate: 'fp32', pipeline: '1,3' },
  },
  'tensor-core': {
    sentence: 'fp16 4x4x4 cube with fp32 sums, a product of 4x4 matrices a cycle',
    settings: { dataflow: 'cube', precision: 'fp16', accumulate: 'fp32', pipeline: '1' },
  },
  'fp8-inference': {
    sentence: 'fp8 E4M3 products added up in fp16',
    settings: { rows: 16, cols: 16, dataflow: 'ws', precision: 'fp8e4m3', accumulate: 'fp16', pipeline: '1' },
  },
  'sparse-int8': {
    sentence: 'int8 with 2:4 structured weights: four multiply-accumulates by two multipliers',
    settings: { rows: 16, cols: 16, dataflow: 'ws', precision: 'int8', sparse: '2:4', pipeline: '1' },
  },
  mx: {
    sentence: 'OCP MX: blocks of 32 fp8 E4M3 under a common scale, added up in fp32',
    settings: { rows: 8, cols: 8, dataflow: 'ws', precision: 'mxfp8e4m3', pipeline: '3,3' },
  },
};

/** The settings of a preset, below those that were given. @throws UserError */
export function withPreset(settings: Settings): Settings {
  const { preset, ...given } = settings;
  if (!preset) return settings;
  const { value, place } = preset;
  const found = typeof value === 'string' ? PRESETS[value] : undefined;
  if (!found || !Object.hasOwn(PRESETS, value as string)) {
    const names = Object.keys(PRESETS);
    const near = typeof value === 'string' ? suggest(value, names) : undefined;
    throw new UserError({
      code: 'bad-preset',
      message: `preset is ${JSON.stringify(value)}, which does not exist: there are ${names.join(', ')}`,
      place,
      help: near ? `did you mean ${near}?` : 'npm run gen -- --list tells what they are',
    });
  }
  // A flag for the element replaces it as a whole: half of one and half of another would be neither.
  const replaces = given['pe'] !== undefined || given['precision'] !== undefined;
  const kept = Object.entries(found.settings).filter(([key]) => !replaces || key === 'rows' || key === 'cols' || key === 'dataflow');
  const own = Object.fromEntries(kept.map(([key, setting]): [string, Setting] => [key, { value: setting, place: `--preset ${String(value)}` }]));
  return { ...own, ...given };
}
