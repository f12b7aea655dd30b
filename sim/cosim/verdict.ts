// From what an engine did to the first difference, if there is one.
//
// Invariant: the testbench's own verdict and the comparison of traces must agree; if they do not, one of the two is broken, which is an Error.

import { areCodes, compareTraces, parseTrace, type Trace, type TraceDifference } from '../golden/index.ts';
import type { AnyRun, Difference } from './types.ts';

/** Traces of the runs up to the first that differs. */
export interface Verdict {
  readonly traces: readonly Trace[];
  readonly difference?: Difference;
}

/** Compares complete traces. */
export function judgeTraces(runs: readonly AnyRun[], traces: readonly Trace[]): Verdict {
  for (const [index, run] of runs.entries()) {
    const trace = traces[index];
    if (!trace) throw new Error(`run ${index} left no trace`);
    const found = compareTraces(run.expected, trace);
    if (found) return { traces: traces.slice(0, index + 1), difference: inVerilogTerms(index, run, found) };
  }
  return { traces };
}

/**
 * Compares the traces that a testbench wrote.
 *
 * @param texts of the runs in order, up to the one in which the testbench stopped
 * @param said all that the testbench printed
 */
export function judgeTestbench(runs: readonly AnyRun[], texts: readonly string[], said: string): Verdict {
  const fail = failLine(said);
  const last = texts.length - 1;
  const traces: Trace[] = [];
  for (const [index, text] of texts.entries()) {
    const run = runs[index] as AnyRun;
    let trace: Trace;
    try {
      trace = parseTrace(text, run.expected.cols, areCodes(run.streams) ? run.streams.out.width : undefined);
    } catch (error) {
      // A trace cannot hold the x of a four-state simulator; the testbench names it.
      if (fail && index === last) return { traces, difference: { run: index, ...fail } };
      throw error;
    }
    traces.push(trace);
    const found = compareTraces(run.expected, trace);
    if (found) return { traces, difference: inVerilogTerms(index, run, found) };
  }
  if (fail) throw new Error(`the testbench reports a difference that its trace does not show: ${JSON.stringify(fail)}`);
  if (texts.length !== runs.length) throw new Error(`the testbench ended after ${texts.length} of ${runs.length} runs`);
  return { traces };
}

function failLine(said: string): Omit<Difference, 'run'> | undefined {
  const found = /^FAIL: cycle (\d+), (\S+): expected (\S+), actual (\S+)/m.exec(said);
  if (!found) return undefined;
  const [, cycle, signal = '', expected = '', actual = ''] = found;
  return { cycle: Number(cycle), signal, expected, actual };
}

function inVerilogTerms(index: number, { streams }: AnyRun, { cycle, signal, lane, expected, actual }: TraceDifference): Difference {
  const width = areCodes(streams) ? streams.out.width : 32;
  const name = signal.replace('.', '_');
  const range = lane === undefined ? '' : `[${width * lane + width - 1}:${width * lane}]`;
  return { run: index, cycle, signal: `${name}${range}`, expected: String(expected), actual: String(actual) };
}
