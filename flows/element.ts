// The processing element that a user asks for: from flags or YAML to its configuration and back.
//
// Invariant: what was resolved can be built; one element is one record, whether its defaults were written or not, and int8 · int8 + int32 is none, so that it goes without saying.
// Refused, each with its own message: kinds, precisions and accumulators that do not exist or do not go together, and whatever an element itself refuses.

import { DATAFLOW_WORDS, type Dataflow, sumsStay } from '../generators/array-config.ts';
import {
  FLOAT_NAMES,
  type FloatName,
  INT_FORMS,
  INT8_PE,
  type IntForm,
  type IntOperand,
  MX_NAMES,
  type MxName,
  type PeConfig,
  processingElement,
  withoutDefaults,
} from '../generators/pe/index.ts';
import { HdlError } from '../hdl/index.ts';
import { type Operands, packingOf } from '../sim/golden/index.ts';
import { parseInteger, parseSwitch, type Setting, type Settings, show } from './setting.ts';
import { suggest } from './suggest.ts';
import { UserError } from './user-error.ts';

export const ELEMENT_KEYS = ['pe', 'precision', 'accumulate', 'overflow', 'pipeline', 'lanes', 'masked', 'gated', 'form', 'block', 'sparse'] as const;
type Key = (typeof ELEMENT_KEYS)[number];

const KINDS = ['int', 'float', 'xnor', 'ternary', 'fusible', 'bit-serial', 'mx'] as const;
type Kind = (typeof KINDS)[number];

/** The keys that mean something for a kind. */
const KEYS_OF: { readonly [K in Kind]: readonly Key[] } = {
  int: ['precision', 'accumulate', 'overflow', 'pipeline', 'gated', 'form', 'sparse'],
  float: ['precision', 'accumulate', 'pipeline', 'sparse'],
  xnor: ['precision', 'accumulate', 'pipeline', 'lanes', 'masked'],
  ternary: ['precision', 'accumulate', 'pipeline', 'lanes'],
  fusible: ['precision', 'accumulate', 'pipeline'],
  'bit-serial': ['accumulate', 'pipeline', 'lanes'],
  mx: ['precision', 'pipeline', 'block'],
};
const DEFAULT_LANES = 32;

/** The element, or undefined for int8. @throws UserError */
export function resolveElement(settings: Settings, dataflow: Dataflow): PeConfig | undefined {
  const given = ELEMENT_KEYS.filter((key) => settings[key] !== undefined);
  if (given.length === 0) return undefined;
  const kind = kindOf(settings);
  const stray = given.find((key) => key !== 'pe' && !KEYS_OF[kind].includes(key));
  if (stray)
    throw wrong(stray, settings[stray] as Setting, `the ${kind} element has no ${stray}`, `leave it out; ${kind} has ${KEYS_OF[kind].join(', ')}`);
  const pe = BUILD[kind](settings, kind);
  checkBuilds(pe, dataflow, settings);
  const plain = withoutDefaults(pe);
  return JSON.stringify(plain) === JSON.stringify(INT8_PE) ? undefined : plain;
}

const BUILD: { readonly [K in Kind]: (settings: Settings, kind: Kind) => PeConfig } = {
  int: intElement,
  float: floatElement,
  xnor: laneElement,
  ternary: laneElement,
  fusible: fusibleElement,
  'bit-serial': laneElement,
  mx: mxElement,
};

type Said = readonly (readonly [key: Key, value: string | number | boolean | undefined])[];

/** The settings that say an element, by key; none for int8. */
function elementSettings(pe: PeConfig | undefined): Said {
  if (!pe) return [];
  const said: Said = [['pe', pe.kind], ...ownSettings(pe)];
  return said.filter(([, value]) => value !== undefined && value !== false);
}

function ownSettings(pe: PeConfig): Said {
  switch (pe.kind) {
    case 'int':
      return [
        ['precision', precisionText(pe)],
        ...sumSettings(pe),
        ['overflow', pe.overflow],
        ['gated', pe.gated],
        ['form', pe.form],
        ['sparse', pe.sparse],
      ];
    case 'float':
      return [['precision', pe.operand], ['accumulate', pe.accumulate], ['sparse', pe.sparse], slowSums(pe)];
    case 'mx':
      return [['precision', `${pe.activation}${pe.weight === undefined ? '' : `x${pe.weight}`}`], ['block', pe.block], slowSums(pe)];
    case 'xnor':
      return [['lanes', pe.lanes], ...sumSettings(pe), ['masked', pe.masked]];
    case 'fusible':
      return sumSettings(pe);
    default:
      return [['lanes', pe.lanes], ...sumSettings(pe)];
  }
}

