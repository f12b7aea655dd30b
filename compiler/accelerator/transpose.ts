// Transposes of matrices by the array: a code a cycle, where loads of single bytes take as long as memory does for as many bursts.
//
// Invariant: with weights that are 1 in row j and column i and 0 elsewhere a product moves lane j of an activation to column i of the sums. So C steps of k, one for each of C rows of the operand, gather one of
// its columns in a row of sums; R multiplies gather R columns. All these weights stand in one constant: each is a window of it.

import type { AcceleratorConfig } from '../../isa/config.ts';
import { type Placement, ProgramBuilder, place, type Tokens } from './builder.ts';
import { finish, type Lowered } from './lowered.ts';
import { streamPieces } from './stream.ts';

/** `images` matrices of [height, width]. */
interface Matrices {
  readonly images: number;
  readonly height: number;
  readonly width: number;
}
/** A rectangle of the operand. */
interface Piece {
  readonly image: number;
  readonly y: number;
  readonly x: number;
  readonly tall: number;
  readonly wide: number;
}

/** With it all modes leave sums of int8 as they are; of a power of two only the shift counts, and to the right. */
const ONE = { multiplier: 2 ** 30, shift: 1 };
const REQUANTISE = 1;

/** Lowers them; undefined where memories have no room for it or the matrices are too small to be worth it. */
export function transposeByArray({ images, height, width }: Matrices, config: AcceleratorConfig, placement?: Placement): Lowered | undefined {
  const { rows, cols, sums } = config;
  const tile = rows * cols;
  const plan = planBlocks(height, width, config);
  if (!plan || height * width < 2 * tile) return undefined;
  const { down, across, places } = plan;
  const [inputs, results, weights] = places;
  const blocks = down * across;
  const size = blocks * tile;
  const [pitch, resultPitch] = [across * rows, down * cols];
  const builder = new ProgramBuilder(config, placement);
  const bytes = images * height * width;
  const memory = { input: builder.input(bytes), weights: builder.constant(windows(config)), output: builder.reserve(bytes) };
  const ready = builder.channel('ld', 1, false);
  const channel = builder.channel('mx', 2);
  let pending = ready.taken;

  streamPieces(
    builder,
    piecesOf({ images, height, width }, down * cols, across * rows),
    {
      load({ image, y, x, tall, wide }: Piece, slot: number, tokens: Tokens) {
        const from = memory.input + (image * height + y) * width + x;
        builder.load({ memory: from, local: inputs + slot * size, dimensions: [{ count: tall, stride: width, local: pitch }], run: wide }, tokens);
      },
      compute(_, from, to, { input, result }) {
        const filled = channel.fill();
        const firstSum = filled.slot * (sums / 2);
        builder.configure('mx.dim', { index: 0, count: across, local: rows, y: 0, x: 0 });
        builder.configure('mx.dim', { index: 1, count: down, local: cols * pitch, y: 0, x: 0 });
        builder.configure('mx.dim', { index: 2, count: cols, local: pitch, y: 0, x: 0 });
        for (let lane = 0; lane < rows; lane++) {
          const wait = lane === 0 ? [...input.wait, ...filled.wait, ...pending] : [];
          const signal = lane === rows - 1 ? [...input.signal, ...filled.signal] : [];
          const weight = weights + (rows - 1 - lane) * cols;
          builder.emit('mx.multiply', { activation: inputs + from * size, weight, sums: firstSum + lane * blocks }, { wait, signal });
        }
        pending = [];
        builder.configure('vx.range', { aZero: 0, bZero: 0, zero: 0, min: -128, max: 127, left: 0, mode: 0 });
        builder.configure('vx.scale', { which: 2, ...ONE });
        builder.configure('vx.dim', { index: 2, count: across, a: 1, b: 0, y: 0, x: 0 });
        builder.configure('vx.dim', { index: 3, count: down, a: across, b: 0, y: 0, x: 0 });
        builder.configure('vx.dim', { index: 4, count: rows, a: blocks, b: 0, y: 0, x: 0 });
        builder.configure('vx.place', { index: 2, out: rows * resultPitch });
        builder.configure('vx.place', { index: 3, out: cols });
        builder.configure('vx.place', { index: 4, out: resultPitch });
        builder.emit(
          'vx.run',
          { operation: REQUANTISE, a: firstSum, out: results + to * size },
          { wait: [...channel.taken, ...result.wait], signal: [...channel.emptied, ...result.signal] },
        );
      },
      store({ image, y, x, tall, wide }: Piece, slot: number, tokens: Tokens) {
        const to = memory.output + (image * width + x) * height + y;
        const dimensions = [{ count: wide, stride: height, local: resultPitch }];
        builder.store({ memory: to, local: results + slot * size, dimensions, run: tall }, tokens);
      },
    },
    { prepare: () => builder.loadBytes(memory.weights, weights, windows(config).length, { signal: ready.fill().signal }) },
  );
  return finish(builder, [{ address: memory.input, bytes }], { address: memory.output, bytes });
}

/** Weights of step i, for lane j: from byte (R − 1 − j)·C on, C tiles of which tile i has a 1 at byte j·C + i. */
function windows({ rows, cols }: AcceleratorConfig): Uint8Array {
  const tile = rows * cols;
  const bytes = new Uint8Array((cols + 1) * tile);
  for (let i = 0; i < cols; i++) bytes[(rows - 1) * cols + i * (tile + 1)] = 1;
  return bytes;
}

/** Blocks of C rows and R columns of a piece: as many as two pieces fit into sums and scratchpad, in about a square. */
function planBlocks(
  height: number,
  width: number,
  config: AcceleratorConfig,
): { readonly down: number; readonly across: number; readonly places: readonly [number, number, number] } | undefined {
  const { rows, cols, sums } = config;
  const [allDown, allAcross] = [Math.ceil(height / cols), Math.ceil(width / rows)];
  for (let most = Math.floor(sums / 2 / rows); most >= 1; most = Math.floor(most / 2)) {
    const down = Math.min(allDown, Math.max(Math.floor(Math.sqrt(most)), Math.floor(most / allAcross)));
    const across = Math.min(allAcross, Math.floor(most / down));
    const size = down * across * rows * cols;
    const places = place(config, [[2 * size], [2 * size], [windows(config).length]]);
    if (places) return { down, across, places: places as [number, number, number] };
  }
  return undefined;
}

function piecesOf({ images, height, width }: Matrices, tall: number, wide: number): Piece[] {
  const pieces: Piece[] = [];
  for (let image = 0; image < images; image++)
    for (let y = 0; y < height; y += tall)
      for (let x = 0; x < width; x += wide) pieces.push({ image, y, x, tall: Math.min(tall, height - y), wide: Math.min(wide, width - x) });
  return pieces;
}
