// What a simulation of the largest array takes of memory, in a process of its own.

import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';

test('a 256×256 array of each dataflow simulates in less than 200 MB, everything included', () => {
  const text = execFileSync(process.execPath, ['--import', 'tsx', 'bench/memory.ts'], { encoding: 'utf8' });
  const { before, peak } = JSON.parse(text) as { before: number; peak: number };
  expect(peak).toBeGreaterThan(before);
  expect(peak).toBeLessThan(200);
});
