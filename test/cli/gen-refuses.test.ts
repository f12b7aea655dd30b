// Bad requests: each message names the value, the rule, the place and the remedy; nothing is written.

import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { main } from '../../cli/gen.ts';
import { runMain, temporaryFolder } from '../support/cli.ts';

const size = ['--rows', '4', '--cols', '4'];

interface Case {
  readonly argv: readonly string[];
  readonly yaml?: string;
  readonly code: string;
  readonly says: readonly string[];
  readonly exit?: number;
}

const whole = 'whole number from 1 to 1024';
const cases: Readonly<Record<string, Case>> = {
  'rows 0': { argv: ['--rows', '0', '--cols', '4'], code: 'bad-rows', says: ['--rows: ', '"0"', 'below 1', whole, '--rows 16'] },
  'rows -3': { argv: ['--rows', '-3', '--cols', '4'], code: 'bad-rows', says: ['"-3"', 'below 1', whole] },
  'cols 2.5': { argv: ['--rows', '4', '--cols', '2.5'], code: 'bad-cols', says: ['--cols: ', '"2.5"', 'fraction', whole] },
  'rows abc': { argv: ['--rows', 'abc', '--cols', '4'], code: 'bad-rows', says: ['"abc"', 'not a number', whole] },
  'rows empty': { argv: ['--rows=', '--cols', '4'], code: 'bad-rows', says: ['""', 'not a number'] },
  'rows 1e9': { argv: ['--rows', '1e9', '--cols', '4'], code: 'bad-rows', says: ['"1e9"', 'above 1024', whole] },
  'cols 1025': { argv: ['--rows', '4', '--cols', '1025'], code: 'bad-cols', says: ['"1025"', 'above 1024'] },
  'rows 1e999': { argv: ['--rows', '1e999', '--cols', '4'], code: 'bad-rows', says: ['above 1024'] },
  'no rows': { argv: ['--cols', '4'], code: 'missing-rows', says: ['rows is missing', '--rows N'] },
  'no cols': { argv: ['--rows', '4'], code: 'missing-cols', says: ['cols is missing', '--cols N'] },
  'flag without its value': { argv: ['--cols', '4', '--rows'], code: 'missing-argument', says: ['--rows', 'without a value'] },
  'flag in place of a value': { argv: ['--rows', '--cols', '4'], code: 'missing-argument', says: ['--rows is given without a value'] },
  'unknown flag': { argv: [...size, '--datafow', 'ws'], code: 'unknown-flag', says: ['--datafow', 'did you mean --dataflow?'] },
  'unknown flag, near none': { argv: [...size, '--zzzzzz'], code: 'unknown-flag', says: ['--zzzzzz', '--rows, --cols', '--help'] },
  'a word that is no flag': { argv: ['4', '4'], code: 'unexpected-argument', says: ['"4"', 'behind --'] },
  'unknown dataflow': { argv: [...size, '--dataflow', 'rs'], code: 'bad-dataflow', says: ['--dataflow: ', '"rs"', 'ws', 'os', 'activations stay'] },
  'unknown unit': { argv: [...size, '--unit', 'cub'], code: 'bad-unit', says: ['--unit: ', '"cub"', 'did you mean cube?'] },
  'a unit of another dataflow': {
    argv: [...size, '--unit', 'dot', '--dataflow', 'os'],
    code: 'bad-unit',
    says: ['"dot"', '"os"', 'leave one of them out'],
  },
  'tiles that do not fill the array': {
    argv: [...size, '--tile', '3x1'],
    code: 'bad-tile',
    says: ['--tile: ', '"3x1"', 'array of 4x4', 'rows of 1, 2, 4'],
  },
  'a tile that is no size': { argv: [...size, '--tile', '2'], code: 'bad-tile', says: ['"2"', 'for instance 2x4'] },
  'YAML tile a number': { argv: [], yaml: 'rows: 4\ncols: 4\ntile: 2\n', code: 'bad-tile', says: ['c.yaml:3:7', 'tile is 2', 'for instance 2x4'] },
  'tiles where a register serves two dataflows': {
    argv: [...size, '--tile', '2x2', '--dataflow', 'ws+os'],
    code: 'bad-tile',
    says: ['dataflow ws+os', 'ws, os, is'],
  },
  'a drain that does not exist': {
    argv: [...size, '--dataflow', 'os', '--drain', 'south'],
    code: 'bad-drain',
    says: ['"south"', 'register or through'],
  },
  'a drain where no sums stay': { argv: [...size, '--drain', 'through'], code: 'bad-drain', says: ['--drain: ', 'in dataflow ws', '--dataflow os'] },
  'a drain in an array of tiles': {
    argv: [...size, '--dataflow', 'os', '--tile', '2x2', '--drain', 'through'],
    code: 'bad-drain',
    says: ['array of tiles', '--tile 1x1'],
  },
  'tiles of slow sums': {
    argv: [...size, '--tile', '2x2', '--precision', 'bf16', '--pipeline', '1,3'],
    code: 'bad-tile',
    says: ['take 3 cycles', '--pipeline P,1'],
  },
  'outputs of an array': { argv: [...size, '--outputs', '4'], code: 'bad-outputs', says: ['--outputs: ', 'only a dot-product unit', '--unit dot'] },
  'outputs twice': {
    argv: [...size, '--unit', 'dot', '--outputs', '4'],
    code: 'bad-outputs',
    says: ['outputs is "4" and cols is', 'leave one of them out'],
  },
  'a cube of another size': { argv: ['--unit', 'cube', '--rows', '8'], code: 'bad-rows', says: ['--rows: ', 'a cube is 4 x 4 x 4', '--unit dot'] },
  'dataflow in capitals': { argv: [...size, '--dataflow', 'WS'], code: 'bad-dataflow', says: ['"WS"', 'did you mean ws?'] },
  'name with a dash': { argv: [...size, '--name', 'my-array'], code: 'bad-name', says: ['--name: ', '"my-array"', 'identifier', 'my_array'] },
  'name with a digit first': { argv: [...size, '--name', '4x4'], code: 'bad-name', says: ['"4x4"', 'beginning with a digit'] },
  'name with a path': { argv: [...size, '--name', '../evil'], code: 'bad-name', says: ['"../evil"', 'identifier', 'evil'] },
  'name empty': { argv: [...size, '--name', ''], code: 'bad-name', says: ['""', 'identifier'] },
  'name module': { argv: [...size, '--name', 'module'], code: 'bad-name', says: ['"module"', 'reserved', 'my_module'] },
  'name Logic': { argv: [...size, '--name', 'Logic'], code: 'bad-name', says: ['"Logic"', 'reserved'] },
  'name a__b': { argv: [...size, '--name', 'a__b'], code: 'bad-name', says: ['"a__b"', 'two underscores', 'a_b'] },
  'name of 129 letters': { argv: [...size, '--name', 'a'.repeat(129)], code: 'bad-name', says: ['129 characters', 'at most 128'] },
  'emit of an unknown form': {
    argv: [...size, '--emit', 'verilog,vhdl'],
    code: 'bad-emit',
    says: ['--emit: ', '"vhdl"', 'verilog, firrtl, json, svg'],
  },
  'emit misspelt': { argv: [...size, '--emit', 'fir'], code: 'bad-emit', says: ['"fir"', 'did you mean firrtl?'] },
  'emit twice': { argv: [...size, '--emit', 'json,json'], code: 'bad-emit', says: ['"json"', 'stands twice'] },
  'emit empty': { argv: [...size, '--emit', ''], code: 'bad-emit', says: ['--emit: ', '""', 'names no form'] },
  'emit with a comma too many': { argv: [...size, '--emit', 'json,'], code: 'bad-emit', says: ['"json,"', 'does not exist'] },
  'YAML emit a number': { argv: [], yaml: 'rows: 4\ncols: 4\nemit: 3\n', code: 'bad-emit', says: ['c.yaml:3:7', '3', 'names no form'] },
  'YAML sv a word': { argv: [], yaml: 'rows: 4\ncols: 4\nsv: maybe\n', code: 'bad-sv', says: ['c.yaml:3:5', '"maybe"', 'true or false'] },
  'optimise of an unknown pass': {
    argv: [...size, '--optimise', 'fold,inlne'],
    code: 'bad-optimise',
    says: ['--optimise: ', '"inlne"', 'did you mean inline?'],
  },
  'YAML optimise a number': { argv: [], yaml: 'rows: 4\ncols: 4\noptimise: 3\n', code: 'bad-optimise', says: ['c.yaml:3:11', '3', 'names no pass'] },
  'YAML locators a word': {
    argv: [],
    yaml: 'rows: 4\ncols: 4\nlocators: all\n',
    code: 'bad-locators',
    says: ['c.yaml:3:11', '"all"', 'true or false'],
  },
  'out empty': { argv: [...size, '--out', ''], code: 'bad-out', says: ['--out: ', '""'] },
  'config missing': { argv: ['--config', 'absent.yaml'], code: 'bad-config-file', says: ['--config: ', '"absent.yaml"', 'does not exist'] },
  'config a folder': { argv: ['--config', '.'], code: 'bad-config-file', says: ['"."', 'is a folder'] },
  'YAML empty': { argv: [], yaml: '', code: 'empty-yaml', says: ['c.yaml:1:1', 'no settings', 'rows, cols'] },
  'YAML of comments': { argv: [], yaml: '# nothing\n', code: 'empty-yaml', says: ['c.yaml:1:1'] },
  'YAML malformed': { argv: [], yaml: 'rows: 4\ncols: [4\n', code: 'bad-yaml', says: ['c.yaml:3:1', 'malformed'] },
  'YAML with tabs': { argv: [], yaml: 'rows: 4\n\tcols: 4\n', code: 'bad-yaml', says: ['c.yaml:2:1', 'malformed'] },
  'YAML key twice': { argv: [], yaml: 'rows: 4\nrows: 5\n', code: 'bad-yaml', says: ['c.yaml:2:1', 'unique'] },
  'YAML list': { argv: [], yaml: '- 4\n- 4\n', code: 'bad-yaml', says: ['c.yaml:1:1', 'not a mapping'] },
  'YAML of two documents': { argv: [], yaml: 'rows: 4\n---\nrows: 5\n', code: 'bad-yaml', says: ['c.yaml:2:', 'more than one'] },
  'YAML alias to nothing': { argv: [], yaml: 'rows: *x\ncols: 4\n', code: 'bad-yaml', says: ['c.yaml:1:7', 'x'] },
  'YAML unknown key': { argv: [], yaml: 'rows: 4\ncolumns: 4\ncolls: 3\n', code: 'unknown-key', says: ['c.yaml:2:1', '"columns"', 'rows, cols'] },
  'YAML misspelt key': { argv: [], yaml: 'rows: 4\ncolls: 3\n', code: 'unknown-key', says: ['c.yaml:2:1', '"colls"', 'did you mean cols?'] },
  'YAML rows as text': { argv: [], yaml: 'rows: "4"\ncols: 4\n', code: 'bad-rows', says: ['c.yaml:1:7', '"4"', 'text', 'rows: 16'] },
  'YAML rows as a list': { argv: [], yaml: 'cols: 4\nrows: [4]\n', code: 'bad-rows', says: ['c.yaml:2:7', '[4]', 'not a number'] },
  'YAML rows without value': { argv: [], yaml: 'cols: 4\nrows:\n', code: 'bad-rows', says: ['c.yaml:2:', 'null'] },
  'YAML rows 0': { argv: [], yaml: 'rows: 0\ncols: 4\n', code: 'bad-rows', says: ['c.yaml:1:7', 'below 1'] },
  'YAML rows .nan': { argv: [], yaml: 'rows: .nan\ncols: 4\n', code: 'bad-rows', says: ['c.yaml:1:7', 'not a number'] },
  'YAML name as a number': { argv: [], yaml: 'rows: 4\ncols: 4\nname: 7\n', code: 'bad-name', says: ['c.yaml:3:7', 'not text'] },
  'unknown reset': { argv: [...size, '--reset', 'asynch'], code: 'bad-reset', says: ['--reset: ', '"asynch"', 'did you mean async?'] },
  'YAML reset as a flag': { argv: [], yaml: 'rows: 4\ncols: 4\nreset: true\n', code: 'bad-reset', says: ['c.yaml:3:8', 'sync-low'] },
  'YAML dataflow as a number': { argv: [], yaml: 'rows: 4\ncols: 4\ndataflow: 7\n', code: 'bad-dataflow', says: ['c.yaml:3:11', '7'] },
  'YAML without rows': { argv: [], yaml: 'cols: 4\n', code: 'missing-rows', says: ['rows is missing'] },
};

