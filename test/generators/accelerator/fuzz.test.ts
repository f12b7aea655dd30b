// Random programs: the same bytes in all of memory as in the golden model. `npm run fuzz:accelerator` runs as many as one likes.

import { afterAll, expect, test } from 'vitest';
import { AcceleratorFuzz, FUZZ_CONFIGS, fuzzCase, listing } from '../../support/accelerator-fuzz.ts';

const RUNS = Number(process.env['ACCELERATOR_FUZZ'] ?? 16);
const fuzz = new AcceleratorFuzz('systole');
afterAll(() => fuzz.close());

const seeds = (count: number, from = 0): number[] => Array.from({ length: count }, (_, i) => from + i);

test.each(seeds(RUNS))('program %d', (seed) => {
  const one = fuzzCase(seed);
  expect(fuzz.check(one), listing(one)).toBeUndefined();
});

test.each(seeds(FUZZ_CONFIGS.length))('a word that is none: what stands before it happens, nothing behind it; %d', (seed) => {
  const one = fuzzCase(seed, true);
  expect(fuzz.check(one), listing(one)).toBeUndefined();
});

test('in Verilog', () => {
  const verilator = new AcceleratorFuzz('verilator');
  for (const illegal of [false, true]) {
    const one = fuzzCase(0, illegal);
    expect(verilator.check(one), listing(one)).toBeUndefined();
  }
  verilator.close();
});
