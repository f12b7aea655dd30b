/**
 * The length of a run without stalls, by arithmetic.
 * Invariant: equal to the number of cycles `predict` gives with all stalls 0.
 * Refused: units that cannot be and problems of impossible shape.
 */
import { timingOf } from './pe/timing.ts';
import { checkShape, checkUnit, type MatrixUnit, type Shape } from './shape.ts';

/** A problem of which only the shape matters. */
export interface ShapeWithD extends Shape {
  readonly withD: boolean;
}

/**
 * The cycles from the first one after reset until and including the one in which the last out beat moves.
 *
 * - ws: L = (R − 1)·S + 1 cycles load the first weights (R where sums take one slot). A tile starts max(M, L) cycles after the one before it: it needs the
 *   slots of that tile's M act beats, and R weight beats of which the first moves in that tile's first slot. The M-th act beat of
 *   the last tile is on out R·S + C + P cycles after it moved: `L + (tiles−1)·max(M,L) + M + R·S + C + P`.
 * - os: the first tile ends with its K-th beat; tiles end max(K, R) cycles apart (K beats, R rows to drain). Row R−1 of
 *   the last tile is on out R + C + P + 1 + (R−1) cycles after its end: `K + (tiles−1)·max(K,R) + 2R + C + P`.
 *
 * Derived from the equations of design notes 0003 and 0018. K counts steps, all of one mode. D changes nothing: it is always there in time when no source stalls.
 *
 * @throws RangeError on an impossible unit or shape
 */
export function cyclesWithoutStalls(unit: MatrixUnit, shape: ShapeWithD): number {
  checkUnit(unit);
  checkShape(shape);
  const { rows, cols, dataflow } = unit;
  const { m, k, n } = shape;
  const nTiles = Math.ceil(n / cols);
  const tiles = nTiles * Math.ceil((dataflow === 'ws' ? k : m) / rows);
  const beats = dataflow === 'ws' ? m : k;
  const { productStages, sumStages } = timingOf(unit);
  const load = dataflow === 'ws' ? (rows - 1) * sumStages + 1 : rows;
  return beats + (tiles - 1) * Math.max(beats, load) + load + rows * sumStages + cols + productStages;
}

/**
 * The share of multiplier-cycles that does work of the problem: `m·k·n / (rows·cols·cycles)`, in 0..1.
 *
 * @param cycles the length of a run, predicted or measured; without it, the length without stalls
 */
export function utilisation(unit: MatrixUnit, shape: ShapeWithD, cycles = cyclesWithoutStalls(unit, shape)): number {
  return (shape.m * shape.k * shape.n) / (unit.rows * unit.cols * cycles);
}
