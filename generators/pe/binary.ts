// Elements of many narrow lanes: XNOR with popcount, and ternary.
//
// Contract: the sum is signed and wraps. XNOR: bit b means 2b − 1, so the lanes add up to 2·popcount(a xnor w) − K, K the number of (valid) lanes. Ternary: each operand has
// its lanes' nonzero bits above their sign bits; the spare code (sign without nonzero) is zero. Refused: lanes and sums out of range.

import { cat, lit, type SInt, type UInt, uint } from '../../hdl/index.ts';
import { popcount } from '../../hdl/std/popcount.ts';
import { checkAccumulator, checkLanes, checkPipeline } from './check.ts';
import type { TernaryPeConfig, XnorPeConfig } from './config.ts';
import { codeOf, type ProcessingElement, sintOf } from './contract.ts';
import { DEFAULTS } from './defaults.ts';
import { laneCount } from './lane-count.ts';
import { addCarry, adding, fitting, nameOf, wrappingSum } from './sum.ts';

/** What both share: everything but the operands and what their lanes add up to. */
function counting(
  cfg: XnorPeConfig | TernaryPeConfig,
  own: Pick<ProcessingElement, 'name' | 'does' | 'activation' | 'weight' | 'zeroIsIdle'>,
  value: (a: UInt, w: UInt) => SInt,
): ProcessingElement {
  const { kind, lanes, accumulator, stages } = { ...DEFAULTS[cfg.kind], ...cfg };
  checkAccumulator(kind, accumulator);
  checkPipeline(kind, stages);
  return {
    ...own,
    ...wrappingSum(accumulator),
    name: nameOf(own.name, accumulator !== DEFAULTS[kind].accumulator && `acc${accumulator}`, stages > 0 && `p${stages}`),
    modeWidth: 0,
    productStages: stages,
    macs: [lanes],
    ...adding(accumulator, (host, { activation, weight }) => host.delay(fitting(value(activation, weight), accumulator), stages)),
  };
}

export function xnorPe(cfg: XnorPeConfig): ProcessingElement {
  const { lanes, masked } = { ...DEFAULTS.xnor, ...cfg };
  checkLanes('xnor', lanes, 256);
  const element = counting(
    cfg,
    {
      name: `xnor${lanes}${masked ? 'm' : ''}`,
      does: `sum_out = sum + 2 * popcount(activation ~^ weight) - ${masked ? 'valid lanes' : lanes}`,
      activation: uint(lanes),
      weight: uint(masked ? 2 * lanes : lanes),
      zeroIsIdle: false,
    },
    (a, w) => {
      const signs = w.trunc(lanes);
      const same = a.xor(signs).not();
      if (!masked) return laneCount(same).shl(1).sub(lanes).asSInt();
      const valid = w.bits(2 * lanes - 1, lanes);
      return laneCount(same.and(valid)).shl(1).sub(popcount(valid)).asSInt();
    },
  );
  return masked || lanes === 1 || !Number.isInteger(Math.log2(lanes)) ? element : { ...element, step: centred(lanes, element) };
}

/** A step of 2^k lanes: sum + 2·(n − 2^(k−1) + last), n the count of all lanes but the last. The subtraction is a bit turned over, the last lane the carry of the sum, whose lowest bit stays. */
function centred(lanes: number, { productStages, sum: { width } }: ProcessingElement): ProcessingElement['step'] {
  return (host, { activation, weight, sum }) => {
    const same = activation.xor(weight).not();
    const count = laneCount(same.trunc(lanes - 1))
      .xor(lanes / 2)
      .asSInt();
    const [value, last] = [host.delay(count, productStages), host.delay(same.bit(lanes - 1), productStages)];
    return codeOf(cat(addCarry(sintOf(sum).shr(1), value, last, width - 1).asUInt(), sum.bits(0, 0)).asSInt());
  };
}

export function ternaryPe(cfg: TernaryPeConfig): ProcessingElement {
  const { lanes } = cfg;
  checkLanes('ternary', lanes, 128);
  const split = (x: UInt): { readonly nonzero: UInt; readonly sign: UInt } => ({ nonzero: x.bits(2 * lanes - 1, lanes), sign: x.trunc(lanes) });
  return counting(
    cfg,
    { name: `ternary${lanes}`, does: 'sum_out = sum + lanes of -1, 0, 1', activation: uint(2 * lanes), weight: uint(2 * lanes), zeroIsIdle: true },
    (a, w) => {
      const [x, y] = [split(a), split(w)];
      const nonzero = x.nonzero.and(y.nonzero).named('nonzero');
      const negative = nonzero.and(x.sign.xor(y.sign)).named('negative');
      // Positive lanes less negative ones.
      return popcount(nonzero)
        .sub(cat(popcount(negative), lit(uint(1), 0)))
        .asSInt();
    },
  );
}
