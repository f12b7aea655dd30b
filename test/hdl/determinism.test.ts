// What is printed depends on the design alone: not on the run, the working directory, the place of the sources, the order of elaboration, the user, the
// language or the time zone.

import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
const elsewhere = mkdtempSync(join(tmpdir(), 'systole elsewhere '));
afterAll(() => rmSync(elsewhere, { recursive: true }));

/** Everything that a copy of the sources prints. */
async function everything(copy: string, cwd: string, env: Record<string, string>, ...args: string[]): Promise<Record<string, unknown>> {
  const script = join(copy, 'test', 'support', 'emit-everything.ts');
  const { stdout } = await execa(join(root, 'node_modules', '.bin', 'tsx'), [script, ...args], { cwd, env, maxBuffer: 2 ** 28 });
  return JSON.parse(stdout) as Record<string, unknown>;
}

it('is the same byte for byte in another run, folder, copy, order, locale, time zone and home', async () => {
  for (const folder of ['hdl', 'generators', 'test/support']) cpSync(join(root, folder), join(elsewhere, folder), { recursive: true });
  for (const file of ['package.json', 'tsconfig.json']) cpSync(join(root, file), join(elsewhere, file));
  symlinkSync(join(root, 'node_modules'), join(elsewhere, 'node_modules'));
  mkdirSync(join(elsewhere, 'home'));
  const strange = { LC_ALL: 'tr_TR.UTF-8', LANG: 'tr_TR.UTF-8', TZ: 'Asia/Kathmandu', HOME: join(elsewhere, 'home'), USER: 'another' };
  const [here, there] = await Promise.all([everything(root, root, {}), everything(elsewhere, tmpdir(), strange, 'backwards')]);
  expect(Object.keys(here)).toEqual(['timer', 'fifo', 'arbiter', 'matrix', 'documents']);
  for (const [name, outputs] of Object.entries(here)) expect(JSON.stringify(there[name]), name).toBe(JSON.stringify(outputs));
  expect(JSON.stringify(here).length).toBeGreaterThan(100_000);
  expect(JSON.stringify(here)).not.toContain(root);
});
