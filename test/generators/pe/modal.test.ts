// Elements with modes: fusible and bit-serial, against whole numbers; products of every precision through an array, and its rate in each.

import { describe, expect, it } from 'vitest';
import { elaborateMatrixUnit } from '../../../generators/matrix-unit.ts';
import type { PeConfig } from '../../../generators/pe/index.ts';
import { evenStall, makeStepRun, simulateRun } from '../../../sim/cosim/index.ts';
import { checkProduct } from '../../../sim/cosim/product.ts';
import {
  bitSerialSteps,
  compareTraces,
  expectedTrace,
  fusibleSteps,
  predict,
  type StepProblem,
  stepProduct,
  stepStreams,
  type WholeProblem,
} from '../../../sim/golden/index.ts';
import { Rng } from '../../support/random.ts';
import { int, SIGNS } from './elements.ts';
import { disagreements, type StepCase } from './step-cell.ts';

/** Lanes of any width at their ends. */
const ENDS = [0, 0xffffffff, 0x80808080, 0x7f7f7f7f, 0x88888888, 0x77777777, 0xaaaaaaaa, 0x55555555];
const FUSIBLE: PeConfig = { kind: 'fusible' };
/** Bits of activation and weight, and lanes, of each precision of a fusible element. */
const PRECISIONS = [
  [8, 8, 1],
  [4, 4, 4],
  [8, 2, 4],
  [2, 2, 16],
] as const;

const modulo = (value: number): number => ((value % 2 ** 32) + 2 ** 32) % 2 ** 32;

/** A step of a fusible element, lane by lane in doubles. */
function lanesOfStep({ activation, weight, sum, mode = 0 }: StepCase): number {
  const [a, w, lanes] = PRECISIONS[mode % 4] as (typeof PRECISIONS)[number];
  const lane = (word: number, i: number, width: number, signed: boolean): number => {
    const code = Math.floor(word / 2 ** (i * width)) % 2 ** width;
    return signed && code >= 2 ** (width - 1) ? code - 2 ** width : code;
  };
  let total = 0;
  for (let i = 0; i < lanes; i++) total += lane(activation, i, a, (mode >> 2) % 2 === 1) * lane(weight, i, w, (mode >> 3) % 2 === 1);
  return modulo(sum + total * 2 ** (8 * (mode >> 4)));
}

function whole(m: number, k: number, n: number, a: WholeProblem['activation'], w: WholeProblem['weight']): WholeProblem {
  const rng = new Rng(m + 10 * k + 100 * a.width + w.width);
  const draw = ({ width, signed }: WholeProblem['weight']): number => rng.below(2 ** width) - (signed ? 2 ** (width - 1) : 0);
  return { m, k, n, activation: a, weight: w, a: Array.from({ length: m * k }, () => draw(a)), b: Array.from({ length: k * n }, () => draw(w)) };
}

/** C in doubles, as codes of 32 bits. */
function plain({ m, k, n, a, b }: WholeProblem): bigint[] {
  return Array.from({ length: m * n }, (_, at) => {
    let sum = 0;
    for (let i = 0; i < k; i++) sum += (a[Math.floor(at / n) * k + i] as number) * (b[i * n + (at % n)] as number);
    return BigInt.asUintN(32, BigInt(sum));
  });
}

