// Where a run was made.

import { cpus, loadavg, totalmem } from 'node:os';
import { versionOf } from './tools.ts';

export interface Machine {
  readonly processor: string;
  readonly threads: number;
  readonly gigabytes: number;
  readonly node: string;
  readonly tools: readonly string[];
  readonly date: string;
  /** Processes that wanted to run, on average, in the minute before. */
  readonly load: number;
}

export async function describeMachine(): Promise<Machine> {
  const versions = await Promise.all([versionOf('verilator'), versionOf('iverilog'), versionOf('g++')]);
  return {
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    threads: cpus().length,
    gigabytes: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    tools: versions.filter((v) => v !== undefined),
    date: new Date().toISOString().slice(0, 10),
    load: Math.round((loadavg()[0] ?? 0) * 10) / 10,
  };
}
