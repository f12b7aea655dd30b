// The engines: what they find in units that are wrong, and that they find it alike.

import { describe, expect, it } from 'vitest';
import { cosimulate, type Target, targetOfConfig } from '../../sim/cosim/index.ts';
import { options, someRun } from './helpers.ts';

const unit = targetOfConfig({ rows: 2, cols: 3, dataflow: 'ws' }, 'engines_unit');

/** The unit with text of its top exchanged. */
function edited(from: string | RegExp, to: string): Target {
  const rtl = unit.rtl.map(({ name, text }) => ({ name, text: text.replace(from, to) }));
  expect(rtl).not.toEqual(unit.rtl);
  return { ...unit, rtl };
}

describe('engines', () => {
  it('agree on several runs in one go', async () => {
    const runs = [someRun(unit), someRun(unit, { m: 1, k: 1, n: 1, withD: false }), someRun(unit, { kind: 'extreme' })];
    const reports = await cosimulate(unit, runs, { ...options, engines: ['golden', 'systole', 'verilator', 'icarus'] });
    expect(reports.map(({ engine, difference }) => ({ engine, difference }))).toEqual(
      ['golden', 'systole', 'verilator', 'icarus'].map((engine) => ({ engine, difference: undefined })),
    );
    for (const { traces } of reports) expect(traces).toEqual(runs.map((run) => run.expected));
  });

  it('name cycle, lane and values of a wrong sum', async () => {
    const wrong = edited('activation * weight_active', 'activation - weight_active');
    const run = someRun(wrong);
    const [verilator, icarus] = await cosimulate(wrong, [run], { ...options, engines: ['verilator', 'icarus'] });
    expect(verilator?.difference).toMatchObject({
      run: 0,
      signal: expect.stringMatching(/^out_data\[\d+:\d+\]$/),
      expected: expect.stringMatching(/^-?\d+$/),
    });
    expect(icarus?.difference).toEqual(verilator?.difference);
    expect(verilator?.traces[0]?.flags.length).toBe((verilator?.difference?.cycle ?? 0) + 1);
  });

  it('name a wrong handshake, and stop at the run in which it shows', async () => {
    const wrong = edited('assign psum_ready = accept & act_accumulate', 'assign psum_ready = accept');
    const plain = { m: 3, k: 2, n: 3, withD: true };
    const runs = [someRun(wrong, plain), someRun(wrong, { ...plain, withD: false }), someRun(wrong, plain)];
    for (const engine of ['verilator', 'icarus'] as const) {
      const [report] = await cosimulate(wrong, runs, { ...options, engines: [engine] });
      expect(report?.difference).toMatchObject({ run: 1, signal: 'psum_ready', expected: '0', actual: '1' });
      expect(report?.traces).toHaveLength(2);
    }
  });

  it('see a register without a reset: Verilator by random values, Icarus by x', async () => {
    const wrong = edited("loaded <= 2'd0;\n", '\n');
    const runs = Array.from({ length: 4 }, (_, seed) => someRun(wrong, { stimulus: { seed, stall: someRun(unit).stimulus.stall } }));
    const [verilator, icarus] = await cosimulate(wrong, runs, { ...options, engines: ['verilator', 'icarus'] });
    expect(verilator?.difference).toBeDefined();
    expect(icarus?.difference).toMatchObject({ run: 0, actual: expect.stringMatching(/^[01x]$/) });
  });

  it('see the payload of a stream that is not valid', async () => {
    const wrong = edited('assign weight_ready = ', 'assign weight_ready = (weight_data[0] == weight_valid) & ');
    const reports = await cosimulate(wrong, [someRun(wrong)], { ...options, engines: ['verilator', 'icarus'] });
    for (const { difference } of reports) expect(difference?.signal).toBe('weight_ready');
  });

  it('run optimised builds', async () => {
    const [report] = await cosimulate(unit, [someRun(unit)], { ...options, profile: 'optimised', engines: ['verilator'] });
    expect(report?.difference).toBeUndefined();
  });
});
