// npm run cosim and npm run sweep.

import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { main as cosim } from '../../cli/cosim.ts';
import { main as gen } from '../../cli/gen.ts';
import { main as sweep } from '../../cli/sweep.ts';
import { inFolder, runCommand } from './helpers.ts';

const small = ['--rows', '2', '--cols', '3', '--m', '3', '--k', '5', '--n', '4'];

describe('cosim', () => {
  it('compares all engines and prints a table', async () => {
    const { code, out } = await runCommand(cosim, [...small, '--with-d']);
    expect(out).toContain('2 x 3 ws, C[3x4] = A[3x5] B[5x4] + D');
    for (const engine of ['golden', 'systole', 'verilator', 'icarus']) expect(out).toMatch(new RegExp(`^  ${engine} +\\d+ .* pass$`, 'm'));
    expect(code).toBe(0);
  });

  it('simulates the Verilog that stands in a folder, and says how to get waves', () =>
    inFolder(async (folder) => {
      expect((await runCommand(gen, ['--rows', '2', '--cols', '2', '--name', 'edited', '--out', join(folder, 'd')])).code).toBe(0);
      const pe = join(folder, 'd/rtl/edited_ws_pe.v');
      const good = await runCommand(cosim, ['--design', join(folder, 'd'), '--json']);
      expect(JSON.parse(good.out)).toMatchObject({
        ok: true,
        top: 'edited',
        engines: [{ engine: 'golden' }, { engine: 'systole' }, { engine: 'verilator' }, { engine: 'icarus' }],
      });
      writeFileSync(pe, readFileSync(pe, 'utf8').replace('activation * weight_active', 'activation'));
      const { code, out } = await runCommand(cosim, ['--design', join(folder, 'd'), '--seed', '7']);
      expect(code).toBe(1);
      expect(out).toMatch(
        /^icarus: cycle \d+, out_data\[\d+:\d+\]: expected -?\d+, actual -?\d+\n {2}waves: npm run cosim -- --design \S+ --seed 7 --engines icarus --vcd icarus.vcd$/m,
      );
      expect(out).toMatch(/^ {2}systole .* pass$/m);
    }));

  it('writes waves', () =>
    inFolder(async (folder) => {
      const { code } = await runCommand(cosim, [...small, '--engines', 'systole,icarus', '--vcd', join(folder, 'w.vcd')]);
      expect(code).toBe(0);
      for (const engine of ['systole', 'icarus']) expect(readFileSync(join(folder, `w.${engine}.vcd`), 'utf8')).toContain('$enddefinitions');
    }));

  it('refuses wrong requests', async () => {
    const wrong: readonly (readonly [string[], string])[] = [
      [[], 'no design is given'],
      [['--design', '/nonexistent'], '"/nonexistent" is not a design folder'],
      [['--design', 'x', '--rows', '2'], '--design already says'],
      [[...small, '--stall', '1'], 'stall is "1": it must be a number from 0 to 0.95'],
      [[...small, '--vcd', '/nonexistent/w.vcd'], 'the folder of "/nonexistent/w.vcd" does not exist'],
      [[...small, '--m', '0'], 'm is "0", which is below 1'],
      [[...small, '--seed', '-1'], 'seed is "-1", which is below 0'],
      [[...small, '--engines', 'golden,verilater'], 'did you mean verilator?'],
    ];
    for (const [argv, message] of wrong) {
      const { code, err } = await runCommand(cosim, argv);
      expect([code, err]).toEqual([2, expect.stringContaining(message)]);
    }
  });

  it('runs whole numbers on elements with modes, from flags and from a folder', () =>
    inFolder(async (folder) => {
      const array = ['--rows', '2', '--cols', '3', '--pe', 'fusible', '--dataflow', 'os'];
      const run = ['--operands', 'uint4xint4', '--m', '2', '--k', '80', '--n', '3', '--stall', '0', '--engines', 'golden,systole,icarus', '--json'];
      const { out } = await runCommand(cosim, [...array, ...run]);
      const report = { ok: true, problem: { m: 2, k: 80, n: 3, operands: 'uint4xint4' }, cycles: 20 + 7, macsPerCycle: 17.78 };
      expect(JSON.parse(out)).toMatchObject(report);
      const unit = join(folder, 'unit');
      await runCommand(gen, [...array, '--out', unit]);
      expect(JSON.parse((await runCommand(cosim, ['--design', unit, ...run])).out)).toMatchObject(report);
    }));

  it.each([
    [['--operands', 'int4'], 'operands is "int4": the int element has the one precision that it was made with; fusible and bit-serial take several'],
    [['--pe', 'fusible', '--operands', 'int3'], 'the fusible element has no 3x3 bits, but 8x8, 4x4, 8x2, 2x2, and 16x16 in four passes'],
    [['--pe', 'bit-serial', '--operands', 'int17'], 'the bit-serial element has no 17x17 bits, but 1 to 16 of each'],
    [['--pe', 'fusible', '--operands', 'fp16'], 'it is no precision of whole numbers'],
  ])('refuses %o', async (flags, message) => {
    const { code, err } = await runCommand(cosim, ['--rows', '2', '--cols', '2', ...flags]);
    expect([code, err]).toEqual([2, expect.stringContaining(message)]);
  });

  it('fails when a tool is missing', async () => {
    const { code, err } = await runCommand(cosim, small, { PATH: '/nonexistent' });
    expect([code, err]).toEqual([1, expect.stringContaining('verilator is not installed')]);
  });
});

