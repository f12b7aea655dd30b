// Softmax and normalisation of rows.
//
// Invariant: a piece is a number of whole rows; those with factors begin at vectors. Refused: rows that VX cannot count, or of which the scratchpad does not hold one beside its result.

import type { AcceleratorConfig } from '../../isa/config.ts';
import { MAX_NORMALISE } from '../../sim/golden/accelerator/layer-norm.ts';
import { MAX_SOFTMAX, softmaxTable } from '../../sim/golden/accelerator/softmax.ts';
import { type Placement, ProgramBuilder, place, roundUp, type Tokens } from './builder.ts';
import type { Normalise, Softmax } from './layers.ts';
import { finish, type Lowered, rangeOf } from './lowered.ts';
import { PARAMETER_BYTES, packParameters } from './pack.ts';
import { pieceRows, streamPieces } from './stream.ts';

interface Piece {
  readonly first: number;
  readonly rows: number;
}
/** What VX does with a piece, at its first byte to its first result. */
type Compute = (rows: number, from: number, to: number, tokens: Required<Tokens>) => void;

/**
 * All rows: load, `compute`, store.
 *
 * @param pitch bytes from row to row in the scratchpad
 * @param constants bytes that stand in the scratchpad beside the rows
 * @param use once, before the first piece: what reads them, at their places, with what the first instruction waits for
 */
function lowerRows(
  builder: ProgramBuilder,
  { rows, length }: Softmax | Normalise,
  pitch: number,
  constants: readonly Uint8Array[],
  use: (places: readonly number[], tokens: Tokens) => Compute,
): Lowered {
  const { config } = builder;
  const bytes = rows * length;
  const memory = { input: builder.input(bytes), constants: constants.map((data) => builder.constant(data)), output: builder.reserve(bytes) };
  const { slots, count, slotBytes, places } = planRows(config, rows, pitch, constants);
  const [inputs, results, ...constantPlaces] = places as [number, number, ...number[]];
  const pieces: Piece[] = [];
  for (let first = 0; first < rows; first += count) pieces.push({ first, rows: Math.min(count, rows - first) });
  const dimensions = (piece: Piece) => [{ count: piece.rows, stride: length, local: pitch }];
  const ready = builder.channel('ld', 1, false);
  let compute: Compute | undefined;

  const work = {
    load(piece: Piece, slot: number, tokens: Tokens): void {
      const move = { memory: memory.input + piece.first * length, local: inputs + slot * slotBytes, dimensions: dimensions(piece), run: length };
      builder.load(move, tokens);
    },
    compute(piece: Piece, from: number, to: number, { wait, signal }: Required<Tokens>): void {
      compute ??= use(constantPlaces, constants.length > 0 ? { wait: ready.taken } : {});
      compute(piece.rows, inputs + from * slotBytes, results + to * slotBytes, { wait, signal });
    },
    store(piece: Piece, slot: number, tokens: Tokens): void {
      const move = { memory: memory.output + piece.first * length, local: results + slot * slotBytes, dimensions: dimensions(piece), run: length };
      builder.store(move, tokens);
    },
  };
  const prepare = (): void => {
    memory.constants.forEach((address, i) => {
      const last = i === constants.length - 1;
      builder.loadBytes(address, constantPlaces[i] as number, (constants[i] as Uint8Array).length, last ? { signal: ready.fill().signal } : {});
    });
  };
  streamPieces(builder, pieces, work, { slots, prepare });
  return finish(builder, [{ address: memory.input, bytes }], { address: memory.output, bytes });
}

