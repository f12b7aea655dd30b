// Every diagnostic, provoked: the whole text against a golden file (`npx vitest run test/hdl/diagnostics.test.ts --update` writes them anew), and the lines that it names against
// the marks in the programs.

import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { messages } from '../../hdl/diagnostics/messages.ts';
import { type Diagnostic, elaborate, HdlError, render } from '../../hdl/index.ts';
import { programs as general, Unused } from './diagnostic-programs.ts';
import { checkPrograms } from './diagnostic-programs-checks.ts';
import { meshPrograms } from './diagnostic-programs-mesh.ts';

const programs = [...general, ...meshPrograms, ...checkPrograms];
const lines = new Map(
  ['diagnostic-programs.ts', 'diagnostic-programs-mesh.ts', 'diagnostic-programs-checks.ts'].map((file) => [
    `test/hdl/${file}`,
    readFileSync(new URL(`./${file}`, import.meta.url), 'utf8').split('\n'),
  ]),
);
const golden = (name: string): string => fileURLToPath(new URL(`../golden-files/errors/${name}.txt`, import.meta.url));

function provoke(run: () => void): HdlError {
  try {
    run();
  } catch (error) {
    if (error instanceof HdlError) return error;
    throw error;
  }
  throw new Error('the program is accepted');
}

/** Whatever is wrong with the places in a rendered text. */
function wrongPlaces(text: string): string[] {
  let code = '';
  return text.split('\n').flatMap((line) => {
    code = /^(HDL-[A-Z]\d+)/.exec(line)?.[1] ?? code;
    const place = /(?:^ {2}at |\()([^() ]+):(\d+)/.exec(line);
    if (!place || !/^ {2}(at|note)/.test(line)) return [];
    const marked = lines.get(place[1] as string)?.[Number(place[2]) - 1] ?? '';
    const comment = marked.slice(marked.lastIndexOf('//'));
    return comment.includes(line.startsWith('  note') ? 'note' : code) ? [] : [`${line} names: ${marked.trim()}`];
  });
}

describe('each code', () => {
  it.each(programs.map((p) => [`${p.code}-${p.what}`, p] as const))('%s', async (name, program) => {
    const { message, diagnostics } = provoke(program.run);
    expect(diagnostics.map((d) => d.code)).toContain(program.code);
    expect(wrongPlaces(message)).toEqual([]);
    expect(message).not.toContain(process.cwd());
    expect(message).not.toMatch(/undefined|\[object|NaN|(^|[ (])hdl\//m);
    await expect(`${message}\n`).toMatchFileSnapshot(golden(name));
  });

  it('a warning reaches the caller and does not stop the design', async () => {
    const warnings: Diagnostic[] = [];
    elaborate(Unused, undefined, { onWarning: (w) => warnings.push(w) });
    const text = warnings.map((w) => render(w)).join('\n\n');
    expect(warnings.map((w) => w.severity)).toEqual(['warning', 'warning']);
    expect(wrongPlaces(text)).toEqual([]);
    await expect(`${text}\n`).toMatchFileSnapshot(golden('HDL-D003-unused'));
  });
});

describe('the set of codes', () => {
  it('has a golden file for every code, and no other golden file', () => {
    const sources = ['diagnostics/messages.ts', 'std/refuse.ts'].map((f) => readFileSync(new URL(`../../hdl/${f}`, import.meta.url), 'utf8'));
    const all = new Set(sources.join().match(/(?<=')HDL-[A-Z]\d{3}(?=')/g));
    const made = ['HDL-D003-unused', ...programs.map((p) => `${p.code}-${p.what}`)].map((name) => `${name}.txt`).sort();
    const files = readdirSync(fileURLToPath(new URL('../golden-files/errors/', import.meta.url)));
    expect(files.filter((file) => file.startsWith('HDL-')).sort()).toEqual(made);
    expect([...all].filter((code) => !made.some((name) => name.startsWith(code)))).toEqual([]);
  });

  it('shows no frame of the language, and nothing twice, where nobody catches it', () => {
    const error = provoke(programs.find((p) => p.code === 'HDL-W003')?.run as () => void);
    expect(error.stack?.split(/\n\s+at (?=.*:\d+:\d+)/)[1]).toMatch(/test\/hdl\/diagnostic-programs/);
    expect(error.stack).not.toMatch(/[/\\]hdl[/\\]\w+\.ts:\d+:\d+/);
    expect(Object.keys(error)).not.toContain('diagnostics');
  });

  it('gives every message a remedy, and a place where there is one to give', () => {
    for (const { code, run } of programs) {
      for (const d of provoke(run).diagnostics) {
        expect(d.help, code).not.toBe('');
        expect(d.message, code).not.toMatch(/[.!]$/);
      }
    }
    expect(Object.keys(messages).length).toBeGreaterThan(30);
  });
});

describe('several problems', () => {
  const run = programs.find((p) => p.what === 'several-at-once')?.run as () => void;

  it('are reported at once, children first, in the order of the source', () => {
    expect(provoke(run).diagnostics.map((d) => `${d.code} ${d.module}`)).toEqual([
      'HDL-W001 faulty',
      'HDL-W002 faulty',
      'HDL-W003 several',
      'HDL-S001 several',
      'HDL-D001 several',
    ]);
  });

  it('in the same order every time', () => {
    expect(provoke(run).message).toBe(provoke(run).message);
  });
});
