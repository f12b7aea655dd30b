/**
 * The registers of a unit's element, which is all that cycle models need of it.
 * Invariant: as the element's model says.
 * Refused: elements that do not exist.
 */
import type { MatrixUnit } from '../shape.ts';
import { goldenPe } from './elements.ts';

/** P and S of design note 0018. */
export interface Timing {
  readonly productStages: number;
  readonly sumStages: number;
}

/** Throws RangeError on an element that does not exist. */
export function timingOf({ pe }: Pick<MatrixUnit, 'pe'>): Timing {
  return pe ? goldenPe(pe) : { productStages: 0, sumStages: 1 };
}
