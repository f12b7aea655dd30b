// What the cells refuse, at the user's line and with what is possible.

import { describe, expect, it } from 'vitest';
import { FloatAdd, FloatCompare, FloatFma, FloatMul, FloatToFloat, FloatToInt, IntToFloat } from '../../../generators/float/index.ts';
import { elaborate, float, fp16, fp32, sint, uint } from '../../../hdl/index.ts';

const flushed = float({ exponent: 5, mantissa: 10, subnormals: false });
const double = float({ exponent: 11, mantissa: 52 });
const scale = float({ exponent: 8, mantissa: 0, nans: 'none' });

describe('a cell refuses', () => {
  it.each<readonly [string, () => unknown]>([
    ['FloatFma with -1 stages', () => elaborate(FloatFma, { operand: fp16, stages: -1 })],
    ['give a whole number of registers from 0 to 64', () => elaborate(FloatAdd, { type: fp16, stages: 1.5 })],
    ["FloatAdd with rounding 'even'", () => elaborate(FloatAdd, { type: fp16, rounding: 'even' as 'down' })],
    [
      "give one of nearestEven, towardsZero, down, up, nearestAway, or 'input' for a port",
      () => elaborate(FloatMul, { operand: fp16, rounding: 'even' as 'down' }),
    ],
    ["FloatMul with overflow 'wrap'", () => elaborate(FloatMul, { operand: fp16, overflow: 'wrap' as 'special' })],
    ['a format without subnormals', () => elaborate(FloatCompare, { type: flushed })],
    ['exponent of 11 bits, mantissa of 52', () => elaborate(FloatFma, { operand: fp16, accumulate: double })],
    ['exponent of 8 bits, mantissa of 0', () => elaborate(FloatToFloat, { from: scale, to: fp32 })],
    ['FloatToInt of an integer of 33 bits', () => elaborate(FloatToInt, { from: fp32, to: sint(33) })],
    ['IntToFloat of an integer of 1 bits', () => elaborate(IntToFloat, { from: uint(1), to: fp32 })],
  ])('%s', (message, build) => {
    expect(build).toThrow(message);
    expect(build).toThrow('HDL-C001');
    expect(build).toThrow('refusals.test.ts');
  });
});
