// A failure made small and written down as a program that anybody can run.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Circuit } from '../support/circuit/data.ts';
import { shrink } from '../support/shrink.ts';
import type { Case } from './batch.ts';
import { casesOf, circuitOf, ENGINES, type EngineName, type Failure, Fuzzer } from './run.ts';
import { sourceOf } from './source.ts';

/** The smallest circuit found that fails on the fuzzer's engines. What does not elaborate, or what nothing drives, does not count as failing. */
export function shrinkFailure(circuit: Circuit, seed: number, fuzzer: Fuzzer, milliseconds: number, passes = true): Circuit {
  const fails = (circuits: readonly Circuit[]): boolean[] => {
    const cases = circuits.map((c, i): Case[] => {
      try {
        return casesOf(c, seed, `s${i}`, passes);
      } catch {
        return [];
      }
    });
    const found = new Set(fuzzer.checkCases(cases.flat()).map((f) => f.id));
    return cases.map((list) => list.some(({ id }) => found.has(id)));
  };
  return shrink(circuit, fails, milliseconds, fuzzer.usesTools ? undefined : 1);
}

/** Shrinks a failure and saves it in a folder; returns the file. */
export function saveFailure({ seed, engine, what, passes }: Failure, folder: string): string {
  const own = ENGINES.filter((e): e is EngineName => engine.startsWith(e));
  const fuzzer = new Fuzzer(own);
  try {
    const small = own.length > 0 ? shrinkFailure(circuitOf(seed), seed, fuzzer, 60_000, passes) : circuitOf(seed);
    mkdirSync(folder, { recursive: true });
    const file = resolve(join(folder, `seed-${seed}.ts`));
    writeFileSync(file, sourceOf(small, { seed, engine, what, passes }));
    return file;
  } finally {
    fuzzer.close();
  }
}