describe('sweep', () => {
  const yaml = 'rows: [1, 2]\ncols: 2\ndataflow: [ws, os]\nm: [1, 3]\nk: 3\nn: 3\nstall: 0.3\nengines: [golden, systole, icarus]\n';

  it('runs every case once, also over two runs', () =>
    inFolder(async (folder) => {
      const file = join(folder, 's.yaml');
      writeFileSync(file, yaml);
      const out = join(folder, 'out');
      const first = await runCommand(sweep, [file, '--out', out, '--json']);
      expect(JSON.parse(first.out)).toMatchObject({ ok: true, cases: 8, known: 0, passed: 8, failed: 0 });
      const csv = readFileSync(join(out, 'results.csv'), 'utf8');
      expect(csv.split('\n')).toHaveLength(10);
      expect(csv).toMatch(/^rows,cols,dataflow,m,k,n,withD,stall,seed,pe,operands,cycles,utilisation,result,golden_run_seconds,/);

      // A line that a crash cut off counts as not done.
      const journal = join(out, 'journal.jsonl');
      const text = readFileSync(journal, 'utf8');
      writeFileSync(journal, text.slice(0, -20));
      writeFileSync(file, yaml.replace('m: [1, 3]', 'm: [1, 3, 4]'));
      const second = await runCommand(sweep, ['--out', out, '--jobs', '3', file, '--json']);
      expect(JSON.parse(second.out)).toMatchObject({ ok: true, cases: 12, known: 7 });
      expect(JSON.parse(readFileSync(join(out, 'results.json'), 'utf8'))).toHaveLength(12);
      const third = await runCommand(sweep, [file, '--out', out]);
      expect(third.out).toMatch(/^12 cases: 12 pass, 0 fail; 12 were done before/);
    }));

  it('runs every element in every precision', () =>
    inFolder(async (folder) => {
      const file = join(folder, 's.yaml');
      const elements =
        'rows: 2\ncols: 2\nm: 3\nk: 9\nn: 3\npe: [fusible, bit-serial]\naccumulate: [24, int32]\noperands: [int8, uint2]\nengines: [golden, systole]\n';
      writeFileSync(file, elements);
      const { out } = await runCommand(sweep, [file, '--out', join(folder, 'out'), '--json']);
      expect(JSON.parse(out)).toMatchObject({ ok: true, cases: 8, passed: 8 });
      const csv = readFileSync(join(folder, 'out/results.csv'), 'utf8');
      for (const text of [',fusible,int8,', ',fusible_acc24,uint2,', ',bitserial32_acc24,int8,']) expect(csv).toContain(text);
      for (const [text, message] of [
        [elements.replace('uint2', 'int3'), `${file}:8:11: operands is "int3": the fusible element has no 3x3 bits`],
        [elements.replace('bit-serial', 'bitserial'), 'did you mean bit-serial?'],
        [elements.replace('pe: [fusible, bit-serial]\n', ''), 'the int element has the one precision'],
      ] as const) {
        writeFileSync(file, text);
        const { code, err } = await runCommand(sweep, [file, '--out', join(folder, 'out')]);
        expect([code, err]).toEqual([2, expect.stringContaining(message)]);
      }
    }));

  it('ends with 1 and a command to repeat when a case fails', () =>
    inFolder(async (folder) => {
      const file = join(folder, 's.yaml');
      writeFileSync(file, yaml);
      const argv = [file, '--out', join(folder, 'out')];
      await runCommand(sweep, argv);
      const journal = join(folder, 'out/journal.jsonl');
      const [line = ''] = readFileSync(journal, 'utf8').split('\n');
      const failed = {
        ...JSON.parse(line),
        result: 'fail',
        engines: [{ engine: 'icarus', difference: { run: 0, cycle: 4, signal: 'out_valid', expected: '1', actual: 'x' } }],
      };
      appendFileSync(journal, `${JSON.stringify(failed)}\n`);
      const { code, out } = await runCommand(sweep, argv);
      expect(code).toBe(1);
      expect(out).toMatch(/^npm run cosim -- --rows \d --cols 2 .*\n {2}icarus: cycle 4, out_valid: expected 1, actual x$/m);
    }));

  it('names the place of what is wrong in the file', () =>
    inFolder(async (folder) => {
      const file = join(folder, 's.yaml');
      const wrong: readonly (readonly [string, string])[] = [
        ['rows: [1\n', `${file}:`],
        [yaml.replace('k: 3', 'k: 0'), `${file}:5:4: k is 0, which is below 1`],
        [yaml.replace('cols: 2', 'cols: [2, two]'), `${file}:2:7: cols is "two"`],
        [yaml.replace('stall: 0.3', 'stall: 2'), `${file}:7:8: stall is 2`],
        [yaml.replace('m: [1, 3]', 'm: []'), `${file}:4:4: m is an empty list`],
        [yaml.replace('m: [1, 3]\n', ''), `${file}:1:1: m is missing`],
        [yaml.replace('dataflow', 'dataflw'), `${file}:3:1: unknown key "dataflw"`],
        [`${yaml}withD: 1\n`, `${file}:9:8: withD is 1`],
        [yaml.replace('golden,', 'goldn,'), 'did you mean golden?'],
      ];
      for (const [text, message] of wrong) {
        writeFileSync(file, text);
        const { code, err } = await runCommand(sweep, [file, '--out', join(folder, 'out')]);
        expect([code, err]).toEqual([2, expect.stringContaining(message)]);
      }
      expect(await runCommand(sweep, [])).toMatchObject({ code: 2, err: expect.stringContaining('no sweep is named') });
      expect(await runCommand(sweep, ['/nonexistent.yaml'])).toMatchObject({ code: 2, err: expect.stringContaining('does not exist') });
    }));
});
