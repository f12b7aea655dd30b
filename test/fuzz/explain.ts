// A failure made small and written down as a program that anybody can run.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Circuit } from '../support/circuit.ts';
import { shrink } from '../support/shrink.ts';
import { caseOf, circuitOf, ENGINES, type EngineName, type Failure, Fuzzer } from './run.ts';
import { sourceOf } from './source.ts';

/** The smallest circuit found that still fails on an engine. */
export function shrinkFailure(circuit: Circuit, seed: number, fuzzer: Fuzzer, milliseconds: number): Circuit {
  return shrink(
    circuit,
    (c) => {
      try {
        return fuzzer.checkCases([caseOf(c, seed)]).length > 0;
      } catch {
        return false;
      }
    },
    milliseconds,
  );
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
