// The four streams of a matrix unit, the same in every dataflow.

import { bool, sint, vec } from '../hdl/index.ts';
import { consumer, producer } from '../hdl/std/stream.ts';
import { type ArrayConfig, OPERAND_WIDTH, SUM_WIDTH } from './array-config.ts';

/** `act` takes R lanes, `weight` and `psum` C lanes a beat, `out` gives C lanes. */
export function unitPorts({ rows, cols }: ArrayConfig) {
  return {
    act: consumer({ data: vec(sint(OPERAND_WIDTH), rows), last: bool, accumulate: bool }),
    weight: consumer({ data: vec(sint(OPERAND_WIDTH), cols) }),
    psum: consumer({ data: vec(sint(SUM_WIDTH), cols) }),
    out: producer({ data: vec(sint(SUM_WIDTH), cols), last: bool }),
  };
}
