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
import type { Code, PeHost, ProcessingElement } from './contract.ts';
import { DEFAULTS } from './defaults.ts';
import { checkSparse, GROUP, sparsePairs, sparseTypes } from './sparse.ts';
import { nameOf } from './sum.ts';

type Pair = ReturnType<typeof sparsePairs>[0];

const FORMATS: { readonly [N in FloatName]: FloatType } = { fp32, fp16, bf16, fp8e4m3, fp8e5m2 };

export function floatPe(cfg: FloatPeConfig): ProcessingElement {
  const { operand, accumulate = operand, productStages, sumStages, sparse } = { ...DEFAULTS.float, ...cfg };
  for (const name of [operand, accumulate])
    if (!FLOAT_NAMES.includes(name)) refuse(`a float element of ${String(name)}`, `give one of ${FLOAT_NAMES.join(', ')}`);
  const [a, c] = [FORMATS[operand], FORMATS[accumulate]];
  if (a !== c && (c.width <= a.width || c.format.exponent < a.format.exponent))
    refuse(`a float element that adds products of ${operand} up in ${accumulate}`, `give ${sumsOf(a).join(' or ')} to accumulate in`);
  checkPipeline('float', productStages);
  checkPipeline('float', sumStages, 1);
  checkSparse('float', sparse);
  const types = sparse ? sparseTypes(a.width, a.width) : { activation: uint(a.width), weight: uint(a.width) };
  const fused = (host: PeHost, x: Code, w: Code, sum: Code, stages: number): Code => {
    const fma = host.inst(FloatFma, { operand: a, accumulate: c, productStages, stages });
    fma.a.set(x.asFloat(a));
    fma.b.set(w.asFloat(a));
    fma.c.set(sum.asFloat(c));
    return fma.result.asBits();
  };
  return {
    name: nameOf(
      operand,
      accumulate !== operand && accumulate,
      sparse !== undefined && '2of4',
      productStages > 0 && `p${productStages}`,
      sumStages > 1 && `s${sumStages}`,
    ),
    does: sparse
      ? `sum_out = sum + two of four activations * weights, ${operand} into ${accumulate}, rounded after each`
      : `sum_out = sum + activation * weight, ${operand} into ${accumulate}, rounded once`,
    ...types,
    sum: uint(c.width),
    modeWidth: 0,
    productStages,
    sumStages,
    zeroIsIdle: false,
    zeroIsNeutral: false,
    macs: [sparse ? GROUP : 1],
    step(host, { activation, weight, sum }) {
      if (!sparse) return fused(host, activation, weight, sum, sumStages - 1);
      const [first, second] = sparsePairs(activation, weight) as [Pair, Pair];
      const early = Math.floor((sumStages - 1) / 2);
      const between = fused(host, first.activation, first.weight, sum, early);
      return fused(host, host.delay(second.activation, early), host.delay(second.weight, early), between, sumStages - 1 - early);
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
