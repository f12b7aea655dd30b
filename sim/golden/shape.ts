/**
 * Shapes of problems and units, and the checks every golden function starts with.
 * Invariant: after a check, all indices derived from the shape lie inside the arrays.
 * Refused: dimensions that are not integers >= 1, and operands of a wrong length.
 */
import type { PeRecord } from './pe/config.ts';

/** A product of an m×k by a k×n matrix. */
export interface Shape {
  readonly m: number;
  readonly k: number;
  readonly n: number;
}

/** `C = A·B + D`, all matrices row-major: a is m×k int8, b is k×n int8, d (optional) is m×n int32. */
export interface Problem extends Shape {
  readonly a: Int8Array;
  readonly b: Int8Array;
  readonly d?: Int32Array | undefined;
}

/** Weight-, output-, input-stationary, weight- or output-stationary by tile; the dot-product unit (weights stay), the 4×4×4 cube (sums stay). */
export const DATAFLOWS = ['ws', 'os', 'is', 'ws+os', 'dot', 'cube'] as const;
/** One of them. */
export type Dataflow = (typeof DATAFLOWS)[number];

/** The parameters of a matrix unit; design note 0003 calls rows R and cols C. */
export interface MatrixUnit {
  readonly rows: number;
  readonly cols: number;
  readonly dataflow: Dataflow;
  /** What stands at each place; int8 · int8 + int32 when absent. */
  readonly pe?: PeRecord | undefined;
  /** Elements that share a slot, in ws, os and is; 1 × 1 when absent. */
  readonly tile?: { readonly rows: number; readonly cols: number } | undefined;
  /** In os: sums drain through the accumulators, so that a tile begins when the one before has left. */
  readonly drain?: 'through' | undefined;
}

/** Rows and columns of tiles. */
export function tilesIn({ rows, cols, tile = { rows: 1, cols: 1 } }: Pick<MatrixUnit, 'rows' | 'cols' | 'tile'>): {
  readonly rows: number;
  readonly cols: number;
} {
  return { rows: rows / tile.rows, cols: cols / tile.cols };
}

function checkSize(name: string, value: number): void {
  if (!Number.isSafeInteger(value) || value < 1) {
    throw new RangeError(`${name} must be an integer of at least 1, got ${value}`);
  }
}

/** Throws a RangeError unless m, k and n are integers >= 1. */
export function checkShape(shape: Shape): void {
  checkSize('m', shape.m);
  checkSize('k', shape.k);
  checkSize('n', shape.n);
}

/** Throws a RangeError unless rows and cols are integers >= 1, the dataflow is known and tiles fill the array. */
export function checkUnit(unit: MatrixUnit): void {
  checkSize('rows', unit.rows);
  checkSize('cols', unit.cols);
  if (!DATAFLOWS.includes(unit.dataflow)) throw new RangeError(`dataflow must be one of ${DATAFLOWS.join(', ')}, got ${String(unit.dataflow)}`);
  if (unit.dataflow === 'cube' && (unit.rows !== 4 || unit.cols !== 4))
    throw new RangeError(`a cube has 4 rows and 4 columns, got ${unit.rows} and ${unit.cols}`);
  checkTile(unit);
  if (unit.drain && (unit.dataflow !== 'os' || (unit.tile && unit.tile.rows * unit.tile.cols > 1)))
    throw new RangeError('a drain through the accumulators is for os without tiles');
}

function checkTile({ rows, cols, dataflow, tile }: MatrixUnit): void {
  if (!tile || tile.rows * tile.cols === 1) return;
  checkSize('tile.rows', tile.rows);
  checkSize('tile.cols', tile.cols);
  if (rows % tile.rows !== 0 || cols % tile.cols !== 0)
    throw new RangeError(`tiles of ${tile.rows} by ${tile.cols} do not fill an array of ${rows} by ${cols}`);
  if (dataflow !== 'ws' && dataflow !== 'os' && dataflow !== 'is') throw new RangeError(`tiles are for ws, os and is, not for ${dataflow}`);
}

/** Throws a RangeError naming the operand and both lengths unless `actual === expected`. */
export function checkLength(operand: string, expected: number, actual: number): void {
  if (actual !== expected) {
    throw new RangeError(`${operand} must have ${expected} elements, got ${actual}`);
  }
}
