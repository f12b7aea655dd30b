// A failure made small and written down as a program that anybody can run.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Circuit } from '../support/circuit/data.ts';
import { shrink } from '../support/shrink.ts';
import type { Case } from './batch.ts';
import { casesOf, circuitOf, ENGINES, type EngineName, type Failure, Fuzzer } from './run.ts';
import { sourceOf } from './source.ts';

/** The smallest circuit found that fails on an engine, and on that one alone if the first one does. */
export function shrinkFailure(circuit: Circuit, seed: number, fuzzer: Fuzzer, milliseconds: number): Circuit {
  const fails = (circuits: readonly Circuit[]): boolean[] => {
    const cases = circuits.map((c, i): Case[] => {
      try {
        return casesOf(c, seed, `s${i}`);
      } catch {
        return [];
      }
    });
    const found = new Set(fuzzer.checkCases(cases.flat()).map((f) => f.id));
    return cases.map((list) => list.some(({ id }) => found.has(id)));
  };
  return shrink(circuit, fails, milliseconds);
}

/** Shrinks a failure and saves it in a folder; returns the file. */
export function saveFailure({ seed, engine, what }: Failure, folder: string): string {
  const own = ENGINES.filter((e): e is EngineName => engine.startsWith(e));
  const fuzzer = new Fuzzer(own);
  try {
    const small = own.length > 0 ? shrinkFailure(circuitOf(seed), seed, fuzzer, 60_000) : circuitOf(seed);
    mkdirSync(folder, { recursive: true });
    const file = resolve(join(folder, `seed-${seed}.ts`));
    writeFileSync(file, sourceOf(small, { seed, engine, what }));
    return file;
  } finally {
    fuzzer.close();
  }
}
