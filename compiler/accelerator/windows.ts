// Layers that VX does alone, pixel by pixel: depthwise convolution, pooling and PReLU, in tiles of output rectangles and channels.
//
// Invariant: a tile's pixels stand in the scratchpad in vectors of C lanes, lanes beyond its channels hold what was there before and are never stored. Loads, vectors and stores of
// different tiles overlap in two slots each.

import type { AcceleratorConfig } from '../../isa/config.ts';
import { type Placement, ProgramBuilder, place, roundUp, type Tokens } from './builder.ts';
import { axesOf, inputsOf, type Rectangle } from './gather.ts';
import type { Depthwise, Pool, Prelu } from './layers.ts';
import { finish, type Lowered, rangeOf } from './lowered.ts';
import { PARAMETER_BYTES, packKernel, packParameters } from './pack.ts';
import { streamPieces } from './stream.ts';

/** Output positions of a tile at most. */
const POSITIONS = 256;
/** Up to here a multiplier of one over the count is exact for every sum of int8. */
const MAX_COUNT = 2895;

type Axes = ReturnType<typeof axesOf>;
/** What slides, and how each tile is computed. */
interface Sliding {
  readonly input: Depthwise['input'];
  readonly axes: Axes;
  /** Channels of the output; each channel of the input makes as many of them as the others. */
  readonly channels: number;
  /** Bytes of constants that stay in the scratchpad beside the tiles. */
  readonly resident: readonly number[];
}
interface Tile {
  readonly image: number;
  readonly y: number;
  readonly x: number;
  readonly tall: number;
  readonly wide: number;
  readonly area: Rectangle;
  readonly firstChannel: number;
  readonly channels: number;
  /** Bytes of a pixel, of inputs and results. */
  readonly pitch: number;
}
/** A tile in its slots. */
interface Placed extends Tile {
  /** Address of the area's first pixel. */
  readonly at: number;
  readonly out: number;
  readonly wait: readonly number[];
  readonly signal: readonly number[];
}

/**
 * All tiles: load, `compute`, store.
 *
 * @param prepare once, behind the first load: constants, at the places given
 */
function slideOver(
  builder: ProgramBuilder,
  sliding: Sliding,
  prepare: (places: readonly number[]) => void,
  compute: (tile: Placed) => void,
): Lowered {
  const { config } = builder;
  const { input, axes, channels } = sliding;
  const [images, height, width, inputChannels] = input.shape;
  const copies = channels / inputChannels;
  const { chunk, tall, wide, sizes, places } = planTiles(config, sliding, copies);
  const [inputs, results, ...constants] = places as [number, number, ...number[]];
  const memory = {
    input: builder.input(images * height * width * inputChannels),
    output: builder.reserve(images * axes.y.out * axes.x.out * channels),
  };
  const tiles = tilesOf(images, sliding, chunk, tall, wide, config.cols);
  const work = {
    load({ image, area, firstChannel, channels: count, pitch }: Tile, slot: number, tokens: Tokens): void {
      const first = firstChannel / copies;
      const pixels = [
        { count: area.x1 - area.x0, stride: inputChannels, local: pitch },
        { count: area.y1 - area.y0, stride: width * inputChannels, local: (area.x1 - area.x0) * pitch },
      ];
      const dimensions =
        copies === 1 ? pixels : [{ count: copies, stride: 0, local: 1 }, { count: count / copies, stride: 1, local: copies }, ...pixels];
      const from = memory.input + ((image * height + area.y0) * width + area.x0) * inputChannels + first;
      builder.load({ memory: from, local: inputs + slot * sizes.inputs, dimensions, run: copies === 1 ? count : 1 }, tokens);
    },
    compute(tile: Tile, from: number, to: number, tokens: Required<Tokens>): void {
      compute({ ...tile, at: inputs + from * sizes.inputs, out: results + to * sizes.results, wait: tokens.wait, signal: tokens.signal });
    },
    store({ image, y, x, pitch, ...tile }: Tile, slot: number, tokens: Tokens): void {
      builder.store(
        {
          memory: memory.output + ((image * axes.y.out + y) * axes.x.out + x) * channels + tile.firstChannel,
          local: results + slot * sizes.results,
          dimensions: [
            { count: tile.wide, stride: channels, local: pitch },
            { count: tile.tall, stride: axes.x.out * channels, local: tile.wide * pitch },
          ],
          run: tile.channels,
        },
        tokens,
      );
    },
  };
  streamPieces(builder, tiles, work, { prepare: () => prepare(constants) });
  return finish(builder, [{ address: memory.input, bytes: images * height * width * inputChannels }], {
    address: memory.output,
    bytes: images * axes.y.out * axes.x.out * channels,
  });
}

