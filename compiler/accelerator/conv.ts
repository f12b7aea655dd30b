// Convolutions and matrix multiplies: loads, multiplies, requantisation and stores of tiles, overlapped.
//
// Invariant: a tile is a rectangle of output pixels, C output channels and a part of the input channels. Activations stay for all columns of a rectangle; weights stay for the whole
// layer where there is room, else they stream. What the queues do at once works in different slots.

import type { AcceleratorConfig } from '../../isa/config.ts';
import { type Box, NO_BOX, type Placement, ProgramBuilder, roundUp, type Tokens } from './builder.ts';
import { cutMove, type Gathered, gatherMoves, inputsOf } from './gather.ts';
import type { Conv2d, Matmul } from './layers.ts';
import { finish, type Lowered, rangeOf } from './lowered.ts';
import { kernelSums, PARAMETER_BYTES, packKernel, packParameters } from './pack.ts';
import { type Plan, planConv } from './plan.ts';

/** Pieces in which the activations of a rectangle are loaded at most. */
const MOST_PIECES = 16;

/** Weights that are an operand: [channels, outputs] in memory, or [outputs, channels]. */
interface WeightOperand {
  readonly transposed: boolean;
}

/**
 * The zero point of weights is 0, so that of the activations adds the same to each position: −zero · Σ weights. Sums begin with it where it is not known beforehand, as products of these codes.
 */
function corrections(zeroPoint: number): readonly number[] {
  if (zeroPoint === 0) return [];
  return zeroPoint === -128 ? [64, 64] : [-zeroPoint];
}

