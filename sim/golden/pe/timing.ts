/**
 * The registers of a unit, which is all that cycle models need of its elements.
 * Invariant: as the element's model says, and design notes 0003, 0018 and 0022.
 * Refused: elements that do not exist, and sums of several cycles where they stay, as the hardware does.
 */
import type { MatrixUnit } from '../shape.ts';
import { goldenPe } from './elements.ts';
import { CUBE } from './sums.ts';

/** P and S of design note 0018. */
export interface Timing {
  readonly productStages: number;
  readonly sumStages: number;
}

/** Throws RangeError on an element that does not exist, or not in this dataflow. */
export function timingOf({ pe, dataflow }: Pick<MatrixUnit, 'pe' | 'dataflow'>): Timing {
  const timing = pe ? goldenPe(pe) : { productStages: 0, sumStages: 1 };
  if ((dataflow === 'os' || dataflow === 'ws+os') && timing.sumStages > 1)
    throw new RangeError(
      `an output-stationary unit needs each sum in the next cycle, and those of this element take ${timing.sumStages}: give sumStages of 1 and the rest as productStages, or dataflow "ws"`,
    );
  return timing;
}

const levels = (lanes: number): number => Math.ceil(Math.log2(lanes));

/** Slots from the acceptance of a beat to its row: on `out` of ws and is, in the last stage of the row pipeline of the others. */
export function rowLatency(unit: MatrixUnit): number {
  const { rows, cols, dataflow } = unit;
  const { productStages, sumStages } = timingOf(unit);
  if (dataflow === 'dot') return productStages + sumStages + levels(rows) + 1;
  if (dataflow === 'cube') return productStages + sumStages + levels(CUBE) + 2;
  return rows * sumStages + cols + productStages;
}
