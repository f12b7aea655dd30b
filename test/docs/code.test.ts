// The TypeScript in the documents compiles and does what the page says.

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { blocksOf, DOCUMENTS, readDocument, root } from './documents.ts';
import type { Outcome } from './run-blocks.ts';

// Inside the project, so that `systole` means this package.
const folder = mkdtempSync(join(root, 'test', 'docs', 'run-'));
afterAll(() => rmSync(folder, { recursive: true }));

const blocks = DOCUMENTS.flatMap(blocksOf).map((block, n) => ({ ...block, n, file: join(folder, String(n), 'example.ts') }));

beforeAll(() => {
  for (const { file, code } of blocks) {
    mkdirSync(dirname(file));
    // A module of its own, so that names of several blocks do not meet.
    writeFileSync(file, /^(import|export) /m.test(code) ? code : `${code}export {};\n`);
  }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ extends: '../../../tsconfig.json', include: ['*/*.ts'], exclude: [] }));
});

describe('code in documents', () => {
  it('is there at all', () => expect(blocks.length).toBeGreaterThanOrEqual(2));

  it('compiles', async () => {
    const { stdout, exitCode } = await execa('tsc', ['-p', folder], { preferLocal: true, reject: false, cwd: root });
    const named = stdout.replace(/^.*?run-\w+\/(\d+)\/example\.ts/gm, (_, n) => `${blocks[Number(n)]?.document}, block ${blocks[Number(n)]?.i}: `);
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

    it.each(blocks)('$document, block $i', ({ n, message, verilog }) => {
      expect(outcomes[n]?.thrown).toBe(message?.trimEnd() ?? null);
      if (verilog !== undefined) expect(outcomes[n]?.printed).toContain(verilog.trimEnd());
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
