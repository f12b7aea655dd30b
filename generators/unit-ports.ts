// The four streams of a matrix unit: all dataflows have them.

import { bool, input, optional, uint, vec } from '../hdl/index.ts';
import { consumer, producer } from '../hdl/std/stream.ts';
import { lanesOf, peOf, type UnitConfig } from './array-config.ts';
import { processingElement } from './pe/index.ts';

/** What both forms share. */
function parts(config: UnitConfig) {
  const { activation, weight, sum, modeWidth } = processingElement(peOf(config));
  const lanes = lanesOf(config);
  const tile = { last: bool, accumulate: bool };
  return {
    tile,
    activations: { data: vec(activation, lanes.act) },
    weights: { data: vec(weight, lanes.weight) },
    mode: optional(modeWidth > 0, input(uint(modeWidth))),
    sums: { psum: consumer({ data: vec(sum, lanes.out) }), out: producer({ data: vec(sum, lanes.out), last: bool }) },
  };
}

/** `act` says where tiles end. A beat of a systolic array has R activations (and a mode, if the element has modes), C weights, C sums. */
export function unitPorts(config: UnitConfig) {
  const { tile, activations, weights, mode, sums } = parts(config);
  return {
    act: { ...consumer({ ...activations, ...tile }), mode },
    weight: {
      ...consumer(weights),
      /** Belongs to an output-stationary tile. */
      os: optional(config.dataflow === 'ws+os', input(bool)),
    },
    ...sums,
  };
}

/** Of an input-stationary unit: `weight` says where tiles end; C activations, R weights, C sums. */
export function inputPorts(config: UnitConfig) {
  const { tile, activations, weights, mode, sums } = parts(config);
  return { act: { ...consumer(activations), mode }, weight: consumer({ ...weights, ...tile }), ...sums };
}
