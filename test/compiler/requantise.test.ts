/** Requantisation against gemmlowp's own steps, written independently in BigInt and doubles, and against its refusals. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  activationRange,
  type Requantisation,
  requantise,
  roundingDivideByPowerOfTwo,
  saturatingRoundingDoublingHighMul,
} from '../../compiler/requantise.ts';

const edges = [-(2 ** 31), -(2 ** 31) + 1, -(2 ** 30) - 1, -(2 ** 30), -3, -1, 0, 1, 3, 2 ** 30, 2 ** 31 - 1];
const int32 = fc.oneof(fc.constantFrom(...edges), fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }));

/** gemmlowp's own steps: nudge by the sign of the product, divide truncating (as BigInt division does). */
function gemmlowpHighMul(x: number, m: number): number {
  if (x === m && x === -(2 ** 31)) return 2 ** 31 - 1;
  const product = BigInt(x) * BigInt(m);
  const nudge = product >= 0n ? 2n ** 30n : 1n - 2n ** 30n;
  return Number((product + nudge) / 2n ** 31n);
}

/** Nearest, ties away from zero. */
function divideRounding(x: number, exponent: number): number {
  const divisor = 2 ** exponent;
  return Math.sign(x) * Math.floor(Math.abs(x) / divisor + 0.5);
}

describe('requantise', () => {
  test('the high multiply is gemmlowp’s, ties of negative products included', () => {
    fc.assert(
      fc.property(int32, int32, (x, m) => {
        expect(saturatingRoundingDoublingHighMul(x, m)).toBe(gemmlowpHighMul(x, m));
      }),
      { numRuns: 5000 },
    );
    // ±0.5 and ±1.5: towards +∞.
    const ties = [1, -1, 3, -3].map((x) => saturatingRoundingDoublingHighMul(x, 2 ** 30));
    expect(ties).toEqual([1, 0, 2, -1]);
  });

  test('the division rounds to nearest, ties away from zero', () => {
    fc.assert(
      fc.property(int32, fc.integer({ min: 0, max: 31 }), (x, exponent) => {
        // + 0 turns -0 into 0.
        expect(roundingDivideByPowerOfTwo(x, exponent)).toBe(divideRounding(x, exponent) + 0);
      }),
      { numRuns: 5000 },
    );
    expect([5, -5, 7, -7, 2, -2].map((x) => roundingDivideByPowerOfTwo(x, 1))).toEqual([3, -3, 4, -4, 1, -1]);
  });

  test('every int32 through shift, multiply, divide, zero point and clamp, channel by channel', () => {
    const channel = fc.record({ accumulator: int32, multiplier: int32, shift: fc.integer({ min: -31, max: 31 }) });
    const int8 = fc.integer({ min: -128, max: 127 });
    fc.assert(
      fc.property(fc.array(channel, { minLength: 1, maxLength: 4 }), int8, int8, int8, (channels, zeroPoint, p, q) => {
        const [min, max] = p < q ? [p, q] : [q, p];
        const accumulators = Int32Array.from([...channels, ...channels], (c) => c.accumulator);
        const expected = channels.map(({ accumulator, multiplier, shift }) => {
          const shifted = shift > 0 ? Number(BigInt.asIntN(32, BigInt(accumulator) * 2n ** BigInt(shift))) : accumulator;
          const scaled = divideRounding(gemmlowpHighMul(shifted, multiplier), shift < 0 ? -shift : 0) + zeroPoint;
          return [min, scaled, max].sort((a, b) => a - b)[1];
        });
        const parameters = {
          multiplier: channels.map((c) => c.multiplier),
          shift: channels.map((c) => c.shift),
          zeroPoint,
          min,
          max,
        };
        expect(Array.from(requantise(accumulators, parameters))).toEqual([...expected, ...expected]);
      }),
      { numRuns: 2000 },
    );
  });

  test('the two roundings are not one: 1.5 - 2^-31 rounds up twice', () => {
    // (2^31 - 1) · 3 / 2^31 = 3 - 3·2^-31 rounds to 3; 3 / 2 rounds to 2. One rounding would give 1.
    const once = { multiplier: [2 ** 31 - 1], shift: [-1], zeroPoint: 0, min: -128, max: 127 };
    expect(Array.from(requantise(Int32Array.of(3), once))).toEqual([2]);
  });

  test('a negative tie of CMSIS-NN: element 15 of its vector conv_5', () => {
    // −130.5 becomes −131. Of 19 int8 vectors checked only this one (82 kB, so not copied) shows a negative tie; see data/ORIGIN.md.
    const conv5 = { multiplier: [1404123638], shift: [-10], zeroPoint: 127, min: -88, max: 127 };
    expect(Array.from(requantise(Int32Array.of(-204378), conv5))).toEqual([-4]);
  });

  test('RELU floors at the zero point', () => {
    expect(activationRange('RELU', -5)).toEqual({ min: -5, max: 127 });
    expect(activationRange('NONE', -5)).toEqual({ min: -128, max: 127 });
  });

  const valid: Requantisation = { multiplier: [2 ** 30, 2 ** 30], shift: [0, 0], zeroPoint: 0, min: -128, max: 127 };
  test.each<[string, Partial<Requantisation>, number, RegExp]>([
    ['a shift missing', { shift: [0] }, 2, /^shift: must have one element for each multiplier.* got 1 for 2/],
    ['no channels', { shift: [], multiplier: [] }, 2, /^shift: .*at least one/],
    ['part of a pixel', {}, 3, /^accumulators: .* multiple of the 2 channels, got 3/],
    ['a multiplier beyond int32', { multiplier: [1, 2 ** 31] }, 2, /^multiplier\[1\]: must be an integer from -2147483648 to 2147483647/],
    ['a real multiplier', { multiplier: [0.5, 1] }, 2, /^multiplier\[0\]: .* got 0\.5/],
    ['a shift beyond 31', { shift: [0, -32] }, 2, /^shift\[1\]: must be an integer from -31 to 31/],
    ['a zero point beyond int8', { zeroPoint: 200 }, 2, /^zero point: /],
    ['a range beyond int8', { max: 255 }, 2, /^max: /],
    ['a range upside down', { min: 3, max: 2 }, 2, /^min: .* smallest first/],
  ])('refuses %s', (_, change, length, message) => {
    expect(() => requantise(new Int32Array(length), { ...valid, ...change })).toThrow(message);
  });
});