function sumSettings({ accumulator, stages }: { readonly accumulator?: number; readonly stages?: number }): Said {
  return [
    ['accumulate', accumulator === undefined ? undefined : `int${accumulator}`],
    ['pipeline', stages],
  ];
}

function slowSums({ productStages = 0, sumStages = 1 }: { readonly productStages?: number; readonly sumStages?: number }): Said[number] {
  return ['pipeline', productStages === 0 && sumStages === 1 ? undefined : `${productStages},${sumStages}`];
}

/** Lines of YAML that say an element. */
export function elementLines(pe: PeConfig | undefined): string {
  return elementSettings(pe)
    .map(([key, value]) => `${key}: ${String(value).includes(',') ? `[${String(value).replace(',', ', ')}]` : value}\n`)
    .join('');
}

/** Flags that say an element, each with a blank in front. */
export function elementFlags(pe: PeConfig | undefined): string {
  return elementSettings(pe)
    .map(([key, value]) => ` --${key}${value === true ? '' : ` ${value}`}`)
    .join('');
}

function wrong(key: string, { value, place }: Setting, why: string, help: string): UserError {
  return new UserError({ code: `bad-${key}`, message: `${key} is ${show(value)}: ${why}`, place, help });
}

/** As asked for, or as the precision tells: several are of the fusible element. */
function kindOf({ pe, precision }: Settings): Kind {
  if (pe) {
    const kind = KINDS.find((k) => k === pe.value);
    if (kind) return kind;
    const near = typeof pe.value === 'string' ? suggest(pe.value, KINDS) : undefined;
    throw wrong('pe', pe, `there is no such element; there are ${KINDS.join(', ')}`, near ? `did you mean ${near}?` : 'write one of them');
  }
  const text = String(precision?.value ?? '');
  if (text.includes(',')) return 'fusible';
  if (text === 'binary') return 'xnor';
  if (text === 'ternary') return 'ternary';
  if (text.startsWith('mx')) return 'mx';
  return /^(fp|bf)/.test(text) ? 'float' : 'int';
}

const INT_NAME = /^(u?)int(\d+)$/;

/** `int8`, or `uint8xint4`. */
export function precisionText({ activation, weight }: Operands): string {
  const [a, w] = [activation, weight].map(({ width, signed }) => `${signed ? '' : 'u'}int${width}`) as [string, string];
  return a === w ? a : `${a}x${w}`;
}

/** `int8` for both, or `uint8xint4` for activations and weights; undefined if it is neither. */
export function operandsOf(text: string): Operands | undefined {
  const words = text.split('x');
  const operands = words.map((word): IntOperand | undefined => {
    const [, u, width] = INT_NAME.exec(word.trim()) ?? [];
    return width === undefined ? undefined : { width: Number(width), signed: u === '' };
  });
  const [activation, weight = activation] = operands;
  return activation && weight && words.length <= 2 ? { activation, weight } : undefined;
}

function intOperands(setting: Setting | undefined): Operands {
  if (!setting) return { activation: INT8_PE.activation, weight: INT8_PE.weight };
  const operands = operandsOf(String(setting.value));
  if (!operands)
    throw wrong(
      'precision',
      setting,
      'the int element has one precision from int2 to int16 or uint2 to uint16, or two for activations and weights',
      'write for instance int8, uint4, or uint8xint4; fp16, bf16, fp32 and fp8 are of the float element, binary of xnor',
    );
  return operands;
}

/** Bits of `int24`, or of a plain number. */
function accumulatorBits(kind: Kind, setting: Setting | undefined): { readonly accumulator?: number } {
  if (!setting) return {};
  const [, u, width] = INT_NAME.exec(String(setting.value)) ?? [];
  if (width !== undefined && u === '') return { accumulator: Number(width) };
  if (FLOAT_NAMES.includes(setting.value as FloatName))
    throw wrong('accumulate', setting, `the ${kind} element adds up in integers`, 'write for instance int32, or choose a float precision');
  if (u === 'u') throw wrong('accumulate', setting, 'sums are signed', `write int${width}`);
  return { accumulator: parseInteger('accumulate', setting, 2, 256) };
}

