// A matrix unit with each kind of reset: the testbenches of its folder pass, and all engines agree in every cycle.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { main as cosim } from '../../cli/cosim.ts';
import { main as gen } from '../../cli/gen.ts';
import { manifestSchema } from '../../flows/manifest.ts';
import { RESET_KINDS, resetPort } from '../../generators/array-config.ts';
import { runChild } from '../../sim/cosim/index.ts';
import { lint } from '../support/verilog-tools.ts';
import { inFolder, options, runCommand } from './helpers.ts';

it.each(RESET_KINDS)('%s', { timeout: 300_000 }, (reset) =>
  inFolder(async (folder) => {
    const design = join(folder, 'd');
    expect((await runCommand(gen, ['--rows', '4', '--cols', '4', '--reset', reset, '--name', 'unit', '--out', design])).code).toBe(0);
    const { parameters, ports, files } = manifestSchema.parse(JSON.parse(readFileSync(join(design, 'manifest.json'), 'utf8')));
    const { name, async, activeLow } = resetPort(reset);
    expect(parameters.reset).toBe(reset);
    expect(ports[1]).toEqual({ name, direction: 'input', width: 1 });
    const rtl = files.rtl.map((path) => ({ name: path.slice('rtl/'.length, -'.v'.length), text: readFileSync(join(design, path), 'utf8') }));
    const events = new Set(rtl.flatMap(({ text }) => text.match(/(?<= or )(pos|neg)edge \w+/g) ?? []));
    expect([...events]).toEqual(async ? [`${activeLow ? 'neg' : 'pos'}edge ${name}`] : []);
    expect(lint(rtl, 'unit')).toBe('');
    for (const engine of ['verilator', 'icarus']) {
      const { exitCode, stdout, stderr } = await runChild('make', ['-C', join(design, 'tb', engine), 'run'], options);
      expect([engine, exitCode, /warning/i.test(`${stdout}${stderr}`)]).toEqual([engine, 0, false]);
    }
    const { code, out } = await runCommand(cosim, ['--design', design, '--with-d', '--seed', '9']);
    for (const engine of ['golden', 'systole', 'verilator', 'icarus']) expect(out).toMatch(new RegExp(`^  ${engine} +\\d+ .* pass$`, 'm'));
    expect(code).toBe(0);
    // The configuration that stands in the folder makes it again.
    expect((await runCommand(gen, ['--config', join(design, 'design.yaml'), '--out', join(folder, 'again')])).code).toBe(0);
    expect(readFileSync(join(folder, 'again/manifest.json'), 'utf8')).toBe(readFileSync(join(design, 'manifest.json'), 'utf8'));
  }),
);
