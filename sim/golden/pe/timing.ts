/**
 * The registers of a unit, which is all that cycle models need of its elements.
 * Invariant: as the element's model says, and design notes 0003, 0018 and 0022.
 * Refused: elements that do not exist, and sums of several cycles where they stay, as the hardware does.
 */
import { type MatrixUnit, tilesIn } from '../shape.ts';
import { goldenPe } from './elements.ts';
import { CUBE } from './sums.ts';

/** P and S of design note 0018. */
export interface Timing {
  readonly productStages: number;
  readonly sumStages: number;
}

/** Throws RangeError on an element that does not exist, or not in this dataflow. */
export function timingOf({ pe, dataflow, tile }: Pick<MatrixUnit, 'pe' | 'dataflow' | 'tile'>): Timing {
  const timing = pe ? goldenPe(pe) : { productStages: 0, sumStages: 1 };
  if ((dataflow === 'os' || dataflow === 'ws+os') && timing.sumStages > 1)
    throw new RangeError(
      `an output-stationary unit needs each sum in the next cycle, and those of this element take ${timing.sumStages}: give sumStages of 1 and the rest as productStages, or dataflow "ws"`,
    );
  if (tile && tile.rows * tile.cols > 1 && timing.sumStages > 1)
    throw new RangeError(`sums are chained within tiles, and those of this element take ${timing.sumStages} cycles: give sumStages of 1`);
  return timing;
}

const levels = (lanes: number): number => Math.ceil(Math.log2(lanes));

/** Slots from the acceptance of a beat to its row: on `out` of ws and is, in the last stage of the row pipeline of the others. */
export function rowLatency(unit: MatrixUnit): number {
  const { productStages, sumStages } = timingOf(unit);
  if (unit.dataflow === 'dot') return productStages + sumStages + levels(unit.rows) + 1;
  if (unit.dataflow === 'cube') return productStages + sumStages + levels(CUBE) + 2;
  const { rows, cols } = tilesIn(unit);
  return rows * sumStages + cols + productStages;
}