/** `mxfp8e4m3` for both, or `mxfp8e4m3xmxfp4e2m1` for activations and weights. */
function mxElement({ precision, pipeline, block }: Settings, kind: Kind): PeConfig {
  const words = String(precision?.value ?? MX_NAMES[1]).split(/(?<=[a-z0-9])x(?=mx)/);
  const formats = words.map((word) => MX_NAMES.find((name) => name === word.trim()));
  const [activation, weight] = formats;
  if (precision && (words.length > 2 || !activation || formats.includes(undefined))) {
    const odd = words.find((_, i) => !formats[i]) ?? '';
    const near = MX_NAMES.find((name) => name.startsWith(odd)) ?? suggest(odd, MX_NAMES);
    const help = near ? `did you mean ${near}?` : 'write one of them, or two with x between for activations and weights';
    throw wrong('precision', precision, `the mx element has ${MX_NAMES.join(', ')}`, help);
  }
  const { product, sum } = pipelineOf(kind, pipeline);
  return {
    kind: 'mx',
    activation: activation as MxName,
    ...(weight && weight !== activation && { weight }),
    ...(block && { block: parseInteger('block', block, 1, 32) }),
    ...(product !== undefined && { productStages: product }),
    ...(sum !== undefined && { sumStages: sum }),
  };
}

/** A whole number, if a word of a list is one. */
function numberIn(word: unknown): unknown {
  return typeof word === 'string' && /^[+-]?\d+$/.test(word.trim()) ? Number(word) : word;
}

/** `1`, or `1,4` (in YAML a list): registers in front of the sum, and from sum to sum. */
function pipelineOf(kind: Kind, setting: Setting | undefined): { readonly product?: number; readonly sum?: number } {
  if (!setting) return {};
  const { value, place } = setting;
  const words: readonly unknown[] = Array.isArray(value) ? value : typeof value === 'string' ? value.split(',') : [value];
  if (words.length === 0) throw wrong('pipeline', setting, 'it names no number of registers', 'write a number such as 1, or leave it out');
  const [product, sum] = words.map((word, i) => parseInteger('pipeline', { value: numberIn(word), place }, i, 16));
  const slowSums = kind === 'float' || kind === 'mx';
  if (words.length > (slowSums ? 2 : 1))
    throw wrong(
      'pipeline',
      setting,
      slowSums ? 'it has more than two numbers' : `sums of the ${kind} element take one register`,
      slowSums ? 'write registers in front of the sum, and from sum to sum: 1,4' : 'write the registers in front of the sum alone',
    );
  return { ...(product !== undefined && { product }), ...(sum !== undefined && { sum }) };
}

/** Structured weights, if asked for. */
function sparseOf(setting: Setting | undefined): { readonly sparse?: '2:4' } {
  if (!setting) return {};
  if (setting.value === '2:4') return { sparse: '2:4' };
  throw wrong(
    'sparse',
    setting,
    'there is 2:4 alone, two weights of each four along K',
    'write 2:4 (in YAML in quotes), or leave it out for dense weights',
  );
}

function intElement({ precision, accumulate, overflow, pipeline, gated, form, sparse }: Settings, kind: Kind): PeConfig {
  if (overflow && overflow.value !== 'wrap' && overflow.value !== 'saturate')
    throw wrong('overflow', overflow, 'it must be wrap or saturate', 'write one of them');
  const { product } = pipelineOf(kind, pipeline);
  if (form && !INT_FORMS.some((one) => one === form.value))
    throw wrong('form', form, `it must be one of ${INT_FORMS.join(', ')}`, 'write one of them');
  const gates = gated && parseSwitch('gated', gated, 'have operands of zero switch nothing');
  if (gates && !product)
    throw wrong('gated', gated, 'what holds still on a zero are registers in front of the multiplier, and there are none', 'add pipeline 1 or more');
  return {
    kind: 'int',
    ...intOperands(precision),
    ...accumulatorBits(kind, accumulate),
    ...(overflow && { overflow: overflow.value as 'wrap' | 'saturate' }),
    ...(product !== undefined && { stages: product }),
    ...(gates && { gated: true }),
    ...(form && { form: form.value as IntForm }),
    ...sparseOf(sparse),
  };
}

function floatElement({ precision, accumulate, pipeline, sparse }: Settings, kind: Kind): PeConfig {
  const named = (key: 'precision' | 'accumulate', setting: Setting): FloatName => {
    const found = FLOAT_NAMES.find((name) => name === setting.value);
    if (found) return found;
    const near = typeof setting.value === 'string' ? suggest(setting.value, FLOAT_NAMES) : undefined;
    const why = key === 'precision' ? 'the float element has' : 'floats are added up in floats:';
    throw wrong(key, setting, `${why} ${FLOAT_NAMES.join(', ')}`, near ? `did you mean ${near}?` : 'write one of them');
  };
  const { product, sum } = pipelineOf(kind, pipeline);
  return {
    kind: 'float',
    operand: precision ? named('precision', precision) : 'bf16',
    ...(accumulate && { accumulate: named('accumulate', accumulate) }),
    ...(product !== undefined && { productStages: product }),
    ...(sum !== undefined && { sumStages: sum }),
    ...sparseOf(sparse),
  };
}

