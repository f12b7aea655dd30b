// The golden model against a sample of Berkeley TestFloat: results and flags. `npm run test:testfloat` checks whole files.

import { describe, expect, it } from 'vitest';
import { differences } from './check-vectors.ts';
import { SAMPLE, vectorFiles } from './testfloat.ts';

describe('TestFloat', () => {
  const files = vectorFiles(SAMPLE);

  it('has all its files', () => {
    expect(files).toHaveLength(28);
    expect(files.reduce((sum, { cases }) => sum + cases.length, 0)).toBeGreaterThan(34_000);
  });

  it.each(files)('$file', (file) => {
    expect(differences(file).slice(0, 5)).toEqual([]);
  });
});
