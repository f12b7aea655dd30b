// Elements of many narrow lanes: XNOR with popcount, and ternary.
//
// Contract: the sum is signed and wraps. XNOR: bit b means 2b − 1, so the lanes add up to 2·popcount(a xnor w) − K, K the number of (valid) lanes. Ternary: each operand has
// its lanes' nonzero bits above their sign bits; the spare code (sign without nonzero) is zero. Refused: lanes and sums out of range.

import { cat, lit, type SInt, sint, type UInt, uint } from '../../hdl/index.ts';
import { popcount } from '../../hdl/std/popcount.ts';
import { checkAccumulator, checkLanes, checkStages } from './check.ts';
import type { TernaryPeConfig, XnorPeConfig } from './config.ts';
import { codeOf, type ProcessingElement, signedCode, sintOf } from './contract.ts';

const DEFAULT_ACCUMULATOR = 16;

/** What both share: everything but the operands and what their lanes add up to. */
function counting(
  cfg: XnorPeConfig | TernaryPeConfig,
  own: Pick<ProcessingElement, 'name' | 'does' | 'activation' | 'weight' | 'zeroIsIdle'>,
  value: (a: UInt, w: UInt) => SInt,
): ProcessingElement {
  const { kind, lanes, accumulator = DEFAULT_ACCUMULATOR, stages = 0 } = cfg;
  checkAccumulator(kind, accumulator);
  checkStages(kind, stages);
  const fitting = (x: SInt): SInt => (x.width > accumulator ? x.trunc(accumulator) : x);
  const suffix = [accumulator === DEFAULT_ACCUMULATOR ? '' : `_acc${accumulator}`, stages === 0 ? '' : `_p${stages}`].join('');
  return {
    ...own,
    name: `${own.name}${suffix}`,
    sum: signedCode(sint(accumulator)),
    modeWidth: 0,
    productStages: stages,
    sumStages: 1,
    zeroIsNeutral: true,
    macs: [lanes],
    step: (host, { activation, weight, sum }) => codeOf(sintOf(sum).addw(host.delay(fitting(value(activation, weight)), stages))),
    add: (_, a, b) => codeOf(sintOf(a).addw(sintOf(b))),
  };
}

export function xnorPe(cfg: XnorPeConfig): ProcessingElement {
  const { lanes, masked = false } = cfg;
  checkLanes('xnor', lanes, 256);
  return counting(
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
      if (!masked) return popcount(same).shl(1).sub(lanes).asSInt();
      const valid = w.bits(2 * lanes - 1, lanes);
      return popcount(same.and(valid)).shl(1).sub(popcount(valid)).asSInt();
    },
  );
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
