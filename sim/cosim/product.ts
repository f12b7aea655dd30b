// The last question: is what came out the matrix product?
//
// Invariant: which beats were taken is found from the trace and the gate of `out`, not from the prediction.

import { collectResult, flagBits, type MatrixUnit, matmul, stallGates, type Trace, xorshift32 } from '../golden/index.ts';
import type { Difference, Run } from './types.ts';

/** The out beats that were taken, one after the other. */
export function outBeats(trace: Trace, run: Run): Int32Array {
  const gate = stallGates(run.stimulus)[3];
  if (!gate) throw new Error('out has no gate');
  const { cols } = trace;
  const beats: number[] = [];
  let state = gate.state;
  trace.flags.forEach((flags, cycle) => {
    state = xorshift32(state);
    const taken = (flags & flagBits.outValid) !== 0 && state >>> 24 >= gate.threshold;
    if (taken) beats.push(cycle);
  });
  const data = new Int32Array(beats.length * cols);
  beats.forEach((cycle, beat) => {
    data.set(trace.outData.subarray(cycle * cols, (cycle + 1) * cols), beat * cols);
  });
  return data;
}

/** The first element of C that is not `A·B + D`, if there is one. */
export function checkProduct(unit: MatrixUnit, run: Run, index: number, trace: Trace): Difference | undefined {
  const { problem } = run;
  const want = matmul(problem, problem.a, problem.b, problem.d);
  const got = collectResult(unit, problem, outBeats(trace, run));
  const at = want.findIndex((value, i) => value !== got[i]);
  if (at < 0) return undefined;
  const signal = `C[${Math.floor(at / problem.n)}][${at % problem.n}]`;
  return { run: index, cycle: trace.flags.length - 1, signal, expected: String(want[at]), actual: String(got[at]) };
}
