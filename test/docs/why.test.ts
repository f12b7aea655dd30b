// Each row of docs/why.md names a test that exists.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readDocument, root } from './documents.ts';

const rows = [...readDocument('docs/why.md').matchAll(/^\| (\d+) \|(?:[^|]*\|){3} `([^`]+)`: (.*?) \|$/gm)].map(([, row, file, title]) => ({
  row: Number(row),
  file: file as string,
  title: title as string,
}));

it('there are at least twenty, numbered', () => {
  expect(rows.length).toBeGreaterThanOrEqual(20);
  expect(rows.map((r) => r.row)).toEqual(rows.map((_, i) => i + 1));
});

it.each(rows)('row $row: $title', ({ file, title }) => {
  expect(readFileSync(join(root, file), 'utf8')).toContain(title);
});
