// How a generator refuses its configuration.

import { fileURLToPath } from 'node:url';
import { HdlError } from '../hdl/index.ts';
import { Origin } from '../hdl/source.ts';

const GENERATORS = fileURLToPath(new URL('.', import.meta.url));

/** Throws HDL-C001 at the line that asked for a cell: the first outside of the generators themselves. */
export function refuse(problem: string, help: string): never {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 60;
  const error = new Error();
  Error.stackTraceLimit = limit;
  error.stack = (error.stack ?? '')
    .split('\n')
    .filter((line) => !line.includes(GENERATORS))
    .join('\n');
  throw new HdlError([{ code: 'HDL-C001', severity: 'error', message: problem, help, notes: [], at: new Origin(error) }]);
}

const MAX_STAGES = 64;

/** Throws HDL-C001 unless `stages` is a number of registers that a cell can have. */
export function checkStages(cell: string, stages: number): void {
  if (!Number.isInteger(stages) || stages < 0 || stages > MAX_STAGES)
    refuse(`${cell} with ${String(stages)} stages`, `give a whole number of registers from 0 to ${MAX_STAGES}`);
}
