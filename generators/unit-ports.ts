// The four streams of a matrix unit, the same in every dataflow.

import { bool, input, optional, uint, vec } from '../hdl/index.ts';
import { consumer, producer } from '../hdl/std/stream.ts';
import { type ArrayConfig, peOf } from './array-config.ts';
import { processingElement } from './pe/index.ts';

/** `act` takes R lanes (and a mode, if the element has modes), `weight` and `psum` C lanes a beat, `out` gives C lanes. */
export function unitPorts(config: ArrayConfig) {
  const { rows, cols, dataflow } = config;
  const { activation, weight, sum, modeWidth } = processingElement(peOf(config));
  return {
    act: {
      ...consumer({ data: vec(activation, rows), last: bool, accumulate: bool }),
      mode: optional(modeWidth > 0, input(uint(modeWidth))),
    },
    weight: {
      ...consumer({ data: vec(weight, cols) }),
      /** Belongs to an output-stationary tile. */
      os: optional(dataflow === 'ws+os', input(bool)),
    },
    psum: consumer({ data: vec(sum, cols) }),
    out: producer({ data: vec(sum, cols), last: bool }),
  };
}
