// What the cosimulation tests share.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Io } from '../../cli/io.ts';
import { type EngineOptions, evenStall, makeRun, type Run, type RunRequest, type Target } from '../../sim/cosim/index.ts';

export const options: EngineOptions = { env: process.env, signal: new AbortController().signal };

/** A run of 5 x 7 by 7 x 4 with D and stalls, changed as told. */
export function someRun(target: Target, changes: Partial<RunRequest> = {}): Run {
  return makeRun(target, { m: 5, k: 7, n: 4, withD: true, stimulus: { seed: 3, stall: evenStall(0.3) }, ...changes }) as Run;
}

/** Calls `work` with a folder that is removed afterwards. */
export async function inFolder<T>(work: (folder: string) => Promise<T> | T): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'systole-test-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A shell script that is found as a program in a folder. */
export function fakeProgram(folder: string, name: string, script: string): void {
  writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
}

/** Lets only so many pieces of work go on at once. */
export function limiter(most: number): <T>(work: () => Promise<T>) => Promise<T> {
  let free = most;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (free > 0) free--;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free++;
    }
  };
}

/** A command in this process: its exit code and what it wrote. */
export async function runCommand(
  main: (argv: readonly string[], io: Io) => Promise<number>,
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<{ code: number; out: string; err: string }> {
  let out = '';
  let err = '';
  const io: Io = {
    out: (text) => void (out += text),
    err: (text) => void (err += text),
    ...{ errIsTerminal: false, cwd: process.cwd(), env, signal: new AbortController().signal },
  };
  const code = await main(argv, io);
  return { code, out, err };
}