/** The most rows of which two pieces fit, inputs and results; else one row alone. */
function planRows(config: AcceleratorConfig, rows: number, pitch: number, constants: readonly Uint8Array[]) {
  const sizes = constants.map((data) => data.length);
  for (const slots of [2, 1]) {
    for (let count = pieceRows(rows, pitch); count >= 1; count = Math.floor(count / 2)) {
      const slotBytes = roundUp(count * pitch, Math.max(config.cols, config.bus / 8));
      const places = place(config, [[slots * slotBytes], [slots * slotBytes], sizes]);
      if (places) return { slots, count, slotBytes, places };
    }
  }
  throw new RangeError(
    `a scratchpad of ${config.scratchpad} bytes does not hold a row of ${pitch} bytes beside its result and ${sizes.reduce((a, b) => a + b, 0)} bytes of constants; give the accelerator more`,
  );
}

function checkRows({ kind, rows, length }: Softmax | Normalise, most: number): void {
  if (!Number.isInteger(rows) || rows < 1) throw new RangeError(`${kind} has ${rows} rows, but must have one at least`);
  if (!Number.isInteger(length) || length < 1 || length > most)
    throw new RangeError(`a row of ${kind} has ${length} codes, but must have 1 to ${most}; its sums have no more bits`);
}

export function lowerSoftmax(layer: Softmax, config: AcceleratorConfig, placement?: Placement): Lowered {
  checkRows(layer, MAX_SOFTMAX);
  const builder = new ProgramBuilder(config, placement);
  const words = softmaxTable(layer.scaling);
  const exponents = new Uint8Array(4 * words.length);
  words.forEach((word, i) => {
    new DataView(exponents.buffer).setInt32(4 * i, word, true);
  });
  const { length } = layer;
  return lowerRows(builder, layer, length, [exponents], ([local], ready) => {
    builder.emit('vx.exponents', { local: local as number }, ready);
    return (rows, a, out, tokens) => builder.emit('vx.softmax', { a, out, length, rows }, tokens);
  });
}

export function lowerNormalise(layer: Normalise, config: AcceleratorConfig, placement?: Placement): Lowered {
  checkRows(layer, MAX_NORMALISE);
  const builder = new ProgramBuilder(config, placement);
  const { length, fraction, epsilon, affine } = layer;
  if (!affine)
    return lowerRows(builder, layer, length, [], () => (rows, a, out, tokens) => {
      builder.emit('vx.normalise', { a, out, length, rows, fraction, epsilon }, tokens);
    });

  const { cols } = config;
  const { weights, bias = [], scaling } = affine;
  if (weights.length !== length)
    throw new RangeError(`a row of ${length} codes is normalised with ${weights.length} weights, but each place must have one`);
  const pitch = roundUp(length, cols);
  const lanes = new Uint8Array(pitch);
  lanes.set(weights);
  const parameters = packParameters(bias, scaling, length, config);
  return lowerRows(builder, layer, pitch, [lanes, parameters], ([weightsAt, parametersAt], ready) => {
    let pending = ready;
    return (rows, from, to, { wait, signal }) => {
      // Rows that have a pitch are no longer one behind the other.
      const each = pitch === length ? [{ at: from, rows }] : Array.from({ length: rows }, (_, row) => ({ at: from + row * pitch, rows: 1 }));
      each.forEach(({ at, rows: count }, i) => {
        builder.emit('vx.normalise', { a: at, out: at, length, rows: count, fraction, epsilon }, i === 0 ? { wait } : {});
      });
      // Weights and biases of lanes: a depthwise convolution of one place.
      builder.configure('vx.range', rangeOf(affine, config));
      builder.configure('vx.dim', { index: 2, count: rows, a: pitch, b: 0, y: 0, x: 0 });
      builder.configure('vx.place', { index: 2, out: pitch });
      for (let lane = 0; lane < pitch; lane += cols) {
        builder.emit('vx.params', { local: (parametersAt as number) + lane * PARAMETER_BYTES }, pending);
        pending = {};
        const last = lane + cols >= pitch;
        builder.emit('vx.run', { operation: 2, a: from + lane, b: (weightsAt as number) + lane, out: to + lane }, last ? { signal } : {});
      }
    };
  });
}
