import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  compareTraces,
  expectedText,
  expectedTrace,
  type MatrixUnit,
  parseTrace,
  predict,
  randomProblem,
  tileStreams,
  vectorFiles,
} from '../../sim/golden/index.ts';
import { anyProblem, anyStimulus, anyUnit, noStall } from './arbitraries.ts';
import { runRegisters } from './register-model.ts';

const unit: MatrixUnit = { rows: 2, cols: 1, dataflow: 'ws' };
const problem = { m: 1, k: 2, n: 1, a: Int8Array.of(-1, 2), b: Int8Array.of(5, -128), d: Int32Array.of(-1) };
const streams = tileStreams(unit, problem);
const files = vectorFiles(streams, noStall, predict(unit, streams, noStall));

describe('vectorFiles', () => {
  it('packs lane 0 into the least significant digits', () => {
    expect(files['act.txt']).toBe('02ff 1 1\n');
    expect(files['weight.txt']).toBe('05\n80\n');
    expect(files['psum.txt']).toBe('ffffffff\n');
  });

  it('has a line of two fields for each cycle', () => {
    // Two cycles load weights, act and psum move in the third, the row (-5 - 256 - 1) is last and out three later.
    expect(files['expected.txt']).toBe('02 0\n02 0\n07 0\n02 0\n02 0\n1a fffffefa\n');
  });

  it('describes the run in one line of unsigned integers', () => {
    const stimulus = { seed: -1, stall: { act: 0.5, weight: 0.25, psum: 0, out: 0.95 } };
    const prediction = predict(unit, streams, stimulus);
    const line = vectorFiles(streams, stimulus, prediction)['run.txt'];
    const seeds = [1, 2, 3, 4].map((i) => BigInt.asUintN(32, -0x9e3779b9n + BigInt(i) * 0x85ebca6bn));
    expect(line).toBe(`${seeds.join(' ')} 128 64 0 243 1 2 1 1 ${prediction.cycles}\n`);
  });

  it('is empty for an empty stream', () => {
    const plain = tileStreams(unit, { ...problem, d: undefined });
    expect(vectorFiles(plain, noStall, predict(unit, plain, noStall))['psum.txt']).toBe('');
  });
});

describe('expectedTrace', () => {
  it('shows what the register model shows in every cycle', () => {
    fc.assert(
      fc.property(anyUnit, anyProblem, anyStimulus, (anyOne, someProblem, stimulus) => {
        const some = tileStreams(anyOne, someProblem);
        const trace = expectedTrace(some, predict(anyOne, some, stimulus));
        expect([...trace.outData]).toEqual(runRegisters(anyOne, some, stimulus).pinData);
      }),
    );
  });
});

describe('parseTrace', () => {
  it('reads back what expectedText wrote', () => {
    fc.assert(
      fc.property(anyUnit, anyProblem, anyStimulus, (anyOne, someProblem, stimulus) => {
        const some = tileStreams(anyOne, someProblem);
        const prediction = predict(anyOne, some, stimulus);
        const trace = parseTrace(expectedText(some, prediction), anyOne.cols);
        expect(trace).toEqual(expectedTrace(some, prediction));
        expect(compareTraces(expectedTrace(some, prediction), trace)).toBeNull();
      }),
    );
  });

  it('accepts short and upper-case digits, and anything as data without out.valid', () => {
    expect(parseTrace('08 FFFFFFFE00000001\r\n2 xxxx\n03 ff\n8 80000000\n', 2)).toEqual({
      cols: 2,
      flags: Uint8Array.of(8, 2, 3, 8),
      outData: Int32Array.of(1, -2, 0, 0, 0, 0, -0x80000000, 0),
    });
  });

  it('names a malformed line', () => {
    for (const bad of ['08 0000000x', '08', '0x 0', '20 0', '08 123456789', '', '08 0 0']) {
      expect(() => parseTrace(`02 0\n${bad}\n00 0\n`, 1), bad).toThrow(/^line 2 is not/);
    }
  });
});

describe('compareTraces', () => {
  const big: MatrixUnit = { rows: 2, cols: 3, dataflow: 'os' };
  const beats = tileStreams(big, randomProblem({ m: 4, k: 3, n: 3 }, 2, { withD: true }));
  const expected = expectedTrace(beats, predict(big, beats, noStall));
  const first = expected.flags.findIndex((byte) => (byte & 8) !== 0);

  it('names the lane of the first wrong sum', () => {
    const outData = Int32Array.from(expected.outData as Int32Array);
    const at = first * 3 + 1;
    outData[at] = (outData[at] ?? 0) ^ 1;
    outData[at + 1] = (outData[at + 1] ?? 0) ^ 1;
    expect(compareTraces(expected, { ...expected, outData })).toEqual({
      ...{ cycle: first, signal: 'out.data', lane: 1 },
      ...{ expected: expected.outData[at], actual: outData[at] },
    });
  });

  it('names the signal of the first wrong flag', () => {
    ['act.ready', 'weight.ready', 'psum.ready', 'out.valid', 'out.last'].forEach((signal, bit) => {
      const flags = Uint8Array.from(expected.flags);
      const was = ((flags[first] ?? 0) >>> bit) & 1;
      flags[first] = (flags[first] ?? 0) ^ (1 << bit);
      flags[first + 1] = 0x1f;
      const difference = compareTraces(expected, { ...expected, flags });
      expect(difference).toEqual({ cycle: first, signal, expected: was, actual: 1 - was });
    });
  });

  it('tells a trace that ends early or late', () => {
    const cycles = expected.flags.length;
    const short = { cols: 3, flags: expected.flags.slice(0, 4), outData: expected.outData.slice(0, 12) };
    const early = { cycle: 4, signal: 'cycles', expected: cycles, actual: 4 };
    expect(compareTraces(expected, short)).toEqual(early);
    expect(compareTraces(short, expected)).toEqual({ ...early, expected: 4, actual: cycles });
    expect(() => compareTraces(expected, { ...expected, cols: 2 })).toThrow('must have 3 elements, got 2');
  });
});
