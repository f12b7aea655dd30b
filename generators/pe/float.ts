// Floating-point element: one fused multiply-add a step, rounded to nearest even, the sum in the operands' format or a wider one.
//
// An array of zeros is no idle activation here: 0 · ∞ is NaN, and −0 + 0 is 0.
// Refused: formats that do not exist, sums that cannot hold the products (checked by name), depths out of range.

import { bf16, type FloatType, fp8e4m3, fp8e5m2, fp16, fp32, uint } from '../../hdl/index.ts';
import { FloatAdd } from '../float/add.ts';
import { FloatFma } from '../float/fma.ts';
import { refuse } from '../refuse.ts';
import { checkPipeline } from './check.ts';
import { FLOAT_NAMES, type FloatName, type FloatPeConfig } from './config.ts';
import type { ProcessingElement } from './contract.ts';
import { DEFAULTS } from './defaults.ts';
import { nameOf } from './sum.ts';

const FORMATS: { readonly [N in FloatName]: FloatType } = { fp32, fp16, bf16, fp8e4m3, fp8e5m2 };

export function floatPe(cfg: FloatPeConfig): ProcessingElement {
  const { operand, accumulate = operand, productStages, sumStages } = { ...DEFAULTS.float, ...cfg };
  for (const name of [operand, accumulate])
    if (!FLOAT_NAMES.includes(name)) refuse(`a float element of ${String(name)}`, `give one of ${FLOAT_NAMES.join(', ')}`);
  const [a, c] = [FORMATS[operand], FORMATS[accumulate]];
  if (a !== c && (c.width <= a.width || c.format.exponent < a.format.exponent))
    refuse(`a float element that adds products of ${operand} up in ${accumulate}`, `give ${sumsOf(a).join(' or ')} to accumulate in`);
  checkPipeline('float', productStages);
  checkPipeline('float', sumStages, 1);
  return {
    name: nameOf(operand, accumulate !== operand && accumulate, productStages > 0 && `p${productStages}`, sumStages > 1 && `s${sumStages}`),
    does: `sum_out = sum + activation * weight, ${operand} into ${accumulate}, rounded once`,
    activation: uint(a.width),
    weight: uint(a.width),
    sum: uint(c.width),
    modeWidth: 0,
    productStages,
    sumStages,
    zeroIsIdle: false,
    zeroIsNeutral: false,
    macs: [1],
    step(host, { activation, weight, sum }) {
      const fma = host.inst(FloatFma, { operand: a, accumulate: c, productStages, stages: sumStages - 1 });
      fma.a.set(activation.asFloat(a));
      fma.b.set(weight.asFloat(a));
      fma.c.set(sum.asFloat(c));
      return fma.result.asBits();
    },
    add(host, x, y) {
      const adder = host.inst(FloatAdd, { type: c });
      adder.a.set(x.asFloat(c));
      adder.b.set(y.asFloat(c));
      return adder.result.asBits();
    },
  };
}

/** Formats in which products of a format may be added up. */
function sumsOf(operand: FloatType): string[] {
  return FLOAT_NAMES.filter(
    (name) => FORMATS[name] === operand || (FORMATS[name].width > operand.width && FORMATS[name].format.exponent >= operand.format.exponent),
  );
}
