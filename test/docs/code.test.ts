// The TypeScript in the documents compiles and runs.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
// Inside the project, so that `systole` means this package.
const folder = mkdtempSync(join(root, 'test', 'docs', 'run-'));
afterAll(() => rmSync(folder, { recursive: true }));

const DOCUMENTS = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md'];

const blocks = DOCUMENTS.flatMap((document) => {
  const text = readFileSync(join(root, document), 'utf8');
  return [...text.matchAll(/```ts\n(.*?)```/gs)].map((match, i) => ({ document, i, code: match[1] as string }));
});

describe('code in documents', () => {
  it('is there at all', () => expect(blocks.length).toBeGreaterThanOrEqual(2));

  it('compiles', async () => {
    const files = blocks.map(({ document, i, code }) => {
      const file = join(folder, `${document.replace(/\W/g, '-')}-${i}.ts`);
      writeFileSync(file, code);
      return file;
    });
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ extends: '../../../tsconfig.json', include: ['*.ts'], exclude: [] }));
    const { stdout, exitCode } = await execa('tsc', ['-p', folder], { preferLocal: true, reject: false, cwd: root });
    expect(stdout).toBe('');
    expect(exitCode).toBe(0);
    expect(files.length).toBe(blocks.length);
  });

  it.each(blocks)('runs: $document, block $i', async ({ document, i }) => {
    const { exitCode, stderr } = await execa('tsx', [join(folder, `${document.replace(/\W/g, '-')}-${i}.ts`)], {
      preferLocal: true,
      reject: false,
      cwd: root,
    });
    expect(stderr).toBe('');
    expect(exitCode).toBe(0);
  });

  it('names only files that exist', () => {
    for (const document of DOCUMENTS) {
      for (const [, target] of readFileSync(join(root, document), 'utf8').matchAll(/\]\(([^)#]+)\)/g)) {
        if (target?.startsWith('http')) continue;
        expect(() => readFileSync(join(root, target as string)), `${document}: ${target}`).not.toThrow(/ENOENT/);
      }
    }
  });
});
