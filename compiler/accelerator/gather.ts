// A convolution as MX walks it: which of its kernel's places are walked, and which are gathered by loads into the channels of wider pixels (im2col).
//
// Invariant: the gathered convolution has the same products. Gathering a row of the kernel makes pixels of kernelW · channels, gathering all of it pixels of a whole window.

import type { AcceleratorConfig } from '../../isa/config.ts';
import { checkTensor, slide } from '../im2col.ts';
import type { Box, MoveDimension } from './builder.ts';
import type { Conv2d } from './layers.ts';

const GATHERS = ['none', 'row', 'window'] as const;
type Gather = (typeof GATHERS)[number];
/** Cycles that a short run of a load takes. */
const RUN_CYCLES = 4;

/** One axis of a sliding window. */
interface Axis {
  readonly size: number;
  readonly out: number;
  readonly kernel: number;
  readonly stride: number;
  readonly dilation: number;
  readonly before: number;
}
/** A rectangle of places; ends are not in it. */
export interface Rectangle {
  readonly y0: number;
  readonly y1: number;
  readonly x0: number;
  readonly x1: number;
}
/** A load of a rectangle of gathered pixels, `memory` relative to the picture, `local` to the slot. */
export interface GatherMove {
  readonly memory: number;
  readonly local: number;
  readonly dimensions: readonly MoveDimension[];
  readonly run: number;
  readonly box?: Box;
}
export interface Gathered {
  readonly gather: Gather;
  /** What MX sees: a picture of wider pixels, a smaller kernel. */
  readonly y: Axis;
  readonly x: Axis;
  readonly channels: number;
  /** Any place of a window lies outside of what MX sees. */
  readonly padded: boolean;
}

export function axesOf({ input, weights, ...window }: Pick<Conv2d, 'input' | 'weights' | 'stride' | 'dilation' | 'padding'>): { y: Axis; x: Axis } {
  const [, height, width] = input.shape;
  const [, kernelH, kernelW] = weights.shape;
  const sliding = { ...window, kernel: [kernelH, kernelW] } as const;
  const axis = (name: string, size: number, i: 0 | 1): Axis => {
    const [out, before] = slide(name, size, sliding, i);
    return { size, out, before, kernel: sliding.kernel[i], stride: window.stride[i], dilation: window.dilation[i] };
  };
  return { y: axis('height', height, 0), x: axis('width', width, 1) };
}

/** The ways to walk a layer, those that cost least first. */
export function gathersOf(layer: Conv2d, config: AcceleratorConfig): Gathered[] {
  checkTensor('weights', 'OHWI', layer.weights.data, layer.weights.shape);
  const { y, x } = axesOf(layer);
  const channels = layer.input.shape[3];
  const done = (size: number): Axis => ({ size, out: size, kernel: 1, stride: 1, dilation: 1, before: 0 });
  const views: readonly Gathered[] = GATHERS.map((gather) => {
    const seen = {
      none: { y, x, channels },
      row: { y, x: done(x.out), channels: x.kernel * channels },
      window: { y: done(y.out), x: done(x.out), channels: y.kernel * x.kernel * channels },
    }[gather];
    return { gather, ...seen, padded: leaves(seen.y) || leaves(seen.x) };
  });
  const tiles = Math.ceil(layer.weights.shape[0] / config.cols);
  const cost = (view: Gathered): number => {
    const steps = view.y.kernel * view.x.kernel * Math.ceil(view.channels / config.rows);
    const bytes = view.y.size * view.x.size * view.channels;
    const runs =
      view.gather === 'none' ? (view.channels % config.rows === 0 ? view.y.size : view.y.size * view.x.size) : bytes / (x.kernel * channels);
    return Math.max(steps * y.out * x.out * tiles, runs * RUN_CYCLES + (8 * bytes) / config.bus);
  };
  return [...views].sort((a, b) => cost(a) - cost(b));
}

/** Whether a window of the axis leaves the picture. */
function leaves({ size, out, kernel, stride, dilation, before }: Axis): boolean {
  return before > 0 || (out - 1) * stride - before + (kernel - 1) * dilation >= size;
}

