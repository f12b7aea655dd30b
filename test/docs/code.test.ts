// The TypeScript in the documents compiles and does what the page says.

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Finding } from '../../cli/lint/rules.ts';
import { findingText, main as lint } from '../../cli/lint-signals.ts';
import { runMain } from '../support/cli.ts';
import { blocksOf, DOCUMENTS, readDocument, root } from './documents.ts';
import type { Outcome } from './run-blocks.ts';

// Inside the project, so that `systole` means this package.
const folder = mkdtempSync(join(root, 'test', 'docs', 'run-'));
afterAll(() => rmSync(folder, { recursive: true }));

const all = DOCUMENTS.flatMap(blocksOf).map((block, n) => ({ ...block, n, file: join(folder, String(n), 'example.ts') }));
const blocks = all.filter((block) => !block.lint);

beforeAll(() => {
  for (const { file, code } of all) {
    mkdirSync(dirname(file));
    // A module of its own, so that names of several blocks do not meet.
    writeFileSync(file, /^(import|export) /m.test(code) ? code : `${code}export {};\n`);
  }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ extends: '../../../tsconfig.json', include: ['*/*.ts'], exclude: [] }));
});

/** A line of a message that stands for the words of a tool, which change with its version. */
const ANY_LINES = '\n  …\n';
const pattern = (message: string): RegExp =>
  new RegExp(
    `^${message
      .split(ANY_LINES)
      .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .join('\\n[^]+\\n')}$`,
  );

describe('code in documents', () => {
  it('is there at all', () => expect(blocks.length).toBeGreaterThanOrEqual(2));

  // Hundreds of programs in one go: minutes on a machine that is busy otherwise.
  it('compiles', { timeout: 600_000 }, async () => {
    const { stdout, exitCode } = await execa('tsc', ['-p', folder], { preferLocal: true, reject: false, cwd: root });
    const named = stdout.replace(/^.*?run-\w+\/(\d+)\/example\.ts/gm, (_, n) => `${all[Number(n)]?.document}, block ${all[Number(n)]?.i}: `);
    expect(named).toBe('');
    expect(exitCode).toBe(0);
  });

  describe('does what the page says', () => {
    let outcomes: Outcome[] = [];
    beforeAll(async () => {
      const result = join(folder, 'result.json');
      const { stderr } = await execa('tsx', [join(import.meta.dirname, 'run-blocks.ts'), result, ...blocks.map((b) => b.file)], {
        preferLocal: true,
        reject: false,
        cwd: root,
      });
      expect(stderr).toBe('');
      outcomes = JSON.parse(readFileSync(result, 'utf8'));
    });

    it.each(blocks.map((block, i) => ({ ...block, outcome: () => outcomes[i] })))('$document, block $i', ({ outcome, message, verilog }) => {
      if (message?.includes(ANY_LINES)) expect(outcome()?.thrown).toMatch(pattern(message.trimEnd()));
      else expect(outcome()?.thrown).toBe(message?.trimEnd() ?? null);
      if (verilog !== undefined) expect(outcome()?.printed).toContain(verilog.trimEnd());
    });
  });

  describe('is found by the lint', () => {
    const programs = all.filter((block) => block.lint);
    let found: readonly Finding[] = [];
    beforeAll(async () => {
      const { out } = await runMain(lint, ['--json', ...programs.map((p) => p.file)], { cwd: root });
      found = (JSON.parse(out) as { findings: Finding[] }).findings;
    });

    it.each(programs)('$document, block $i', ({ file, message }) => {
      const own = found.filter((f) => join(root, f.file) === file);
      expect(own.map((f) => findingText({ ...f, file: 'example.ts' })).join('')).toBe(message);
    });
  });
});

describe('links in documents', () => {
  it.each(DOCUMENTS)('of %s name files that exist', (document) => {
    for (const [, target] of readDocument(document).matchAll(/\]\(([^)#\s]+)[^)]*\)/g)) {
      if (target?.startsWith('http')) continue;
      expect(() => readFileSync(join(root, dirname(document), target as string)), `${document}: ${target}`).not.toThrow(/ENOENT/);
    }
  });
});
