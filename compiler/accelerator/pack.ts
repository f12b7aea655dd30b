// Constants as the units read them: weights in tiles, parameters of lanes.

import type { AcceleratorConfig } from '../../isa/config.ts';
import { roundUp } from './builder.ts';
import type { Scaling } from './layers.ts';

/** Bytes of the parameters of a lane. */
export const PARAMETER_BYTES = 9;

/** Parameters of all channels, C lanes a tile: bias, multipliers (int32), shifts (int8). Lanes beyond the channels are zeros. */
export function packParameters(bias: ArrayLike<number>, { multiplier, shift }: Scaling, channels: number, { cols }: AcceleratorConfig): Uint8Array {
  const tiles = Math.ceil(channels / cols);
  const bytes = new Uint8Array(tiles * PARAMETER_BYTES * cols);
  const view = new DataView(bytes.buffer);
  for (let channel = 0; channel < channels; channel++) {
    const tile = Math.floor(channel / cols) * PARAMETER_BYTES * cols;
    const lane = channel % cols;
    const of = (list: ArrayLike<number>): number => (list.length === 1 ? list[0] : list[channel]) as number;
    view.setInt32(tile + 4 * lane, bias[channel] ?? 0, true);
    view.setInt32(tile + 4 * (cols + lane), of(multiplier), true);
    view.setInt8(tile + 8 * cols + lane, of(shift));
  }
  return bytes;
}

/** A kernel as MX sees it: `taps` places of `channels` values for each of `outputs`, row-major [outputs, taps, channels]. */
export interface Kernel {
  readonly data: Int8Array;
  readonly outputs: number;
  readonly taps: number;
  readonly channels: number;
}

/**
 * Weights in the order of use: column tile, part of the channels, tap, block of R channels of the part, row, column. Zeros where there is nothing.
 *
 * @param part channels of a part, a multiple of the rows
 */
export function packKernel({ data, outputs, taps, channels }: Kernel, part: number, { rows, cols }: AcceleratorConfig): Uint8Array {
  const padded = roundUp(channels, rows);
  const bytes = new Uint8Array(roundUp(outputs, cols) * taps * padded);
  let at = 0;
  for (let n = 0; n < outputs; n += cols) {
    for (let first = 0; first < padded; first += part) {
      for (let tap = 0; tap < taps; tap++) {
        for (let channel = first; channel < Math.min(first + part, padded); channel++) {
          for (let c = 0; c < cols; c++, at++) {
            if (channel < channels && n + c < outputs) bytes[at] = data[((n + c) * taps + tap) * channels + channel] as number;
          }
        }
      }
    }
  }
  return bytes;
}

/** Σ of the weights of each output. */
export function kernelSums({ data, outputs, taps, channels }: Kernel): number[] {
  const size = taps * channels;
  return Array.from({ length: outputs }, (_, o) => data.subarray(o * size, (o + 1) * size).reduce((sum, w) => sum + w, 0));
}
