/**
 * The registers of a unit's element, which is all that cycle models need of it.
 * Invariant: as the element's model says.
 * Refused: elements that do not exist, and sums of several cycles in an output-stationary unit, as the hardware does.
 */
import type { MatrixUnit } from '../shape.ts';
import { goldenPe } from './elements.ts';

/** P and S of design note 0018. */
export interface Timing {
  readonly productStages: number;
  readonly sumStages: number;
}

/** Throws RangeError on an element that does not exist, or not in this dataflow. */
export function timingOf({ pe, dataflow }: Pick<MatrixUnit, 'pe' | 'dataflow'>): Timing {
  const timing = pe ? goldenPe(pe) : { productStages: 0, sumStages: 1 };
  if (dataflow === 'os' && timing.sumStages > 1)
    throw new RangeError(
      `an output-stationary unit needs each sum in the next cycle, and those of this element take ${timing.sumStages}: give sumStages of 1 and the rest as productStages, or dataflow "ws"`,
    );
  return timing;
}
