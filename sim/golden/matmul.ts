/**
 * The reference matrix product.
 * Invariant: every sum is kept modulo 2^32 as an int32, after each step.
 * Refused: empty dimensions and operands whose length does not match the shape.
 */
import { checkLength, checkShape, type Shape } from './shape.ts';

/**
 * `C = A·B + D` with int8 operands and int32 sums that wrap modulo 2^32.
 *
 * @param shape m, k, n
 * @param a m×k int8, row-major
 * @param b k×n int8, row-major
 * @param d m×n int32, row-major; zero when left out
 * @returns C, m×n int32, row-major; a new array
 * @throws RangeError naming the operand, its expected and its actual length
 */
export function matmul(shape: Shape, a: Int8Array, b: Int8Array, d?: Int32Array): Int32Array {
  checkShape(shape);
  const { m, k, n } = shape;
  checkLength('a', m * k, a.length);
  checkLength('b', k * n, b.length);
  if (d !== undefined) checkLength('d', m * n, d.length);
  const c = d === undefined ? new Int32Array(m * n) : Int32Array.from(d);
  for (let row = 0; row < m; row++) {
    const rowOfC = row * n;
    for (let inner = 0; inner < k; inner++) {
      // The lengths are checked above: `?? 0` only satisfies the compiler, here and below.
      const factor = a[row * k + inner] ?? 0;
      if (factor === 0) continue;
      const rowOfB = inner * n;
      // An int8 product is exact in a double, and so is its sum with an int32: `| 0` is the only rounding.
      for (let col = 0; col < n; col++) {
        c[rowOfC + col] = ((c[rowOfC + col] ?? 0) + factor * (b[rowOfB + col] ?? 0)) | 0;
      }
    }
  }
  return c;
}
