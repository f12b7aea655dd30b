// The golden model of the small formats, all pairs of codes, against a search in the list of values; and all codes against the language's own tables.

import { describe, expect, it } from 'vitest';
import { bf16, decode, encode, fp4e2m1, fp6e2m3, fp6e3m2, fp8e4m3, fp8e5m2, fp16, fp32 } from '../../../hdl/index.ts';
import {
  BF16,
  FLOAT_FORMATS,
  type FloatFormat,
  FP4_E2M1,
  FP6_E2M3,
  FP6_E3M2,
  FP8_E4M3,
  FP8_E5M2,
  FP16,
  FP32,
  floatAdd,
  floatCompare,
  floatFma,
  floatFormat,
  floatFrom,
  floatMul,
  floatToFloat,
  floatToInt,
  floatValue,
  I8,
  I32,
  intToFloat,
  ROUNDINGS,
  type Rounded,
  U8,
  widthOf,
} from '../../../sim/golden/float/index.ts';
import { Rng } from '../../support/random.ts';
import { randomCode } from './operands.ts';
import { searchOracle } from './search-oracle.ts';

const SMALL = [FP4_E2M1, FP6_E2M3, FP6_E3M2, FP8_E4M3, FP8_E5M2];
const codes = (format: FloatFormat): number[] => Array.from({ length: 2 ** widthOf(format) }, (_, code) => code);
/** Compared as one number, since comparing objects takes longer than computing them. */
const both = ({ bits, flags }: Rounded): number => bits * 32 + flags;

/** What is wrong with results, from the double that is the exact one; the sign of a zero is told apart, 0 where the rounding decides it. */
function wrong(
  format: FloatFormat,
  cases: Iterable<readonly [exact: number, zeroSign: number, got: (rounding: (typeof ROUNDINGS)[number]) => Rounded]>,
): string[] {
  const oracle = searchOracle(format);
  const list: string[] = [];
  for (const [exact, zeroSign, got] of cases) {
    if (!Number.isFinite(exact)) continue;
    for (const rounding of ROUNDINGS) {
      const zero = zeroSign < 0 || (zeroSign === 0 && rounding === 'down') ? -0 : 0;
      const [want, is] = [oracle.round(exact === 0 ? zero : exact, rounding), got(rounding)];
      if (both(want) !== both(is) && list.length < 5) list.push(`${exact} ${rounding}: ${JSON.stringify(is)}, not ${JSON.stringify(want)}`);
    }
  }
  return list;
}

describe.each(SMALL)('$name', (format) => {
  const values = codes(format).map((code) => floatValue(format, code));
  const negative = (x: number): boolean => x < 0 || Object.is(x, -0);

  it('adds all pairs', () => {
    function* cases() {
      for (const [a, x] of values.entries())
        for (const [b, y] of values.entries()) {
          // Half of the pairs of the widest formats: the sum is symmetric, which the next test says.
          if (b > a && widthOf(format) === 8) continue;
          const sign = negative(x) === negative(y) ? (negative(x) ? -1 : 1) : 0;
          yield [x + y, sign, (rounding: (typeof ROUNDINGS)[number]) => floatAdd(format, a, b, { rounding })] as const;
        }
    }
    expect(wrong(format, cases())).toEqual([]);
  });

  it('multiplies all pairs', () => {
    function* cases() {
      for (const [a, x] of values.entries())
        for (const [b, y] of values.entries()) {
          if (b > a && widthOf(format) === 8) continue;
          const sign = negative(x) === negative(y) ? 1 : -1;
          yield [x * y, sign, (rounding: (typeof ROUNDINGS)[number]) => floatMul(format, a, b, { rounding })] as const;
        }
    }
    expect(wrong(format, cases())).toEqual([]);
  });

  it('does not mind the order of operands', () => {
    const rng = new Rng(7);
    for (let i = 0; i < 400; i++) {
      const [a, b, c] = [randomCode(format, rng), randomCode(format, rng), randomCode(format, rng)];
      const rounding = rng.pick(ROUNDINGS);
      expect(floatAdd(format, a, b, { rounding })).toEqual(floatAdd(format, b, a, { rounding }));
      expect(floatFma(format, a, b, c, { rounding })).toEqual(floatFma(format, b, a, c, { rounding }));
    }
  });

  it('multiplies and adds, where doubles are exact', () => {
    const rng = new Rng(8);
    function* cases() {
      for (let i = 0; i < 4000; i++) {
        const [a, b, c] = [randomCode(format, rng), randomCode(format, rng), randomCode(format, rng)];
        const [x, y, z] = [values[a] as number, values[b] as number, values[c] as number];
        // Exact in a double unless far apart; then the test would not know.
        if (x * y + z - z !== x * y || x * y + z - x * y !== z) continue;
        const product = negative(x) !== negative(y);
        const sign = product === negative(z) ? (product ? -1 : 1) : 0;
        yield [x * y + z, sign, (rounding: (typeof ROUNDINGS)[number]) => floatFma(format, a, b, c, { rounding })] as const;
      }
    }
    expect(wrong(format, cases())).toEqual([]);
  });

  it.each(FLOAT_FORMATS)('is converted to from all values of $name', (from) => {
    const rng = new Rng(9);
    const inputs = widthOf(from) <= 8 ? codes(from) : Array.from({ length: 1000 }, () => randomCode(from, rng));
    expect(
      wrong(
        format,
        inputs.map((code) => {
          const x = floatValue(from, code);
          return [x, negative(x) ? -1 : 1, (rounding: (typeof ROUNDINGS)[number]) => floatToFloat(from, format, code, { rounding })] as const;
        }),
      ),
    ).toEqual([]);
  });

  it('is converted to from integers', () => {
    for (const type of [I8, U8])
      expect(
        wrong(
          format,
          Array.from({ length: 256 }, (_, i) => {
            const x = type.signed ? i - 128 : i;
            return [x, 1, (rounding: (typeof ROUNDINGS)[number]) => intToFloat(type, format, x, { rounding })] as const;
          }),
        ),
      ).toEqual([]);
  });

  it('becomes integers', () => {
    const round = {
      nearestAway: (x: number) => Math.sign(x) * Math.floor(Math.abs(x) + 0.5),
      towardsZero: Math.trunc,
      down: Math.floor,
      up: Math.ceil,
    };
    for (const [code, x] of values.entries()) {
      for (const [type, min, max] of [
        [I8, -128, 127],
        [U8, 0, 255],
      ] as const)
        for (const [rounding, of] of Object.entries(round)) {
          const whole = of(x) + 0;
          const { value, flags } = floatToInt(format, type, code, rounding as keyof typeof round);
          if (Number.isNaN(x) || whole > max) expect([value, flags]).toEqual([max, 16]);
          else if (whole < min) expect([value, flags]).toEqual([min, 16]);
          else expect([value + 0, flags]).toEqual([whole, whole === x ? 0 : 1]);
        }
    }
  });

  it('is compared as numbers are', () => {
    for (const [a, x] of values.entries())
      for (const [b, y] of values.entries()) {
        const got = (['eq', 'lt', 'le'] as const).map((relation) => floatCompare(format, relation, a, b).holds);
        if (got[0] !== (x === y) || got[1] !== x < y || got[2] !== x <= y) expect([a, b, got]).toEqual([]);
      }
  });
});

