// Wide products, quotients and remainders on every engine against exact integers: a part of `npm run check:arithmetic`.

import { expect, it } from 'vitest';
import { sintT } from '../support/reference.ts';
import { compareWide, edgesOf } from '../support/wide-arithmetic.ts';

it('operands have the edges of their type', () => {
  const edges = edgesOf(sintT(65));
  for (const v of [0n, 1n, -1n, -(2n ** 64n), 2n ** 64n - 1n, 2n ** 63n + 1n, -(2n ** 32n) - 1n]) expect(edges).toContain(v);
});

it('products, quotients and remainders of 33 and 65 bits, both kinds', () => {
  const { cases, operands, problems } = compareWide({ widths: [33, 65], every: 61, randoms: 1 });
  expect(problems).toEqual([]);
  expect([cases, operands > 200]).toEqual([24, true]);
});
