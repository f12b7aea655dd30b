// Vectors of CMSIS-NN as layers (test/data/cmsis-nn/ORIGIN.md).

import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { Layer } from '../../compiler/accelerator/index.ts';
import type { ReferenceLayer } from './mlperf-tiny.ts';

interface Vector {
  readonly name: string;
  readonly config: { readonly [key: string]: string };
  readonly arrays: { readonly [name: string]: { readonly data: readonly number[] } };
}

/** Two's complement of 4 bits, low half of a byte first. */
function unpacked(bytes: readonly number[], length: number): Int8Array {
  return Int8Array.from({ length }, (_, i) => ((((bytes[i >> 1] as number) >> (4 * (i & 1))) & 15) << 28) >> 28);
}

export function cmsisLayers(): ReferenceLayer[] {
  const file = new URL('../data/cmsis-nn/int8-vectors.jsonl.gz', import.meta.url);
  const lines = gunzipSync(readFileSync(file)).toString('utf8').trimEnd().split('\n');
  return lines.map((line) => referenceOf(JSON.parse(line) as Vector));
}

function referenceOf({ name, config, arrays }: Vector): ReferenceLayer {
  const array = (...names: string[]): readonly number[] | undefined => names.map((key) => arrays[key]?.data).find((data) => data);
  const number = (...keys: string[]): number => Number(config[keys.find((key) => config[key] !== undefined) as string]);
  const output = Int8Array.from(array('output_ref', 'output') as number[]);
  const range = {
    zeroPoint: config['OUTPUT_OFFSET'] === undefined ? 0 : number('OUTPUT_OFFSET'),
    min: number('OUT_ACTIVATION_MIN', 'ACTIVATION_MIN'),
    max: number('OUT_ACTIVATION_MAX', 'ACTIVATION_MAX'),
  };
  const reference = (layer: Layer, ...inputs: (readonly number[])[]): ReferenceLayer => ({
    name,
    layer,
    inputs: inputs.map((data) => Int8Array.from(data)),
    output,
  });
  const multiplier = array('output_mult', 'output_multiplier') ?? [number('OUTPUT_MULTIPLIER', 'OUTPUT_MULT')];
  const shift = array('output_shift') ?? [number('OUTPUT_SHIFT')];
  const scaling = { multiplier, shift, rounding: 'double' } as const;

  if (name === 'add' || name === 'mul') {
    const operand = (i: 1 | 2) => ({
      zeroPoint: -number(`INPUT${i}_OFFSET`),
      multiplier: number(`INPUT${i}_MULT`),
      shift: number(`INPUT${i}_SHIFT`),
    });
    const both = { elements: output.length, a: operand(1), b: operand(2), scaling, output: range };
    const layer: Layer = name === 'add' ? { kind: 'add', left: number('LEFT_SHIFT'), ...both } : { kind: 'multiply', ...both };
    return reference(layer, array('input1') as number[], array('input2') as number[]);
  }
  const input = array('input', 'input_tensor') as readonly number[];
  const batch = number('INPUT_BATCHES', 'BATCH_SIZE');
  const size = { height: number('INPUT_H'), width: number('INPUT_W'), channels: number('IN_CH', 'INPUT_C') };
  const kernel = [number('FILTER_Y', 'FILTER_H'), number('FILTER_X', 'FILTER_W')] as const;
  const stride = [number('STRIDE_Y', 'STRIDE_H'), number('STRIDE_X', 'STRIDE_W')] as const;
  const dilation = config['DILATION_Y'] === undefined ? ([1, 1] as const) : ([number('DILATION_Y'), number('DILATION_X')] as const);
  const [top, left] = [number('PAD_Y', 'PADDING_H'), number('PAD_X', 'PADDING_W')];
  const after = (i: 0 | 1, out: number, length: number, before: number): number =>
    Math.max((out - 1) * stride[i] + (kernel[i] - 1) * dilation[i] + 1 - length - before, 0);
  const padding = { top, left, bottom: after(0, number('OUTPUT_H'), size.height, top), right: after(1, number('OUTPUT_W'), size.width, left) };
  const shape = [input.length / (size.height * size.width * size.channels), size.height, size.width, size.channels] as const;
  if (/pool/.test(name)) {
    return reference({ kind: name.startsWith('avg') ? 'average' : 'maximum', input: { shape }, kernel, stride, padding, output: range }, input);
  }
  const zeroPoint = -number('INPUT_OFFSET');
  const bias = array('biases', 'input_bias', 'bias');
  const rest = { scaling, output: range, ...(bias && { bias: Int32Array.from(bias) }) };
  const packed = array('weights', 'input_weights') as readonly number[];
  const weightsOf = <S extends readonly number[]>(ofShape: S) => {
    const length = ofShape.reduce((a, b) => a * b, 1);
    return { shape: ofShape, data: packed.length < length ? unpacked(packed, length) : Int8Array.from(packed) };
  };
  const outputs = number('OUT_CH');
  if (config['ACCUMULATION_DEPTH'] !== undefined) {
    const inputs = number('ACCUMULATION_DEPTH');
    return reference(
      { kind: 'fullyConnected', input: { shape: [batch, inputs], zeroPoint }, weights: weightsOf([outputs, inputs] as const), ...rest },
      input,
    );
  }
  const windowed = { input: { shape, zeroPoint }, stride, dilation, padding, ...rest };
  if (config['CH_MULT'] !== undefined) {
    return reference({ kind: 'depthwise', weights: weightsOf([1, ...kernel, outputs] as const), ...windowed }, input);
  }
  return reference({ kind: 'conv2d', weights: weightsOf([outputs, ...kernel, size.channels] as const), ...windowed }, input);
}
