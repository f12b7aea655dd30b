// Bit-serial element: one bit plane of K activations against one of K weights a step, weighted as the mode says.
//
// Contract: sum + σ·2^shift·popcount(a & w); the mode has the shift in its low 5 bits, and whether σ is −1 above. A dot product of any precision takes
// a step for each pair of planes: shift i + j, σ = −1 where exactly one of them is the sign plane of signed operands. The sum wraps.
// Refused: lanes and sums out of range.

import { mux, type UInt, uint } from '../../hdl/index.ts';
import { popcount } from '../../hdl/std/popcount.ts';
import { checkAccumulator, checkLanes, checkPipeline } from './check.ts';
import type { BitSerialPeConfig } from './config.ts';
import type { ProcessingElement } from './contract.ts';
import { DEFAULTS } from './defaults.ts';
import { adding, fitting, nameOf, wrappingSum } from './sum.ts';

const SHIFT_WIDTH = 5;

export function bitSerialPe(cfg: BitSerialPeConfig): ProcessingElement {
  const { lanes, accumulator, stages } = { ...DEFAULTS['bit-serial'], ...cfg };
  checkLanes('bit-serial', lanes, 256);
  checkAccumulator('bit-serial', accumulator);
  checkPipeline('bit-serial', stages);
  return {
    ...wrappingSum(accumulator),
    name: nameOf(`bitserial${lanes}`, accumulator !== DEFAULTS['bit-serial'].accumulator && `acc${accumulator}`, stages > 0 && `p${stages}`),
    does: 'sum_out = sum +- (popcount(activation & weight) << shift)',
    activation: uint(lanes),
    weight: uint(lanes),
    modeWidth: SHIFT_WIDTH + 1,
    productStages: stages,
    zeroIsIdle: true,
    macs: [lanes],
    precisions: ['1x1'],
    ...adding(accumulator, (host, { activation, weight, mode }) => {
      const code = mode as UInt;
      const ones = popcount(activation.and(weight));
      const signed = ones.extend(ones.width + 1).asSInt();
      const weighted = mux(code.bit(SHIFT_WIDTH), signed.neg(), signed.extend(signed.width + 1)).dshl(code.trunc(SHIFT_WIDTH));
      return host.delay(fitting(weighted, accumulator), stages);
    }),
  };
}
