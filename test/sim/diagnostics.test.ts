// Every refusal of the simulator, provoked: the whole text against a golden file (`npx vitest run test/sim/diagnostics.test.ts --update` writes them anew).

import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { SimulationError } from '../../sim/index.ts';
import { programs } from './diagnostic-programs.ts';

const goldens = join(import.meta.dirname, '..', 'golden-files', 'errors');
const folder = mkdtempSync(join(tmpdir(), 'systole-refusals-'));
afterAll(() => rmSync(folder, { recursive: true }));

function provoke(run: (folder: string) => unknown): SimulationError {
  try {
    run(folder);
  } catch (error) {
    if (error instanceof SimulationError) return error;
    throw error;
  }
  throw new Error('the program is accepted');
}

/** Without what depends on where it runs, and on the version of a tool whose words it has. */
function steady({ code, message }: SimulationError): string {
  const text = message.replaceAll(folder, '/folder');
  return code === 'SIM-E021' ? text.replace(/\n.*(?=\n {2}help)/s, '\n  …') : text;
}

it.each(programs.map((p) => [`${p.code}-${p.what}`, p] as const))('%s', async (name, { code, run }) => {
  const error = provoke(run);
  expect(error.code).toBe(code);
  expect(error.message).toMatch(/\n {2}help: \S/);
  expect(error.stack).not.toMatch(/\/sim\/(?!diagnostic)[\w-]+\.ts:\d+:\d+/);
  expect(error.message).not.toMatch(/undefined|\[object|NaN/);
  await expect(`${steady(error)}\n`).toMatchFileSnapshot(join(goldens, `${name}.txt`));
});

it('has no golden file without a program', () => {
  const files = readdirSync(goldens).filter((file) => file.startsWith('SIM-'));
  expect(files.sort()).toEqual(programs.map((p) => `${p.code}-${p.what}.txt`).sort());
});
