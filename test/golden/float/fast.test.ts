// Multiply-add in doubles against BigInt, where it is offered; and that doubles are wrong where it is not.

import { describe, expect, it } from 'vitest';
import {
  BF16,
  FP4_E2M1,
  FP6_E2M3,
  FP6_E3M2,
  FP8_E4M3,
  FP8_E5M2,
  FP16,
  FP32,
  fastFma,
  floatFma,
  floatFrom,
  floatValue,
} from '../../../sim/golden/float/index.ts';
import { Rng } from '../../support/random.ts';
import { boundaryCodes, randomCode } from './operands.ts';

const PROVEN = (
  [
    [FP16, FP16],
    [FP16, FP32],
    [BF16, FP32],
    [FP8_E4M3, FP16],
    [FP8_E5M2, FP16],
    [FP8_E4M3, FP32],
    [FP8_E5M2, FP32],
    [FP6_E3M2, FP32],
    [FP6_E2M3, FP16],
    [FP4_E2M1, FP32],
  ] as const
).map(([operand, accumulate]) => ({ operand, accumulate, name: `${operand.name} into ${accumulate.name}` }));

describe('a · b + c in doubles', () => {
  it.each(PROVEN)('$name', ({ operand, accumulate }) => {
    const fast = fastFma(operand, accumulate);
    const [near, nearC] = [boundaryCodes(operand), boundaryCodes(accumulate)];
    const rng = new Rng(11);
    const check = (a: number, b: number, c: number): void => {
      const want = floatFma(operand, a, b, c, { accumulate }).bits;
      if (fast?.(a, b, c) !== want) expect([a, b, c, fast?.(a, b, c)]).toEqual([a, b, c, want]);
    };
    for (let i = 0; i < 15_000; i++) check(randomCode(operand, rng, near), randomCode(operand, rng, near), randomCode(accumulate, rng, nearC));
    for (let i = 0; i < 4000; i++) check(rng.pick(near), rng.pick(near), rng.pick(nearC));
  });

  it('is not offered elsewhere', () => {
    for (const [operand, accumulate] of [
      [BF16, BF16],
      [FP32, FP32],
      [FP32, FP16],
      [BF16, FP16],
      [FP16, BF16],
      [FP16, FP8_E4M3],
    ] as const)
      expect(fastFma(operand, accumulate)).toBeUndefined();
  });

  it('would be wrong for bf16 into bf16', () => {
    // (1 + 2^-7) · 1.5 is a tie once 2^-100 is lost in the double.
    const [a, b, c] = [floatFrom(BF16, 1 + 2 ** -7).bits, floatFrom(BF16, 1 + 2 ** -1).bits, floatFrom(BF16, -(2 ** -100)).bits];
    const exact = floatFma(BF16, a, b, c).bits;
    const doubled = floatFrom(BF16, floatValue(BF16, a) * floatValue(BF16, b) + floatValue(BF16, c)).bits;
    expect(exact).not.toBe(doubled);
  });
});
