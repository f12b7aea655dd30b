// A sample of `npm run test:accelerator-sweep`: arrays, buses and memories of other sizes give the golden model's bytes.

import { expect, test } from 'vitest';
import { checkPoint, sweepPoint } from '../../support/accelerator-sweep.ts';

test.each([0, 5, 15, 19])('point %d', (number) => {
  const point = sweepPoint(number);
  expect(checkPoint(point, 'wasm', ['3×3, stride 2', 'depthwise']), point.text).toEqual([]);
});
