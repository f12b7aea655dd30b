// XNOR and ternary elements on all operands of few lanes, hardware and model against lanes added up one by one.

import { describe, expect, it } from 'vitest';
import type { PeConfig, TernaryPeConfig, XnorPeConfig } from '../../../generators/pe/index.ts';
import { Rng } from '../../support/random.ts';
import { disagreements, type StepCase } from './step-cell.ts';

const bit = (code: number, i: number): number => Math.floor(code / 2 ** i) % 2;
const lanesOf = (lanes: number): number[] => Array.from({ length: lanes }, (_, i) => i);

function opinion(accumulator: number, value: (a: number, w: number) => number): (c: StepCase) => number {
  const size = 2 ** accumulator;
  return ({ activation, weight, sum }) => (((sum + value(activation, weight)) % size) + size) % size;
}

function cases(activationWidth: number, weightWidth: number, accumulator: number): StepCase[] {
  const rng = new Rng(activationWidth);
  const total = 2 ** (activationWidth + weightWidth);
  return Array.from({ length: Math.min(total, 65_536) }, (_, i) => {
    const at =
      total <= 65_536 ? i : rng.below(2 ** 16) * 2 ** (activationWidth + weightWidth - 16) + rng.below(2 ** (activationWidth + weightWidth - 16));
    return { activation: at % 2 ** activationWidth, weight: Math.floor(at / 2 ** activationWidth), sum: rng.below(2 ** accumulator) };
  });
}

const xnor =
  ({ lanes, masked = false }: XnorPeConfig) =>
  (a: number, w: number): number =>
    lanesOf(lanes).reduce((sum, i) => sum + (masked && bit(w, lanes + i) === 0 ? 0 : (2 * bit(a, i) - 1) * (2 * bit(w, i) - 1)), 0);
const trit = (code: number, lanes: number, i: number): number => bit(code, lanes + i) * (1 - 2 * bit(code, i));
const ternary =
  ({ lanes }: TernaryPeConfig) =>
  (a: number, w: number): number =>
    lanesOf(lanes).reduce((sum, i) => sum + trit(a, lanes, i) * trit(w, lanes, i), 0);

describe('on all operands', () => {
  it.each([1, 2, 3, 4, 5, 8])('xnor of %i lanes', (lanes) => {
    const pe: PeConfig = {
      kind: 'xnor',
      lanes,
      ...(lanes % 2 === 1 && { accumulator: 7, stages: 1 }),
      ...(lanes === 4 && { accumulator: 2, stages: 2 }),
    };
    expect(disagreements(pe, cases(lanes, lanes, pe.accumulator ?? 16), opinion(pe.accumulator ?? 16, xnor(pe)))).toEqual([]);
  });

  it.each([1, 2, 5])('masked xnor of %i lanes', (lanes) => {
    const pe: PeConfig = { kind: 'xnor', lanes, masked: true };
    expect(disagreements(pe, cases(lanes, 2 * lanes, 16), opinion(16, xnor(pe)))).toEqual([]);
  });

  it.each([1, 2, 4])('ternary of %i lanes, the spare code among them', (lanes) => {
    const pe: PeConfig = { kind: 'ternary', lanes, ...(lanes === 2 && { accumulator: 5, stages: 2 }) };
    expect(disagreements(pe, cases(2 * lanes, 2 * lanes, pe.accumulator ?? 16), opinion(pe.accumulator ?? 16, ternary(pe)))).toEqual([]);
  });
});

it('at random, of many lanes', () => {
  const wide: PeConfig = { kind: 'xnor', lanes: 24 };
  expect(disagreements(wide, cases(24, 24, 16).slice(0, 2000), opinion(16, xnor(wide)))).toEqual([]);
  const trits: PeConfig = { kind: 'ternary', lanes: 12 };
  expect(disagreements(trits, cases(24, 24, 16).slice(0, 2000), opinion(16, ternary(trits)))).toEqual([]);
});
