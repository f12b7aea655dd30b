// Flags that the checks of this folder share; they are commands as those of cli/ are.

import { integerFlag } from '../cli/options.ts';

/**
 * Whole numbers with commas between them.
 *
 * @throws UserError unless each is in the range
 */
export function integersFlag(key: string, text: string, min: number, max: number): number[] {
  return text.split(',').map((part) => integerFlag(key, part.trim(), min, max));
}

/** Seconds since a time of `performance.now`, for lines of progress. */
export function elapsed(start: number): string {
  return `${((performance.now() - start) / 1000).toFixed(0)} s`;
}
