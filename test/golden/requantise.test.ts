/** Requantisation against gemmlowp's own steps, written independently in BigInt and doubles, and against its refusals; the other modes against references of their own. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { loadResnet8Conv } from '../../examples/resnet8-conv/load.ts';
import { FP32, floatMul, floatToInt, I32, intToFloat } from '../../sim/golden/float/index.ts';
import {
  activationRange,
  quantiseMultiplier,
  type Requantisation,
  requantise,
  roundingDivideByPowerOfTwo,
  saturatingRoundingDoublingHighMul,
} from '../../sim/golden/requantise.ts';

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

  test('single rounding: every byte of TFLite Micro’s build of that name', () => {
    const { accumulators, requantisation, outputSingleRounding } = loadResnet8Conv();
    const { multiplier, shift } = requantisation as unknown as { multiplier: number[]; shift: number[] };
    const single = requantise(accumulators, { ...requantisation, mode: 'single', multiplier, shift });
    expect(Int8Array.from(single)).toEqual(outputSingleRounding);
  });

  test('single and int16 are one rounding of the exact product, ties towards +∞', () => {
    const wide = fc.oneof(fc.constantFrom(...edges), fc.integer({ min: -(2 ** 47), max: 2 ** 47 - 1 }));
    fc.assert(
      fc.property(fc.constantFrom('single' as const, 'int16' as const), wide, int32, fc.integer({ min: -31, max: 7 }), (mode, x, m, s) => {
        // (2^15 + m) / 2^16 saturated to 15 bits, as TFLite's int16 kernels reduce their multipliers.
        const m16 = Math.min(Number((BigInt(m) + 32768n) >> 16n), 0x7fff);
        const [factor, bits] = mode === 'single' ? [m, 31 - s] : [m16, 15 - s];
        const doubled = 2n * BigInt(x) * BigInt(factor) + 2n ** BigInt(bits);
        const divisor = 2n ** BigInt(bits + 1);
        const quotient = doubled / divisor - (doubled < 0n && doubled % divisor !== 0n ? 1n : 0n);
        const expected = Number(quotient < -32768n ? -32768n : quotient > 32767n ? 32767n : quotient);
        const output = { width: 16, signed: true };
        const parameters = { mode, multiplier: [m], shift: [s], output, zeroPoint: 0, min: -32768, max: 32767 };
        expect(Array.from(requantise([x], parameters))).toEqual([expected]);
      }),
      { numRuns: 5000 },
    );
  });

  test('float is a conversion, a product and a conversion of the floating-point models', () => {
    const scale = fc.oneof(fc.constantFrom(0, 2 ** -149, 2 ** -126, 1, 2 ** 127), fc.float({ noNaN: true, noDefaultInfinity: true }));
    fc.assert(
      fc.property(int32, scale, fc.integer({ min: -128, max: 127 }), (x, factor, zeroPoint) => {
        const code = new Uint32Array(Float32Array.of(factor).buffer)[0] as number;
        const product = floatMul(FP32, intToFloat(I32, FP32, x).bits, code).bits;
        const rounded = floatToInt(FP32, I32, product).value + zeroPoint;
        const parameters = { mode: 'float' as const, scale: [factor], zeroPoint, min: -128, max: 127 };
        expect(Array.from(requantise([x], parameters))).toEqual([Math.min(Math.max(rounded, -128), 127)]);
      }),
      { numRuns: 5000 },
    );
    // Above 2^24 the accumulator itself is rounded: 2^24 + 1 becomes 2^24, and half of 2^24 / 2^18 + … a tie that goes to even.
    const near = { mode: 'float' as const, scale: [2 ** -25], zeroPoint: 0, min: -128, max: 127 };
    expect(Array.from(requantise([2 ** 24 + 1, 2 ** 24 + 2, 3 * 2 ** 24], near))).toEqual([0, 1, 2]);
  });

  test('powers of two: where each tie goes', () => {
    const by = (mode: 'floor' | 'halfUp' | 'halfEven' | 'halfAway'): number[] =>
      Array.from(requantise([-7, -6, -5, -3, -2, -1, 1, 2, 3, 5, 6, 7], { mode, shift: [-2], zeroPoint: 0, min: -128, max: 127 }));
    expect(by('floor')).toEqual([-2, -2, -2, -1, -1, -1, 0, 0, 0, 1, 1, 1]);
    expect(by('halfUp')).toEqual([-2, -1, -1, -1, 0, 0, 0, 1, 1, 1, 2, 2]);
    expect(by('halfEven')).toEqual([-2, -2, -1, -1, 0, 0, 0, 0, 1, 1, 2, 2]);
    expect(by('halfAway')).toEqual([-2, -2, -1, -1, -1, 0, 0, 1, 1, 1, 2, 2]);
  });

  test('a real factor is a multiplier and a shift', () => {
    fc.assert(
      fc.property(fc.double({ min: 2 ** -31, max: 2 ** 30, noNaN: true }), (factor) => {
        const { multiplier, shift } = quantiseMultiplier(factor);
        expect(multiplier).toBeGreaterThanOrEqual(2 ** 30);
        expect(multiplier).toBeLessThan(2 ** 31);
        expect(Math.abs(multiplier * 2 ** (shift - 31) - factor)).toBeLessThanOrEqual(factor * 2 ** -31);
      }),
    );
    expect(quantiseMultiplier(0.5)).toEqual({ multiplier: 2 ** 30, shift: 0 });
    // Rounds up to 2^31: halved, and the exponent one more.
    expect(quantiseMultiplier(1 - 2 ** -40)).toEqual({ multiplier: 2 ** 30, shift: 1 });
    expect(quantiseMultiplier(2 ** -33)).toEqual({ multiplier: 0, shift: 0 });
    expect(() => quantiseMultiplier(-1)).toThrow(/^factor: must be finite and not negative, got -1/);
  });

  test('the multipliers of a real model, from its scales', () => {
    const { requantisation, scales } = loadResnet8Conv();
    // The file gives fp32 numbers in few digits.
    const f = Math.fround;
    const { multiplier, shift } = requantisation as unknown as { multiplier: number[]; shift: number[] };
    const own = scales.weights.map((weight) => quantiseMultiplier((f(scales.input) * f(weight)) / f(scales.output)));
    expect(own.map((q) => q.multiplier)).toEqual(multiplier);
    expect(own.map((q) => q.shift)).toEqual(shift);
  });

  test('RELU floors at the zero point', () => {
    expect(activationRange('RELU', -5)).toEqual({ min: -5, max: 127 });
    expect(activationRange('NONE', -5)).toEqual({ min: -128, max: 127 });
  });

  const valid = { multiplier: [2 ** 30, 2 ** 30], shift: [0, 0], zeroPoint: 0, min: -128, max: 127 };
  test.each<[string, object, number, RegExp]>([
    ['a shift missing', { shift: [0] }, 2, /^shift: must have one element for each multiplier.* got 1 for 2/],
    ['no channels', { shift: [], multiplier: [] }, 2, /^shift: .*at least one/],
    ['part of a pixel', {}, 3, /^accumulators: .* multiple of the 2 channels, got 3/],
    ['a multiplier beyond int32', { multiplier: [1, 2 ** 31] }, 2, /^multiplier\[1\]: must be an integer from -2147483648 to 2147483647/],
    ['a real multiplier', { multiplier: [0.5, 1] }, 2, /^multiplier\[0\]: .* got 0\.5/],
    ['a shift beyond 31', { shift: [0, -32] }, 2, /^shift\[1\]: must be an integer from -31 to 31/],
    ['a zero point beyond int8', { zeroPoint: 200 }, 2, /^zero point: /],
    ['a range beyond int8', { max: 255 }, 2, /^max: /],
    ['a range upside down', { min: 3, max: 2 }, 2, /^min: .* smallest first/],
    ['an unknown mode', { mode: 'banker' }, 2, /^mode: must be one of double, single, .* got "banker"/],
    ['a shift that single rounding does not take', { mode: 'single', shift: [31, 0] }, 2, /^shift\[0\]: .* from -31 to 30, got 31/],
    ['a scale that is no number', { mode: 'float', scale: [1, Number.NaN] }, 2, /^scale\[1\]: must be finite in fp32, got NaN/],
    ['a power of two that multiplies', { mode: 'halfUp', multiplier: undefined, shift: [1] }, 2, /^shift\[0\]: .* from -63 to 0, got 1/],
  ])('refuses %s', (_, change, length, message) => {
    expect(() => requantise(new Int32Array(length), { ...valid, ...change } as Requantisation)).toThrow(message);
  });
});
