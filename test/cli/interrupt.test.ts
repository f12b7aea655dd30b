// Signals and failures in the middle of the work leave nothing behind; real processes.

import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { main } from '../../cli/gen.ts';
import { Interrupted } from '../../flows/user-error.ts';
import { writeFolder } from '../../flows/write-folder.ts';
import { readTree, runMain, temporaryFolder } from '../support/cli.ts';

const root = process.cwd();

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs gen in a process that, in the middle of writing, sends itself the signal `kill`. */
function spawnGen(argv: readonly string[], options: { kill?: 'SIGINT' | 'SIGTERM'; env?: Record<string, string> } = {}): Promise<Ended> {
  const hook = options.kill ? ['--import', join(root, 'test/support/kill-while-writing.ts')] : [];
  const child = spawn(process.execPath, ['--import', 'tsx', ...hook, 'cli/gen.ts', ...argv], {
    cwd: root,
    env: { ...process.env, ...options.env, ...(options.kill ? { TEST_SIGNAL: options.kill } : {}) },
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    err += chunk;
  });
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, out, err })));
}

describe('a signal while files are written', () => {
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    it(`${signal}: exit ${code}, no output, no leftovers`, async () => {
      const cwd = temporaryFolder();
      const ended = await spawnGen(['--rows', '2', '--cols', '2', '--out', join(cwd, 'deep/er/design')], { kill: signal });
      expect(ended).toMatchObject({ code, out: '' });
      expect(ended.err).toContain(`stopped by ${signal}; nothing was left behind`);
      expect(ended.err).toContain('seen half-written: .systole-new-');
      expect(readdirSync(cwd)).toEqual([]);
    });
  }

  it('keeps the earlier design', async () => {
    const cwd = temporaryFolder();
    await runMain(main, ['--rows', '2', '--cols', '2', '--out', 'd'], { cwd });
    const before = readTree(cwd);
    const ended = await spawnGen(['--rows', '3', '--cols', '3', '--out', join(cwd, 'd')], { kill: 'SIGINT' });
    expect(ended.code).toBe(130);
    expect(readTree(cwd)).toEqual(before);
    expect(readdirSync(cwd)).toEqual(['d']);
  });
});

describe('writeFolder', () => {
  const files = ['a', 'b/c', 'd'].map((path) => ({ path, text: `${path}\n` }));

  it('stops before any file, and before the exchange', async () => {
    for (const last of [0, 1, 2, 3]) {
      const cwd = temporaryFolder();
      const controller = new AbortController();
      const stop = () => controller.abort(new Interrupted('SIGINT'));
      let begun = -1;
      const onFile = (index: number) => {
        begun = index;
        if (index === last) stop();
        if (last === 3 && index === 2) setImmediate(stop);
      };
      const target = join(cwd, 'x/y');
      await expect(writeFolder({ target, shown: 'y', files, signal: controller.signal, onFile })).rejects.toThrow(Interrupted);
      expect(begun).toBe(Math.min(last, 2));
      expect(readdirSync(cwd)).toEqual([]);
    }
  });

  it('removes what it began when the system refuses', async () => {
    const cwd = temporaryFolder();
    const clash = [...files, { path: 'a/b', text: '' }];
    const signal = new AbortController().signal;
    await expect(writeFolder({ target: join(cwd, 'x/y'), shown: 'y', files: clash, signal })).rejects.toMatchObject({
      code: 'out-not-writable',
      exitCode: 1,
    });
    expect(readdirSync(cwd)).toEqual([]);
  });

  it('keeps parents that were there before', async () => {
    const cwd = temporaryFolder();
    mkdirSync(join(cwd, 'x'));
    const signal = AbortSignal.abort(new Interrupted('SIGTERM'));
    await expect(writeFolder({ target: join(cwd, 'x/y/z'), shown: 'z', files, signal })).rejects.toThrow(Interrupted);
    expect(readdirSync(cwd)).toEqual(['x']);
    expect(readdirSync(join(cwd, 'x'))).toEqual([]);
  });
});

describe('gen as a process', () => {
  it('writes a design, prints JSON alone on stdout, plain progress on stderr', async () => {
    const cwd = temporaryFolder();
    const { code, out, err } = await spawnGen(['--rows', '2', '--cols', '2', '--out', join(cwd, 'd'), '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ ok: true, manifest: { top: 'systolic_2x2_ws' } });
    expect(err).toMatch(/^gen: generating systolic_2x2_ws …\ngen: writing \d+ files …\n$/);
    expect(readdirSync(cwd)).toEqual(['d']);
  });

  it('exits with 2 for a request that is wrong', async () => {
    expect(await spawnGen(['--rows', '0', '--cols', '2'])).toMatchObject({ code: 2, out: '', err: expect.stringContaining('--rows: rows is "0"') });
  });
});
