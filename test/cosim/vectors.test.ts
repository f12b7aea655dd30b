// Vectors that do not fit are refused by name: before they are written, and by the testbenches.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildIcarus, checkVectors, makeRun, runChild, runVerilator, targetOfConfig, writeVectors } from '../../sim/cosim/index.ts';
import { buildVerilator } from '../../sim/cosim/verilator-build.ts';
import { inFolder, options, someRun } from './helpers.ts';

const unit = targetOfConfig({ rows: 2, cols: 5, dataflow: 'os' }, 'vectors_unit');
const run = someRun(unit);

describe('checkVectors', () => {
  const { streams } = run;

  it('takes what the golden model makes', () => expect(() => checkVectors(unit, streams)).not.toThrow());

  it('names an array of a wrong length', async () => {
    const act = { ...streams.act, data: streams.act.data.subarray(1) };
    expect(() => checkVectors(unit, { ...streams, act })).toThrow(
      `act.data must have ${streams.act.beats * 2} elements for this unit, got ${streams.act.beats * 2 - 1}`,
    );
    expect(() => checkVectors({ ...unit, cols: 4 }, streams)).toThrow(/^weight.data must have \d+ elements/);
    await expect(runVerilator(unit, [{ ...run, streams: { ...streams, act } }], options)).rejects.toThrow('act.data must have');
  });

  it('names a value out of range', () => {
    const data = Array.from(streams.weight.data) as unknown as Int8Array;
    data[3] = 128;
    expect(() => checkVectors(unit, { ...streams, weight: { ...streams.weight, data } })).toThrow(
      'weight.data[3] must be a whole number from -128 to 127, got 128',
    );
    const last = Uint8Array.from(streams.act.last, () => 2);
    expect(() => checkVectors(unit, { ...streams, act: { ...streams.act, last } })).toThrow('act.last[0] must be a whole number from 0 to 1, got 2');
  });
});

describe('makeRun', () => {
  it('counts characters by the widths of the element', () => {
    const request = { m: 1, k: 1, n: 1, withD: false, stimulus: { seed: 1, stall: { act: 0.9, weight: 0, psum: 0, out: 0 } } };
    const of = (accumulator: number) => () =>
      makeRun({ rows: 1024, cols: 1024, dataflow: 'ws', pe: { kind: 'xnor', lanes: 1, accumulator } }, request);
    // Some 40 000 cycles of 1024 lanes.
    expect(of(256)).toThrow('too long to compare every cycle');
    // This one comes to the next check: one step fills no tile of 1024.
    expect(of(16)).toThrow('k of 1 steps leaves a tile');
  });

  it('refuses runs whose vectors would fill the memory', () => {
    expect(() => makeRun(unit, { m: 1e6, k: 200, n: 1e6, withD: false, stimulus: run.stimulus })).toThrow(
      expect.objectContaining({ code: 'run-too-long' }),
    );
  });
});

describe('testbenches', () => {
  const damage: readonly (readonly [string, string, string, RegExp])[] = [
    ['a short file', 'act.txt', 'ffff 0 0\n', /act\.txt:2/],
    ['beats of another unit', 'weight.txt', 'ff\n', /weight\.txt:1.*10 hexadecimal digits/],
    ['beats that are too wide', 'psum.txt', `${'f'.repeat(48)}\n`, /psum\.txt:1.*40 hexadecimal digits/],
    ['a missing expectation', 'expected.txt', '', /expected\.txt:1/],
    ['an unfinished run.txt', 'run.txt', '1 2 3\n', /run\.txt/],
  ];

  for (const [what, file, text, message] of damage) {
    it(`refuse ${what}`, () =>
      inFolder(async (folder) => {
        await writeVectors(folder, unit, { ...run, stimulus: { ...run.stimulus } });
        writeFileSync(join(folder, file), text);
        const binary = join((await buildVerilator(unit, { verilate: '-O1', compile: '-O0', waves: false }, options)).path, 'tb');
        const verilator = await runChild(binary, [folder], options);
        expect(verilator.exitCode).toBe(2);
        expect(verilator.stderr).toMatch(message);
        const program = join((await buildIcarus(unit, options)).path, 'tb.vvp');
        const icarus = await runChild('vvp', ['-n', program, `+vectors=${folder}`], options);
        expect(icarus.stdout).toMatch(/^ERROR: /m);
        expect(icarus.stdout).toMatch(message);
        expect(icarus.stdout).not.toContain('PASS');
      }));
  }

  it('refuse a folder that is not there', async () => {
    const binary = join((await buildVerilator(unit, { verilate: '-O1', compile: '-O0', waves: false }, options)).path, 'tb');
    const nowhere = await runChild(binary, ['/nonexistent'], options);
    expect([nowhere.exitCode, nowhere.stderr]).toEqual([2, expect.stringContaining('/nonexistent/run.txt: cannot be opened')]);
    const nothing = await runChild(binary, [], options);
    expect([nothing.exitCode, nothing.stderr]).toEqual([2, expect.stringContaining('no vector directory')]);
  });
});
