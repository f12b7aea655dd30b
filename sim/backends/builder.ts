// The process that builds a simulator: a request on its input, an answer on its output. See build.ts.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../../flows/user-error.ts';
import { cached, cacheFolder } from '../cosim/cache.ts';
import { type ChildOptions, runTool } from '../cosim/child-process.ts';
import { compileModel } from '../cosim/verilator-build.ts';
import type { BuildAnswer, BuildRequest } from './build.ts';
import { BENCH } from './harness.ts';

const parts: Buffer[] = [];
for await (const part of process.stdin) parts.push(part as Buffer);
const { engine, top, files, main, profile, timeoutMs } = JSON.parse(Buffer.concat(parts).toString()) as BuildRequest;
const key = process.argv[2] as string;
const options: ChildOptions = { env: process.env, signal: new AbortController().signal, timeoutMs };

async function icarus(stage: string): Promise<void> {
  for (const { name, text } of files) await writeFile(join(stage, name), text);
  const args = ['-g2005', '-s', BENCH, '-o', `${BENCH}.vvp`, ...files.map((f) => f.name)];
  await runTool('iverilog', args, { ...options, cwd: stage });
}

async function verilator(stage: string): Promise<void> {
  const flags = profile === 'fast' ? ({ verilate: '-O1', compile: '-O0' } as const) : ({ verilate: '-O3', compile: '-O2' } as const);
  await compileModel(stage, { top, rtl: files, harness: { verilator: main } }, { ...flags, waves: false }, options);
}

let answer: BuildAnswer = { ok: true };
try {
  await cached(cacheFolder(process.env), key, engine === 'icarus' ? icarus : verilator);
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  answer = { ok: false, code: error.code, message: error.message };
}
process.stdout.write(JSON.stringify(answer));
