// Two small units on all engines: the quick look that mutations of the printer are tried on.

import { describe, expect, it } from 'vitest';
import { DATAFLOWS } from '../../generators/array-config.ts';
import { cosimulate, ENGINES, evenStall, makeRun, targetOfConfig } from '../../sim/cosim/index.ts';

describe.each(DATAFLOWS)('%s', (dataflow) => {
  const [rows, cols] = dataflow === 'cube' ? [4, 4] : [2, 3];
  it(`${rows}×${cols} agrees on all engines`, async () => {
    const unit = { rows, cols, dataflow };
    const run = makeRun(unit, { m: 5, k: 5, n: 7, withD: true, kind: 'extreme', stimulus: { seed: 3, stall: evenStall(0.3) } });
    const reports = await cosimulate(targetOfConfig(unit, 'smoke'), [run], {
      engines: ENGINES,
      env: process.env,
      signal: new AbortController().signal,
    });
    expect(reports.map(({ engine, difference }) => ({ engine, difference }))).toEqual(ENGINES.map((engine) => ({ engine, difference: undefined })));
  });
});
