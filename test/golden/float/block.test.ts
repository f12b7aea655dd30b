// MX blocks: dot products against sums in doubles where those are exact, what NaN and infinity do, and quantisation.

import { describe, expect, it } from 'vitest';
import {
  BLOCK_FORMATS,
  type BlockFormat,
  blockDot,
  blocksDot,
  FP32,
  floatFma,
  floatFrom,
  floatValue,
  MXFP4,
  MXFP6_E2M3,
  MXFP8_E4M3,
  MXFP8_E5M2,
  MXINT8,
  quantiseBlock,
  SCALE_NAN,
} from '../../../sim/golden/float/index.ts';
import { Rng } from '../../support/random.ts';

const NAN = 0x7fc00000;
const elementWidth = ({ element }: BlockFormat): number => (element === 'int8' ? 8 : 1 + element.exponent + element.mantissa);
const value = ({ element }: BlockFormat, code: number): number => (element === 'int8' ? ((code << 24) >> 24) / 64 : floatValue(element, code));
const block = (format: BlockFormat, rng: Rng, scale = 120 + rng.below(15)) => ({
  format,
  scale,
  // Finite and, for E5M2, of few exponents, so that the sum is exact in a double.
  elements: Array.from({ length: 32 }, () => {
    const code = rng.below(2 ** elementWidth(format));
    return Math.abs(value(format, code)) < 500 && (value(format, code) === 0 || Math.abs(value(format, code)) > 2 ** -12) ? code : 0;
  }),
});
const fp32 = (x: number): number => floatFrom(FP32, x).bits;

describe.each(BLOCK_FORMATS)('$name', (format) => {
  it('gives the sum of products times both scales, rounded once', () => {
    const rng = new Rng(21);
    for (let i = 0; i < 300; i++) {
      const [a, b] = [block(format, rng), block(format, rng)];
      const sum = a.elements.reduce((total, code, k) => total + value(format, code) * value(format, b.elements[k] as number), 0);
      const c = rng.once(2) ? 0 : rng.below(1000) / 8;
      const exact = sum * 2 ** (a.scale + b.scale - 254);
      expect(blockDot(a, b, fp32(c)).bits).toBe(fp32(exact + c) % (exact + c === 0 ? 0x80000000 : 2 ** 32));
    }
  });

  it('does not mind the order of elements', () => {
    const rng = new Rng(22);
    for (let i = 0; i < 50; i++) {
      const [a, b] = [block(format, rng), block(format, rng)];
      const order = rng.shuffled([...Array(32).keys()]);
      const moved = (x: typeof a) => ({ ...x, elements: order.map((k) => x.elements[k] as number) });
      expect(blockDot(moved(a), moved(b), fp32(0.1))).toEqual(blockDot(a, b, fp32(0.1)));
    }
  });

  it('is NaN with a NaN scale, and chains', () => {
    const rng = new Rng(23);
    const [a, b] = [block(format, rng), block(format, rng)];
    expect(blockDot({ ...a, scale: SCALE_NAN }, b, 0)).toEqual({ bits: NAN, flags: 0 });
    const second = blockDot(b, a, blockDot(a, b, fp32(3)).bits).bits;
    expect(blocksDot(format, [a, b], format, [b, a], fp32(3))).toBe(second);
  });

  it('quantises to within half a step of the largest exponent, or saturates', () => {
    const rng = new Rng(24);
    const codes = Array.from({ length: 2 ** elementWidth(format) }, (_, code) => Math.abs(value(format, code)));
    // The symmetric int8 leaves −2 out.
    const largest = format === MXINT8 ? 127 / 64 : Math.max(...codes.filter(Number.isFinite));
    const mantissa = format.element === 'int8' ? 6 : format.element.mantissa;
    for (let i = 0; i < 100; i++) {
      const size = 2 ** (rng.below(40) - 20);
      const values = Array.from({ length: 32 }, () => (rng.below(2 ** 20) / 2 ** 20 - 0.5) * size);
      const { scale, elements } = quantiseBlock(format, values);
      const unit = 2 ** (scale - 127);
      const top = Math.floor(Math.log2(Math.max(...values.map(Math.abs))));
      expect(top).toBe(scale - 127 + Math.floor(Math.log2(largest)));
      for (const [k, x] of values.entries()) {
        const back = value(format, elements[k] as number) * unit;
        if (Math.abs(x) > largest * unit) expect(back).toBe(Math.sign(x) * largest * unit);
        else expect(Math.abs(back - x)).toBeLessThanOrEqual(2 ** (top - mantissa - 1));
      }
    }
  });
});

