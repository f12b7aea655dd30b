// The lint of hardware values: what it finds in a wrong program, that it finds nothing in right ones (CI runs it over everything), what it says of bad requests.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Finding } from '../../cli/lint/rules.ts';
import { findingText, main } from '../../cli/lint-signals.ts';
import { runMain, temporaryFolder } from '../support/cli.ts';

const root = join(import.meta.dirname, '..', '..');
const program = readFileSync(join(import.meta.dirname, 'lint-programs', 'wrong.txt'), 'utf8');
// Inside the project, so that its imports and tsconfig.json are found.
const folder = mkdtempSync(join(import.meta.dirname, 'run-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = join(folder, 'wrong.ts');
writeFileSync(file, program);

const due = program.split('\n').flatMap((line, i) =>
  (/\/\/ (LINT-.*)$/.exec(line)?.[1] ?? '')
    .split(' ')
    .filter(Boolean)
    .map((code) => `${i + 1} ${code}`),
);

describe('lint:signals', () => {
  it('finds what the marks of a wrong program say, and nothing else, in it and in the sources of this project', async () => {
    const { code, out } = await runMain(main, [file, 'examples', 'generators', 'hdl/std', 'test/std', '--json'], { cwd: root });
    const { ok, files, findings } = JSON.parse(out) as { ok: boolean; files: number; findings: Finding[] };
    expect(findings.map((f) => `${f.line} ${f.code}`)).toEqual(due);
    expect(new Set(findings.map((f) => f.file))).toEqual(new Set([relative(root, file)]));
    expect(new Set(findings.map((f) => f.code)).size).toBe(5);
    expect([code, ok]).toEqual([1, false]);
    expect(files).toBeGreaterThan(100);
    for (const code of new Set(findings.map((f) => f.code))) {
      const own = findings.filter((f) => f.code === code);
      const text = own.map((f) => findingText({ ...f, file: 'wrong.ts' })).join('\n');
      await expect(text).toMatchFileSnapshot(join(root, 'test/golden-files/errors', `${code}-wrong.txt`));
    }
  }, 120_000);

  it.each([
    [['absent.ts'], 'bad-path', '"absent.ts" does not exist'],
    [['notes'], 'bad-path', '"notes" does not exist'],
    [['.'], 'no-sources', 'there is no TypeScript source in "."'],
    [['--fix'], 'unknown-flag', '--fix'],
  ] as const)('refuses %j', async (argv, error, says) => {
    const cwd = temporaryFolder();
    const { code, err, out } = await runMain(main, [...argv, '--json'], { cwd });
    expect(code).toBe(2);
    expect(err).toContain(says);
    expect(JSON.parse(out)).toMatchObject({ ok: false, error: { code: error } });
  });

  it('explains itself', async () => {
    const { code, out } = await runMain(main, ['--help'], { cwd: root });
    expect(code).toBe(0);
    expect(out).toContain('npm run lint:signals -- src test/fifo.test.ts');
  });
});