describe('all formats', () => {
  it('are those of the language, code for code', () => {
    const types = [fp32, fp16, bf16, fp8e4m3, fp8e5m2, fp6e2m3, fp6e3m2, fp4e2m1];
    const rng = new Rng(3);
    for (const [i, format] of FLOAT_FORMATS.entries()) {
      const type = types[i] as (typeof types)[number];
      expect({ ...type.format }).toEqual({ ...format });
      for (let n = 0; n < 1000; n++) {
        const code = widthOf(format) <= 8 ? n % 2 ** widthOf(format) : randomCode(format, rng);
        expect(floatValue(format, code)).toEqual(decode(type, code));
        const x = floatValue(FP32, randomCode(FP32, rng));
        // The language keeps the sign of a NaN that overflow makes, and has no code for NaN where there is none.
        if (Number.isNaN(x)) continue;
        const [got, want] = [floatFrom(format, x).bits, Number(encode(type, x))];
        if (format === FP8_E4M3 && want % 128 === 127) expect(got).toBe(127);
        else expect(got).toBe(want);
      }
    }
  });

  it('saturate when asked: infinity never comes out', () => {
    const saturate = { overflow: 'saturate' } as const;
    expect(floatToFloat(FP32, FP8_E5M2, 0x7f800000, saturate)).toEqual({ bits: 0x7b, flags: 5 });
    expect(floatToFloat(FP32, FP8_E4M3, 0xff800000, saturate)).toEqual({ bits: 0xfe, flags: 5 });
    expect(floatToFloat(FP32, FP8_E4M3, 0xff800000)).toEqual({ bits: 0x7f, flags: 5 });
    expect(floatAdd(FP16, 0x7bff, 0x7bff, saturate)).toEqual({ bits: 0x7bff, flags: 5 });
    expect(floatMul(BF16, 0xff80, 0x3f80, saturate)).toEqual({ bits: 0xff7f, flags: 5 });
    expect(floatToFloat(FP16, FP4_E2M1, 0x7e00)).toEqual({ bits: 7, flags: 16 });
  });

  it('round between zero and the least normal value without subnormals', () => {
    const flushed = floatFormat({ ...FP16, name: 'flushed', subnormals: false });
    expect(floatValue(flushed, 0x03ff)).toBe(0);
    expect(floatFrom(flushed, 2 ** -15)).toEqual({ bits: 0, flags: 3 });
    expect(floatFrom(flushed, 1.5 * 2 ** -15)).toEqual({ bits: 0x400, flags: 3 });
    expect(floatFrom(flushed, 2 ** -20, { rounding: 'up' })).toEqual({ bits: 0x400, flags: 3 });
  });

  it('refuse what is no code, no integer, no format', () => {
    expect(() => floatAdd(FP16, 0x10000, 0)).toThrow('65536 is no code of fp16, which has 16 bits');
    expect(() => floatValue(FP4_E2M1, -1)).toThrow('-1 is no code of fp4e2m1, which has 4 bits');
    expect(() => intToFloat(I32, FP32, 2 ** 31)).toThrow('2147483648 is no signed integer of 32 bits');
    expect(() => floatFormat({ ...FP16, mantissa: 52 })).toThrow('at most 8 and 23');
    expect(() => floatFormat({ ...FP16, mantissa: 0 })).toThrow('NaN needs a bit of mantissa');
    expect(() => floatFormat({ ...FP16, bias: 0.5 })).toThrow('bias 0.5');
  });
});
