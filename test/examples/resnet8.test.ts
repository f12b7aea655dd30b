// A real layer on all engines: sums against a direct convolution computed elsewhere, bytes against TensorFlow Lite Micro.

import { describe, expect, it } from 'vitest';
import { runLayer } from '../../examples/resnet8-conv/run.ts';
import { ENGINES } from '../../sim/cosim/index.ts';

describe.each(['ws', 'os'] as const)('the first convolution of ResNet-8, %s', (dataflow) => {
  it('is exact on every engine', async () => {
    const verdicts = await runLayer({ rows: 16, cols: 16, dataflow }, ENGINES, 0.1, new AbortController().signal);
    expect(verdicts.map((v) => v.engine)).toEqual([...ENGINES]);
    for (const verdict of verdicts) expect(verdict).toMatchObject({ wrongSums: 0, wrongBytes: 0, difference: undefined });
    expect(new Set(verdicts.map((v) => v.cycles)).size).toBe(1);
  });
});
