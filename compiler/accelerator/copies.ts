// Layers that move bytes: LD gathers a piece, ST writes it where it belongs.
//
// Invariant: a piece is contiguous in the scratchpad, in the order of its walk; each byte of the result is written once. Where codes change on the way VX looks them up, as a table holds any
// function of a byte.

import type { AcceleratorConfig } from '../../isa/config.ts';
import { type MoveDimension, type Placement, ProgramBuilder, place, type Tokens } from './builder.ts';
import type { Concatenate, Lookup, Reshape, Resize, Transpose } from './layers.ts';
import { finish, type Lowered } from './lowered.ts';
import { pieceBytes, streamPieces } from './stream.ts';
import { transposeByArray } from './transpose.ts';

/** A dimension of a walk, with strides in the operand and in the result. */
interface CopyDimension {
  readonly count: number;
  readonly from: number;
  readonly to: number;
}
/** A walk over bytes of an operand, each to a place of the result. */
interface Copy {
  readonly input: number;
  /** Outermost first. */
  readonly dimensions: readonly CopyDimension[];
  /** Of the first byte in the result. */
  readonly to: number;
  /** What becomes of codes −128 … 127. */
  readonly table?: Int8Array | undefined;
}
interface Piece {
  readonly copy: number;
  readonly from: number;
  readonly to: number;
  readonly bytes: number;
  readonly dimensions: readonly CopyDimension[];
}

const TABLE_BYTES = 256;
/** Dimensions of a move, beside its run. */
const MOVE_DIMENSIONS = 4;
const COPY = 0;

/**
 * @param sizes bytes of the operands
 * @param total bytes of the result
 */
function lowerCopies(
  config: AcceleratorConfig,
  placement: Placement | undefined,
  sizes: readonly number[],
  total: number,
  copies: readonly Copy[],
): Lowered {
  const { cols } = config;
  const builder = new ProgramBuilder(config, placement);
  const tables = copies.map(({ table }) => table);
  const looksUp = tables.some((table) => table);
  const memory = {
    inputs: sizes.map((bytes) => builder.input(bytes)),
    tables: looksUp ? builder.constant(packTables(tables)) : 0,
    output: builder.reserve(total),
  };
  const size = pieceBytes(total, config);
  const tableBytes = looksUp ? copies.length * TABLE_BYTES : 0;
  const places = place(config, [[2 * size], looksUp ? [2 * size, tableBytes] : []]);
  if (!places)
    throw new RangeError(`a scratchpad of ${config.scratchpad} bytes does not hold ${copies.length} tables beside the bytes; give it more`);
  const [inputs, results, tablesAt] = places as [number, number, number];
  const pieces = copies.flatMap((copy, i) => cut(copy, i, size));
  const ready = builder.channel('ld', 1, false);
  let looked: number | undefined;

  const store = (local: number, piece: Piece, tokens: Tokens): void =>
    builder.store({ memory: memory.output + piece.to, local, dimensions: movesOf(piece, 'to'), run: 1 }, tokens);
  streamPieces(
    builder,
    pieces,
    {
      load(piece, slot, tokens) {
        const from = (memory.inputs[(copies[piece.copy] as Copy).input] as number) + piece.from;
        builder.load({ memory: from, local: inputs + slot * size, dimensions: movesOf(piece, 'from'), run: 1 }, tokens);
      },
      ...(looksUp && {
        compute({ copy, bytes }, from, to, { wait, signal }) {
          if (copy !== looked) builder.emit('vx.table', { local: tablesAt + copy * TABLE_BYTES }, looked === undefined ? { wait: ready.taken } : {});
          looked = copy;
          builder.configure('vx.dim', { index: 2, count: Math.ceil(bytes / cols), a: cols, b: 0, y: 0, x: 0 });
          builder.configure('vx.place', { index: 2, out: cols });
          builder.emit('vx.run', { operation: COPY, a: inputs + from * size, out: results + to * size, table: 1 }, { wait, signal });
        },
      }),
      store: (piece, slot, tokens) => store((looksUp ? results : inputs) + slot * size, piece, tokens),
    },
    {
      prepare() {
        if (looksUp) builder.loadBytes(memory.tables, tablesAt, tableBytes, { signal: ready.fill().signal });
      },
    },
  );
  return finish(
    builder,
    memory.inputs.map((address, i) => ({ address, bytes: sizes[i] as number })),
    { address: memory.output, bytes: total },
  );
}

