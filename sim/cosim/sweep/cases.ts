// The cases of a sweep: the product of all lists, in a fixed order.
//
// Invariant: a case's key depends on the case, the engines, and the text that they simulate; not on its place in the sweep.

import type { Dataflow } from '../../../generators/array-config.ts';
import { hashOf } from '../cache.ts';
import { evenStall } from '../run.ts';
import type { EngineName, RunRequest, Target } from '../types.ts';

/** Values of each parameter; none is empty. */
export interface SweepGrid {
  readonly rows: readonly number[];
  readonly cols: readonly number[];
  readonly dataflow: readonly Dataflow[];
  readonly m: readonly number[];
  readonly k: readonly number[];
  readonly n: readonly number[];
  readonly withD: readonly boolean[];
  readonly stall: readonly number[];
  readonly seed: readonly number[];
  readonly engines: readonly EngineName[];
}

export interface SweepCase {
  readonly rows: number;
  readonly cols: number;
  readonly dataflow: Dataflow;
  readonly m: number;
  readonly k: number;
  readonly n: number;
  readonly withD: boolean;
  readonly stall: number;
  readonly seed: number;
}

/** The parameters in the order of the grid, the last one changing fastest. */
export const PARAMETERS = ['rows', 'cols', 'dataflow', 'm', 'k', 'n', 'withD', 'stall', 'seed'] as const;

export function caseCount(grid: SweepGrid): number {
  return PARAMETERS.reduce((count, name) => count * grid[name].length, 1);
}

/** All cases; values that a list repeats count once. */
export function casesOf(grid: SweepGrid): SweepCase[] {
  const start: Partial<SweepCase>[] = [{}];
  const all = PARAMETERS.reduce(
    (cases, name) => cases.flatMap((one) => [...new Set<unknown>(grid[name])].map((value) => ({ ...one, [name]: value }))),
    start,
  );
  return all as SweepCase[];
}

/** What the golden model and the simulators are asked. */
export function requestOf({ m, k, n, withD, stall, seed }: SweepCase): RunRequest {
  return { m, k, n, withD, stimulus: { seed, stall: evenStall(stall) } };
}

export function caseKey(one: SweepCase, engines: readonly EngineName[], { top, rtl, harness }: Target): string {
  const parameters = PARAMETERS.map((name) => `${name}=${one[name]}`);
  return hashOf([...parameters, engines.join(','), top, harness.verilator, harness.icarus, ...rtl.flatMap(({ name, text }) => [name, text])]);
}

export function designName({ rows, cols, dataflow }: SweepCase): string {
  return `systolic_${rows}x${cols}_${dataflow.replace('+', '_')}`;
}
