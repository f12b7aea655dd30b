// Softmax against TFLite Micro's and CMSIS-NN's results; normalisation against the real numbers that it stands for.

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { inverseRoot, normaliseRow } from '../../../sim/golden/accelerator/layer-norm.ts';
import { softmaxRow, softmaxScaling, softmaxTable } from '../../../sim/golden/accelerator/softmax.ts';
import { Rng } from '../../support/random.ts';

interface Row {
  readonly input: readonly number[];
  readonly output: readonly number[];
}
interface Vectors {
  readonly mlperfTiny: readonly (Row & { readonly name: string; readonly beta: number; readonly scale: number })[];
  readonly cmsisNn: Row & { readonly multiplier: number; readonly leftShift: number; readonly diffMin: number; readonly length: number };
}
const { mlperfTiny, cmsisNn } = JSON.parse(readFileSync(new URL('../../data/softmax/rows.json', import.meta.url), 'utf8')) as Vectors;

describe('softmax', () => {
  it.each(mlperfTiny.map((row) => ({ name: row.name, row })))('$name', ({ row }) => {
    expect([...softmaxRow(Int8Array.from(row.input), softmaxTable(softmaxScaling(row.beta, row.scale)))]).toEqual(row.output);
  });

  it('of CMSIS-NN', () => {
    const { input, output, length } = cmsisNn;
    const table = softmaxTable(cmsisNn);
    const rows = Array.from({ length: input.length / length }, (_, i) => Int8Array.from(input.slice(i * length, (i + 1) * length)));
    expect(rows.flatMap((row) => [...softmaxRow(row, table)])).toEqual(output);
  });

  it('is right to one code on rows of any length', () => {
    const rng = new Rng(1);
    for (const length of [1, 2, 33, 4095]) {
      const scale = 0.05;
      const codes = Int8Array.from({ length }, () => rng.below(100) - 50);
      const exps = Array.from(codes, (code) => Math.exp(scale * code));
      const sum = exps.reduce((a, b) => a + b);
      const got = softmaxRow(codes, softmaxTable(softmaxScaling(1, scale)));
      for (const [i, e] of exps.entries()) expect(Math.abs((got[i] as number) + 128 - Math.min((256 * e) / sum, 255))).toBeLessThanOrEqual(0.51);
    }
  });

  it('rounds exponentials in the sum', () => {
    // 2^11 is half of a place of the sum: two of them sum to 2, whose reciprocal is 1 / (1 · 2^1), and 2^11 / 2^5 is 64.
    expect([...softmaxRow(new Int8Array(2), new Int32Array(256).fill(2 ** 11))]).toEqual([-64, -64]);
  });

  it('refuses a row that is too long', () => {
    expect(() => softmaxRow(new Int8Array(4096), new Int32Array(256))).toThrow('has 4096 codes, but must have 1 to 4095');
  });
});

describe('normalisation', () => {
  it('has the root to 2^-22', () => {
    const rng = new Rng(2);
    for (let i = 0; i < 2000; i++) {
      const value = i < 39 ? 2 ** i : 1 + Math.floor(2 ** rng.below(38) * (1 + rng.word() / 2 ** 32));
      const { root, half } = inverseRoot(value);
      expect(Math.abs(root * 2 ** (-29 - half) * Math.sqrt(value) - 1)).toBeLessThan(2 ** -22);
    }
  });

  it('rounds the real result to the nearest code', () => {
    const rng = new Rng(3);
    for (let round = 0; round < 60; round++) {
      const length = round < 20 ? 1 + round : 1 + rng.below(4095);
      const [fraction, epsilon, spread] = [rng.below(8), rng.below(12), 1 + rng.below(128)];
      const codes = Int8Array.from({ length }, () => rng.below(2 * spread) - spread);
      const mean = codes.reduce((a, b) => a + b, 0) / length;
      const variance = codes.reduce((a, b) => a + (b - mean) ** 2, 0) / length;
      const got = normaliseRow(codes, { fraction, epsilon });
      for (const [i, code] of codes.entries()) {
        const real = ((code - mean) / Math.sqrt(variance + 2 ** epsilon / length ** 2)) * 2 ** fraction;
        expect(Math.abs((got[i] as number) - Math.min(Math.max(real, -128), 127))).toBeLessThan(0.5 + 2 ** -12);
      }
    }
  });

  it('refuses a row that is too long', () => {
    expect(() => normaliseRow(new Int8Array(4096), { fraction: 5, epsilon: 0 })).toThrow('has 4096 codes, but must have 1 to 4095');
  });
});
