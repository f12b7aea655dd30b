// What gen writes and prints.

import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type GenReport, main } from '../../cli/gen.ts';
import { manifestSchema } from '../../flows/manifest.ts';
import { readTree, runMain, temporaryFolder } from '../support/cli.ts';
import { lint } from '../support/verilog-tools.ts';

async function gen(cwd: string, ...argv: string[]) {
  const result = await runMain(main, argv, { cwd });
  expect(result.err).not.toContain('help:');
  expect(result.code).toBe(0);
  return result;
}

describe('gen', () => {
  it('writes the same bytes into any folder, from any folder, again and again', async () => {
    const [one, two] = [temporaryFolder(), temporaryFolder()];
    await gen(one, '--rows', '3', '--cols', '5', '--out', 'design');
    await gen(two, '--rows', '3', '--cols', '5', '--out', 'some/where/else');
    await gen(two, '--rows', '3', '--cols', '5', '--out', 'some/where/else');
    const tree = readTree(join(one, 'design'));
    expect(readTree(join(two, 'some/where/else'))).toEqual(tree);
    expect(Object.keys(tree)).toEqual(expect.arrayContaining(['design.yaml', 'filelist.f', 'manifest.json', 'synth/synth.ys', 'tb/vectors/act.txt']));
    for (const text of Object.values(tree)) {
      expect(text.endsWith('\n')).toBe(true);
      expect(text).not.toContain('\r');
      expect(text).not.toContain(one);
    }
  });

  it('writes a design.yaml that says it all', async () => {
    const cwd = temporaryFolder();
    await gen(cwd, '--rows', '2', '--cols', '3', '--dataflow', 'os', '--name', 'Off', '--out', 'a');
    await gen(cwd, '--config', 'a/design.yaml', '--out', 'b');
    const tree = readTree(join(cwd, 'a'));
    expect(tree['rtl/Off.v']).toContain('module Off (');
    expect(readTree(join(cwd, 'b'))).toEqual(tree);
  });

  it('prefers flags to the file', async () => {
    const cwd = temporaryFolder();
    writeFileSync(join(cwd, 'c.yaml'), 'rows: 2\ncols: 3\ndataflow: os\nname: from_file\nout: by-file\n');
    await gen(cwd, '--config', 'c.yaml');
    const byFile = JSON.parse(readTree(join(cwd, 'by-file'))['manifest.json'] as string);
    expect(byFile.parameters).toMatchObject({ rows: 2, cols: 3, dataflow: 'os', name: 'from_file' });
    const { out } = await gen(cwd, '--config', 'c.yaml', '--rows', '4', '--dataflow', 'ws', '--name', 'from_flag', '--out', 'by-flag', '--json');
    const report = JSON.parse(out) as GenReport;
    expect(report.out).toBe('by-flag');
    expect(report.manifest.parameters).toMatchObject({ rows: 4, cols: 3, dataflow: 'ws', name: 'from_flag' });
  });

  it('takes the name from the array and the folder from the name', async () => {
    const cwd = temporaryFolder();
    const { out } = await gen(cwd, '--rows', '2', '--cols', '3');
    expect(readdirSync(join(cwd, 'verilog-out'))).toEqual(['systolic_2x3_ws']);
    expect(out).toContain('systolic_2x3_ws: 2 x 3 weight-stationary');
    expect(out).toContain('5 cycles');
    expect(out).toContain('6 multiply-accumulates');
    expect(out).toContain('make -C verilog-out/systolic_2x3_ws/tb/verilator run');
    expect(out).toContain('npm run cosim -- --design verilog-out/systolic_2x3_ws');
    expect(out).toContain('(cd verilog-out/systolic_2x3_ws/synth && yosys -s synth.ys)');
  });

  it('lists what it wrote in the manifest and the file list', async () => {
    const cwd = temporaryFolder();
    const { out } = await gen(cwd, '--rows', '3', '--cols', '2', '--dataflow', 'os', '--out', 'd', '--json');
    const tree = readTree(join(cwd, 'd'));
    const manifest = manifestSchema.parse(JSON.parse(tree['manifest.json'] as string));
    expect((JSON.parse(out) as GenReport).manifest).toEqual(manifest);
    expect(Object.values(manifest.files).flat().sort()).toEqual(Object.keys(tree));
    const listed = (tree['filelist.f'] as string).trim().split('\n');
    expect(listed).toEqual(manifest.files.rtl);
    expect(listed.at(-1)).toBe(`rtl/${manifest.top}.v`);
    for (const path of listed) expect(tree[path]).toContain(`module ${path.slice('rtl/'.length, -'.v'.length)} (`);
    expect(manifest.latencyCycles).toBe(6);
    expect(manifest.peakMacsPerCycle).toBe(6);
  });

  it('names the ports as the Verilog does', async () => {
    const cwd = temporaryFolder();
    await gen(cwd, '--rows', '3', '--cols', '2', '--out', 'd');
    const tree = readTree(join(cwd, 'd'));
    const { ports, top } = manifestSchema.parse(JSON.parse(tree['manifest.json'] as string));
    const printed = [...(tree[`rtl/${top}.v`] as string).matchAll(/^ {2}(input|output) +(?:wire|reg)? *(?:signed )?(?:\[(\d+):0\] )?(\w+),?$/gm)];
    expect(printed.map(([, direction, high, name]) => ({ name, direction, width: Number(high ?? 0) + 1 }))).toEqual(ports);
    expect(ports).toContainEqual({ name: 'out_data', direction: 'output', width: 64 });
  });

  it('writes the circuit in other forms, with places on request, and the same again from design.yaml', async () => {
    const cwd = temporaryFolder();
    const size = ['--rows', '2', '--cols', '3', '--name', 'unit'];
    const { out } = await gen(cwd, ...size, '--emit', 'svg,json,firrtl,verilog', '--locators', '--out', 'd');
    expect(out).toContain('circuit/     unit.fir, unit.json, unit.svg');
    const tree = readTree(join(cwd, 'd'));
    expect(tree['circuit/unit.fir']).toMatch(/^FIRRTL version 3\.0\.0\ncircuit unit :\n/);
    expect(JSON.parse(tree['circuit/unit.json'] as string)).toMatchObject({ format: 'systole-netlist', version: 1, top: 'unit' });
    expect(tree['circuit/unit.svg']).toContain('pes: 2×3 ws_pe');
    for (const [path, place] of [
      ['circuit/unit.fir', /@\[generators\/ws-unit\.ts \d+:\d+\]/],
      ['circuit/unit.json', /"at":"generators\/ws-unit\.ts:\d+"/],
      ['rtl/unit.v', /\/\/ generators\/ws-unit\.ts:\d+$/m],
    ] as const)
      expect(tree[path]).toMatch(place);
    const manifest = manifestSchema.parse(JSON.parse(tree['manifest.json'] as string));
    expect(manifest).toMatchObject({ emit: ['verilog', 'firrtl', 'json', 'svg'], locators: true });
    expect(Object.values(manifest.files).flat().sort()).toEqual(Object.keys(tree));
    await gen(cwd, '--config', 'd/design.yaml', '--out', 'again');
    expect(readTree(join(cwd, 'again'))).toEqual(tree);
    const plain = await gen(cwd, ...size, '--emit', 'json', '--out', 'e');
    expect(plain.out).not.toContain('Next:');
    expect(Object.keys(readTree(join(cwd, 'e')))).toEqual(['circuit/unit.json', 'design.yaml', 'manifest.json']);
    expect(readTree(join(cwd, 'e'))['circuit/unit.json']).not.toContain('ws-unit.ts');
  });

  it('writes SystemVerilog that the tools read and the testbench passes, and the same again from design.yaml', async () => {
    const cwd = temporaryFolder();
    await gen(cwd, '--rows', '2', '--cols', '3', '--name', 'unit', '--sv', '--out', 'd');
    const tree = readTree(join(cwd, 'd'));
    const rtl = Object.keys(tree).filter((path) => path.startsWith('rtl/'));
    expect(rtl.length).toBeGreaterThan(1);
    expect(rtl.filter((path) => !path.endsWith('.sv'))).toEqual([]);
    expect(manifestSchema.parse(JSON.parse(tree['manifest.json'] as string))).toMatchObject({ sv: true });
    await gen(cwd, '--config', 'd/design.yaml', '--out', 'again');
    expect(readTree(join(cwd, 'again'))).toEqual(tree);
    const files = rtl.map((path) => ({ name: path.slice('rtl/'.length, -'.sv'.length), extension: 'sv' as const, text: tree[path] as string }));
    expect(lint(files, 'unit')).toBe('');
    expect(execFileSync('make', ['-C', join(cwd, 'd/tb/icarus'), 'run'], { encoding: 'utf8' })).toMatch(/^PASS:/m);
    execFileSync('yosys', ['-q', 'synth.ys'], { cwd: join(cwd, 'd/synth') });
  });

  it('runs passes first on request, and the same again from design.yaml', async () => {
    const cwd = temporaryFolder();
    const size = ['--rows', '2', '--cols', '3', '--name', 'unit'];
    await gen(cwd, ...size, '--optimise', 'fold,dce', '--out', 'd');
    const tree = readTree(join(cwd, 'd'));
    expect(manifestSchema.parse(JSON.parse(tree['manifest.json'] as string))).toMatchObject({ optimise: ['fold', 'dce'] });
    await gen(cwd, '--config', 'd/design.yaml', '--out', 'again');
    expect(readTree(join(cwd, 'again'))).toEqual(tree);
    await gen(cwd, ...size, '--optimise', '--out', 'e');
    expect(readTree(join(cwd, 'e'))['design.yaml']).toContain('optimise: [share, inline, propagate, fold, cse, dce, share]\n');
    expect(execFileSync('make', ['-C', join(cwd, 'e/tb/icarus'), 'run'], { encoding: 'utf8' })).toMatch(/^PASS:/m);
  });

  it('replaces an earlier design as a whole and leaves nothing beside it', async () => {
    const cwd = temporaryFolder();
    await gen(cwd, '--rows', '2', '--cols', '2', '--out', 'd');
    mkdirSync(join(cwd, 'd/tb/build'));
    await gen(cwd, '--rows', '3', '--cols', '3', '--out', 'd');
    expect(readdirSync(cwd)).toEqual(['d']);
    const tree = readTree(join(cwd, 'd'));
    expect(Object.keys(tree).filter((p) => p.includes('2x2'))).toEqual([]);
    expect(existsSync(join(cwd, 'd/tb/build'))).toBe(false);
  });

  it('fills an empty folder, and one behind a link', async () => {
    const cwd = temporaryFolder();
    mkdirSync(join(cwd, 'empty'));
    symlinkSync('empty', join(cwd, 'link'));
    await gen(cwd, '--rows', '2', '--cols', '2', '--out', 'link');
    expect(readdirSync(cwd).sort()).toEqual(['empty', 'link']);
    expect(existsSync(join(cwd, 'empty/manifest.json'))).toBe(true);
  });

  it('lets others read the folder as they read any other', async () => {
    const cwd = temporaryFolder();
    chmodSync(cwd, 0o755);
    await gen(cwd, '--rows', '2', '--cols', '2', '--out', 'd');
    mkdirSync(join(cwd, 'plain'));
    expect(statSync(join(cwd, 'd')).mode).toBe(statSync(join(cwd, 'plain')).mode);
  });

  it('prints help with examples', async () => {
    const { out } = await gen(temporaryFolder(), '--help');
    for (const text of ['Usage: npm run gen -- --rows R', '--rows <R>', '--dataflow', '--json', 'Examples:', 'npm run gen -- --rows 16 --cols 16'])
      expect(out).toContain(text);
  });
});
