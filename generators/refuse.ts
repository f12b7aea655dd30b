// How a generator refuses its configuration: HDL-C001 at the line that asked for a cell, the first outside of the generators themselves.

import { fileURLToPath } from 'node:url';
import { refuse as refuseIn } from '../hdl/std/refuse.ts';

const GENERATORS = fileURLToPath(new URL('.', import.meta.url));

/** Throws HDL-C001: what was given, and what is possible. */
export function refuse(problem: string, help: string): never {
  return refuseIn(problem, help, GENERATORS);
}

const MAX_STAGES = 64;

/** Throws HDL-C001 unless `stages` is a number of registers that a cell can have. */
export function checkStages(cell: string, stages: number, least = 0, most = MAX_STAGES): void {
  if (!Number.isInteger(stages) || stages < least || stages > most)
    refuse(`${cell} with ${String(stages)} stages`, `give a whole number of registers from ${least} to ${most}`);
}
