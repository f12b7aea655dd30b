/**
 * im2col: the windows of an NHWC int8 tensor as the rows of a matrix, so that a convolution becomes a matrix multiply.
 *
 * Invariant: row (image, oy, ox), column (ky, kx, channel) holds the element under that kernel tap, or the pad value
 * where the tap lies outside the picture. Refused: sizes that are not positive integers, data whose length is not the
 * product of its shape, a pad value that is not an int8, windows that fit nowhere.
 */

/** Four dimensions, outermost first. Activations are NHWC, weights OHWI. */
export type Shape4 = readonly [number, number, number, number];

/** Height, then width. */
export type Size2 = readonly [number, number];

/** Rows and columns added on each side of the picture. */
export interface Padding {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

/** What slides over the picture. All sizes are in elements. */
export interface Window {
  readonly kernel: Size2;
  readonly stride: Size2;
  readonly dilation: Size2;
  readonly padding: 'SAME' | 'VALID' | Padding;
}

/** The windows as a matrix, row-major `[rows, columns]`. */
export interface Im2col {
  readonly outH: number;
  readonly outW: number;
  /** batch · outH · outW */
  readonly rows: number;
  /** kernel height · kernel width · channels */
  readonly columns: number;
  readonly data: Int8Array;
}

/**
 * Gathers the windows of `input` (NHWC, of `shape`) into a matrix.
 *
 * Output sizes are TFLite's: SAME gives ceil(size / stride) and puts the odd element of padding at the bottom and right;
 * VALID and explicit padding give floor((size + padding - extent) / stride) + 1 with extent = (kernel - 1) · dilation + 1.
 *
 * @throws RangeError naming the tensor or parameter, the rule and the remedy.
 */
export function im2col(input: Int8Array, shape: Shape4, window: Window, padValue: number): Im2col {
  checkTensor('input', 'NHWC', input, shape);
  if (!Number.isInteger(padValue) || padValue < -128 || padValue > 127) {
    throw new RangeError(`pad value: must be an int8 (-128 to 127), got ${padValue}. Pass the zero point of the input, or 0.`);
  }
  const [batch, height, width, channels] = shape;
  const [kernelH, kernelW] = window.kernel;
  const [strideH, strideW] = window.stride;
  const [dilationH, dilationW] = window.dilation;
  const [outH, top] = slide('height', height, window, 0);
  const [outW, left] = slide('width', width, window, 1);

  const rows = batch * outH * outW;
  const columns = kernelH * kernelW * channels;
  const data = new Int8Array(rows * columns).fill(padValue);
  let at = 0;
  for (let image = 0; image < batch; image++) {
    for (let oy = 0; oy < outH; oy++) {
      for (let ox = 0; ox < outW; ox++) {
        for (let ky = 0; ky < kernelH; ky++) {
          const y = oy * strideH - top + ky * dilationH;
          for (let kx = 0; kx < kernelW; kx++, at += channels) {
            const x = ox * strideW - left + kx * dilationW;
            if (y < 0 || y >= height || x < 0 || x >= width) continue;
            const from = ((image * height + y) * width + x) * channels;
            data.set(input.subarray(from, from + channels), at);
          }
        }
      }
    }
  }
  return { outH, outW, rows, columns, data };
}

/**
 * Checks that `shape` has positive integer dimensions whose product is the length of `data`.
 *
 * @throws RangeError naming the tensor, its layout and the expected length.
 */
export function checkTensor(tensor: string, layout: string, data: ArrayLike<number>, shape: readonly number[]): void {
  if (shape.length !== layout.length || shape.some((size) => !Number.isInteger(size) || size < 1)) {
    throw new RangeError(`${tensor}: the shape must be ${layout.length} positive integers (${layout}), got [${shape}]. Correct the shape.`);
  }
  const length = shape.reduce((product, size) => product * size, 1);
  if (data.length !== length) {
    throw new RangeError(
      `${tensor}: shape [${shape}] (${layout}) needs ${length} elements, got ${data.length}. Pass the whole tensor, or correct its shape.`,
    );
  }
}

/** Output size and leading padding along one axis (0 height, 1 width). */
export function slide(name: string, size: number, window: Window, axis: 0 | 1): [out: number, before: number] {
  const { padding } = window;
  const kernel = positive(`kernel ${name}`, window.kernel[axis]);
  const stride = positive(`stride ${name}`, window.stride[axis]);
  const extent = (kernel - 1) * positive(`dilation ${name}`, window.dilation[axis]) + 1;
  if (padding === 'SAME') {
    const out = Math.ceil(size / stride);
    return [out, Math.floor(Math.max((out - 1) * stride + extent - size, 0) / 2)];
  }
  const [before, after] = padding === 'VALID' ? [0, 0] : axis === 0 ? [padding.top, padding.bottom] : [padding.left, padding.right];
  for (const amount of [before, after]) {
    if (!Number.isInteger(amount) || amount < 0) {
      throw new RangeError(`padding ${name}: must be an integer of 0 or more, got ${amount}. Crop the input instead of padding it negatively.`);
    }
  }
  const padded = size + before + after;
  if (padded < extent) {
    throw new RangeError(
      `input: its padded ${name} ${padded} is smaller than the dilated kernel (${extent}), so no window fits. Pad more, or use SAME.`,
    );
  }
  return [Math.floor((padded - extent) / stride) + 1, before];
}

function positive(name: string, value: number): number {
  if (!Number.isInteger(value) || value < 1) {
    throw new RangeError(`${name}: must be a positive integer, got ${value}. Use 1 for none.`);
  }
  return value;
}
