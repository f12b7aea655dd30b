// Refusal of a cell's parameters.
//
// Contract: a bad parameter throws at once, with the user's line: a cell that cannot be built has no plausible value to go on with.

import { HdlError } from '../diagnostics/diagnostic.ts';
import { Origin } from '../source.ts';

/** Deep enough for a cell inside a cell inside the user's module. */
const STACK_DEPTH = 60;

/**
 * Throws HDL-C001: what was given, the rule, the remedy.
 *
 * @param library a folder, absolute, whose lines are not the user's either: of cells that lie outside of the language
 */
export function refuse(problem: string, remedy: string, library?: string): never {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = STACK_DEPTH;
  const error = new Error();
  Error.stackTraceLimit = limit;
  if (library !== undefined)
    error.stack = (error.stack ?? '')
      .split('\n')
      .filter((line) => !line.includes(library))
      .join('\n');
  const at = new Origin(error);
  throw new HdlError([{ code: 'HDL-C001', severity: 'error', message: problem, help: remedy, notes: [], at }]);
}

/** Throws HDL-C001 unless `value` is a whole number from `min` to `max`. */
export function wholeNumber(what: string, value: unknown, min: number, max = Number.MAX_SAFE_INTEGER): void {
  if (Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max) return;
  const range = max === Number.MAX_SAFE_INTEGER ? `a whole number of at least ${min}` : `a whole number from ${min} to ${max}`;
  refuse(`${what} is ${String(value)}, but must be ${range}`, `pass ${range}`);
}