/** One element for all of its precisions: those that are named must be among them. */
function fusibleElement({ precision, accumulate, pipeline }: Settings, kind: Kind): PeConfig {
  const pe: PeConfig = { kind: 'fusible', ...accumulatorBits(kind, accumulate), ...stagesOf(kind, pipeline) };
  if (precision) {
    const words: readonly unknown[] = Array.isArray(precision.value) ? precision.value : String(precision.value).split(',');
    for (const word of words) checkOperands('precision', { ...precision, value: word }, pe);
    if (words.length === 0) throw wrong('precision', precision, 'it names none', 'leave it out, or write for instance int8,int4,int2');
  }
  return pe;
}

/** Operands that an element with modes can take. @throws UserError */
export function checkOperands(key: string, setting: Setting, pe: PeConfig): Operands {
  const operands = operandsOf(String(setting.value));
  if (!operands)
    throw wrong(key, setting, 'it is no precision of whole numbers', 'write for instance int8, uint4, or uint8xint2 for activations and weights');
  try {
    packingOf(pe, operands);
    return operands;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw wrong(key, setting, error.message, HELP_ON_OPERANDS[pe.kind] ?? 'leave it out, or choose --pe fusible or --pe bit-serial');
  }
}

const HELP_ON_OPERANDS: { readonly [kind: string]: string } = {
  fusible: 'write int8, int4, int8xint2, int2 or int16, with u in front for unsigned ones',
  'bit-serial': 'write for instance int8, uint3xint5, uint1',
};

function stagesOf(kind: Kind, pipeline: Setting | undefined): { readonly stages?: number } {
  const { product } = pipelineOf(kind, pipeline);
  return product === undefined ? {} : { stages: product };
}

const LANE_WORDS: { readonly [K in Kind]?: string } = { xnor: 'binary', ternary: 'ternary' };

function laneElement({ precision, accumulate, pipeline, lanes, masked }: Settings, kind: Kind): PeConfig {
  const word = LANE_WORDS[kind];
  if (precision && precision.value !== word)
    throw wrong('precision', precision, `that of the ${kind} element is ${word}`, `write ${word}, or leave it out`);
  const rest = {
    lanes: lanes ? parseInteger('lanes', lanes, 1, kind === 'ternary' ? 128 : 256) : DEFAULT_LANES,
    ...accumulatorBits(kind, accumulate),
    ...stagesOf(kind, pipeline),
  };
  if (kind === 'ternary' || kind === 'bit-serial') return { kind, ...rest };
  return { kind: 'xnor', ...rest, ...(masked && parseSwitch('masked', masked, 'have weights that say which lanes count') && { masked: true }) };
}

/** The setting that an element's refusal is about, by a word of it. */
const ABOUT: readonly (readonly [RegExp, Key])[] = [
  [/accumulator|adds products/, 'accumulate'],
  [/radix 4/, 'form'],
  [/stage/, 'pipeline'],
  [/blocks of/, 'block'],
];

/** What the element or the array refuses, as a mistake of a setting. */
function checkBuilds(pe: PeConfig, dataflow: Dataflow, settings: Settings): void {
  try {
    const { name, sumStages } = processingElement(pe);
    const { pipeline } = settings;
    if (sumsStay(dataflow) && sumStages > 1 && pipeline)
      throw wrong(
        'pipeline',
        pipeline,
        `sums of ${name} take ${sumStages} cycles, and an ${DATAFLOW_WORDS[dataflow].form} array needs each in the next`,
        'write 1 for the second number and more for the first, or choose dataflow ws',
      );
  } catch (error) {
    const [diagnostic] = error instanceof HdlError ? error.diagnostics : [];
    if (!diagnostic) throw error;
    const key = ABOUT.find(([word, about]) => word.test(diagnostic.message) && settings[about])?.[1] ?? 'precision';
    const place = (settings[key] ?? settings['pe'])?.place;
    throw new UserError({ code: `bad-${key}`, message: diagnostic.message, help: diagnostic.help ?? '', ...(place !== undefined && { place }) });
  }
}
