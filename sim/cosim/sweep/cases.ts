// The cases of a sweep: the product of all lists, in a fixed order.
//
// Invariant: a case's key depends on the case, the engines, and the text that they simulate; not on its place in the sweep.

import { precisionText } from '../../../flows/element.ts';
import type { Dataflow } from '../../../generators/array-config.ts';
import { type PeConfig, processingElement } from '../../../generators/pe/index.ts';
import type { Operands } from '../../golden/index.ts';
import { hashOf } from '../cache.ts';
import { evenStall } from '../run.ts';
import type { EngineName, RunRequest, Target } from '../types.ts';

/** Values of each parameter; none is empty. */
export interface SweepGrid {
  readonly rows: readonly number[];
  readonly cols: readonly number[];
  readonly dataflow: readonly Dataflow[];
  /** Elements, undefined for int8; each may stand in every dataflow. */
  readonly pe: readonly (PeConfig | undefined)[];
  /** Precisions of whole numbers, undefined for steps of random modes. */
  readonly operands: readonly (Operands | undefined)[];
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
  readonly pe?: PeConfig | undefined;
  readonly operands?: Operands | undefined;
  readonly m: number;
  readonly k: number;
  readonly n: number;
  readonly withD: boolean;
  readonly stall: number;
  readonly seed: number;
}

/** The parameters in the order of the grid, the last one changing fastest. */
export const PARAMETERS = ['rows', 'cols', 'dataflow', 'm', 'k', 'n', 'withD', 'stall', 'seed', 'pe', 'operands'] as const;

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
export function requestOf({ m, k, n, operands, withD, stall, seed }: SweepCase): RunRequest {
  return { m, k, n, operands, withD, stimulus: { seed, stall: evenStall(stall) } };
}

export function caseKey(one: SweepCase, engines: readonly EngineName[], { top, rtl, harness }: Target): string {
  const parameters = PARAMETERS.filter((name) => one[name] !== undefined).map((name) => `${name}=${valueText(one[name])}`);
  return hashOf([...parameters, engines.join(','), top, harness.verilator, harness.icarus, ...rtl.flatMap(({ name, text }) => [name, text])]);
}

/** A value of a parameter in a name or a table; nothing for what goes without saying. */
export function valueText(value: SweepCase[(typeof PARAMETERS)[number]]): string {
  if (typeof value !== 'object') return value === undefined ? '' : String(value);
  return 'kind' in value ? processingElement(value).name : precisionText(value);
}
