// An element with its operands exchanged: what was the weight moves, what was the activation stays, and its mode with it, in the bits above.
//
// Arrays need no word for it: design note 0022 makes an input-stationary array of a weight-stationary one.

import { uint } from '../../hdl/index.ts';
import type { Code, ProcessingElement } from './contract.ts';

export function exchangedPe(pe: ProcessingElement): ProcessingElement {
  const { recoded, ...rest } = pe;
  const { activation, weight, modeWidth } = pe;
  const takes = (moving: Code): Code => recoded?.of(moving) ?? moving;
  return {
    ...rest,
    does: `${pe.does}, activation and weight exchanged`,
    activation: weight,
    weight: modeWidth === 0 ? activation : uint(modeWidth + activation.width),
    modeWidth: 0,
    // Whether a weight of zeros is idle is not known.
    zeroIsIdle: false,
    step(host, { activation: moving, weight: resident, sum }) {
      if (modeWidth === 0) return pe.step(host, { activation: resident, weight: takes(moving), sum, mode: undefined });
      const mode = resident.bits(resident.width - 1, activation.width);
      return pe.step(host, { activation: resident.bits(activation.width - 1, 0), weight: takes(moving), sum, mode });
    },
  };
}
