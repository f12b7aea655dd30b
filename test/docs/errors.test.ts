// Every diagnostic code has a page, and the index lists them all.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { blocksOf, readDocument, root } from './documents.ts';

const codes = ['hdl/diagnostics/messages.ts', 'hdl/std/refuse.ts'].flatMap(
  (file) => readFileSync(join(root, file), 'utf8').match(/(?<=')HDL-[A-Z]\d{3}(?=')/g) ?? [],
);
const pages = readdirSync(join(root, 'docs/errors'))
  .filter((file) => file !== 'README.md')
  .sort();

describe('docs/errors', () => {
  it('has a page for every code, and no other', () => {
    expect(pages).toEqual([...new Set(codes)].sort().map((code) => `${code}.md`));
  });

  it('lists every page by its title', () => {
    const titles = pages.map((page) => {
      const [, code, title] = /^# (HDL-\w+): (.*)/.exec(readDocument(`docs/errors/${page}`)) ?? [];
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
