// Layers that an accelerator computes, with everything their bytes depend on.
//
// Invariant: activations are int8 and NHWC; outputs are clamp(scale(…) + zero point) as `systole/golden`'s `requantise`.

import type { SoftmaxScaling } from '../../sim/golden/accelerator/softmax.ts';
import type { Shape4, Size2, Window } from '../im2col.ts';

/** How sums become int8: `rounding` must be among the modes of the configuration. One multiplier and shift, or one for each channel. */
export interface Scaling {
  readonly multiplier: ArrayLike<number>;
  /** Positive to the left. */
  readonly shift: ArrayLike<number>;
  readonly rounding: 'double' | 'single';
}
export interface OutputRange {
  readonly zeroPoint: number;
  /** The activation's limits: a member of the ReLU family is a clamp. */
  readonly min: number;
  readonly max: number;
}
interface Input {
  readonly shape: Shape4;
  readonly zeroPoint: number;
}
interface Weights<S> {
  readonly shape: S;
  /** Zero point 0. */
  readonly data: Int8Array;
}

/** Weights are OHWI. Stride and dilation 1 to 31. */
export interface Conv2d extends Omit<Window, 'kernel'> {
  readonly kind: 'conv2d';
  readonly input: Input;
  readonly weights: Weights<Shape4>;
  /** Zeros when absent. */
  readonly bias?: Int32Array;
  readonly scaling: Scaling;
  readonly output: OutputRange;
}
/** Weights are [1, height, width, channels of the output], a multiple of those of the input. */
export interface Depthwise extends Omit<Conv2d, 'kind'> {
  readonly kind: 'depthwise';
}
/** Weights are [outputs, inputs]. */
export interface FullyConnected {
  readonly kind: 'fullyConnected';
  readonly input: { readonly shape: readonly [batch: number, inputs: number]; readonly zeroPoint: number };
  readonly weights: Weights<readonly [outputs: number, inputs: number]>;
  readonly bias?: Int32Array;
  readonly scaling: Scaling;
  readonly output: OutputRange;
}
/** Padding does not count. Windows of an average have at most 2895 places. */
export interface Pool extends Omit<Window, 'dilation'> {
  readonly kind: 'average' | 'maximum';
  readonly input: { readonly shape: Shape4 };
  readonly output: Pick<OutputRange, 'min' | 'max'>;
}
interface Operand {
  readonly zeroPoint: number;
  readonly multiplier: number;
  readonly shift: number;
}
/** scale(scaleA((a − zeroA) · 2^left) + scaleB((b − zeroB) · 2^left)), one scaling for all. */
export interface Add {
  readonly kind: 'add';
  readonly elements: number;
  readonly a: Operand;
  readonly b: Operand;
  readonly left: number;
  readonly scaling: Scaling;
  readonly output: OutputRange;
}
/** scale((a − zeroA) · (b − zeroB)). */
export interface Multiply {
  readonly kind: 'multiply';
  readonly elements: number;
  readonly a: Pick<Operand, 'zeroPoint'>;
  readonly b: Pick<Operand, 'zeroPoint'>;
  readonly scaling: Scaling;
  readonly output: OutputRange;
}
interface Rows {
  /** One behind the other. */
  readonly rows: number;
  /** Codes of a row, 1 to 4095. */
  readonly length: number;
}
/** TFLite's reference kernel; the result has scale 1/256 and zero point −128. */
export interface Softmax extends Rows {
  readonly kind: 'softmax';
  /** Of `softmaxScaling`. */
  readonly scaling: SoftmaxScaling;
}
/**
 * (x − mean) / √(variance + 2^epsilon / length²) of rows, whatever scale and zero point their codes have; the result has scale 2^−fraction and zero point 0.
 * With `affine` scale(bias + result · weight), place by place of a row: a layer normalisation.
 */
export interface Normalise extends Rows {
  readonly kind: 'normalise';
  /** 0 to 7. */
  readonly fraction: number;
  /** 0 to 31. */
  readonly epsilon: number;
  readonly affine?: {
    /** One for each place of a row, zero point 0. */
    readonly weights: Int8Array;
    /** Zeros when absent. */
    readonly bias?: Int32Array;
    readonly scaling: Scaling;
    readonly output: OutputRange;
  };
}
/** The same bytes: a copy in a program of its own, nothing in a network. */
export interface Reshape {
  readonly kind: 'reshape';
  readonly elements: number;
}
/** Operands behind each other along an axis. */
export interface Concatenate {
  readonly kind: 'concatenate';
  /** Shapes that differ along the axis only, and where scales differ what becomes of codes −128 … 127 (`rescaleTable`). */
  readonly operands: readonly { readonly shape: readonly number[]; readonly table?: Int8Array }[];
  readonly axis: number;
}
/** Each pixel is repeated: the nearest neighbour, by whole factors. */
export interface Resize {
  readonly kind: 'resize';
  readonly input: { readonly shape: Shape4 };
  readonly factors: Size2;
}
/** Dimension i of the result is dimension `permutation[i]` of the operand. */
export interface Transpose {
  readonly kind: 'transpose';
  readonly shape: readonly number[];
  readonly permutation: readonly number[];
}
/** Any function of a code: `activationTable`, `leakyReluTable`, `rescaleTable`. */
export interface Lookup {
  readonly kind: 'lookup';
  readonly elements: number;
  /** What becomes of codes −128 … 127. */
  readonly table: Int8Array;
}
/** x ≥ zero ? scaleA(x − zero) : scale((x − zero) · (slope − zero of slopes)), a slope for each channel. */
export interface Prelu {
  readonly kind: 'prelu';
  readonly input: Input & Pick<Operand, 'multiplier' | 'shift'>;
  readonly slopes: { readonly data: Int8Array; readonly zeroPoint: number };
  readonly scaling: Scaling;
  readonly output: OutputRange;
}
/** Product of two tensors, [rows, depth] · [depth, columns], or [columns, depth] where `transposed`. */
export interface Matmul {
  readonly kind: 'matmul';
  readonly a: { readonly shape: Size2; readonly zeroPoint: number };
  /** Zero point 0. */
  readonly b: { readonly shape: Size2; readonly transposed: boolean };
  readonly scaling: Scaling;
  readonly output: OutputRange;
}
export type Layer =
  | Conv2d
  | Depthwise
  | FullyConnected
  | Pool
  | Add
  | Multiply
  | Softmax
  | Normalise
  | Reshape
  | Concatenate
  | Resize
  | Transpose
  | Lookup
  | Prelu
  | Matmul;

/** Multiply-accumulates that each element of the result takes; 0 for layers without weights. */
export function macsPerOutput(layer: Layer): number {
  if (layer.kind === 'matmul') return layer.a.shape[1];
  if (!('weights' in layer)) return 0;
  const [, ...taps] = layer.weights.shape;
  const all = taps.reduce((product, size) => product * size, 1);
  return layer.kind === 'depthwise' ? all / (layer.weights.shape[3] as number) : all;
}