/** The places of input of a range of outputs, first and one behind last, as they are and clipped to the picture. */
export function inputsOf(axis: Axis, first: number, outputs: number): { readonly from: number; readonly low: number; readonly high: number } {
  const from = first * axis.stride - axis.before;
  const to = from + (outputs - 1) * axis.stride + (axis.kernel - 1) * axis.dilation + 1;
  const low = Math.min(Math.max(from, 0), axis.size - 1);
  return { from, low, high: Math.max(Math.min(to, axis.size), low + 1) };
}

/**
 * Loads of a rectangle of what MX sees.
 *
 * @param part the channels that are loaded; all of them where pixels are gathered
 * @param pitch bytes of a pixel in the scratchpad
 */
export function gatherMoves(
  layer: Conv2d,
  view: Gathered,
  area: Rectangle,
  part: { readonly first: number; readonly count: number },
  pitch: number,
): GatherMove[] {
  const { y, x } = axesOf(layer);
  const channels = layer.input.shape[3];
  const row = x.size * channels;
  const wide = area.x1 - area.x0;
  if (view.gather === 'none') {
    const dimensions = [
      { count: wide, stride: channels, local: pitch },
      { count: area.y1 - area.y0, stride: row, local: wide * pitch },
    ];
    return [{ memory: area.y0 * row + area.x0 * channels + part.first, local: 0, dimensions, run: part.count }];
  }
  const rowBytes = x.kernel * channels;
  const tall = { count: area.y1 - area.y0, local: wide * pitch };
  // Rows of windows, or rows of the picture.
  const vertical: readonly MoveDimension[] =
    view.gather === 'window'
      ? [
          { count: y.kernel, stride: y.dilation * row, local: rowBytes, y: y.dilation },
          { ...tall, stride: y.stride * row, y: y.stride },
        ]
      : [{ ...tall, stride: row, y: 1 }];
  const inner = vertical.slice(0, -1);
  const outer = vertical.slice(-1);
  const startY = view.gather === 'window' ? area.y0 * y.stride - y.before : area.y0;
  const box = { height: y.size, width: x.size, pad: layer.input.zeroPoint };
  const move = (from: number, to: number, whole: boolean): GatherMove[] => {
    if (from >= to) return [];
    const startX = from * x.stride - x.before;
    const along = { count: to - from, stride: x.stride * channels, local: pitch };
    return [
      {
        memory: startY * row + startX * channels,
        local: (from - area.x0) * pitch,
        dimensions: whole
          ? [...inner, along, ...outer]
          : [{ count: x.kernel, stride: x.dilation * channels, local: channels, x: x.dilation }, ...inner, { ...along, x: x.stride }, ...outer],
        run: whole ? rowBytes : channels,
        box: { y: startY, x: whole ? 0 : startX, ...box },
      },
    ];
  };
  // Outputs whose windows are inside and contiguous along x are copied in one piece.
  const firstInside = Math.ceil(x.before / x.stride);
  const lastInside = Math.floor((x.size - x.kernel + x.before) / x.stride);
  const clip = (at: number): number => Math.min(Math.max(at, area.x0), area.x1);
  const [from, to] = x.dilation === 1 && lastInside >= firstInside ? [clip(firstInside), clip(lastInside + 1)] : [area.x0, area.x0];
  return [...move(area.x0, from, false), ...move(from, to, true), ...move(to, area.x1, false)];
}

/** A move in about so many pieces, cut along its outermost dimension. */
export function cutMove(move: GatherMove, pieces: number): GatherMove[] {
  const outer = move.dimensions.findLastIndex(({ count }) => count > 1);
  const dimension = move.dimensions[outer];
  if (!dimension || pieces === 1) return [move];
  const { stride, local, y = 0, x = 0 } = dimension;
  const size = Math.ceil(dimension.count / pieces);
  return Array.from({ length: Math.ceil(dimension.count / size) }, (_, i) => {
    const first = i * size;
    const dimensions = move.dimensions.map((d, at) => (at === outer ? { ...d, count: Math.min(size, d.count - first) } : d));
    const box = move.box && { ...move.box, y: move.box.y + y * first, x: move.box.x + x * first };
    return { memory: move.memory + stride * first, local: move.local + local * first, dimensions, run: move.run, ...(box && { box }) };
  });
}
