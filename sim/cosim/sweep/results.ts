// Results of a sweep as files.
//
// Invariant: a file is complete or as it was before: it is written beside its place and renamed.

import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EngineName } from '../types.ts';
import { PARAMETERS, valueText } from './cases.ts';
import type { CaseResult } from './journal.ts';

/** Writes `results.json` and `results.csv`. */
export function writeResults(folder: string, results: readonly CaseResult[], engines: readonly EngineName[]): void {
  replace(join(folder, 'results.json'), `${JSON.stringify(results, null, 2)}\n`);
  replace(join(folder, 'results.csv'), csvOf(results, engines));
}

/** A line for each case behind a line of names (RFC 4180, but with LF). */
function csvOf(results: readonly CaseResult[], engines: readonly EngineName[]): string {
  const head = [...PARAMETERS, 'cycles', 'utilisation', 'result', ...engines.flatMap((engine) => [`${engine}_run_seconds`, `${engine}_difference`])];
  const lines = results.map((result) => [
    ...PARAMETERS.map((name) => valueText(result[name])),
    ...[result.cycles, result.utilisation, result.result],
    ...engines.flatMap((engine) => engineCells(result, engine)),
  ]);
  return [head, ...lines].map((cells) => `${cells.map(cell).join(',')}\n`).join('');
}

function engineCells(result: CaseResult, engine: EngineName): unknown[] {
  const found = result.engines.find((one) => one.engine === engine);
  const { difference } = found ?? {};
  const text = difference ? `cycle ${difference.cycle}, ${difference.signal}: expected ${difference.expected}, actual ${difference.actual}` : '';
  return [found?.runSeconds ?? '', text];
}

function cell(value: unknown): string {
  const text = String(value);
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function replace(path: string, text: string): void {
  const beside = `${path}.${process.pid}.tmp`;
  writeFileSync(beside, text);
  renameSync(beside, path);
}
