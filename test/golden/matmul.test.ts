import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matmul, type Problem } from '../../sim/golden/index.ts';
import { anyProblem } from './arbitraries.ts';

function naive({ m, k, n, a, b, d }: Problem): number[] {
  const c: number[] = [];
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let sum = BigInt(d?.[i * n + j] ?? 0);
      for (let l = 0; l < k; l++) sum += BigInt(a[i * k + l] ?? 0) * BigInt(b[l * n + j] ?? 0);
      c.push(Number(BigInt.asIntN(32, sum)));
    }
  }
  return c;
}

describe('matmul', () => {
  it('equals a naive product in exact arithmetic', () => {
    fc.assert(
      fc.property(anyProblem, (problem) => {
        const { a, b, d } = problem;
        expect([...matmul(problem, a, b, d)]).toEqual(naive(problem));
      }),
      { numRuns: 300 },
    );
  });

  it('wraps modulo 2^32 in both directions', () => {
    const top = Int32Array.of(0x7fffffff, -0x80000000);
    expect([...matmul({ m: 1, k: 1, n: 2 }, Int8Array.of(1), Int8Array.of(1, -1), top)]).toEqual([-0x80000000, 0x7fffffff]);
    // 2^17 + 1 products of 2^14 are 2^31 + 2^14: the sum wraps without any D.
    const k = 2 ** 17 + 1;
    const low = new Int8Array(k).fill(-128);
    expect([...matmul({ m: 1, k, n: 1 }, low, low)]).toEqual([-(2 ** 31) + 2 ** 14]);
  });

  it('leaves its operands alone', () => {
    const d = Int32Array.of(7);
    matmul({ m: 1, k: 1, n: 1 }, Int8Array.of(2), Int8Array.of(3), d);
    expect(d[0]).toBe(7);
  });

  it('names the operand of a wrong length', () => {
    const shape = { m: 2, k: 3, n: 4 };
    const [a, b] = [new Int8Array(6), new Int8Array(12)];
    expect(() => matmul(shape, new Int8Array(5), b)).toThrow(new RangeError('a must have 6 elements, got 5'));
    expect(() => matmul(shape, a, new Int8Array(13))).toThrow(new RangeError('b must have 12 elements, got 13'));
    expect(() => matmul(shape, a, b, new Int32Array(1))).toThrow(new RangeError('d must have 8 elements, got 1'));
    expect(() => matmul({ m: 0, k: 3, n: 4 }, a, b)).toThrow(/^m must be an integer of at least 1, got 0$/);
  });
});