export function lowerConv2d(given: Conv2d, config: AcceleratorConfig, placement?: Placement, operand?: WeightOperand): Lowered {
  const layer = flattened(given);
  const plan = planConv(layer, config);
  const builder = new ProgramBuilder(config, placement);
  const { rows, cols } = config;
  const { view, part } = plan;
  const [outputs] = layer.weights.shape;
  const [images] = layer.input.shape;
  const taps = view.y.kernel * view.x.kernel;
  const kernel = { data: layer.weights.data, outputs, taps, channels: view.channels };
  const bias = kernelSums(kernel).map((sum, o) => ((layer.bias?.[o] ?? 0) - layer.input.zeroPoint * sum) | 0);
  const tiles = Math.ceil(outputs / cols);
  const picture = layer.input.shape[1] * layer.input.shape[2] * layer.input.shape[3];
  const outPicture = view.y.out * view.x.out * outputs;
  const memory = {
    input: builder.input(images * picture),
    weights: operand ? builder.input(kernel.data.length) : builder.constant(packKernel(kernel, part, config)),
    parameters: builder.constant(packParameters(bias, layer.scaling, outputs, config)),
    output: builder.reserve(images * outPicture),
  };

  const parts = Math.ceil(roundUp(view.channels, rows) / part);
  const rectangles = rectanglesOf(images, view, plan);
  const resident = plan.weightSlots === tiles * parts;
  const channels = {
    activations: builder.channel('ld', plan.activationSlots, rectangles.length * parts > plan.activationSlots),
    weights: builder.channel('ld', plan.weightSlots, !resident),
    parameters: builder.channel('ld', 1, false),
    sums: builder.channel('mx', 2),
    results: builder.channel('vx', 2),
  };
  const sumsOf = (slot: number): number => slot * (config.sums / 2);

  const jobs = rectangles.flatMap((rectangle, p) =>
    Array.from({ length: tiles * parts }, (_, i) => ({ rectangle, p, tile: Math.floor(i / parts), k: i % parts })),
  );
  type Job = (typeof jobs)[number];
  const steps = (k: number): number => (taps * Math.min(part, roundUp(view.channels, rows) - k * part)) / rows;
  const loadsActivations = ({ tile, k }: Job): boolean => parts > 1 || (tile === 0 && k === 0);
  const freesActivations = ({ tile }: Job): boolean => parts > 1 || tile === tiles - 1;
  const loadsWeights = ({ p }: Job): boolean => !resident || p === 0;
  let activationSlot = -1;
  let weightSlot = -1;
  const coming: { activations: number[]; weights: number[] } = { activations: [], weights: [] };

  const loadWeights = (job: Job): void => {
    if (!loadsWeights(job)) return;
    const { slot, ...tokens } = channels.weights.fill();
    coming.weights.push(slot);
    const to = plan.places.weights + slot * plan.bytes.weights;
    if (operand) {
      loadOperand(job, to, tokens);
      return;
    }
    const before = (job.tile * taps * roundUp(view.channels, rows) + job.k * taps * part) * cols;
    builder.loadBytes(memory.weights + before, to, steps(job.k) * rows * cols, tokens);
  };
  /** Weights of a 1 × 1 kernel from an operand; rows behind its last are zeros. */
  const loadOperand = ({ tile, k }: Job, local: number, tokens: Tokens): void => {
    const { channels } = view;
    const [first, count, lanes] = [k * part, steps(k) * rows, Math.min(cols, outputs - tile * cols)];
    const ends = first + count > channels;
    const along = (stride: number) => ({ count, stride, local: cols, ...(ends && { y: 1 }) });
    const { dimensions, run, from } = operand?.transposed
      ? { dimensions: [along(1), { count: lanes, stride: channels, local: 1 }], run: 1, from: tile * cols * channels + first }
      : { dimensions: [along(outputs)], run: lanes, from: first * outputs + tile * cols };
    const box = ends ? { y: first, x: 0, height: channels, width: 1, pad: 0 } : NO_BOX;
    builder.load({ memory: memory.weights + from, local, dimensions, run }, tokens, box);
  };
  /** Loads of a job's activations in about `pieces` pieces; the first waits for a slot, the last fills it. */
  const activationLoads = (job: Job, pieces: number): (() => void)[] => {
    const { slot, wait, signal } = channels.activations.fill();
    coming.activations.push(slot);
    const { image, area } = job.rectangle;
    const count = Math.min(part, view.channels - job.k * part);
    const moves = gatherMoves(layer, view, area, { first: job.k * part, count }, part).flatMap((move) => cutMove(move, pieces));
    return moves.map(({ box, ...move }, i) => () => {
      const from = memory.input + image * picture + move.memory;
      const to = plan.places.activations + slot * plan.bytes.activations + move.local;
      const tokens = { wait: i === 0 ? wait : [], signal: i === moves.length - 1 ? signal : [] };
      builder.load({ ...move, memory: from >>> 0, local: to }, tokens, box);
    });
  };
  const loadActivations = (job: Job): void => {
    if (loadsActivations(job)) for (const load of activationLoads(job, 1)) load();
  };
  /** A column's share of the loads for the next rectangle, so that they come between the weights of this one. */
  let ahead: readonly (() => void)[] = [];
  const loadAhead = ({ p, tile }: Job): void => {
    const next = jobs[(p + 1) * tiles];
    if (tile === 0) ahead = next ? activationLoads(next, Math.min(tiles, MOST_PIECES)) : [];
    const share = (at: number): number => Math.floor((ahead.length * at) / tiles);
    for (const load of ahead.slice(share(tile), share(tile + 1))) load();
  };

  const multiply = (job: Job): void => {
    const { rectangle, tile, k, p } = job;
    const wait: number[] = [];
    const signal: number[] = [];
    if (loadsActivations(job)) {
      activationSlot = coming.activations.shift() as number;
      wait.push(...channels.activations.taken);
    }
    if (freesActivations(job)) signal.push(...channels.activations.emptied);
    if (loadsWeights(job)) {
      weightSlot = coming.weights.shift() as number;
      wait.push(...channels.weights.taken);
    } else weightSlot = tile * parts + k;
    if (!resident) signal.push(...channels.weights.emptied);
    if (k === 0) {
      const filled = channels.sums.fill();
      sumsSlot = filled.slot;
      wait.push(...filled.wait);
      sumsSignal = filled.signal;
    }
    if (k === parts - 1) signal.push(...sumsSignal);
    const { area, tall, wide, fromY, fromX } = rectangle;
    const width = (area.x1 - area.x0) * part;
    builder.configure('mx.dim', { index: 0, count: wide, local: view.x.stride * part, y: 0, x: view.x.stride });
    builder.configure('mx.dim', { index: 1, count: tall, local: view.y.stride * width, y: view.y.stride, x: 0 });
    builder.configure('mx.dim', { index: 2, count: steps(k) / taps, local: rows, y: 0, x: 0 });
    builder.configure('mx.dim', { index: 3, count: view.x.kernel, local: view.x.dilation * part, y: 0, x: view.x.dilation });
    builder.configure('mx.dim', { index: 4, count: view.y.kernel, local: view.y.dilation * width, y: view.y.dilation, x: 0 });
    const weight = plan.places.weights + weightSlot * plan.bytes.weights;
    const sums = sumsOf(sumsSlot);
    const before = operand ? corrections(layer.input.zeroPoint) : [];
    before.forEach((pad, i) => {
      builder.configure('mx.box', { y: 0, x: 0, height: 0, width: 1, pad });
      builder.emit('mx.multiply', { activation: 0, weight, sums, accumulate: k > 0 || i > 0 ? 1 : 0 }, { wait: wait.splice(0) });
    });
    if (before.length > 0) builder.configure('mx.box', { ...NO_BOX });
    if (view.padded) {
      const box: Box = { y: fromY, x: fromX, height: view.y.size, width: view.x.size, pad: layer.input.zeroPoint };
      builder.configure('mx.box', { ...box });
    }
    const first = plan.places.activations + activationSlot * plan.bytes.activations + (fromY - area.y0) * width + (fromX - area.x0) * part;
    builder.emit(
      'mx.multiply',
      {
        activation: first & (config.scratchpad - 1),
        weight,
        sums,
        accumulate: k > 0 || before.length > 0 ? 1 : 0,
      },
      { wait, signal },
    );
    if (p === 0 && tile === 0 && k === 0) loadParameters();
  };
  let sumsSlot = 0;
  let sumsSignal: readonly number[] = [];

  const loadParameters = (): void => {
    const { slot: _, ...tokens } = channels.parameters.fill();
    builder.loadBytes(memory.parameters, plan.places.parameters, tiles * PARAMETER_BYTES * cols, tokens);
  };

  const pitch = plan.group * cols;
  let resultSlot = 0;
  let resultSignal: readonly number[] = [];
  const requantise = ({ rectangle, p, tile }: Job): void => {
    const positions = rectangle.tall * rectangle.wide;
    const wait = [...channels.sums.taken];
    const signal = [...channels.sums.emptied];
    const inGroup = tile % plan.group;
    if (inGroup === 0) {
      const filled = channels.results.fill();
      resultSlot = filled.slot;
      wait.push(...filled.wait);
      resultSignal = filled.signal;
    }
    if (inGroup === plan.group - 1 || tile === tiles - 1) signal.push(...resultSignal);
    builder.configure('vx.range', rangeOf(layer, config));
    builder.configure('vx.dim', { index: 2, count: positions, a: 1, b: 0, y: 0, x: 0 });
    builder.configure('vx.place', { index: 2, out: pitch });
    const parameters = plan.places.parameters + tile * PARAMETER_BYTES * cols;
    if (tiles > 1 || p === 0) builder.emit('vx.params', { local: parameters }, { wait: p === 0 && tile === 0 ? channels.parameters.taken : [] });
    const out = plan.places.results + resultSlot * plan.bytes.results + inGroup * cols;
    builder.emit('vx.run', { operation: 1, a: sumsOf(sumsSlot), out }, { wait, signal });
  };

  const store = ({ rectangle, tile }: Job): void => {
    if (tile % plan.group !== plan.group - 1 && tile !== tiles - 1) return;
    const firstChannel = tile - (tile % plan.group);
    const { image, y, x, tall, wide } = rectangle;
    builder.store(
      {
        memory: memory.output + image * outPicture + (y * view.x.out + x) * outputs + firstChannel * cols,
        local: plan.places.results + resultSlot * plan.bytes.results,
        dimensions: [
          { count: wide, stride: outputs, local: pitch },
          { count: tall, stride: view.x.out * outputs, local: wide * pitch },
        ],
        run: Math.min(pitch, outputs - firstChannel * cols),
      },
      { wait: channels.results.taken, signal: channels.results.emptied },
    );
  };

  // What has two slots is loaded before the tile in front of it is computed, the rest behind it.
  const early = { weights: plan.weightSlots > 1, activations: plan.activationSlots > 1 };
  const piecewise = early.activations && parts === 1;
  const load = (job: Job | undefined, isEarly: boolean): void => {
    if (job && early.weights === isEarly) loadWeights(job);
    if (job && early.activations === isEarly && !(piecewise && job.p > 0)) loadActivations(job);
  };
  load(jobs[0], true);
  load(jobs[0], false);
  jobs.forEach((job, i) => {
    load(jobs[i + 1], true);
    if (piecewise) loadAhead(job);
    multiply(job);
    load(jobs[i + 1], false);
    if (job.k < parts - 1) return;
    requantise(job);
    store(job);
  });
  const inputs = [{ address: memory.input, bytes: images * picture }, ...(operand ? [{ address: memory.weights, bytes: kernel.data.length }] : [])];
  return finish(builder, inputs, { address: memory.output, bytes: images * outPicture });
}

