// Vector folders for the Verilog testbenches.
//
// Invariant: the folders are gone when the work on them ends, whichever way.
// Refused: streams whose shape or values do not fit the unit, by name, before a file is written: a simulator would only see garbage.

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { areCodes, type MatrixUnit, type Streams, vectorFiles } from '../golden/index.ts';
import type { AnyRun } from './types.ts';

const INT8 = [-128, 127] as const;
const INT32 = [-0x80000000, 0x7fffffff] as const;
const FLAG = [0, 1] as const;

/** Throws a RangeError that names the first array whose length or value does not fit. */
export function checkVectors(unit: MatrixUnit, streams: Streams): void {
  const { act, weight, psum, out } = streams;
  check('act.data', act.data, act.beats * unit.rows, INT8);
  check('act.last', act.last, act.beats, FLAG);
  check('act.accumulate', act.accumulate, act.beats, FLAG);
  check('weight.data', weight.data, weight.beats * unit.cols, INT8);
  check('psum.data', psum.data, psum.beats * unit.cols, INT32);
  check('out.data', out.data, out.beats * unit.cols, INT32);
  check('out.last', out.last, out.beats, FLAG);
}

function check(name: string, values: ArrayLike<number>, length: number, [min, max]: readonly [number, number]): void {
  if (values.length !== length) throw new RangeError(`${name} must have ${length} elements for this unit, got ${values.length}`);
  for (let i = 0; i < length; i++) {
    const value = values[i] as number;
    if (Number.isInteger(value) && value >= min && value <= max) continue;
    throw new RangeError(`${name}[${i}] must be a whole number from ${min} to ${max}, got ${value}`);
  }
}

/** Writes the vectors of a run. */
export async function writeVectors(folder: string, unit: MatrixUnit, run: AnyRun): Promise<void> {
  // Codes are checked when their streams are made.
  if (!areCodes(run.streams)) checkVectors(unit, run.streams);
  await mkdir(folder, { recursive: true });
  for (const [name, text] of Object.entries(vectorFiles(run.streams, run.stimulus, run.prediction))) {
    await writeFile(join(folder, name), text as string);
  }
}

/** Calls `work` with a temporary folder that holds the vectors of each run in `0`, `1` and so on. */
export async function withVectors<T>(unit: MatrixUnit, runs: readonly AnyRun[], work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'systole-vectors-'));
  try {
    for (const [index, run] of runs.entries()) await writeVectors(join(folder, String(index)), unit, run);
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
