// Integer element: sum + activation · weight, operands of any widths and signs, the sum signed.
//
// Refused: operands outside of 2 to 16 bits, sums outside of 2 to 256, a gated element without a stage.

import { type Bool, lit, mux, type SInt, sint, type UInt, uint, zeros } from '../../hdl/index.ts';
import { saturate } from '../../hdl/std/choose.ts';
import { refuse } from '../refuse.ts';
import { checkAccumulator, checkPipeline } from './check.ts';
import { INT_FORMS, type IntOperand, type IntPeConfig } from './config.ts';
import { type Code, type CodeType, codeOf, type PeHost, type PeInputs, type ProcessingElement, signedCode, sintOf } from './contract.ts';
import { DEFAULTS } from './defaults.ts';
import { type OpenProduct, operandOf, recode, recodedProduct, recodedSum, recodedWidth, recodedZero } from './radix4.ts';
import { checkSparse, GROUP, sparsePairs, sparseTypes } from './sparse.ts';
import { addCarry, fitting, nameOf, plus, resized, wrappingSum } from './sum.ts';

type Resolved = IntPeConfig & Required<Pick<IntPeConfig, 'accumulator' | 'overflow' | 'stages' | 'gated' | 'form'>>;

export function intPe(given: IntPeConfig): ProcessingElement {
  const cfg: Resolved = { ...DEFAULTS.int, ...given };
  const { activation, weight, accumulator, overflow, stages, form, sparse } = cfg;
  check(cfg);
  const recoding = form === 'radix4';
  const total = (sum: Code, { value, carry }: Product): Code => {
    if (overflow === 'wrap') return carry ? codeOf(addCarry(sintOf(sum), value, carry, accumulator)) : plus(sum, fitting(value, accumulator));
    const wide = Math.max(accumulator, value.width) + 1;
    return codeOf(saturate(carry ? addCarry(sintOf(sum), value, carry, wide) : sintOf(sum).add(value), accumulator));
  };
  const sums = wrappingSum(accumulator);
  const types = sparse ? sparseTypes(activation.width, weight.width) : { activation: typeOf(activation), weight: typeOf(weight) };
  return {
    ...sums,
    name: named(cfg),
    does: sparse ? 'sum_out = sum + two of four activations * weights' : 'sum_out = sum + activation * weight',
    ...types,
    ...(recoding && { recoded: { type: uint(recodedWidth(weight)), of: (code) => recode(code, weight) } }),
    modeWidth: 0,
    productStages: stages,
    zeroIsIdle: true,
    sumIsInProduct: form === 'fused',
    macs: [sparse ? GROUP : 1],
    step(host, inputs) {
      const { activation: a, weight: w, sum } = inputs;
      if (recoding && stages === 0 && overflow === 'wrap') return codeOf(recodedSum(sintOf(sum), a, activation, w, weight));
      const { product, idle } = termOf(host, cfg, inputs);
      return idle ? mux(idle, sum, total(sum, product)) : total(sum, product);
    },
    product(host, inputs) {
      const { product, idle } = termOf(host, cfg, inputs);
      const whole = product.carry ? product.value.addw(product.carry.asUInt().extend(product.value.width).asSInt()) : product.value;
      const fit = codeOf(overflow === 'saturate' && whole.width > accumulator ? saturate(whole, accumulator) : resized(whole, accumulator));
      return idle ? mux(idle, zeros(sums.sum), fit) : fit;
    },
    add: (_, a, b) => total(a, { value: sintOf(b) }),
  };
}

/** What a step adds, and of gated elements whether it adds nothing. */
interface Term {
  readonly product: Product;
  readonly idle?: Bool;
}

function termOf(host: PeHost, cfg: Resolved, { activation: a, weight: w }: Pick<PeInputs, 'activation' | 'weight'>): Term {
  const { activation, weight, gated, sparse } = cfg;
  if (!sparse) return gated ? gatedProduct(host, cfg, a, w) : { product: delayedProduct(host, cfg, a, w) };
  const [x, y] = sparsePairs(a, w).map((pair) => {
    const [one, other] = [typed(pair.activation, activation), typed(pair.weight, weight)];
    if (!gated) return delayedProduct(host, cfg, one, other).value;
    const { product, idle } = gatedProduct(host, cfg, one, other);
    return mux(idle, lit(sint(product.value.width), 0), product.value);
  }) as [SInt, SInt];
  return { product: { value: x.add(y) } };
}

/** A product, perhaps but for its last carry. */
type Product = Pick<OpenProduct, 'value'> & Partial<OpenProduct>;

