/**
 * Lowers a quantised 2-D convolution to `A·B + D`, the operation of the matrix unit.
 *
 * Invariant: `A·B + D` is, modulo 2^32, the int32 accumulator of TFLite's int8 convolution,
 * `bias[o] + Σ (input − zero point) · weight`, where a tap outside the picture adds nothing.
 * Refused: shapes that disagree, grouped and depthwise weights, an input zero point that is not an int8.
 * Weights are symmetric (zero point 0), as TFLite's int8 scheme requires; asymmetric ones cannot be expressed here.
 */
import { checkTensor, im2col, type Shape4, type Window } from './im2col.ts';

/** A quantised convolution with everything its integer accumulators depend on. */
export interface ConvLayer extends Omit<Window, 'kernel'> {
  /** NHWC. Real value = scale · (element − zeroPoint). */
  readonly input: { readonly shape: Shape4; readonly data: Int8Array; readonly zeroPoint: number };
  /** OHWI, zero point 0. */
  readonly weights: { readonly shape: Shape4; readonly data: Int8Array };
  /** One for each output channel, in units of input scale · weight scale. */
  readonly bias: Int32Array;
}

/** `A·B + D` with row-major matrices. */
export interface Matmul {
  /** Output pixels: batch · outH · outW. */
  readonly m: number;
  /** Kernel taps: kernel height · kernel width · input channels. */
  readonly k: number;
  /** Output channels. */
  readonly n: number;
  /** `[m, k]` */
  readonly a: Int8Array;
  /** `[k, n]` */
  readonly b: Int8Array;
  /** `[m, n]`, every row the same. */
  readonly d: Int32Array;
  /** NHWC; its elements are the rows of the product in order. */
  readonly outputShape: Shape4;
}

/**
 * Lowers `layer` to a matrix multiply on the raw int8 elements.
 *
 * Σ (x − z)·w + bias = Σ x·w + (bias − z·Σ w): the zero point moves into D. Padding with z makes the correction
 * the same for every pixel, since such a tap contributes z·w − z·w = 0.
 *
 * @throws RangeError naming the tensor, the rule and the remedy.
 */
export function lowerConv2d(layer: ConvLayer): Matmul {
  const { input, weights, bias } = layer;
  checkTensor('weights', 'OHWI', weights.data, weights.shape);
  const [n, kernelH, kernelW, channels] = weights.shape;
  if (channels !== input.shape[3]) {
    throw new RangeError(
      `weights: their input channels (${channels}) must equal the channels of the input (${input.shape[3]}). Transpose the weights to OHWI; split a grouped convolution into its groups.`,
    );
  }
  if (bias.length !== n) {
    throw new RangeError(
      `bias: must have one element for each of the ${n} output channels, got ${bias.length}. Pass zeros for a layer without bias.`,
    );
  }
  const { zeroPoint } = input;
  if (!Number.isInteger(zeroPoint) || zeroPoint < -128 || zeroPoint > 127) {
    throw new RangeError(`input: its zero point must be an int8 (-128 to 127), got ${zeroPoint}. Requantise the input to int8 (uint8 minus 128).`);
  }

  const windows = im2col(input.data, input.shape, { ...layer, kernel: [kernelH, kernelW] }, zeroPoint);
  const { rows: m, columns: k } = windows;
  const b = new Int8Array(k * n);
  const correction = new Int32Array(n);
  for (let o = 0; o < n; o++) {
    let sum = 0;
    for (let tap = 0; tap < k; tap++) {
      const weight = at(weights.data, o * k + tap);
      b[tap * n + o] = weight;
      sum += weight;
    }
    // The store wraps modulo 2^32, as the hardware's sums do; the double is exact far beyond any real k.
    correction[o] = at(bias, o) - zeroPoint * sum;
  }
  const d = new Int32Array(m * n);
  for (let row = 0; row < m; row++) d.set(correction, row * n);
  return { m, k, n, a: windows.data, b, d, outputShape: [input.shape[0], windows.outH, windows.outW, n] };
}

/** Indexing whose bounds the checks above have settled. */
function at(values: Int8Array | Int32Array, index: number): number {
  return values[index] as number;
}
