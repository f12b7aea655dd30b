/** im2col against its definition (a padded map of pixels, windows found by trial), and against its refusals. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { im2col, type Shape4, type Window } from '../../compiler/im2col.ts';

const shape = fc.tuple(
  fc.integer({ min: 1, max: 2 }),
  fc.integer({ min: 1, max: 7 }),
  fc.integer({ min: 1, max: 7 }),
  fc.integer({ min: 1, max: 3 }),
);
const pair = (max: number) => fc.tuple(fc.integer({ min: 1, max }), fc.integer({ min: 1, max }));
const amount = fc.integer({ min: 0, max: 4 });
const padding = fc.oneof(fc.constantFrom('SAME' as const, 'VALID' as const), fc.record({ top: amount, bottom: amount, left: amount, right: amount }));

const arbitraryCase = shape.chain((s) =>
  fc.record({
    shape: fc.constant(s),
    input: fc.int8Array({ minLength: s[0] * s[1] * s[2] * s[3], maxLength: s[0] * s[1] * s[2] * s[3] }),
    window: fc.record({ kernel: pair(4), stride: pair(3), dilation: pair(3), padding }),
    padValue: fc.integer({ min: -128, max: 127 }),
  }),
);

/** Where windows start along one axis of an explicitly padded line, found by trying every position. */
function starts(size: number, kernel: number, stride: number, dilation: number, before: number, after: number): number[] {
  const found: number[] = [];
  for (let p = 0; p < size + before + after; p += stride) {
    if (p + (kernel - 1) * dilation < size + before + after) found.push(p);
  }
  return found;
}

/** TFLite's SAME: enough padding for ceil(size / stride) windows, added one by one, bottom or right first. */
function samePadding(size: number, kernel: number, stride: number, dilation: number): [number, number] {
  let before = 0;
  let after = 0;
  const wanted = Math.floor((size + stride - 1) / stride);
  while (starts(size, kernel, stride, dilation, before, after).length < wanted) {
    if (after > before) before++;
    else after++;
  }
  return [before, after];
}

/** The definition: pad the picture into a map, then read every window from it. Undefined if no window fits. */
function direct(input: Int8Array, [n, h, w, c]: Shape4, window: Window, padValue: number) {
  const { kernel, stride, dilation, padding: rule } = window;
  const sides =
    rule === 'VALID'
      ? [0, 0, 0, 0]
      : rule === 'SAME'
        ? [...samePadding(h, kernel[0], stride[0], dilation[0]), ...samePadding(w, kernel[1], stride[1], dilation[1])]
        : [rule.top, rule.bottom, rule.left, rule.right];
  const [top, bottom, left, right] = sides as [number, number, number, number];
  const ys = starts(h, kernel[0], stride[0], dilation[0], top, bottom);
  const xs = starts(w, kernel[1], stride[1], dilation[1], left, right);
  if (ys.length === 0 || xs.length === 0) return undefined;

  const pixels = new Map<string, number>();
  input.forEach((value, i) => {
    const pixel = Math.floor(i / c);
    pixels.set([Math.floor(pixel / (w * h)), (Math.floor(pixel / w) % h) + top, (pixel % w) + left, i % c].join(), value);
  });
  const rows: number[][] = [];
  for (let image = 0; image < n; image++)
    for (const y of ys)
      for (const x of xs) {
        const row: number[] = [];
        for (let tap = 0; tap < kernel[0] * kernel[1] * c; tap++) {
          const dy = Math.floor(tap / (kernel[1] * c)) * dilation[0];
          const dx = (Math.floor(tap / c) % kernel[1]) * dilation[1];
          row.push(pixels.get([image, y + dy, x + dx, tap % c].join()) ?? padValue);
        }
        rows.push(row);
      }
  return { outH: ys.length, outW: xs.length, rows };
}

describe('im2col', () => {
  test('gathers what the definition gathers, for any kernel, stride, dilation and padding', () => {
    let compared = 0;
    fc.assert(
      fc.property(arbitraryCase, ({ input, shape, window, padValue }) => {
        const expected = direct(input, shape, window, padValue);
        if (expected === undefined) {
          expect(() => im2col(input, shape, window, padValue)).toThrow(/no window fits/);
          return;
        }
        compared++;
        const actual = im2col(input, shape, window, padValue);
        expect([actual.outH, actual.outW]).toEqual([expected.outH, expected.outW]);
        expect([actual.rows, actual.columns]).toEqual([expected.rows.length, expected.rows[0]?.length]);
        expect(Array.from(actual.data)).toEqual(expected.rows.flat());
      }),
      { numRuns: 500 },
    );
    expect(compared).toBeGreaterThan(150);
  });

  test('a window worked by hand: 3x3 picture, 2x2 kernel, SAME', () => {
    const window: Window = { kernel: [2, 2], stride: [2, 2], dilation: [1, 1], padding: 'SAME' };
    const { data } = im2col(Int8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9), [1, 3, 3, 1], window, -1);
    expect(Array.from(data)).toEqual([1, 2, 4, 5, 3, -1, 6, -1, 7, 8, -1, -1, 9, -1, -1, -1]);
  });

  const window: Window = { kernel: [1, 1], stride: [1, 1], dilation: [1, 1], padding: 'VALID' };
  test.each<[string, Shape4, Partial<Window>, number, RegExp]>([
    ['a tensor of another length', [1, 2, 2, 2], {}, 0, /^input: shape \[1,2,2,2\] \(NHWC\) needs 8 elements, got 4\. Pass/],
    ['an empty dimension', [0, 2, 2, 1], {}, 0, /^input: the shape must be 4 positive integers/],
    ['a fractional stride', [1, 2, 2, 1], { stride: [1, 1.5] }, 0, /^stride width: must be a positive integer, got 1\.5/],
    ['a dilation of zero', [1, 2, 2, 1], { dilation: [0, 1] }, 0, /^dilation height/],
    ['a kernel of zero', [1, 2, 2, 1], { kernel: [0, 1] }, 0, /^kernel height/],
    ['negative padding', [1, 2, 2, 1], { padding: { top: 0, bottom: 0, left: -1, right: 0 } }, 0, /^padding width: .* Crop/],
    ['a kernel larger than the picture', [1, 2, 2, 1], { kernel: [3, 1] }, 0, /^input: its padded height 2 .*\(3\).* use SAME/],
    ['a pad value beyond int8', [1, 2, 2, 1], {}, 128, /^pad value: must be an int8/],
  ])('refuses %s', (_, shape, change, padValue, message) => {
    expect(() => im2col(new Int8Array(4), shape, { ...window, ...change }, padValue)).toThrow(message);
  });
});