function tilesOf(images: number, { axes, channels }: Sliding, chunk: number, tall: number, wide: number, cols: number): Tile[] {
  const all: Tile[] = [];
  for (let image = 0; image < images; image++)
    for (let y = 0; y < axes.y.out; y += tall)
      for (let x = 0; x < axes.x.out; x += wide)
        for (let firstChannel = 0; firstChannel < channels; firstChannel += chunk) {
          const size = {
            tall: Math.min(tall, axes.y.out - y),
            wide: Math.min(wide, axes.x.out - x),
            channels: Math.min(chunk, channels - firstChannel),
          };
          const [inY, inX] = [inputsOf(axes.y, y, size.tall), inputsOf(axes.x, x, size.wide)];
          const area = { y0: inY.low, y1: inY.high, x0: inX.low, x1: inX.high };
          all.push({ image, y, x, ...size, area, firstChannel, pitch: roundUp(size.channels, cols) });
        }
  return all;
}

/** The largest tiles of which two fit, inputs and results. */
function planTiles(config: AcceleratorConfig, { axes, channels, resident }: Sliding, copies: number) {
  const { cols } = config;
  const extent = (axis: Axes['y'], outputs: number): number =>
    Math.min((outputs - 1) * axis.stride + (axis.kernel - 1) * axis.dilation + 1, axis.size);
  // A chunk begins at a vector, and at a channel of the input.
  const unit = copies === 1 ? cols : roundUp(channels, cols);
  for (let chunk = roundUp(channels, unit); chunk >= unit; chunk = chunk === unit ? 0 : roundUp(chunk / 2, unit)) {
    for (let positions = POSITIONS; positions >= 1; positions = Math.floor(positions / 2)) {
      const wide = Math.min(axes.x.out, positions);
      const tall = Math.min(axes.y.out, Math.max(1, Math.floor(positions / wide)));
      const pitch = roundUp(Math.min(chunk, channels), cols);
      const sizes = { inputs: extent(axes.y, tall) * extent(axes.x, wide) * pitch, results: tall * wide * pitch };
      const places = place(config, [[2 * sizes.inputs], [2 * sizes.results], resident]);
      if (places) return { chunk, tall, wide, sizes, places };
    }
  }
  throw new RangeError(`a scratchpad of ${config.scratchpad} bytes does not hold two windows of the layer; give the accelerator more`);
}

