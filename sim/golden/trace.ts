/**
 * What an engine did at its pins, cycle by cycle, and the first cycle in which two engines differ.
 * Invariant: data is kept only for cycles with out.valid; it is 0 elsewhere, so that traces compare without exceptions.
 * Refused: lines that are not two fields of hexadecimal digits, which includes the x and z of four-state simulators.
 */
import type { Prediction } from './cycle-model.ts';
import { flagBits } from './cycle-rules.ts';
import { checkLength } from './shape.ts';
import { type AnyStreams, areCodes } from './streams.ts';

/** `flags` has one byte of `flagBits` a cycle, `outData` cols lanes a cycle: int32, or codes where the element is given. */
export interface Trace {
  readonly cols: number;
  readonly flags: Uint8Array;
  readonly outData: Int32Array | readonly bigint[];
}

/** The signals of the flags byte, bit 0 first. */
const flagNames = ['act.ready', 'weight.ready', 'psum.ready', 'out.valid', 'out.last'] as const;

/** A signal of a trace, or "cycles" for its length. */
export type TraceSignal = (typeof flagNames)[number] | 'out.data' | 'cycles';

/** Where two traces part. For "out.data" `lane` tells which lane; for "cycles" the values are the two lengths. */
export interface TraceDifference {
  readonly cycle: number;
  readonly signal: TraceSignal;
  readonly lane?: number;
  readonly expected: number | bigint;
  readonly actual: number | bigint;
}

/** The trace that a correct engine leaves: a beat's data stands in every cycle in which it waits on out. */
export function expectedTrace(streams: AnyStreams, prediction: Prediction): Trace {
  const cols = streams.out.lanes;
  const { cycles, flags, outCycle } = prediction;
  /** Calls `put` with each cycle that shows a beat. */
  const show = (put: (cycle: number, beat: number) => void): void => {
    let beat = 0;
    for (let cycle = 0; cycle < cycles; cycle++) {
      if (((flags[cycle] ?? 0) & flagBits.outValid) === 0) continue;
      put(cycle, beat);
      if (outCycle[beat] === cycle) beat++;
    }
  };
  if (areCodes(streams)) {
    const outData = noCodes(cycles * cols);
    show((cycle, beat) => {
      for (let lane = 0; lane < cols; lane++) outData[cycle * cols + lane] = streams.out.data[beat * cols + lane] as bigint;
    });
    return { cols, flags, outData };
  }
  const outData = new Int32Array(cycles * cols);
  show((cycle, beat) => outData.set(streams.out.data.subarray(beat * cols, (beat + 1) * cols), cycle * cols));
  return { cols, flags, outData };
}

/** So many zeros. */
export function noCodes(length: number): bigint[] {
  return new Array<bigint>(length).fill(0n);
}

/**
 * Reads a file of the format of `expectedText`, as an engine dumps it. Letters of either case and missing leading zeros
 * are accepted. The second field is ignored in cycles without out.valid, whatever it is.
 *
 * @param cols lanes of out
 * @param codeWidth bits of a lane that is a code; without it lanes are int32
 * @throws RangeError naming the line (from 1) that is malformed
 */
export function parseTrace(text: string, cols: number, codeWidth?: number): Trace {
  const lines = text.split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  const flags = new Uint8Array(lines.length);
  const sums = new Int32Array(codeWidth === undefined ? lines.length * cols : 0);
  const codes = noCodes(codeWidth === undefined ? 0 : lines.length * cols);
  // The testbench in C++ writes whole words.
  const mostDigits = 8 * Math.ceil(((codeWidth ?? 32) * cols) / 32);
  lines.forEach((line, cycle) => {
    const [, flagDigits = '', data = ''] = /^\s*([01]?[0-9a-f])\s+(\S+)\s*$/i.exec(line) ?? [];
    const byte = Number.parseInt(flagDigits, 16);
    const valid = (byte & flagBits.outValid) !== 0;
    if (flagDigits === '' || (valid && (!/^[0-9a-f]+$/i.test(data) || data.length > mostDigits))) {
      throw new RangeError(`line ${cycle + 1} is not "flags data" for ${cols} lanes: ${JSON.stringify(line)}`);
    }
    flags[cycle] = byte;
    if (!valid) return;
    if (codeWidth !== undefined) {
      const beat = BigInt(`0x${data}`);
      for (let lane = 0; lane < cols; lane++) codes[cycle * cols + lane] = BigInt.asUintN(codeWidth, beat >> BigInt(lane * codeWidth));
      return;
    }
    const digits = data.padStart(8 * cols, '0');
    for (let lane = 0; lane < cols; lane++) {
      const end = digits.length - 8 * lane;
      sums[cycle * cols + lane] = Number.parseInt(digits.slice(end - 8, end), 16);
    }
  });
  return { cols, flags, outData: codeWidth === undefined ? sums : codes };
}

/**
 * The first difference of two traces, or null: the earliest cycle, in it the lowest flag, then the lowest lane. Traces
 * that agree as far as the shorter one goes differ in "cycles", in the first cycle that one of them lacks.
 *
 * @throws RangeError when the traces have different numbers of lanes
 */
export function compareTraces(expected: Trace, actual: Trace): TraceDifference | null {
  checkLength('an out beat of the actual trace', expected.cols, actual.cols);
  const { cols } = expected;
  const cycles = Math.min(expected.flags.length, actual.flags.length);
  for (let cycle = 0; cycle < cycles; cycle++) {
    const want = expected.flags[cycle] ?? 0;
    const got = actual.flags[cycle] ?? 0;
    if (want !== got) {
      const bit = flagNames.findIndex((_, i) => ((want ^ got) >>> i) & 1);
      const signal = flagNames[bit];
      if (signal === undefined) throw new RangeError(`flags of cycle ${cycle} have bits without a name: ${want}, ${got}`);
      return { cycle, signal, expected: (want >>> bit) & 1, actual: (got >>> bit) & 1 };
    }
    for (let lane = 0; lane < cols; lane++) {
      const wantSum = expected.outData[cycle * cols + lane] ?? 0;
      const gotSum = actual.outData[cycle * cols + lane] ?? 0;
      if (wantSum !== gotSum) return { cycle, signal: 'out.data', lane, expected: wantSum, actual: gotSum };
    }
  }
  if (expected.flags.length === actual.flags.length) return null;
  return { cycle: cycles, signal: 'cycles', expected: expected.flags.length, actual: actual.flags.length };
}
