// Layers that an accelerator computes, with everything their bytes depend on.
//
// Invariant: activations are int8 and NHWC; outputs are clamp(scale(…) + zero point) as `systole/golden`'s `requantise`. Softmax is not among them: the accelerator has none.

import type { Shape4, Window } from '../im2col.ts';

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
export type Layer = Conv2d | Depthwise | FullyConnected | Pool | Add | Multiply;

/** Multiply-accumulates that each element of the result takes; 0 for layers without weights. */
export function macsPerOutput(layer: Layer): number {
  if (!('weights' in layer)) return 0;
  const [, ...taps] = layer.weights.shape;
  const all = taps.reduce((product, size) => product * size, 1);
  return layer.kind === 'depthwise' ? all / (layer.weights.shape[3] as number) : all;
}
