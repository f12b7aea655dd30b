import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { operandSeed, randomInt8, randomInt32, randomProblem, type StreamNumber, streamSeed, xorshift32 } from '../../sim/golden/index.ts';

describe('xorshift32', () => {
  it("gives the sequence of Marsaglia's paper", () => {
    const first = xorshift32(2463534242);
    expect(first).toBe(723471715);
    expect(xorshift32(first)).toBe(2497366906);
    expect(xorshift32(xorshift32(first))).toBe(2064144800);
  });

  it('agrees with exact arithmetic and never reaches 0', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 0xffffffff }), (seed) => {
        let x = BigInt(seed);
        x = BigInt.asUintN(32, x ^ (x << 13n));
        x ^= x >> 17n;
        x = BigInt.asUintN(32, x ^ (x << 5n));
        expect(xorshift32(seed)).toBe(Number(x));
        expect(xorshift32(seed)).not.toBe(0);
      }),
    );
  });
});

describe('seeds', () => {
  it('follow the formula modulo 2^32', () => {
    expect(streamSeed(0, 0)).toBe(0x85ebca6b);
    expect(streamSeed(1, 0)).toBe((0x9e3779b9 + 0x85ebca6b) % 2 ** 32);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffffffff }), fc.constantFrom<StreamNumber>(0, 1, 2, 3), (seed, stream) => {
        const exact = BigInt.asUintN(32, BigInt(seed) * 0x9e3779b9n + BigInt(stream + 1) * 0x85ebca6bn);
        expect(streamSeed(seed, stream)).toBe(exact === 0n ? 1 : Number(exact));
      }),
    );
  });

  it('replace 0 by 1', () => {
    // The odd multiplier has an inverse modulo 2^32 (Newton's iteration doubles the right bits), so some seed gives 0.
    let inverse = 0x9e3779b9n;
    for (let i = 0; i < 5; i++) inverse = BigInt.asUintN(32, inverse * (2n - 0x9e3779b9n * inverse));
    const seed = Number(BigInt.asUintN(32, -0x85ebca6bn * inverse));
    expect(streamSeed(seed, 0)).toBe(1);
    expect(streamSeed(seed, 1)).toBe(0x85ebca6b);
  });

  it('differ for streams and operands', () => {
    const seeds = [0, 1, 2, 3].map((stream) => streamSeed(5, stream as StreamNumber));
    expect(new Set([...seeds, operandSeed(5, 'a'), operandSeed(5, 'b'), operandSeed(5, 'd')]).size).toBe(7);
  });
});

describe('random arrays', () => {
  it('take the top bits of successive outputs', () => {
    expect([...randomInt32(2463534242, 2)]).toEqual([723471715, 2497366906 | 0]);
    expect([...randomInt8(2463534242, 2)]).toEqual([723471715 >> 24, 2497366906 >> 24]);
  });

  it('cover their type', () => {
    expect(new Set(randomInt8(1, 5000)).size).toBe(256);
    expect([...new Set(randomInt8(1, 200, 'extreme'))].sort((x, y) => x - y)).toEqual([-128, -127, -1, 0, 1, 127]);
    expect(new Set(randomInt32(1, 200, 'extreme')).size).toBe(8);
  });

  it('make the same problem from the same seed', () => {
    const shape = { m: 2, k: 3, n: 4 };
    expect(randomProblem(shape, 9, { withD: true })).toEqual(randomProblem(shape, 9, { withD: true }));
    expect(randomProblem(shape, 9, { withD: true })).not.toEqual(randomProblem(shape, 10, { withD: true }));
    expect(randomProblem(shape, 9, { withD: false }).d).toBeUndefined();
  });
});
