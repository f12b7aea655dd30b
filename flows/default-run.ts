// The run that a design folder brings along: a seeded problem that crosses tile edges, with D, and pauses on all streams.
//
// Invariant: follows from the array alone. Sizes are chosen so that a tile is left partly empty wherever an array has more than one row or column, and
// so that the vectors of large arrays, whose beats are kilobytes wide, stay few.

import type { ArrayConfig } from '../generators/array-config.ts';
import {
  type AnyStreams,
  goldenPe,
  type MatrixUnit,
  type Operands,
  type Prediction,
  type Problem,
  packingOf,
  predict,
  randomProblem,
  randomUnitSteps,
  type StepProblem,
  type Stimulus,
  stepStreams,
  tileStreams,
  type VectorFiles,
  vectorFiles,
} from '../sim/golden/index.ts';

/** Up to this many rows and columns every loop of the tiling goes round twice. */
const SMALL = 32;
/** Up to this many, the products of two K tiles are still added up (ws). */
const MEDIUM = 256;

/** Shares of cycles in which a stream pauses. */
const STALL = { act: 0.15, weight: 0.2, psum: 0.15, out: 0.2 } as const;
const SEED = 1;

export interface DefaultRun {
  readonly problem: Problem | StepProblem;
  readonly stimulus: Stimulus;
  readonly streams: AnyStreams;
  readonly prediction: Prediction;
  readonly files: VectorFiles;
}

export function defaultRun(config: ArrayConfig): DefaultRun {
  const { rows, cols, dataflow, pe, tile, drain } = config;
  const unit = { rows, cols, dataflow, pe, tile, drain };
  const stimulus = { seed: SEED, stall: STALL };
  const { problem, streams } = defaultStreams(unit);
  const prediction = predict(unit, streams, stimulus);
  return { problem, stimulus, streams, prediction, files: vectorFiles(streams, stimulus, prediction) };
}

function defaultStreams(unit: MatrixUnit): Pick<DefaultRun, 'problem' | 'streams'> {
  const shape = defaultShape(unit);
  if (unit.pe || (unit.dataflow !== 'ws' && unit.dataflow !== 'os')) {
    const problem = randomUnitSteps(unit, shape, SEED, { withD: true });
    return { problem, streams: stepStreams(unit, problem) };
  }
  const problem = randomProblem(shape, SEED, { withD: true });
  return { problem, streams: tileStreams(unit, problem) };
}

/** M, K and N; at least 1 each. K counts steps of the element, of whole tiles where nothing can fill the rest; with operands the numbers that are in them. */
export function defaultShape(unit: MatrixUnit, operands?: Operands): { m: number; k: number; n: number } {
  const { m, k, n } = shapeInSteps(unit);
  return { m, k: unit.pe && operands ? k * packingOf(unit.pe, operands).lanes : k, n };
}

function shapeInSteps({ rows, cols, dataflow, pe }: MatrixUnit): { m: number; k: number; n: number } {
  const size = Math.max(rows, cols);
  const small = size <= SMALL;
  const streamed = small ? rows + 5 : 7;
  const n = (small ? cols : 0) + part(cols);
  const whole = pe !== undefined && goldenPe(pe).padding === undefined;
  const resident = (size <= MEDIUM ? rows : 0) + (whole ? rows : part(rows));
  if (dataflow === 'is') return { m: (small ? cols : 0) + part(cols), k: resident, n: streamed };
  if (dataflow === 'cube') return { m: rows + part(rows), k: whole ? 3 * rows : 2 * rows + 1, n };
  if (dataflow !== 'os') return { m: streamed, k: resident, n };
  return { m: (small ? rows : 0) + part(rows), k: streamed, n };
}

/** More than half of a tile, less than all of it if possible. */
function part(length: number): number {
  return Math.max(1, Math.min(length - 1, Math.floor(length / 2) + 1));
}
