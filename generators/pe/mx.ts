// Element of OCP MX blocks: the dot product of two blocks a step, scaled once, added to an fp32 sum with one rounding (design note 0023).
//
// An activation of zeros is idle only against weights that are numbers: 0 times a NaN scale is NaN.
// Refused: formats that do not exist, blocks that are no divisor of 32, depths out of range.

import { fp32, uint } from '../../hdl/index.ts';
import { FloatAdd } from '../float/add.ts';
import { FloatBlockDot } from '../float/block-dot.ts';
import { BLOCK_FORMATS, BLOCK_SIZE, blockWidth } from '../float/block-formats.ts';
import { refuse } from '../refuse.ts';
import { checkPipeline } from './check.ts';
import { MX_NAMES, type MxPeConfig } from './config.ts';
import type { ProcessingElement } from './contract.ts';
import { DEFAULTS } from './defaults.ts';
import { nameOf } from './sum.ts';

export function mxPe(cfg: MxPeConfig): ProcessingElement {
  const { activation, weight = activation, block, productStages, sumStages } = { ...DEFAULTS.mx, ...cfg };
  for (const name of [activation, weight])
    if (!Object.hasOwn(BLOCK_FORMATS, name)) refuse(`an mx element of ${String(name)}`, `give one of ${MX_NAMES.join(', ')}`);
  if (!Number.isInteger(block) || block < 1 || BLOCK_SIZE % block !== 0)
    refuse(`an mx element of blocks of ${String(block)}`, 'give 32 as the standard has it, or a divisor: 16, 8, 4, 2 or 1');
  checkPipeline('mx', productStages);
  checkPipeline('mx', sumStages, 1);
  const formats = [activation, weight !== activation && weight, block !== DEFAULTS.mx.block && `b${block}`];
  return {
    name: nameOf(...formats, productStages > 0 && `p${productStages}`, sumStages > 1 && `s${sumStages}`),
    does: `sum_out = sum + the dot product of blocks of ${block}, scaled once, into fp32, rounded once`,
    activation: uint(blockWidth(activation, block)),
    weight: uint(blockWidth(weight, block)),
    sum: uint(fp32.width),
    modeWidth: 0,
    productStages,
    sumStages,
    zeroIsIdle: false,
    zeroIsNeutral: false,
    macs: [block],
    step(host, { activation: a, weight: b, sum }) {
      const dot = host.inst(FloatBlockDot, { a: activation, b: weight, size: block, productStages, stages: sumStages - 1 });
      dot.a.set(a);
      dot.b.set(b);
      dot.c.set(sum.asFloat(fp32));
      return dot.result.asBits();
    },
    add(host, x, y) {
      const adder = host.inst(FloatAdd, { type: fp32 });
      adder.a.set(x.asFloat(fp32));
      adder.b.set(y.asFloat(fp32));
      return adder.result.asBits();
    },
  };
}