function multiply(cfg: Resolved, a: Code, w: Code): Product {
  const { activation, weight, form } = cfg;
  if (form === 'radix4') return recodedProduct(a, activation, w, weight);
  return { value: form === 'fused' ? fusedProduct(cfg, a, w) : product(a, activation, w, weight) };
}

function delayed(host: PeHost, { value, carry }: Product, slots: number): Product {
  return { value: host.delay(value, slots), ...(carry && { carry: host.delay(carry, slots) }) };
}

/** The product's register first, then the operands'. */
function delayedProduct(host: PeHost, cfg: Resolved, a: Code, w: Code): Product {
  const operands = Math.max(0, cfg.stages - 1);
  return delayed(host, multiply(cfg, host.delay(a, operands), host.delay(w, operands)), cfg.stages - operands);
}

/** Operands that stand still while one of them is zero; the first stage is theirs. */
function gatedProduct(host: PeHost, cfg: Resolved, a: Code, w: Code) {
  const { activation, weight, stages, form } = cfg;
  const [zero, held] = form === 'radix4' ? [recodedZero(weight), uint(recodedWidth(weight))] : [0, typeOf(weight)];
  const idle = a.eq(0).or(w.eq(zero)).named('idle');
  const value = multiply(cfg, host.hold(a, typeOf(activation), idle.not()), host.hold(w, held, idle.not()));
  return { product: delayed(host, value, stages - 1), idle: host.delay(idle, stages) };
}

/** Bits as a code of an operand. */
function typed(bits: UInt, { signed }: IntOperand): Code {
  return signed ? codeOf(bits.asSInt()) : bits;
}

function typeOf({ width, signed }: IntOperand): CodeType {
  return signed ? signedCode(sint(width)) : uint(width);
}

/** As wide as both operands together, and a bit for the sign where neither has one. */
function product(a: Code, activation: IntOperand, b: Code, weight: IntOperand): SInt {
  const wide = activation.width + weight.width;
  if (!activation.signed && !weight.signed)
    return a
      .mul(b)
      .extend(wide + 1)
      .asSInt();
  return operandOf(a, activation).mul(operandOf(b, weight)).trunc(wide);
}

/** As wide as the sum, if that is wider than the product: an operand is extended, so that Verilog's own extension makes product and addition one expression of signed numbers. */
function fusedProduct({ activation, weight, accumulator }: Resolved, a: Code, b: Code): SInt {
  const [x, y] = [operandOf(a, activation), operandOf(b, weight)];
  const room = accumulator - x.width;
  return room > y.width ? x.mul(y.extend(room)) : product(a, activation, b, weight);
}

function check({ activation, weight, accumulator, overflow, stages, gated, form, sparse }: Resolved): void {
  for (const [what, { width }] of Object.entries({ activation, weight })) {
    if (!Number.isInteger(width) || width < 2 || width > 16)
      refuse(
        `an int element with an ${what} of ${String(width)} bits`.replace('an weight', 'a weight'),
        'give 2 to 16 bits; for 1 bit there is the xnor element',
      );
  }
  checkAccumulator('int', accumulator);
  if (overflow !== 'wrap' && overflow !== 'saturate') refuse(`an int element with overflow '${String(overflow)}'`, "give 'wrap' or 'saturate'");
  if (!INT_FORMS.includes(form)) refuse(`an int element of the form '${String(form)}'`, `give ${INT_FORMS.join(', ')}`);
  checkPipeline('int', stages);
  checkSparse('int', sparse);
  if (sparse && form === 'radix4') refuse('structured weights in radix 4', 'leave the form out: an array recodes whole weights at its edge');
  if (gated && stages < 1)
    refuse(
      'a gated int element without a stage',
      'give `stages` of 1 or more: what holds still on a zero are the registers in front of the multiplier',
    );
}

/** `int8`, `uint4_int8` for activations and weights that differ, and what is not usual about it. */
function named({ activation, weight, accumulator, overflow, stages, gated, form, sparse }: Resolved): string {
  const [a, w] = [activation, weight].map(({ width, signed }) => `${signed ? '' : 'u'}int${width}`) as [string, string];
  return nameOf(
    a === w ? a : `${a}_${w}`,
    sparse !== undefined && '2of4',
    accumulator !== DEFAULTS.int.accumulator && `acc${accumulator}`,
    overflow === 'saturate' && 'sat',
    stages > 0 && `p${stages}`,
    gated && 'gated',
    form !== 'multiply' && form,
  );
}
