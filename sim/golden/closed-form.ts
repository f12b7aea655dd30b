/**
 * The length of a run without stalls, by arithmetic.
 * Invariant: equal to the number of cycles `predict` gives with all stalls 0.
 * Refused: units that cannot be and problems of impossible shape.
 */
import { flowOf, type StepProblem } from './pe/steps.ts';
import { CUBE } from './pe/sums.ts';
import { rowLatency, timingOf } from './pe/timing.ts';
import { checkShape, checkUnit, type MatrixUnit, type Shape } from './shape.ts';

/** A problem of which only the shape matters, and of a unit of both dataflows the tiles. */
export interface ShapeWithD extends Shape, Pick<StepProblem, 'flows'> {
  readonly withD: boolean;
}

/**
 * The cycles from the first one after reset until and including the one in which the last out beat moves.
 *
 * - ws: L = (R − 1)·S + 1 cycles load the first weights (R where sums take one slot). A tile starts max(M, L) cycles after the one before it: it needs the
 *   slots of that tile's M act beats, and R weight beats of which the first moves in that tile's first slot. The M-th act beat of
 *   the last tile is on out R·S + C + P cycles after it moved: `L + (tiles−1)·max(M,L) + M + R·S + C + P`. is: M and N exchanged. dot: with its own latency.
 * - os: the first tile ends with its K-th beat; tiles end max(K, R) cycles apart (K beats, R rows to drain). Row R−1 of
 *   the last tile is on out R + C + P + 1 + (R−1) cycles after its end: `K + (tiles−1)·max(K,R) + 2R + C + P`; through the accumulators tiles end K + R cycles apart, the first a cycle later. cube: ⌈K/4⌉ beats a tile and one row.
 * - ws+os: tile by tile, see `mixedEnd`.
 *
 * Derived from the equations of design notes 0003, 0018 and 0022. K counts steps, all of one mode. D changes nothing: it is always there in time when no source stalls.
 *
 * @throws RangeError on an impossible unit or shape
 */
export function cyclesWithoutStalls(unit: MatrixUnit, shape: ShapeWithD): number {
  checkUnit(unit);
  checkShape(shape);
  const { rows, cols, dataflow } = unit;
  const { m, k, n } = shape;
  const [mTiles, nTiles] = [Math.ceil(m / rows), Math.ceil(n / cols)];
  const latency = rowLatency(unit);
  switch (dataflow) {
    case 'os':
      return (unit.drain ? k + 1 : k) + (mTiles * nTiles - 1) * (unit.drain ? k + rows : Math.max(k, rows)) + rows + latency;
    case 'cube':
      return mTiles * nTiles * Math.ceil(k / CUBE) + latency + 1;
    case 'ws+os':
      return mixedEnd(unit, shape) + latency + 2;
    default: {
      const [tiles, beats] = dataflow === 'is' ? [Math.ceil(m / cols), n] : [nTiles, m];
      const load = dataflow === 'dot' ? rows : (rows - 1) * timingOf(unit).sumStages + 1;
      const starts = (tiles * Math.ceil(k / rows) - 1) * Math.max(beats, load);
      return load + starts + beats + latency + (dataflow === 'dot' ? 1 : 0);
    }
  }
}

/**
 * The slot in which the last row of a run of both dataflows enters the row pipeline, from the slots in which tiles begin and end. Weights load from the first slot of
 * the ws tile before on, or from two slots behind the end of the os tile before; a ws tile begins when they are there and the os tile before has drained; an os
 * tile begins at once and ends when the one before has drained.
 */
function mixedEnd(unit: MatrixUnit, shape: ShapeWithD): number {
  const { rows, cols } = unit;
  const { m, k, n } = shape;
  let [end, loaded, drained] = [-1, rows, 0];
  for (let nTile = 0; nTile < Math.ceil(n / cols); nTile++) {
    const os = flowOf(unit, shape, nTile) === 'os';
    for (let tile = 0; tile < Math.ceil((os ? m : k) / rows); tile++) {
      if (os) {
        end = Math.max(end + k, drained);
        drained = end + rows;
        loaded = end + 2 + rows;
      } else {
        const begin = Math.max(end + 1, loaded, drained);
        loaded = begin + rows;
        end = begin + m - 1;
      }
    }
  }
  return Math.max(end, drained - 1);
}

/**
 * The share of multiplier-cycles that does work of the problem: `m·k·n / (rows·cols·cycles)`, in 0..1.
 *
 * @param cycles the length of a run, predicted or measured; without it, the length without stalls
 */
export function utilisation(unit: MatrixUnit, shape: ShapeWithD, cycles = cyclesWithoutStalls(unit, shape)): number {
  const multipliers = unit.rows * unit.cols * (unit.dataflow === 'cube' ? CUBE : 1);
  return (shape.m * shape.k * shape.n) / (multipliers * cycles);
}
