// The cells against the sample of Berkeley TestFloat: results and flags, in hardware.

import { describe, expect, it } from 'vitest';
import { SAMPLE, vectorFiles } from '../../golden/float/testfloat.ts';
import { disagreements } from './run-cell.ts';
import { cellOf, linesOf } from './vectors.ts';

describe('TestFloat, in hardware', () => {
  it.each(vectorFiles(SAMPLE))('$file', (file) => {
    const cell = cellOf(file.operation, { rounding: file.rounding });
    const { cases, expected } = linesOf(file, cell);
    expect(cases.length).toBeGreaterThan(300);
    expect(disagreements(cell, cases, { expected })).toEqual([]);
  });
});
