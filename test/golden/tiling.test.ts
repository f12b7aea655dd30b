import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { collectResult, type MatrixUnit, matmul, type Streams, tileStreams } from '../../sim/golden/index.ts';
import { anyProblem, anyUnit } from './arbitraries.ts';

function beat(stream: { lanes: number; data: ArrayLike<number> }, index: number): number[] {
  return Array.from({ length: stream.lanes }, (_, lane) => stream.data[index * stream.lanes + lane] ?? Number.NaN);
}

/** What a unit without any notion of time makes of the input beats; also checks that it used up all of them. */
function recompute(unit: MatrixUnit, { act, weight, psum }: Streams): { data: number[]; last: number[] } {
  const { rows, cols } = unit;
  const data: number[] = [];
  const last: number[] = [];
  let [w, p] = [0, 0];
  let start = true;
  let held: number[][] = [];
  let sums: number[][] = [];
  for (let i = 0; i < act.beats; i++) {
    const vector = beat(act, i);
    const ends = act.last[i] === 1;
    const accumulate = act.accumulate[i] === 1;
    if (unit.dataflow === 'ws') {
      if (start) held = Array.from({ length: rows }, () => beat(weight, w++));
      const added = accumulate ? beat(psum, p++) : [];
      for (let col = 0; col < cols; col++) {
        data.push(vector.reduce((sum, a, r) => (sum + a * (held[r]?.[col] ?? Number.NaN)) | 0, added[col] ?? 0));
      }
      last.push(ends ? 1 : 0);
    } else {
      const row = beat(weight, w++);
      sums = vector.map((a, r) => row.map((b, col) => ((sums[r]?.[col] ?? 0) + a * b) | 0));
      for (let r = 0; ends && r < rows; r++) {
        const added = accumulate ? beat(psum, p++) : [];
        data.push(...(sums[r] ?? []).map((sum, col) => (sum + (added[col] ?? 0)) | 0));
        last.push(r === rows - 1 ? 1 : 0);
      }
      if (ends) sums = [];
    }
    start = ends;
  }
  expect([w, p]).toEqual([weight.beats, psum.beats]);
  return { data, last };
}

describe('tileStreams', () => {
  it('makes streams whose beats give the expected out beats', () => {
    fc.assert(
      fc.property(anyUnit, anyProblem, (unit, problem) => {
        const streams = tileStreams(unit, problem);
        const { data, last } = recompute(unit, streams);
        expect([...streams.out.data]).toEqual(data);
        expect([...streams.out.last]).toEqual(last);
        expect(streams.out.beats).toBe(last.length);
      }),
      { numRuns: 400 },
    );
  });

  it('holds the product in its out beats', () => {
    fc.assert(
      fc.property(anyUnit, anyProblem, (unit, problem) => {
        const { a, b, d } = problem;
        expect(collectResult(unit, problem, tileStreams(unit, problem).out.data)).toEqual(matmul(problem, a, b, d));
      }),
      { numRuns: 400 },
    );
  });

  const problem = {
    ...{ m: 1, k: 3, n: 3 },
    ...{ a: Int8Array.of(1, 2, 3), b: Int8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9), d: Int32Array.of(10, 20, 30) },
  };

  it('follows the loop order of the page in ws: N tiles, then K tiles', () => {
    const { act, weight, psum, out } = tileStreams({ rows: 2, cols: 2, dataflow: 'ws' }, problem);
    expect([...act.data]).toEqual([1, 2, 3, 0, 1, 2, 3, 0]);
    expect([...act.last]).toEqual([1, 1, 1, 1]);
    expect([...act.accumulate]).toEqual([1, 1, 1, 1]);
    expect([...weight.data]).toEqual([1, 2, 4, 5, 7, 8, 0, 0, 3, 0, 6, 0, 9, 0, 0, 0]);
    expect([...psum.data]).toEqual([10, 20, 19, 32, 30, 0, 45, 0]);
    expect([...out.data]).toEqual([19, 32, 40, 56, 45, 0, 72, 0]);
  });

  it('follows the loop order of the page in os: M tiles, then N tiles', () => {
    const tall = { ...problem, m: 3, k: 1, a: Int8Array.of(1, 2, 3), b: Int8Array.of(4, 5, 6) };
    const d = Int32Array.from({ length: 9 }, (_, i) => 100 * i);
    const { act, weight, psum, out } = tileStreams({ rows: 2, cols: 2, dataflow: 'os' }, { ...tall, d });
    expect([...act.data]).toEqual([1, 2, 1, 2, 3, 0, 3, 0]);
    expect([...act.accumulate]).toEqual([1, 1, 1, 1]);
    expect([...weight.data]).toEqual([4, 5, 6, 0, 4, 5, 6, 0]);
    expect([...psum.data]).toEqual([0, 100, 300, 400, 200, 0, 500, 0, 600, 700, 0, 0, 800, 0, 0, 0]);
    expect([...out.data]).toEqual([4, 105, 308, 410, 206, 0, 512, 0, 612, 715, 0, 0, 818, 0, 0, 0]);
    expect([...out.last]).toEqual([0, 1, 0, 1, 0, 1, 0, 1]);
  });

  it('needs no psum beats in ws with one K tile and no D', () => {
    const { psum, act } = tileStreams({ rows: 3, cols: 2, dataflow: 'ws' }, { ...problem, d: undefined });
    expect(psum.beats).toBe(0);
    expect([...act.accumulate]).toEqual([0, 0]);
  });

  it('refuses operands and results of a wrong length', () => {
    const unit: MatrixUnit = { rows: 2, cols: 2, dataflow: 'ws' };
    expect(() => tileStreams(unit, { ...problem, a: new Int8Array(4) })).toThrow('a must have 3 elements, got 4');
    expect(() => tileStreams({ ...unit, rows: 0 }, problem)).toThrow('rows must be an integer of at least 1, got 0');
    expect(() => collectResult(unit, problem, new Int32Array(6))).toThrow('outData must have 8 elements, got 6');
  });
});
