// Runs from a few numbers: the problem, its streams, and what the golden model says must happen.
//
// Refused: what the golden model refuses (RangeError), and runs whose vectors would not fit into memory.

import { UserError } from '../../flows/user-error.ts';
import {
  type AnyStreams,
  cyclesWithoutStalls,
  expectedTrace,
  goldenPe,
  type MatrixUnit,
  type Operands,
  type Problem,
  packingOf,
  predict,
  randomProblem,
  randomUnitSteps,
  randomWhole,
  recordOf,
  type StepProblem,
  type Stimulus,
  stepStreams,
  tileStreams,
  wholeSteps,
} from '../golden/index.ts';
import type { AnyRun, Run, RunRequest, StepRun } from './types.ts';

/** Characters of a vector file: the longest string of the engine is about 2^29. */
const MAX_CHARACTERS = 2 ** 28;

/** @throws UserError `run-too-long`, RangeError */
export function makeRun(
  unit: Omit<MatrixUnit, 'pe' | 'dataflow'> & { readonly pe?: undefined; readonly dataflow: 'ws' | 'os' },
  request: RunRequest,
): Run;
export function makeRun(unit: MatrixUnit, request: RunRequest): AnyRun;
export function makeRun(unit: MatrixUnit, request: RunRequest): AnyRun {
  const plain = !unit.pe && !request.operands && (unit.dataflow === 'ws' || unit.dataflow === 'os');
  return plain ? makeInt8Run(unit, request) : makeStepRun(unit, request);
}

/** A run in steps of the unit's element; K counts them. @throws UserError `run-too-long`, RangeError */
export function makeStepRun(unit: MatrixUnit, request: RunRequest): StepRun {
  const { stimulus, withD, kind = 'uniform', operands } = request;
  if (operands) return makeWholeRun(unit, operands, request);
  const shape = checkedShape(unit, request);
  return stepRunOf(unit, randomUnitSteps(unit, shape, stimulus.seed, { withD, kind }), stimulus);
}

function makeWholeRun(unit: MatrixUnit, operands: Operands, request: RunRequest): StepRun {
  const { m, k, n, stimulus, withD, kind = 'uniform' } = request;
  const { pe } = unit;
  if (!pe) throw new RangeError('an int8 unit has no modes');
  const { lanes, passes } = packingOf(pe, operands);
  // Steps when each pass fills tiles of its own.
  checkedShape(unit, { ...request, k: passes * unit.rows * Math.ceil(k / lanes / unit.rows) });
  const whole = randomWhole({ m, k, n }, operands, stimulus.seed, kind);
  const problem = wholeSteps(pe, whole);
  const { d, flows } = randomUnitSteps(unit, { m, k: 1, n }, stimulus.seed, { withD, kind });
  return { ...stepRunOf(unit, { ...problem, ...(d && { d }), ...(flows && { flows }) }, stimulus), whole };
}

function makeInt8Run(unit: MatrixUnit, request: RunRequest): Run {
  const { stimulus, withD, kind = 'uniform' } = request;
  return runOf(unit, randomProblem(checkedShape(unit, request), stimulus.seed, { withD, kind }), stimulus);
}

/** Characters of the longest line of any vector file, of which there is at most one a cycle: hexadecimal digits, and two flags with blanks or a byte of them. */
function lineLength(unit: MatrixUnit): number {
  const { rows, cols } = unit;
  const { activationWidth, weightWidth, sumWidth, modeWidth } = goldenPe(recordOf(unit));
  return Math.ceil(Math.max(rows * activationWidth + modeWidth, cols * weightWidth, cols * sumWidth) / 4) + 5;
}

/** M, K and N of a run that is not too long. */
function checkedShape(unit: MatrixUnit, request: RunRequest): { m: number; k: number; n: number } {
  const { stimulus, withD } = request;
  const shape = { m: request.m, k: request.k, n: request.n };
  const slowest = Math.min(...Object.values(stimulus.stall).map((stall) => 1 - stall));
  const cycles = cyclesWithoutStalls(unit, { ...shape, withD }) / Math.max(slowest, 0.05);
  if (cycles * lineLength(unit) > MAX_CHARACTERS || Math.max(shape.m * shape.k, shape.k * shape.n) > MAX_CHARACTERS) {
    throw new UserError({
      code: 'run-too-long',
      message: `a run of about ${Math.round(cycles)} cycles on ${unit.cols} columns is too long to compare every cycle`,
      help: 'choose smaller m, k and n, or less stall',
    });
  }
  return shape;
}

/** The run of a given problem. @throws RangeError */
export function runOf(unit: MatrixUnit, problem: Problem, stimulus: Stimulus): Run {
  return timed(unit, problem, stimulus, tileStreams);
}

/** The run of a given problem in steps. @throws RangeError */
function stepRunOf(unit: MatrixUnit, problem: StepProblem, stimulus: Stimulus): StepRun {
  return timed(unit, problem, stimulus, stepStreams);
}

function timed<P, S extends AnyStreams>(unit: MatrixUnit, problem: P, stimulus: Stimulus, streamsOf: (unit: MatrixUnit, problem: P) => S) {
  const begin = performance.now();
  const streams = streamsOf(unit, problem);
  const prediction = predict(unit, streams, stimulus);
  const seconds = (performance.now() - begin) / 1000;
  return { problem, stimulus, streams, prediction, expected: expectedTrace(streams, prediction), seconds };
}

/** The same stall on every stream. */
export function evenStall(stall: number): RunRequest['stimulus']['stall'] {
  return { act: stall, weight: stall, psum: stall, out: stall };
}
