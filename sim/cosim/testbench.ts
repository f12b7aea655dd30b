// What the two Verilog testbenches have in common: how they end.

import { access, readFile } from 'node:fs/promises';
import { UserError } from '../../flows/user-error.ts';
import { type ChildOptions, endOf, type Finished, lastLines } from './child-process.ts';
import type { EngineOptions } from './types.ts';

export function childOptions({ env, signal, timeoutMs }: EngineOptions, cwd?: string): ChildOptions {
  return { env, signal, ...(timeoutMs === undefined ? {} : { timeoutMs }), ...(cwd === undefined ? {} : { cwd }) };
}

/** Throws unless the testbench came to a verdict: it may have crashed, or found vectors that it cannot use. */
export function checkEnd(engine: string, finished: Finished): void {
  const said = `${finished.stdout}\n${finished.stderr}`;
  const refused = /^error: .*/im.exec(said);
  if (refused)
    throw failure(
      'testbench-refused',
      `the testbench of ${engine} cannot use its vectors: ${refused[0].slice('error: '.length)}`,
      'if the files are as generated, please report it',
    );
  if (/^(PASS|FAIL):/m.test(said)) return;
  throw failure(
    'testbench-crashed',
    `the simulation of ${engine} ${endOf(finished)} without a verdict:\n${lastLines(said)}`,
    `run it by hand with make -C tb/${engine} run`,
  );
}

/** The traces that were written, in order. */
export async function readTraces(paths: readonly string[]): Promise<string[]> {
  const texts: string[] = [];
  for (const path of paths) {
    const there = await access(path).then(
      () => true,
      () => false,
    );
    if (!there) break;
    texts.push(await readFile(path, 'utf8'));
  }
  return texts;
}

function failure(code: string, message: string, help: string): UserError {
  return new UserError({ code, message, help, kind: 'failure' });
}
