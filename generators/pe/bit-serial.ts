// Bit-serial element: one bit plane of K activations against one of K weights a step, weighted as the mode says.
//
// Contract: sum + σ·2^shift·popcount(a & w); the mode has the shift in its low 5 bits, and whether σ is −1 above. A dot product of any precision takes
// a step for each pair of planes: shift i + j, σ = −1 where exactly one of them is the sign plane of signed operands. The sum wraps.
// Refused: lanes and sums out of range.

import { mux, type SInt, sint, type UInt, uint } from '../../hdl/index.ts';
import { popcount } from '../../hdl/std/popcount.ts';
import { checkAccumulator, checkLanes, checkStages } from './check.ts';
import type { BitSerialPeConfig } from './config.ts';
import { codeOf, type ProcessingElement, signedCode, sintOf } from './contract.ts';

const SHIFT_WIDTH = 5;
const DEFAULT_ACCUMULATOR = 32;

export function bitSerialPe({ lanes, accumulator = DEFAULT_ACCUMULATOR, stages = 0 }: BitSerialPeConfig): ProcessingElement {
  checkLanes('bit-serial', lanes, 256);
  checkAccumulator('bit-serial', accumulator);
  checkStages('bit-serial', stages);
  return {
    name: `bitserial${lanes}${accumulator === DEFAULT_ACCUMULATOR ? '' : `_acc${accumulator}`}${stages === 0 ? '' : `_p${stages}`}`,
    does: 'sum_out = sum +- (popcount(activation & weight) << shift)',
    activation: uint(lanes),
    weight: uint(lanes),
    sum: signedCode(sint(accumulator)),
    modeWidth: SHIFT_WIDTH + 1,
    productStages: stages,
    sumStages: 1,
    zeroIsIdle: true,
    zeroIsNeutral: true,
    macs: [lanes],
    step(host, { activation, weight, sum, mode }) {
      const code = mode as UInt;
      const ones = popcount(activation.and(weight));
      const signed = ones.extend(ones.width + 1).asSInt();
      const weighted = mux(code.bit(SHIFT_WIDTH), signed.neg(), signed.extend(signed.width + 1)).dshl(code.trunc(SHIFT_WIDTH));
      return codeOf(sintOf(sum).addw(host.delay(fitting(weighted, accumulator), stages)));
    },
    add: (_, a, b) => codeOf(sintOf(a).addw(sintOf(b))),
  };
}

function fitting(value: SInt, width: number): SInt {
  return value.width > width ? value.trunc(width) : value;
}
