// Every diagnostic code has a page, and the index lists them all.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { blocksOf, readDocument, root } from './documents.ts';

/** Whatever in the sources looks like a code of a diagnostic. */
const codes = ['hdl', 'sim', 'cli', 'flows', 'generators', 'compiler'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) => readFileSync(join(root, folder, file), 'utf8').match(/(?<=['"`])[A-Z]{3,4}-[A-Z]\d{3}(?=['"`])/g) ?? []),
);
const pages = readdirSync(join(root, 'docs/errors'))
  .filter((file) => file !== 'README.md')
  .sort();
const goldens = readdirSync(join(root, 'test/golden-files/errors'));

describe('docs/errors', () => {
  it('has a page for every code, and no other', () => {
    expect(pages).toEqual([...new Set(codes)].sort().map((code) => `${code}.md`));
  });

  it('shows codes of each family, all of which have a golden file', () => {
    const families = new Set(codes.map((code) => code.slice(0, -3)));
    expect([...families]).toEqual(expect.arrayContaining(['HDL-W', 'SIM-E', 'LINT-S']));
    expect([...new Set(codes)].filter((code) => !goldens.some((file) => file.startsWith(`${code}-`)))).toEqual([]);
    expect(goldens.filter((file) => !codes.some((code) => file.startsWith(`${code}-`)))).toEqual([]);
  });

  it('lists every page by its title', () => {
    const titles = pages.map((page) => {
      const [, code, title] = /^# (\w+-\w+): (.*)/.exec(readDocument(`docs/errors/${page}`)) ?? [];
      return `| [${code}](${page}) | ${title} |`;
    });
    expect(readDocument('docs/errors/README.md').match(/^\| \[.*$/gm)).toEqual(titles);
  });

  it.each(pages)('%s shows the mistake, its message, and a program that is right', (page) => {
    const blocks = blocksOf(`docs/errors/${page}`);
    expect(blocks[0]?.message).toContain(`${page.replace('.md', '')}`);
    expect(blocks.some((b) => b.message === undefined)).toBe(true);
  });
});