/** A table for each copy; codes of those without one stay as they are. */
function packTables(tables: readonly (Int8Array | undefined)[]): Uint8Array {
  const bytes = new Int8Array(tables.length * TABLE_BYTES);
  tables.forEach((table, i) => {
    bytes.set(table ?? Int8Array.from({ length: TABLE_BYTES }, (_, code) => code - 128), i * TABLE_BYTES);
  });
  return new Uint8Array(bytes.buffer);
}

/** Dimensions of the same bytes, as few as can be. */
function merged(dimensions: readonly CopyDimension[]): CopyDimension[] {
  const all: CopyDimension[] = [];
  for (const inner of dimensions) {
    const outer = all.at(-1);
    if (inner.count === 1) continue;
    if (outer?.from === inner.from * inner.count && outer.to === inner.to * inner.count)
      all[all.length - 1] = { ...inner, count: outer.count * inner.count };
    else all.push(inner);
  }
  return all;
}

/** Pieces that have a slot's bytes at most and that a move can walk. */
function cut(copy: Copy, index: number, most: number): Piece[] {
  const dimensions = merged(copy.dimensions);
  const inner = dimensions.at(-1);
  const deepest = MOVE_DIMENSIONS + (inner?.from === 1 && inner.to === 1 ? 1 : 0);
  const visit = (rest: readonly CopyDimension[], from: number, to: number): Piece[] => {
    const [outer, ...within] = rest;
    if (!outer) return [{ copy: index, from, to, bytes: 1, dimensions: [] }];
    const each = within.reduce((bytes, { count }) => bytes * count, 1);
    const step = each > most || rest.length > deepest ? 0 : Math.min(outer.count, Math.floor(most / each));
    const pieces: Piece[] = [];
    for (let i = 0; i < outer.count; i += Math.max(step, 1)) {
      const at = [from + i * outer.from, to + i * outer.to] as const;
      if (step === 0) {
        for (const piece of visit(within, ...at)) pieces.push(piece);
        continue;
      }
      const count = Math.min(step, outer.count - i);
      pieces.push({ copy: index, from: at[0], to: at[1], bytes: count * each, dimensions: [{ ...outer, count }, ...within] });
    }
    return pieces;
  };
  return visit(dimensions, 0, copy.to);
}

/** A piece as a load or a store: innermost first, contiguous in the scratchpad. */
function movesOf({ dimensions }: Piece, side: 'from' | 'to'): MoveDimension[] {
  let local = 1;
  return [...dimensions].reverse().map((dimension) => {
    const move = { count: dimension.count, stride: dimension[side], local };
    local *= dimension.count;
    return move;
  });
}

const product = (sizes: readonly number[]): number => sizes.reduce((a, b) => a * b, 1);

function checkShape(kind: string, shape: readonly number[]): void {
  const wrong = shape.find((size) => !Number.isInteger(size) || size < 1);
  if (shape.length === 0 || wrong !== undefined)
    throw new RangeError(`shape of ${kind} is [${shape.join(', ')}], but must have one dimension at least and no size below 1`);
}

/** As they are, through one table. */
function lowerInPlace(elements: number, table: Int8Array | undefined, config: AcceleratorConfig, placement?: Placement): Lowered {
  return lowerCopies(config, placement, [elements], elements, [{ input: 0, dimensions: [{ count: elements, from: 1, to: 1 }], to: 0, table }]);
}
export function lowerReshape({ elements }: Reshape, config: AcceleratorConfig, placement?: Placement): Lowered {
  checkShape('reshape', [elements]);
  return lowerInPlace(elements, undefined, config, placement);
}
export function lowerLookup({ elements, table }: Lookup, config: AcceleratorConfig, placement?: Placement): Lowered {
  checkShape('lookup', [elements]);
  checkTable(table);
  return lowerInPlace(elements, table, config, placement);
}

