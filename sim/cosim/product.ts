// The last question: is what came out the matrix product?
//
// Invariant: which beats were taken is found from the trace and the gate of `out`, not from the prediction.

import {
  areCodes,
  collectResult,
  collectSteps,
  flagBits,
  type MatrixUnit,
  matmul,
  stallGates,
  stepProduct,
  type Trace,
  wholeProduct,
  xorshift32,
} from '../golden/index.ts';
import type { AnyRun, Difference, Run, StepRun } from './types.ts';

/** The cycles in which an out beat was taken. */
function takenIn(trace: Trace, run: AnyRun): number[] {
  const gate = stallGates(run.stimulus)[3];
  if (!gate) throw new Error('out has no gate');
  const beats: number[] = [];
  let state = gate.state;
  trace.flags.forEach((flags, cycle) => {
    state = xorshift32(state);
    const taken = (flags & flagBits.outValid) !== 0 && state >>> 24 >= gate.threshold;
    if (taken) beats.push(cycle);
  });
  return beats;
}

/** The out beats that were taken, one after the other. */
export function outBeats(trace: Trace, run: Run): Int32Array {
  const { cols } = trace;
  const beats = takenIn(trace, run);
  const data = new Int32Array(beats.length * cols);
  beats.forEach((cycle, beat) => {
    data.set((trace.outData as Int32Array).subarray(cycle * cols, (cycle + 1) * cols), beat * cols);
  });
  return data;
}

function outCodes(trace: Trace, run: StepRun): bigint[] {
  const { cols } = trace;
  return takenIn(trace, run).flatMap((cycle) => (trace.outData as readonly bigint[]).slice(cycle * cols, (cycle + 1) * cols));
}

/** The first element of C that is not `A·B + D`, if there is one. */
export function checkProduct(unit: MatrixUnit, run: AnyRun, index: number, trace: Trace): Difference | undefined {
  const { problem } = run;
  const [want, got] = products(unit, run, trace);
  const at = want.findIndex((value, i) => value !== got[i]);
  if (at < 0) return undefined;
  const signal = `C[${Math.floor(at / problem.n)}][${at % problem.n}]`;
  return { run: index, cycle: trace.flags.length - 1, signal, expected: String(want[at]), actual: String(got[at]) };
}

/** C as it must be, and as it came out. */
function products(unit: MatrixUnit, run: AnyRun, trace: Trace): [readonly (number | bigint)[], readonly (number | bigint)[]] {
  if (isStepRun(run)) {
    const { problem, whole, streams } = run;
    return [
      whole ? wholeProduct(whole, problem.d, streams.out.width) : stepProduct(unit, problem),
      collectSteps(unit, problem, outCodes(trace, run)),
    ];
  }
  const { problem } = run;
  return [[...matmul(problem, problem.a, problem.b, problem.d)], [...collectResult(unit, problem, outBeats(trace, run))]];
}

function isStepRun(run: AnyRun): run is StepRun {
  return areCodes(run.streams);
}
