// How a convolution is cut: rectangles of outputs, parts of channels, slots in the scratchpad.
//
// Invariant: what is planned fits. Refused: a layer whose smallest tile does not.

import type { AcceleratorConfig } from '../../isa/config.ts';
import { place, roundUp } from './builder.ts';
import { type Gathered, gathersOf } from './gather.ts';
import type { Conv2d } from './layers.ts';
import { PARAMETER_BYTES } from './pack.ts';

/** Positions of a rectangle: enough to hide what happens between two multiplies. */
const POSITIONS = 256;
/** Rectangles, and stores, of a layer that is small. */
const RECTANGLES = 4;
const STORES = 8;
/** Cycles of a multiply against which the gap to the next is small. */
const MULTIPLY_CYCLES = 1024;
/** Cycles from a write to its response, of the memory that plans are made for: a short run of a store takes as many, but for those that are on their way at once. */
const LATENCY = 100;
/** Tokens that a semaphore holds. */
const MAX_TOKENS = 255;

/** How a layer is cut. */
export interface Plan {
  readonly view: Gathered;
  /** Output rows and columns of a rectangle. */
  readonly tall: number;
  readonly wide: number;
  /** Channels of a part, with padding. */
  readonly part: number;
  /** Column tiles whose results are stored together. */
  readonly group: number;
  readonly activationSlots: number;
  readonly weightSlots: number;
  readonly bytes: { readonly activations: number; readonly weights: number; readonly results: number };
  /** In the scratchpad. */
  readonly places: { readonly activations: number; readonly weights: number; readonly parameters: number; readonly results: number };
}

/** The cheapest way to walk the layer that fits. */
export function planConv(layer: Conv2d, config: AcceleratorConfig): Plan {
  for (const view of gathersOf(layer, config)) {
    const plan = planView(layer, view, config);
    if (plan) return plan;
  }
  const [, kernelH, kernelW, channels] = layer.weights.shape;
  throw new RangeError(
    `a scratchpad of ${config.scratchpad} bytes does not hold one window of ${kernelH} × ${kernelW} × ${channels} bytes with its weights; give the accelerator more`,
  );
}

/** The largest rectangles that fit, all channels at once if they do. */
function planView(layer: Conv2d, view: Gathered, config: AcceleratorConfig): Plan | undefined {
  const { rows } = config;
  const total = view.y.out * view.x.out;
  const padded = roundUp(view.channels, rows);
  const steps = (view.y.kernel * view.x.kernel * padded) / rows;
  const most = Math.min(POSITIONS, config.sums / 2);
  // Where all weights stay, smaller rectangles cost nothing but the gaps between multiplies, and let loads and stores overlap.
  const fewer = Math.min(most, Math.max(Math.ceil(total / RECTANGLES), 4 * rows, Math.ceil(MULTIPLY_CYCLES / steps)));
  const quartered = planPart(layer, view, config, padded, [fewer], 'resident');
  if (quartered) return quartered;
  // Fewer positions than twice the rows leave the array waiting for weights: rather parts of the channels. Only pixels that are not gathered can be loaded in parts.
  for (const [least, slots] of [
    [Math.min(total, 2 * rows, most), 'double'],
    [1, 'double'],
    [1, 'single'],
  ] as const) {
    const sizes = halvings(most).filter((positions) => positions >= least);
    for (let part = padded; part >= rows; part = part === rows || view.gather !== 'none' ? 0 : roundUp(part / 2, rows)) {
      const plan = planPart(layer, view, config, part, sizes, slots);
      if (plan) return plan;
    }
  }
  return undefined;
}

function halvings(most: number): number[] {
  return most < 1 ? [] : [most, ...halvings(Math.floor(most / 2))];
}

/** The first of some numbers of positions that fits, with that part of the channels. */
function planPart(
  layer: Conv2d,
  view: Gathered,
  config: AcceleratorConfig,
  part: number,
  sizes: readonly number[],
  slots: 'resident' | 'double' | 'single',
): Plan | undefined {
  const { rows, cols } = config;
  const parts = Math.ceil(roundUp(view.channels, rows) / part);
  const tiles = Math.ceil(layer.weights.shape[0] / cols);
  const weights = view.y.kernel * view.x.kernel * part * cols;
  const extent = (axis: Gathered['y'], outputs: number): number =>
    Math.min((outputs - 1) * axis.stride + (axis.kernel - 1) * axis.dilation + 1, axis.size);
  for (const positions of sizes) {
    const wide = even(view.x.out, Math.min(view.x.out, positions));
    const tall = even(view.y.out, Math.min(view.y.out, Math.max(1, Math.floor(positions / wide))));
    const rectangles = layer.input.shape[0] * Math.ceil(view.y.out / tall) * Math.ceil(view.x.out / wide);
    const activations = roundUp(extent(view.y, tall) * extent(view.x, wide) * part, Math.max(rows, cols, config.bus / 8));
    // A layer should be stored in several pieces, of one size, but each pixel of a piece is a run of its own unless it is whole.
    const steps = weights / (rows * cols);
    const long = Math.ceil((2 * LATENCY) / config.outstanding / steps);
    const several = even(tiles, Math.min(tiles, Math.max(1, long, Math.floor((tiles * rectangles) / STORES))));
    const all = tiles * parts;
    const ways = {
      resident: [
        [several, all],
        [1, all],
      ],
      double: [
        [several, all],
        [1, all],
        [several, 2],
        [1, 2],
      ],
      single: [[1, 1]],
    } as const;
    for (const [group, most] of ways[slots]) {
      const weightSlots = Math.min(most, all);
      if (weightSlots > MAX_TOKENS) continue;
      const results = tall * wide * group * cols;
      const activationSlots = Math.min(rectangles * (parts > 1 ? all : 1), slots === 'single' ? 1 : 2);
      const places = place(config, [[activationSlots * activations], [weightSlots * weights], [tiles * PARAMETER_BYTES * cols, 2 * results]]);
      if (!places) continue;
      const [a, w, p, r] = places as [number, number, number, number];
      const bytes = { activations, weights, results };
      return {
        view,
        tall,
        wide,
        part,
        group,
        activationSlots,
        weightSlots,
        bytes,
        places: { activations: a, weights: w, parameters: p, results: r },
      };
    }
  }
  return undefined;
}

/** The largest size up to `most` that cuts `total` in pieces as equal as can be. */
function even(total: number, most: number): number {
  return Math.ceil(total / Math.ceil(total / most));
}