export function lowerMatmul({ a, b, ...rest }: Matmul, config: AcceleratorConfig, placement?: Placement): Lowered {
  const [rows, depth] = a.shape;
  const [columns, same] = b.transposed ? b.shape : ([b.shape[1], b.shape[0]] as const);
  if (depth !== same)
    throw new RangeError(
      `matmul of [${a.shape.join(', ')}] and [${b.shape.join(', ')}]${b.transposed ? ' transposed' : ''} has rows of ${depth} and columns of ${same} codes, but they must be as many`,
    );
  // What the weights will be is not known: their sums count as 0.
  const weights = { shape: [columns, 1, 1, depth], data: new Int8Array(columns * depth) } as const;
  const layer = {
    input: { shape: [1, 1, rows, depth], zeroPoint: a.zeroPoint },
    weights,
    stride: [1, 1],
    dilation: [1, 1],
    padding: 'VALID',
  } as const;
  return lowerConv2d({ ...rest, ...layer, kind: 'conv2d' }, config, placement, b);
}

/** A kernel of one place without stride and padding knows no neighbours: the picture is one row of pixels. */
function flattened(layer: Conv2d): Conv2d {
  const [images, height, width, channels] = layer.input.shape;
  const [outputs, kernelH, kernelW] = layer.weights.shape;
  const { padding } = layer;
  const none = padding === 'VALID' || padding === 'SAME' || Object.values(padding).every((n) => n === 0);
  if (kernelH * kernelW > 1 || layer.stride[0] * layer.stride[1] > 1 || !none) return layer;
  return {
    ...layer,
    input: { ...layer.input, shape: [1, 1, images * height * width, channels] },
    weights: { ...layer.weights, shape: [outputs, 1, 1, channels] },
  };
}

interface OutputRectangle {
  readonly image: number;
  readonly y: number;
  readonly x: number;
  readonly tall: number;
  readonly wide: number;
  /** Where the first window begins, and what is loaded. */
  readonly fromY: number;
  readonly fromX: number;
  readonly area: { readonly y0: number; readonly y1: number; readonly x0: number; readonly x1: number };
}

function rectanglesOf(images: number, view: Gathered, { tall, wide }: Pick<Plan, 'tall' | 'wide'>): OutputRectangle[] {
  const all: OutputRectangle[] = [];
  for (let image = 0; image < images; image++) {
    for (let y = 0; y < view.y.out; y += tall) {
      for (let x = 0; x < view.x.out; x += wide) {
        const [high, broad] = [Math.min(tall, view.y.out - y), Math.min(wide, view.x.out - x)];
        const [inY, inX] = [inputsOf(view.y, y, high), inputsOf(view.x, x, broad)];
        const area = { y0: inY.low, y1: inY.high, x0: inX.low, x1: inX.high };
        all.push({ image, y, x, tall: high, wide: broad, fromY: inY.from, fromX: inX.from, area });
      }
    }
  }
  return all;
}
