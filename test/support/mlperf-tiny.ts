// Layers of the MLPerf Tiny models with their operands and reference results, from a folder of traces (test/data/mlperf-tiny/ORIGIN.md).
//
// Invariant: multipliers and shifts are those of the trace; those of additions, which it has not, are TFLite's arithmetic on scales (kernels/add.cc).
// Left out: operators whose files are not in the folder. Refused: operators that are no layers of the accelerator.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Layer, type OutputRange, type Scaling, softmaxScaling } from '../../compiler/accelerator/index.ts';
import { activationRange, quantiseMultiplier } from '../../sim/golden/requantise.ts';

interface Tensor {
  readonly i: number;
  readonly shape: readonly number[];
  readonly scale?: readonly number[];
  readonly zp?: readonly number[];
  readonly const?: true;
}
interface Operator {
  readonly op: number;
  readonly code: string;
  readonly in: readonly number[];
  readonly out: readonly [number];
  readonly file: string;
  readonly padding: 'SAME' | 'VALID';
  readonly stride: readonly [number, number];
  readonly dilation: readonly [number, number];
  readonly filter: readonly [number, number];
  readonly act: 'NONE' | 'RELU';
  readonly multiplier: readonly number[];
  readonly shift: readonly number[];
  readonly beta: number;
}
/** A layer of a model, what goes in, and what comes out. */
export interface ReferenceLayer {
  readonly name: string;
  readonly layer: Layer;
  readonly inputs: readonly Int8Array[];
  readonly output: Int8Array;
}

export const MLPERF_MODELS = ['resnet8', 'kws', 'vww', 'ad'] as const;
export type MlperfModel = (typeof MLPERF_MODELS)[number];
/** Of TFLite's int8 addition. */
const LEFT_SHIFT = 20;

function int8(file: string): Int8Array {
  const bytes = readFileSync(file);
  return new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length).slice();
}

/** All layers of a model, in one of its cases. */
export function mlperfLayers(folder: string, model: MlperfModel, kind: 'real' | 'seeded', rounding: Scaling['rounding']): ReferenceLayer[] {
  const place = join(folder, 'cases', model, kind);
  const graphFile = join(place, rounding, 'graph.json');
  if (!existsSync(graphFile)) return [];
  const graph = JSON.parse(readFileSync(graphFile, 'utf8')) as { tensors: Tensor[]; ops: Operator[]; inputs: number[] };
  const producers = new Map(graph.ops.map((op) => [op.out[0], op]));
  const fileOf = (tensor: number): string => {
    const { const: constant } = graph.tensors[tensor] as Tensor;
    if (constant) return join(folder, 'consts', model, `t${tensor}.bin`);
    const producer = producers.get(tensor);
    return producer ? join(place, rounding, producer.file) : join(place, 'input.bin');
  };
  return graph.ops.flatMap((op) => {
    const files = [...op.in, op.out[0]].map(fileOf);
    if (!files.every(existsSync)) return [];
    const layer = layerOf(op, graph.tensors, fileOf, rounding);
    const activations = op.in.filter((tensor) => !(graph.tensors[tensor] as Tensor).const);
    const name = `${model} ${kind} ${rounding} ${String(op.op).padStart(2, '0')} ${op.code}`;
    return [{ name, layer, inputs: activations.map((tensor) => int8(fileOf(tensor))), output: int8(fileOf(op.out[0])) }];
  });
}

function layerOf(op: Operator, tensors: readonly Tensor[], fileOf: (tensor: number) => string, rounding: Scaling['rounding']): Layer {
  const [first, second, third] = op.in;
  const tensor = (i: number | undefined): Tensor => tensors[i as number] as Tensor;
  const zero = (t: Tensor): number => t.zp?.[0] ?? 0;
  const scale = (t: Tensor): number => t.scale?.[0] as number;
  const input = { shape: tensor(first).shape as never, zeroPoint: zero(tensor(first)) };
  const out = tensor(op.out[0]);
  const output: OutputRange = { zeroPoint: zero(out), ...activationRange(op.act, zero(out)) };
  const weights = () => ({ shape: tensor(second).shape as never, data: int8(fileOf(second as number)) });
  const bias = () => {
    const bytes = readFileSync(fileOf(third as number));
    return Int32Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readInt32LE(4 * i));
  };
  const scaling = { multiplier: op.multiplier, shift: op.shift, rounding };
  const { stride, dilation, padding } = op;
  const { shape } = tensor(first);
  const elements = shape.reduce((x, y) => x * y, 1);
  switch (op.code) {
    case 'CONV_2D':
      return { kind: 'conv2d', input, weights: weights(), bias: bias(), stride, dilation, padding, scaling, output };
    case 'DEPTHWISE_CONV_2D':
      return { kind: 'depthwise', input, weights: weights(), bias: bias(), stride, dilation, padding, scaling, output };
    case 'FULLY_CONNECTED':
      return { kind: 'fullyConnected', input, weights: weights(), bias: bias(), scaling, output };
    case 'AVERAGE_POOL_2D':
      return { kind: 'average', input, kernel: op.filter, stride, padding, output };
    case 'ADD': {
      const [a, b] = [tensor(first), tensor(second)];
      const twice = 2 * Math.max(scale(a), scale(b));
      const operand = (t: Tensor) => ({ zeroPoint: zero(t), ...quantiseMultiplier(scale(t) / twice) });
      const { multiplier, shift } = quantiseMultiplier(twice / (2 ** LEFT_SHIFT * scale(out)));
      return {
        kind: 'add',
        elements,
        a: operand(a),
        b: operand(b),
        left: LEFT_SHIFT,
        scaling: { multiplier: [multiplier], shift: [shift], rounding },
        output,
      };
    }
    case 'RESHAPE':
      return { kind: 'reshape', elements };
    case 'SOFTMAX': {
      const length = shape.at(-1) as number;
      return { kind: 'softmax', rows: elements / length, length, scaling: softmaxScaling(op.beta, scale(tensor(first))) };
    }
    default:
      throw new RangeError(`${op.code} is no layer of the accelerator`);
  }
}