function checkTable(table: Int8Array | undefined): void {
  if (table && table.length !== TABLE_BYTES) throw new RangeError(`a table has ${table.length} codes, but must have ${TABLE_BYTES}, of −128 to 127`);
}

export function lowerConcatenate({ operands, axis }: Concatenate, config: AcceleratorConfig, placement?: Placement): Lowered {
  const [first] = operands;
  if (!first) throw new RangeError('concatenate has no operands, but must have one at least');
  const others = (shape: readonly number[]): string => shape.map((size, i) => (i === axis ? '·' : size)).join(', ');
  for (const { shape, table } of operands) {
    checkShape('concatenate', shape);
    checkTable(table);
    if (!(axis in shape) || others(shape) !== others(first.shape))
      throw new RangeError(
        `operands of concatenate are [${first.shape.join(', ')}] and [${shape.join(', ')}], but must differ along axis ${axis} only`,
      );
  }
  const outer = product(first.shape.slice(0, axis));
  const widths = operands.map(({ shape }) => product(shape.slice(axis)));
  const whole = widths.reduce((a, b) => a + b, 0);
  let to = 0;
  const copies = operands.map(({ table }, input): Copy => {
    const width = widths[input] as number;
    const dimensions = [
      { count: outer, from: width, to: whole },
      { count: width, from: 1, to: 1 },
    ];
    to += width;
    return { input, dimensions, to: to - width, table };
  });
  return lowerCopies(
    config,
    placement,
    widths.map((width) => outer * width),
    outer * whole,
    copies,
  );
}

export function lowerResize({ input: { shape }, factors }: Resize, config: AcceleratorConfig, placement?: Placement): Lowered {
  checkShape('resize', [...shape, ...factors]);
  const [images, height, width, channels] = shape;
  const [down, across] = factors;
  const from = [height * width * channels, width * channels, 0, channels, 0, 1];
  const counts = [images, height, down, width, across, channels];
  return lowerWalk(walkOf(counts, from), product(shape), config, placement);
}

export function lowerTranspose({ shape, permutation }: Transpose, config: AcceleratorConfig, placement?: Placement): Lowered {
  checkShape('transpose', shape);
  if ([...permutation].sort((a, b) => a - b).join() !== shape.map((_, i) => i).join())
    throw new RangeError(`permutation of transpose is [${permutation.join(', ')}], but must name each of ${shape.length} dimensions once, from 0`);
  const strides = shape.map((_, i) => product(shape.slice(i + 1)));
  const of = (list: readonly number[]): number[] => permutation.map((i) => list[i] as number);
  const dimensions = walkOf(of(shape), of(strides));
  return transposed(merged(dimensions), config, placement) ?? lowerWalk(dimensions, product(shape), config, placement);
}

/** By the array, where all that changes place are the rows and columns of matrices. */
function transposed(dimensions: readonly CopyDimension[], config: AcceleratorConfig, placement?: Placement): Lowered | undefined {
  const [column, row] = dimensions.slice(-2);
  const [image, ...more] = dimensions.slice(0, -2);
  if (!column || !row || more.length > 0 || column.from !== 1 || row.from !== column.count) return undefined;
  const { count: images, from } = image ?? { count: 1, from: row.count * column.count };
  if (from !== row.count * column.count) return undefined;
  return transposeByArray({ images, height: row.count, width: column.count }, config, placement);
}

/** A walk in the order of its result. */
function walkOf(counts: readonly number[], from: readonly number[]): CopyDimension[] {
  return counts.map((count, i) => ({ count, from: from[i] as number, to: product(counts.slice(i + 1)) }));
}

/** The result of a walk over one operand of `bytes`. */
function lowerWalk(dimensions: readonly CopyDimension[], bytes: number, config: AcceleratorConfig, placement?: Placement): Lowered {
  return lowerCopies(config, placement, [bytes], product(dimensions.map(({ count }) => count)), [{ input: 0, dimensions, to: 0 }]);
}
