import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  flagBits,
  type MatrixUnit,
  type Prediction,
  predict,
  randomProblem,
  type Stimulus,
  type Streams,
  tileStreams,
} from '../../sim/golden/index.ts';
import { anyIrregularStreams, anyMixedStreams, anyProblem, anyStimulus, anyUnit, noStall } from './arbitraries.ts';
import { runRegisters } from './register-model.ts';

const ws16: MatrixUnit = { rows: 16, cols: 16, dataflow: 'ws' };

function streamsOf(unit: MatrixUnit, m: number, k: number, n: number, withD = false): Streams {
  return tileStreams(unit, randomProblem({ m, k, n }, 1, { withD }));
}

function cyclesWith({ flags }: Prediction, bit: number): number[] {
  return [...flags].flatMap((byte, cycle) => ((byte & bit) === 0 ? [] : [cycle]));
}

function equalRegisters([unit, streams, stimulus]: readonly [MatrixUnit, Streams, Stimulus]): void {
  const prediction = predict(unit, streams, stimulus);
  const registers = runRegisters(unit, streams, stimulus);
  expect([...prediction.flags]).toEqual(registers.flags);
  expect([...prediction.outCycle]).toEqual(registers.outCycle);
}

describe('predict', () => {
  it('equals the register model on tiled problems, out beats included', () => {
    fc.assert(
      fc.property(anyUnit, anyProblem, anyStimulus, (unit, problem, stimulus) => {
        const streams = tileStreams(unit, problem);
        const prediction = predict(unit, streams, stimulus);
        const registers = runRegisters(unit, streams, stimulus);
        expect([...prediction.flags]).toEqual(registers.flags);
        expect([...prediction.outCycle]).toEqual(registers.outCycle);
        expect([...streams.out.data]).toEqual(registers.outData);
      }),
      { numRuns: 250 },
    );
  });

  it('equals the register model on tiles of any length', () => {
    const anyCase = anyUnit.chain((unit) => fc.tuple(fc.constant(unit), anyIrregularStreams(unit), anyStimulus));
    fc.assert(fc.property(anyCase, equalRegisters), { numRuns: 500 });
  });

  it('equals the register model for elements of more registers, on tiles of any length and stalls', () => {
    const anyPe = fc.record({ product: fc.integer({ min: 0, max: 3 }), sum: fc.integer({ min: 1, max: 4 }) });
    const anyCase = fc
      .tuple(anyUnit, anyPe)
      .map(([unit, { product, sum }]): MatrixUnit => {
        const sumStages = unit.dataflow === 'ws' ? sum : 1;
        return { ...unit, pe: { kind: 'float', operand: 'bf16', accumulate: 'fp32', productStages: product, sumStages } };
      })
      .chain((unit) => fc.tuple(fc.constant(unit), anyIrregularStreams(unit), anyStimulus));
    fc.assert(fc.property(anyCase, equalRegisters), { numRuns: 300 });
  });

  it('equals the register model for both dataflows in any order, on tiles of any length and stalls', () => {
    const anyCase = fc
      .tuple(anyUnit, fc.integer({ min: 0, max: 3 }))
      .map(([unit, stages]): MatrixUnit => ({ ...unit, dataflow: 'ws+os', pe: { kind: 'xnor', lanes: 1, stages } }))
      .chain((unit) => fc.tuple(fc.constant(unit), anyMixedStreams(unit), anyStimulus));
    fc.assert(fc.property(anyCase, equalRegisters), { numRuns: 500 });
  });

  it('keeps out.valid and out.last until the beat is taken, and moves every beat once', () => {
    fc.assert(
      fc.property(anyUnit, anyProblem, anyStimulus, (unit, problem, stimulus) => {
        const streams = tileStreams(unit, problem);
        const { flags, outCycle, moved, cycles } = predict(unit, streams, stimulus);
        const taken = new Set(outCycle);
        const outMask = flagBits.outValid | flagBits.outLast;
        flags.forEach((byte, cycle) => {
          const waits = (byte & flagBits.outValid) !== 0 && !taken.has(cycle);
          if (waits) expect((flags[cycle + 1] ?? 0) & outMask).toBe(byte & outMask);
          if ((byte & flagBits.outValid) === 0) expect(byte & flagBits.outLast).toBe(0);
        });
        const { act, weight, psum, out } = streams;
        expect(moved).toEqual({ act: act.beats, weight: weight.beats, psum: psum.beats, out: out.beats });
        expect(taken.size).toBe(out.beats);
        expect([...outCycle].map((cycle) => ((flags[cycle] ?? 0) & flagBits.outLast) / flagBits.outLast)).toEqual([...out.last]);
        expect(outCycle.at(-1)).toBe(cycles - 1);
      }),
    );
  });

  it('has the latencies of the page without stalls', () => {
    for (const [rows, cols] of [
      [1, 1],
      [2, 3],
      [5, 2],
      [16, 16],
    ] as const) {
      const ws: MatrixUnit = { rows, cols, dataflow: 'ws' };
      const run = predict(ws, streamsOf(ws, 4, rows, cols), noStall);
      const accepted = cyclesWith(run, flagBits.actReady);
      expect([...run.outCycle]).toEqual(accepted.map((cycle) => cycle + rows + cols));
      expect(accepted[0]).toBe(rows);

      const os: MatrixUnit = { rows, cols, dataflow: 'os' };
      const drained = predict(os, streamsOf(os, rows, 4, cols), noStall);
      const end = cyclesWith(drained, flagBits.actReady).at(-1) ?? Number.NaN;
      expect([...drained.outCycle]).toEqual(Array.from({ length: rows }, (_, i) => end + rows + cols + 1 + i));
      expect(end).toBe(3);
    }
  });

  it('keeps one beat a cycle through all tiles when M >= R (ws) or K >= R (os)', () => {
    const run = predict(ws16, streamsOf(ws16, 128, 256, 256, true), noStall);
    expect(run.outCycle).toEqual(Int32Array.from({ length: 32768 }, (_, i) => 48 + i));
    expect(run.cycles).toBeLessThanOrEqual(1.05 * 32768);

    const os16: MatrixUnit = { ...ws16, dataflow: 'os' };
    const { act } = streamsOf(os16, 64, 16, 64);
    const accepted = cyclesWith(predict(os16, streamsOf(os16, 64, 16, 64), noStall), flagBits.actReady);
    expect(accepted).toEqual(Array.from({ length: act.beats }, (_, i) => i));
  });

  it('waits for weights when M < R, and for the drain when K < R', () => {
    const ws: MatrixUnit = { rows: 4, cols: 2, dataflow: 'ws' };
    expect(cyclesWith(predict(ws, streamsOf(ws, 1, 12, 2), noStall), flagBits.actReady)).toEqual([4, 8, 12]);
    const os: MatrixUnit = { rows: 4, cols: 2, dataflow: 'os' };
    expect(cyclesWith(predict(os, streamsOf(os, 12, 2, 2), noStall), flagBits.actReady)).toEqual([0, 1, 2, 5, 6, 9]);
  });

  it('proves a deadlock instead of running on', () => {
    const stimulus = { seed: 3, stall: { act: 0.9, weight: 0.9, psum: 0.9, out: 0.9 } };
    for (const dataflow of ['ws', 'os'] as const) {
      const unit: MatrixUnit = { rows: 2, cols: 2, dataflow };
      const streams = streamsOf(unit, 4, 4, 4, true);
      const { weight, psum } = streams;
      const starved = { ...streams, weight: { ...weight, beats: weight.beats - 1 } };
      expect(() => predict(unit, starved, noStall)).toThrow(/deadlock in cycle \d+.*(weight 7\/7|weight 15\/15)/);
      const unsummed = { ...streams, psum: { ...psum, beats: psum.beats - 1 } };
      for (const stall of [noStall, stimulus]) {
        expect(() => predict(unit, unsummed, stall)).toThrow(/deadlock in cycle \d+: no further beat can move \(act/);
      }
    }
  });

  it('refuses stalls out of range and streams that do not fit', () => {
    const streams = streamsOf(ws16, 2, 2, 2);
    for (const bad of [0.96, 1, -0.1, Number.NaN]) {
      const stimulus = { seed: 1, stall: { ...noStall.stall, psum: bad } };
      expect(() => predict(ws16, streams, stimulus)).toThrow(`stall.psum must be in 0..0.95, got ${bad}`);
    }
    expect(() => predict({ ...ws16, cols: 8 }, streams, noStall)).toThrow('a weight beat must have 8 elements, got 16');
    const out = { ...streams.out, beats: 3 };
    expect(() => predict(ws16, { ...streams, out }, noStall)).toThrow('as act makes (2, at least 1), got 3');
  });
});