export function lowerDepthwise(layer: Depthwise, config: AcceleratorConfig, placement?: Placement): Lowered {
  const { cols } = config;
  const axes = axesOf(layer);
  const [, kernelH, kernelW, channels] = layer.weights.shape;
  const inputChannels = layer.input.shape[3];
  if (channels % inputChannels !== 0)
    throw new RangeError(`depthwise weights have ${channels} channels, but the input has ${inputChannels}; give a multiple of them`);
  const taps = kernelH * kernelW;
  const tiles = Math.ceil(channels / cols);
  const builder = new ProgramBuilder(config, placement);
  // As the weights of a 1 × channels matrix for each place of the kernel: vectors of C lanes, tile by tile.
  const transposed = new Int8Array(channels * taps);
  for (let c = 0; c < channels; c++)
    for (let tap = 0; tap < taps; tap++) transposed[c * taps + tap] = layer.weights.data[tap * channels + c] as number;
  const weights = builder.constant(packKernel({ data: transposed, outputs: channels, taps, channels: 1 }, 1, { ...config, rows: 1 }));
  const parameters = builder.constant(packParameters(layer.bias ?? [], layer.scaling, channels, config));
  const resident = [tiles * taps * cols, tiles * PARAMETER_BYTES * cols] as const;
  const constants = builder.channel('ld', 2, false);
  let places: readonly number[] = [];
  let prepared = false;
  const prepare = (at: readonly number[]): void => {
    places = at;
    [weights, parameters].forEach((address, i) => {
      const { slot: _, ...tokens } = constants.fill();
      builder.loadBytes(address, at[i] as number, resident[i] as number, i === 1 ? tokens : {});
    });
  };
  return slideOver(builder, { input: layer.input, axes, channels, resident }, prepare, (tile) => {
    const { area, pitch, tall, wide, wait, signal } = tile;
    const row = (area.x1 - area.x0) * pitch;
    const { y, x } = axes;
    const [fromY, fromX] = [tile.y * y.stride - y.before, tile.x * x.stride - x.before];
    builder.configure('vx.range', rangeOf(layer, config, { aZero: layer.input.zeroPoint }));
    builder.configure('vx.dim', { index: 0, count: kernelW, a: x.dilation * pitch, b: cols, y: 0, x: x.dilation });
    builder.configure('vx.dim', { index: 1, count: kernelH, a: y.dilation * row, b: kernelW * cols, y: y.dilation, x: 0 });
    builder.configure('vx.dim', { index: 2, count: wide, a: x.stride * pitch, b: 0, y: 0, x: x.stride });
    builder.configure('vx.dim', { index: 3, count: tall, a: y.stride * row, b: 0, y: y.stride, x: 0 });
    builder.configure('vx.place', { index: 2, out: pitch });
    builder.configure('vx.place', { index: 3, out: wide * pitch });
    builder.configure('vx.box', { y: fromY, x: fromX, height: y.size, width: x.size, pad: 0 });
    const first = tile.at + (fromY - area.y0) * row + (fromX - area.x0) * pitch;
    for (let lane = 0; lane < tile.channels; lane += cols) {
      const block = (tile.firstChannel + lane) / cols;
      if (tiles > 1 || !prepared)
        builder.emit('vx.params', { local: (places[1] as number) + block * PARAMETER_BYTES * cols }, { wait: prepared ? [] : constants.taken });
      prepared = true;
      builder.emit(
        'vx.run',
        { operation: 2, a: (first + lane) & (config.scratchpad - 1), b: (places[0] as number) + block * taps * cols, out: tile.out + lane },
        { wait: lane === 0 ? wait : [], signal: lane + cols >= tile.channels ? signal : [] },
      );
    }
  });
}

/** A range of outputs whose windows have the same places inside. */
interface Alike {
  readonly first: number;
  readonly outputs: number;
  /** The first place of the first window that is inside, and how many are. */
  readonly low: number;
  readonly count: number;
}

function alike(axis: Axes['y'], first: number, outputs: number): Alike[] {
  const ranges: Alike[] = [];
  for (let o = first; o < first + outputs; o++) {
    const from = o * axis.stride - axis.before;
    const low = Math.max(from, 0);
    const count = Math.min(from + axis.kernel, axis.size) - low;
    if (count < 1) throw new RangeError(`a window of the pool lies outside of the picture; pad less`);
    const last = ranges.at(-1);
    if (last && last.count === count && low - last.low === last.outputs * axis.stride)
      ranges[ranges.length - 1] = { ...last, outputs: last.outputs + 1 };
    else ranges.push({ first: o, outputs: 1, low, count });
  }
  return ranges;
}