describe('steps', () => {
  it.each(PRECISIONS.map(([a, w, lanes], precision) => ({ a, w, lanes, precision })))(
    'of a fusible element: all pairs of $a × $w bits in every lane, all signs, beside zeros and beside others',
    ({ a, w, lanes, precision }) => {
      const rng = new Rng(precision);
      /** A word of 32 bits with a value in one lane. */
      const beside = (word: number, lane: number, width: number, value: number): number =>
        ((word & ~((2 ** width - 1) << (lane * width))) | (value << (lane * width))) >>> 0;
      for (const signs of [0, 1, 2, 3]) {
        const mode = precision + 4 * signs;
        const cases = Array.from({ length: 2 * lanes * 2 ** (a + w) }, (_, i) => {
          const [lane, x, y] = [i % lanes, Math.floor(i / lanes) % 2 ** a, Math.floor(i / lanes / 2 ** a) % 2 ** w];
          const others = i < lanes * 2 ** (a + w) ? (): number => 0 : (): number => rng.word();
          return { activation: beside(others(), lane, a, x), weight: beside(others(), lane, w, y), sum: rng.word(), mode: mode + 16 * rng.below(4) };
        });
        const ends = ENDS.flatMap((activation) => ENDS.map((weight) => ({ activation, weight, sum: rng.word(), mode })));
        expect(disagreements(FUSIBLE, [...cases, ...ends], lanesOfStep)).toEqual([]);
      }
    },
  );

  it('of a bit-serial element: all pairs of planes, all modes', () => {
    const rng = new Rng(1);
    const lanes = 5;
    const cases = Array.from({ length: 2 ** (2 * lanes + 6) }, (_, i) => ({
      activation: i % 2 ** lanes,
      weight: Math.floor(i / 2 ** lanes) % 2 ** lanes,
      sum: rng.word(),
      mode: Math.floor(i / 2 ** (2 * lanes)),
    }));
    const ones = (word: number): number => [0, 1, 2, 3, 4].reduce((count, i) => count + ((word >> i) & 1), 0);
    const opinion = ({ activation, weight, sum, mode = 0 }: StepCase): number =>
      modulo(sum + (mode < 32 ? 1 : -1) * ones(activation & weight) * 2 ** (mode % 32));
    expect(disagreements({ kind: 'bit-serial', lanes }, cases, opinion)).toEqual([]);
  });
});

async function runs(pe: PeConfig, problem: StepProblem, dataflow: 'ws' | 'os', stall: number): Promise<number> {
  const unit = { rows: 2, cols: 3, dataflow, pe };
  const stimulus = { seed: 7, stall: evenStall(stall) };
  const streams = stepStreams(unit, problem);
  const prediction = predict(unit, streams, stimulus);
  const run = { problem, stimulus, streams, prediction, expected: expectedTrace(streams, prediction), seconds: 0 };
  const trace = await simulateRun(elaborateMatrixUnit(unit), run, new AbortController().signal);
  expect(compareTraces(run.expected, trace)).toBeNull();
  expect(checkProduct(unit, run, 0, trace)).toBeUndefined();
  return trace.flags.length;
}

describe.each(['ws', 'os'] as const)('through an array, %s', (dataflow) => {
  it.each([
    [8, 8],
    [4, 4],
    [8, 2],
    [2, 2],
    [16, 16],
  ])('fusible: %i × %i bits', async (a, w) => {
    for (const [A, W] of SIGNS) {
      const problem = whole(3, 21, 4, A(a), W(w));
      const steps = fusibleSteps(problem);
      expect(stepProduct({ rows: 2, cols: 3, dataflow, pe: FUSIBLE }, steps)).toEqual(plain(problem));
      await runs(FUSIBLE, steps, dataflow, 0.2);
    }
  });

  it.each([
    [1, 1],
    [3, 5],
    [8, 4],
  ])('bit-serial: %i × %i bits', async (a, w) => {
    const pe = { kind: 'bit-serial', lanes: 8, stages: 1 } as const;
    for (const [A, W] of SIGNS) {
      const problem = whole(3, 11, 4, A(a), W(w));
      const steps = bitSerialSteps(pe, problem);
      expect(stepProduct({ rows: 2, cols: 3, dataflow, pe }, steps)).toEqual(plain(problem));
      await runs(pe, steps, dataflow, 0.2);
    }
  });
});

it('a fusible array of 16 × 16 does four times the work in 4-bit mode, sixteen times in 2-bit mode', async () => {
  const unit = { rows: 16, cols: 16, dataflow: 'ws', pe: FUSIBLE } as const;
  const design = elaborateMatrixUnit(unit);
  const cycles = async (bits: number): Promise<number> => {
    const operands = { activation: int(bits), weight: int(bits) };
    const run = makeStepRun(unit, { m: 32, k: 256, n: 16, withD: false, operands, stimulus: { seed: bits, stall: evenStall(0) } });
    const trace = await simulateRun(design, run, new AbortController().signal);
    expect(compareTraces(run.expected, trace)).toBeNull();
    expect(checkProduct(unit, run, 0, trace)).toBeUndefined();
    return trace.flags.length;
  };
  // 32 rows of A for each 16 steps of K; 16 cycles to load the first weights and 32 through the array.
  expect([await cycles(8), await cycles(4), await cycles(2)]).toEqual([16 * 32 + 48, 4 * 32 + 48, 32 + 48]);
});
