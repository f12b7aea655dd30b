// Each row of docs/why.md names tests that exist.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readDocument, root } from './documents.ts';

const rows = [...readDocument('docs/why.md').matchAll(/^\| (\d+) \|(?:[^|]*\|){3} (.*) \|$/gm)].map(([, row, tests]) => ({
  row: Number(row),
  tests: tests as string,
}));
const tests = rows.flatMap(({ row, tests }) =>
  tests.split('; `').map((text) => {
    const [, file = '', title = ''] = /^`?([^`]+)`: (.+)$/.exec(text) ?? [];
    return { row, file, title };
  }),
);

it('there are twenty, numbered, each with a test', () => {
  expect(rows.map((r) => r.row)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
  expect(new Set(tests.map((t) => t.row)).size).toBe(20);
});

it.each(tests)('row $row: $title', ({ file, title }) => {
  expect(title).not.toBe('');
  expect(readFileSync(join(root, file), 'utf8')).toContain(title);
});
