// The parts of a design folder work: vectors follow the golden model, limits hold, Yosys takes the script as it is.

import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultRun, defaultShape } from '../../flows/default-run.ts';
import { configHash, type DesignConfig, defaultName, resolveDesign } from '../../flows/design-config.ts';
import { makeDesignFolder } from '../../flows/design-folder.ts';
import { renderTemplates } from '../../flows/render-templates.ts';
import { suggest } from '../../flows/suggest.ts';
import { templateContext } from '../../flows/template-context.ts';
import { writeFolder } from '../../flows/write-folder.ts';
import { collectResult, matmul, type Problem, type Streams } from '../../sim/golden/index.ts';
import { temporaryFolder } from '../support/cli.ts';

function config(rows: number, cols: number, dataflow: 'ws' | 'os' = 'ws'): DesignConfig {
  return { rows, cols, dataflow, reset: 'sync', name: defaultName({ rows, cols, dataflow }) };
}

function sizeOf(design: DesignConfig, below: string): number {
  return makeDesignFolder(design)
    .files.filter((f) => f.path.startsWith(below))
    .reduce((n, f) => n + f.text.length, 0);
}

describe('the run of a folder', () => {
  it('leaves tiles partly empty, pauses every stream and adds D', () => {
    const dimension = fc.oneof(fc.integer({ min: 1, max: 40 }), fc.constantFrom(64, 255, 256, 257, 1024));
    fc.assert(
      fc.property(dimension, dimension, fc.constantFrom('ws' as const, 'os' as const), (rows, cols, dataflow) => {
        const { m, k, n } = defaultShape({ rows, cols, dataflow });
        if (cols > 1) expect(n % cols).not.toBe(0);
        if (rows > 1) expect((dataflow === 'ws' ? k : m) % rows).not.toBe(0);
        expect(Math.min(m, k, n)).toBeGreaterThan(0);
      }),
    );
    const run = defaultRun(config(4, 4));
    expect(Object.values(run.stimulus.stall).every((s) => s > 0)).toBe(true);
    expect(run.problem.d).toBeDefined();
  });

  it('expects the product', () => {
    for (const dataflow of ['ws', 'os'] as const) {
      const unit = config(5, 3, dataflow);
      const { problem, streams } = defaultRun(unit) as { problem: Problem; streams: Streams };
      expect(collectResult(unit, problem, streams.out.data)).toEqual(matmul(problem, problem.a, problem.b, problem.d));
    }
  });

  it('stays small', () => {
    for (const dataflow of ['ws', 'os'] as const) expect(sizeOf(config(16, 16, dataflow), 'tb/vectors/')).toBeLessThan(300_000);
  });
});

describe('the Verilog of a folder', () => {
  it('does not grow with the array', () => {
    for (const dataflow of ['ws', 'os'] as const) {
      const lines = makeDesignFolder(config(256, 256, dataflow))
        .files.filter((f) => f.path.startsWith('rtl/'))
        .flatMap((f) => f.text.split('\n'));
      expect(lines.length).toBeLessThan(500);
    }
  });

  it.each(['ws', 'os'] as const)('passes through synth.ys as it is: %s', { timeout: 60_000 }, async (dataflow) => {
    const target = join(temporaryFolder(), 'design');
    const design = config(2, 3, dataflow);
    await writeFolder({ target, shown: 'design', files: makeDesignFolder(design).files, signal: new AbortController().signal });
    const log = execFileSync('yosys', ['-s', 'synth.ys'], { cwd: join(target, 'synth'), encoding: 'utf8' });
    expect(log).not.toMatch(/^Warning: (?!.*Yosys)/m);
    expect(log).toContain('Found and reported 0 problems.');
    const cells = readFileSync(join(target, 'synth/stat.txt'), 'utf8');
    expect(cells).toContain(`=== ${design.name} ===`);
    expect(cells).not.toContain('$_DLATCH');
    expect(readFileSync(join(target, 'synth/netlist.v'), 'utf8')).toContain(`module ${design.name}(`);
  });
});

describe('the configuration', () => {
  it('has a hash of all that makes a design, and of nothing else', () => {
    const base = config(4, 4);
    const others = [config(5, 4), config(4, 5), config(4, 4, 'os'), { ...base, name: 'x' }, { ...base, reset: 'async' as const }];
    expect(new Set([base, ...others].map(configHash)).size).toBe(6);
    const { rows, cols, dataflow, reset, name } = base;
    expect(configHash({ name, reset, dataflow, cols, rows })).toBe(configHash(base));
  });

  it('is the same from text of flags and numbers of YAML', () => {
    const flags = resolveDesign({ rows: { value: '16', place: '--rows' }, cols: { value: '8', place: '--cols' } });
    const yaml = resolveDesign({ rows: { value: 16, place: 'f:1:1' }, cols: { value: 8, place: 'f:2:1' } });
    expect(flags).toEqual({ rows: 16, cols: 8, dataflow: 'ws', reset: 'sync', name: 'systolic_16x8_ws' });
    expect(yaml).toEqual(flags);
  });
});

describe('templates', () => {
  it('become files at the same path, in the order of their paths', () => {
    const root = `${temporaryFolder()}/`;
    mkdirSync(join(root, 'b'));
    writeFileSync(join(root, 'b/x.v.hbs'), '{{top}} <{{rows}}>\r\n');
    writeFileSync(join(root, 'a.txt'), '{{as it is}}\n');
    expect(renderTemplates(templateContext(config(4, 4), [], '1'), root)).toEqual([
      { path: 'a.txt', text: '{{as it is}}\n' },
      { path: 'b/x.v', text: 'systolic_4x4_ws <4>\n' },
    ]);
  });

  it('may not name what does not exist', () => {
    const root = `${temporaryFolder()}/`;
    writeFileSync(join(root, 'x.hbs'), '{{colums}}\n');
    expect(() => renderTemplates(templateContext(config(4, 4), [], '1'), root)).toThrow('colums');
  });
});

describe('suggest', () => {
  it('finds what was meant, and nothing where nothing is near', () => {
    const keys = ['rows', 'cols', 'dataflow', 'name'];
    expect(
      [
        ['row', 'rows'],
        ['clos', 'cols'],
        ['Dataflow', 'dataflow'],
        ['data-flow', 'dataflow'],
        ['nmae', 'name'],
      ].filter(([word, want]) => suggest(word as string, keys) !== want),
    ).toEqual([]);
    expect(suggest('stride', keys)).toBeUndefined();
  });
});
