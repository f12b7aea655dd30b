// Numbers as codes of floating and fixed-point types, and back.
//
// Oracles: vectors made once with numpy and ml_dtypes (float-vectors.txt says which), DataView for fp32, and for fixed point the definition.

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { bf16, decode, encode, fixed, float, fp4e2m1, fp6e2m3, fp6e3m2, fp8e4m3, fp8e5m2, fp16, fp32, HdlError, ufixed } from '../../hdl/index.ts';
import { Rng } from '../support/random.ts';

type Written = number | 'NaN' | 'Infinity' | '-Infinity' | '-0';
interface Vectors {
  readonly decode: readonly Written[];
  readonly encode: readonly (readonly [Written, number | 'NaN'])[];
}
const vectors = JSON.parse(readFileSync(new URL('./float-vectors.txt', import.meta.url), 'utf8')) as { readonly [format: string]: Vectors };
const presets = { fp16, bf16, fp8e4m3, fp8e5m2, fp6e2m3, fp6e3m2, fp4e2m1 };

describe.each(Object.entries(presets))('%s', (name, type) => {
  const { decode: values, encode: codes } = vectors[name] as Vectors;

  it('decodes every code as ml_dtypes does', () => {
    expect([...Array(2 ** type.width).keys()].slice(0, values.length).map((code) => decode(type, code))).toEqual(values.map(Number));
    expect(values.length).toBe(type.width > 8 ? 0 : 2 ** type.width);
  });

  it('encodes as ml_dtypes does: ties, their neighbours, the ends of the range, infinities', () => {
    expect(codes.length).toBeGreaterThan(30);
    for (const [x, code] of codes) {
      const got = encode(type, Number(x));
      if (code === 'NaN') expect(decode(type, got), `${x}`).toBeNaN();
      else expect(got, `${x}`).toBe(BigInt(code));
    }
  });

  it('gives back every code that it decodes, but for the payloads of NaNs', () => {
    for (let code = 0; code < 2 ** type.width; code++) {
      const value = decode(type, code);
      if (!Number.isNaN(value)) expect(encode(type, value)).toBe(BigInt(code));
    }
  });

  it('saturates where asked to', () => {
    const largest = Math.max(...[...Array(2 ** (type.width - 1)).keys()].map((c) => decode(type, c)).filter(Number.isFinite));
    expect(decode(type, encode(type, 3e38 * 10, { overflow: 'saturate' }))).toBe(largest);
    expect(decode(type, encode(type, -1e300, { overflow: 'saturate' }))).toBe(-largest);
  });
});

describe('fp32', () => {
  const view = new DataView(new ArrayBuffer(4));
  const rng = new Rng(3);

  it('agrees with DataView on random bits and on random doubles', () => {
    for (let i = 0; i < 3000; i++) {
      const bits = Number(rng.value({ kind: 'uint', width: 32 }));
      view.setUint32(0, bits);
      expect(Object.is(decode(fp32, bits), view.getFloat32(0))).toBe(true);
      const x = view.getFloat32(0) * (1 + Number(rng.value({ kind: 'uint', width: 30 })) * 2 ** -50);
      if (Number.isNaN(x)) continue;
      view.setFloat32(0, x);
      expect(encode(fp32, x)).toBe(BigInt(view.getUint32(0)));
    }
  });

  it('has the extremes of doubles', () => {
    expect([1e308, -1e308, 5e-324, -5e-324, 2 ** -149, 2 ** -150, 2 ** -150 * (1 + 2 ** -52)].map((x) => encode(fp32, x))).toEqual([
      0x7f800000n,
      0xff800000n,
      0n,
      0x80000000n,
      1n,
      0n,
      1n,
    ]);
  });
});

describe('formats of one’s own', () => {
  it('without subnormals go from zero to the smallest normal value', () => {
    const type = float({ exponent: 4, mantissa: 3, subnormals: false });
    expect([1, 2 ** -6, 2 ** -7, 2 ** -7 * 1.001, -(2 ** -9)].map((x) => decode(type, encode(type, x)))).toEqual([1, 2 ** -6, 0, 2 ** -6, -0]);
    expect(decode(type, 7)).toBe(0);
  });

  it('are one format where they are equal', () => {
    expect(float({ exponent: 5, mantissa: 10 }).format).toBe(fp16.format);
    expect(float({ exponent: 5, mantissa: 10, bias: 14 }).format).not.toBe(fp16.format);
  });

  it('are binary64 too', () => {
    const double = float({ exponent: 11, mantissa: 52 });
    const view = new DataView(new ArrayBuffer(8));
    for (const x of [0.1, -0, 5e-324, 1.7976931348623157e308, Number.NEGATIVE_INFINITY, 2.2250738585072014e-308]) {
      view.setFloat64(0, x);
      expect(encode(double, x)).toBe(view.getBigUint64(0));
      expect(Object.is(decode(double, view.getBigUint64(0)), x)).toBe(true);
    }
  });
});

describe('fixed point', () => {
  it('encodes to nearest, ties to even, and takes integers or bit patterns back', () => {
    const type = fixed(8, 4);
    expect([0, 1.5, -8, 7.9375, 0.1, 0.03125, 0.09375, -0.03125, -0.09375].map((x) => encode(type, x))).toEqual([
      0n,
      24n,
      -128n,
      127n,
      2n,
      0n,
      2n,
      0n,
      -2n,
    ]);
    expect([24, -128, 0x80, 0xffn].map((c) => decode(type, c))).toEqual([1.5, -8, -8, -0.0625]);
    expect(decode(ufixed(8, 4), 0xff)).toBe(15.9375);
  });

  it('has points outside of the bits', () => {
    expect([encode(ufixed(4, -3), 100), encode(fixed(4, 8), -0.03125), encode(fixed(0, 3), 0)]).toEqual([12n, -8n, 0n]);
    expect([decode(ufixed(4, -3), 12), decode(fixed(4, 8), 7)]).toEqual([96, 7 / 256]);
  });

  it.each([8, -8.1, Number.NaN, Number.POSITIVE_INFINITY, 7.97])('throws for %d', (x) => {
    expect(() => encode(fixed(8, 4), x)).toThrow(HdlError);
  });

  it('has no NaN in a format without one', () => {
    expect(() => encode(fp4e2m1, Number.NaN)).toThrow(/HDL-Q003: NaN is beyond the values of fp4e2m1/);
  });
});
