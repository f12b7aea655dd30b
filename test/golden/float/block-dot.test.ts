// Dot products of MX blocks against rational arithmetic: every element code, every boundary, ties, and at random. `npm run test:blocks` does a million.

import { describe, expect, it } from 'vitest';
import { BLOCK_FORMATS, type BlockFormat, blockDot, MXFP4, MXFP8_E5M2, MXINT8, type TypedBlock } from '../../../sim/golden/float/index.ts';
import { Rng } from '../../support/random.ts';
import { boundaryDots, type DotCase, randomDot, tieDots } from './block-operands.ts';
import { oracleDot } from './block-oracle.ts';
import { wrongDots } from './check-dots.ts';

const sized = (size: number) => BLOCK_FORMATS.map((format): BlockFormat => ({ ...format, size }));

describe.each(sized(2))('$name', (format) => {
  it('gives what rational arithmetic gives: all codes of an element', () => {
    const { element } = format;
    const codes = 2 ** (element === 'int8' ? 8 : 1 + element.exponent + element.mantissa);
    const one = element === 'int8' ? 64 : element.bias * 2 ** element.mantissa;
    const block = (elements: number[], scale = 127): TypedBlock => ({ format, scale, elements });
    const cases = Array.from({ length: codes }, (_, code): DotCase => ({ a: block([code, 0]), b: block([one, one]), c: 0x80000000 }));
    expect(wrongDots(cases)).toEqual([]);
  });

  it('at all boundaries', () => expect(wrongDots(boundaryDots(format, format))).toEqual([]));
  it('at ties and beside them', () => expect(wrongDots(tieDots(format))).toEqual([]));

  it('at random, alone and with another format', () => {
    const rng = new Rng(format.name.length);
    const others = [format, ...sized(2)];
    expect(wrongDots(Array.from({ length: 1200 }, () => randomDot(format, rng.pick(others), rng)))).toEqual([]);
  });

  it('in blocks of 32, at random', () => {
    const rng = new Rng(32);
    const whole = { ...format, size: 32 };
    expect(wrongDots(Array.from({ length: 60 }, () => randomDot(whole, whole, rng)))).toEqual([]);
  });
});

it('the oracle knows what is written in the standard', () => {
  const dot = (name: string, x: number, y: number, c = 0) => oracleDot({ name, scale: 127, elements: [x] }, { name, scale: 127, elements: [y] }, c);
  const bits = (x: number): number => new Uint32Array(Float32Array.of(x).buffer)[0] as number;
  expect(dot('mxfp8e4m3', 0x7e, 0x38)).toBe(bits(448));
  expect(dot('mxfp8e5m2', 0x7b, 0x3c)).toBe(bits(57344));
  expect(dot('mxfp6e2m3', 0x1f, 0x08)).toBe(bits(7.5));
  expect(dot('mxfp6e3m2', 0x1f, 0x0c)).toBe(bits(28));
  expect(dot('mxfp4e2m1', 0x7, 0x2)).toBe(bits(6));
  expect(dot('mxint8', 0x80, 0x40)).toBe(bits(-2));
  expect(dot('mxfp8e5m2', 1, 1)).toBe(bits(2 ** -32));
  expect(dot('mxint8', 0x40, 0x40, bits(0.1))).toBe(bits(1 + Math.fround(0.1)));
});

it('a block whose sum is zero leaves −0, one that cancels the sum gives +0, and −0 is what rounds to it', () => {
  const block = (format: BlockFormat, scale: number, ...elements: number[]): TypedBlock => ({ format: { ...format, size: 2 }, scale, elements });
  const one = block(MXFP4, 127, 2, 0);
  expect(blockDot(block(MXFP4, 0, 0, 0), one, 0x80000000).bits).toBe(0x80000000);
  expect(blockDot(block(MXINT8, 127, 64, 192), block(MXINT8, 127, 64, 64), 0x80000000).bits).toBe(0x80000000);
  expect(blockDot(one, one, 0xbf800000).bits).toBe(0);
  expect(blockDot(block(MXFP8_E5M2, 0, 0x81, 0), block(MXFP8_E5M2, 0, 1, 0), 0).bits).toBe(0x80000000);
});