describe('a block', () => {
  const zeros = (format: BlockFormat, first: readonly number[]) => ({
    format,
    scale: 127,
    elements: [...first, ...Array<number>(32 - first.length).fill(0)],
  });
  const [inf, minus, nan, signalling, one] = [0x7c, 0xfc, 0x7e, 0x7d, 0x3c];

  it('has the infinities and NaN of its elements', () => {
    const dot = (a: readonly number[], b: readonly number[], c = 0) => blockDot(zeros(MXFP8_E5M2, a), zeros(MXFP8_E5M2, b), c);
    expect(dot([inf], [one])).toEqual({ bits: 0x7f800000, flags: 0 });
    expect(dot([inf, inf], [one, minus])).toEqual({ bits: NAN, flags: 16 });
    expect(dot([inf], [0])).toEqual({ bits: NAN, flags: 16 });
    expect(dot([nan], [one])).toEqual({ bits: NAN, flags: 0 });
    expect(dot([signalling], [one])).toEqual({ bits: NAN, flags: 16 });
    expect(dot([inf], [one], 0xff800000)).toEqual({ bits: NAN, flags: 16 });
    expect(blockDot(zeros(MXFP8_E4M3, [0x7f]), zeros(MXFP8_E4M3, [0x38]), 0)).toEqual({ bits: NAN, flags: 0 });
  });

  it('of E5M2 keeps the least product beside the largest', () => {
    // 57344² · 2^0 − 57344² + 2^-32: any narrower sum would give zero.
    const big = 0x7b;
    const dot = blockDot(zeros(MXFP8_E5M2, [big, 1, big]), zeros(MXFP8_E5M2, [big, 1, big + 128]), 0);
    expect(dot).toEqual({ bits: fp32(2 ** -32), flags: 0 });
  });

  it('rounds once where two roundings differ', () => {
    // 2^24 + 1 is a tie in fp32; the addend breaks it.
    const [a, b] = [zeros(MXINT8, [64, 1]), zeros(MXINT8, [64, 64])];
    expect(blockDot({ ...a, scale: 127 + 18 }, { ...b, scale: 127 }, fp32(2 ** 30)).bits).toBe(fp32(2 ** 30 + 2 ** 18 + 2 ** 12));
    const exact = floatFma(FP32, fp32(1 + 2 ** -6), fp32(2 ** 24), fp32(1));
    expect(blockDot({ ...a, scale: 127 + 12 }, { ...b, scale: 127 + 12 }, fp32(1))).toEqual(exact);
  });

  it('overflows and underflows in fp32 by its scales', () => {
    const ones = zeros(MXFP4, [2]);
    expect(blockDot({ ...ones, scale: 254 }, { ...ones, scale: 254 }, 0)).toEqual({ bits: 0x7f800000, flags: 5 });
    expect(blockDot({ ...ones, scale: 0 }, { ...ones, scale: 0 }, 0)).toEqual({ bits: 0, flags: 3 });
    expect(blockDot({ ...ones, scale: 127 }, { ...ones, scale: 0 }, 0)).toEqual({ bits: 0x00400000, flags: 0 });
  });

  it('of zeros has scale 2^-127, of NaN a NaN scale, of large ones saturates', () => {
    expect(quantiseBlock(MXFP6_E2M3, Array(32).fill(0))).toEqual({ scale: 0, elements: Array(32).fill(0) });
    expect(quantiseBlock(MXFP4, [Number.NaN, ...Array(31).fill(1)]).scale).toBe(SCALE_NAN);
    expect(quantiseBlock(MXFP4, [7.9, 4, -1, ...Array(29).fill(0)])).toEqual({ scale: 127, elements: [7, 6, 10, ...Array(29).fill(0)] });
    expect(quantiseBlock(MXINT8, [1.999, -1.999, 0.5, ...Array(29).fill(0)])).toEqual({ scale: 127, elements: [127, 129, 32, ...Array(29).fill(0)] });
  });

  it('of another size, scale or element is refused', () => {
    const a = zeros(MXFP4, [1]);
    expect(() => blockDot({ ...a, elements: [1] }, a, 0)).toThrow('a block has 32 elements, not 1');
    expect(() => blockDot({ ...a, scale: 256 }, a, 0)).toThrow('256 is no E8M0 scale');
    expect(() => blockDot(zeros(MXFP4, [16]), a, 0)).toThrow('16 is no code of fp4e2m1');
    expect(() => blocksDot(MXFP4, [a], MXFP4, [])).toThrow('1 blocks against 0');
  });
});