export function lowerPool(layer: Pool, config: AcceleratorConfig, placement?: Placement): Lowered {
  const { cols } = config;
  const [kernelH, kernelW] = layer.kernel;
  const channels = layer.input.shape[3];
  const axes = axesOf({
    ...layer,
    dilation: [1, 1],
    input: { ...layer.input, zeroPoint: 0 },
    weights: { shape: [1, kernelH, kernelW, 1], data: new Int8Array(0) },
  });
  const rounding = config.modes.find((mode) => mode === 'double' || mode === 'single') ?? 'double';
  const range = { scaling: { rounding }, output: { ...layer.output, zeroPoint: 0 } };
  const builder = new ProgramBuilder(config, placement);
  const { y, x } = axes;
  const input = { ...layer.input, zeroPoint: 0 };
  return slideOver(
    builder,
    { input, axes, channels, resident: [] },
    () => undefined,
    (tile) => {
      const { area, pitch } = tile;
      const row = (area.x1 - area.x0) * pitch;
      builder.configure('vx.range', rangeOf(range, config));
      const pieces = alike(y, tile.y, tile.tall).flatMap((vertical) =>
        alike(x, tile.x, tile.wide).map((horizontal) => [vertical, horizontal] as const),
      );
      pieces.forEach(([v, h], i) => {
        if (layer.kind === 'average') builder.configure('vx.scale', { which: 2, ...oneOver(v.count * h.count) });
        builder.configure('vx.dim', { index: 0, count: h.count, a: pitch, b: 0, y: 0, x: 0 });
        builder.configure('vx.dim', { index: 1, count: v.count, a: row, b: 0, y: 0, x: 0 });
        builder.configure('vx.dim', { index: 2, count: h.outputs, a: x.stride * pitch, b: 0, y: 0, x: 0 });
        builder.configure('vx.dim', { index: 3, count: v.outputs, a: y.stride * row, b: 0, y: 0, x: 0 });
        builder.configure('vx.dim', { index: 4, count: pitch / cols, a: cols, b: 0, y: 0, x: 0 });
        builder.configure('vx.place', { index: 2, out: pitch });
        builder.configure('vx.place', { index: 3, out: tile.wide * pitch });
        builder.configure('vx.place', { index: 4, out: cols });
        builder.emit(
          'vx.run',
          {
            operation: layer.kind === 'average' ? 3 : 4,
            a: tile.at + (v.low - area.y0) * row + (h.low - area.x0) * pitch,
            out: tile.out + ((v.first - tile.y) * tile.wide + h.first - tile.x) * pitch,
          },
          { wait: i === 0 ? tile.wait : [], signal: i === pieces.length - 1 ? tile.signal : [] },
        );
      });
    },
  );
}

export function lowerPrelu(layer: Prelu, config: AcceleratorConfig, placement?: Placement): Lowered {
  const { cols } = config;
  const { input, slopes, scaling } = layer;
  const channels = input.shape[3];
  if (slopes.data.length !== channels) throw new RangeError(`prelu has ${slopes.data.length} slopes for ${channels} channels; give each channel one`);
  const alone = { kernel: [1, 1], stride: [1, 1], padding: 'VALID' } as const;
  const axes = axesOf({ ...alone, dilation: [1, 1], input, weights: { shape: [1, 1, 1, 1], data: new Int8Array(0) } });
  const lanes = new Int8Array(roundUp(channels, cols)).fill(slopes.zeroPoint);
  lanes.set(slopes.data);
  const builder = new ProgramBuilder(config, placement);
  const address = builder.constant(new Uint8Array(lanes.buffer));
  const constants = builder.channel('ld', 1, false);
  let slopesAt: number | undefined;
  let pending = constants.taken;
  const prepare = ([at]: readonly number[]): void => {
    slopesAt = at;
    builder.loadBytes(address, at as number, lanes.length, { signal: constants.fill().signal });
  };
  return slideOver(builder, { input, axes, channels, resident: [lanes.length] }, prepare, (tile) => {
    const { pitch } = tile;
    builder.configure('vx.range', rangeOf(layer, config, { aZero: input.zeroPoint, bZero: slopes.zeroPoint }));
    builder.configure('vx.scale', { which: 0, multiplier: input.multiplier, shift: input.shift });
    builder.configure('vx.scale', { which: 2, multiplier: scaling.multiplier[0] as number, shift: scaling.shift[0] as number });
    builder.configure('vx.dim', { index: 2, count: pitch / cols, a: cols, b: cols, y: 0, x: 0 });
    builder.configure('vx.dim', { index: 3, count: tile.tall * tile.wide, a: pitch, b: 0, y: 0, x: 0 });
    builder.configure('vx.place', { index: 2, out: cols });
    builder.configure('vx.place', { index: 3, out: pitch });
    const b = (slopesAt as number) + tile.firstChannel;
    builder.emit('vx.run', { operation: 7, a: tile.at, b, out: tile.out }, { wait: [...tile.wait, ...pending], signal: tile.signal });
    pending = [];
  });
}

/** Factor of a mean: 2^31 / count rounded up. With counts up to `MAX_COUNT` no sum of int8 comes to another side of a half by it. */
function oneOver(count: number): { multiplier: number; shift: number } {
  if (count > MAX_COUNT) throw new RangeError(`a window of an average has ${count} places, but at most ${MAX_COUNT} are exact; pool in two steps`);
  return count === 1 ? { multiplier: 2 ** 30, shift: 1 } : { multiplier: Math.ceil(2 ** 31 / count), shift: 0 };
}