describe('gen refuses', () => {
  for (const [what, { argv, yaml, code, says, exit = 2 }] of Object.entries(cases)) {
    it(what, async () => {
      const cwd = temporaryFolder();
      if (yaml !== undefined) writeFileSync(join(cwd, 'c.yaml'), yaml);
      const before = readdirSync(cwd);
      const flags = yaml === undefined ? argv : ['--config', 'c.yaml', ...argv];
      const result = await runMain(main, [...flags, '--json'], { cwd });
      expect(result.code).toBe(exit);
      expect(result.err).toMatch(/^gen: .*\n {2}help: .*\n$/);
      for (const text of says) expect(result.err).toContain(text);
      expect(JSON.parse(result.out)).toMatchObject({ ok: false, error: { code } });
      expect(readdirSync(cwd)).toEqual(before);
    });
  }

  it('a target that is a file, or lies below one', async () => {
    const cwd = temporaryFolder();
    writeFileSync(join(cwd, 'taken'), 'mine');
    const onto = await runMain(main, [...size, '--out', 'taken'], { cwd });
    expect(onto).toMatchObject({ code: 2, out: '', err: expect.stringMatching(/--out: "taken" exists and is not a folder\n {2}help: /) });
    const below = await runMain(main, [...size, '--out', 'taken/a/b'], { cwd });
    expect(below).toMatchObject({ code: 1, err: expect.stringContaining('cannot write to "taken/a/b": a part of the path is a file') });
    expect(readdirSync(cwd)).toEqual(['taken']);
  });

  it('a target where nobody may write, not even root', async () => {
    const result = await runMain(main, [...size, '--out', '/proc/systole/design'], { cwd: temporaryFolder() });
    expect(result).toMatchObject({ code: 1, out: '', err: expect.stringMatching(/cannot write to "\/proc\/systole\/design": .*\n {2}help: choose/) });
  });

  it('to replace a folder that is not ours, and keeps it', async () => {
    const cwd = temporaryFolder();
    mkdirSync(join(cwd, 'thesis'));
    writeFileSync(join(cwd, 'thesis', 'manifest.json'), '{"generator": "me"}');
    const result = await runMain(main, [...size, '--out', 'thesis'], { cwd });
    expect(result).toMatchObject({ code: 2, err: expect.stringContaining('"thesis" is not empty and was not written by npm run gen') });
    expect(readdirSync(join(cwd, 'thesis'))).toEqual(['manifest.json']);
  });
});
