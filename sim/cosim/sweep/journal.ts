// What a sweep has done so far, a line of JSON for each case.
//
// Invariant: a line is written whole, after its case ended; a last line that was cut off by a crash is as if its case had not run.

import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Difference, EngineName } from '../types.ts';
import type { SweepCase } from './cases.ts';

export interface CaseResult extends SweepCase {
  readonly key: string;
  readonly result: 'pass' | 'fail';
  /** As predicted. */
  readonly cycles: number;
  /** Share of multiplier-cycles that did work of the problem. */
  readonly utilisation: number;
  readonly engines: readonly {
    readonly engine: EngineName;
    readonly buildSeconds: number;
    readonly runSeconds: number;
    readonly difference?: Difference;
  }[];
}

export class Journal {
  readonly #path: string;
  readonly #done = new Map<string, CaseResult>();

  /** Reads what is there. */
  constructor(path: string) {
    this.#path = path;
    mkdirSync(dirname(path), { recursive: true });
    const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
    for (const line of text.split('\n')) {
      const result = parseLine(line);
      if (result) this.#done.set(result.key, result);
    }
    // After a line that was cut off, the next one begins on a line of its own.
    if (text !== '' && !text.endsWith('\n')) appendFileSync(path, '\n');
  }

  get(key: string): CaseResult | undefined {
    return this.#done.get(key);
  }

  add(result: CaseResult): void {
    appendFileSync(this.#path, `${JSON.stringify(result)}\n`);
    this.#done.set(result.key, result);
  }
}

function parseLine(line: string): CaseResult | undefined {
  try {
    const value = JSON.parse(line) as Partial<CaseResult> | null;
    return typeof value?.key === 'string' && Array.isArray(value.engines) ? (value as CaseResult) : undefined;
  } catch {
    return undefined;
  }
}
