// Integer element: sum + activation · weight, operands of any widths and signs, the sum signed.
//
// Refused: operands outside of 2 to 16 bits, sums outside of 2 to 256, a gated element without a stage.

import { mux, type SInt, sint, type UInt, uint } from '../../hdl/index.ts';
import { saturate } from '../../hdl/std/choose.ts';
import { refuse } from '../refuse.ts';
import { checkAccumulator, checkStages } from './check.ts';
import type { IntOperand, IntPeConfig } from './config.ts';
import { type Code, type CodeType, codeOf, type PeHost, type ProcessingElement, signedCode, sintOf } from './contract.ts';

export const DEFAULT_ACCUMULATOR = 32;

export function intPe(cfg: IntPeConfig): ProcessingElement {
  const { activation, weight, accumulator = DEFAULT_ACCUMULATOR, overflow = 'wrap', stages = 0, gated = false } = cfg;
  check(cfg);
  const total = (a: SInt, b: SInt): SInt => (overflow === 'wrap' ? wrapping(a, b, accumulator) : saturate(a.add(b), accumulator));
  const multiply = (a: Code, w: Code): SInt => product(a, activation, w, weight);
  return {
    name: nameOf(cfg),
    does: 'sum_out = sum + activation * weight',
    activation: typeOf(activation),
    weight: typeOf(weight),
    sum: signedCode(sint(accumulator)),
    modeWidth: 0,
    productStages: stages,
    sumStages: 1,
    zeroIsIdle: true,
    zeroIsNeutral: true,
    macs: [1],
    step(host, { activation: a, weight: w, sum }) {
      if (gated) {
        const { value, idle } = gatedProduct(host, cfg, a, w, multiply);
        return codeOf(mux(idle, sintOf(sum), total(sintOf(sum), value)));
      }
      const operands = Math.max(0, stages - 1);
      const value = host.delay(multiply(host.delay(a, operands), host.delay(w, operands)), stages - operands);
      return codeOf(total(sintOf(sum), value));
    },
    add: (_, a, b) => codeOf(total(sintOf(a), sintOf(b))),
  };
}

/** Operands that stand still while one of them is zero; the first stage is theirs. */
function gatedProduct(host: PeHost, { activation, weight, stages = 0 }: IntPeConfig, a: Code, w: Code, multiply: (a: Code, w: Code) => SInt) {
  const idle = a.eq(0).or(w.eq(0)).named('idle');
  const [heldA, heldW] = [host.hold(a, typeOf(activation), idle.not()), host.hold(w, typeOf(weight), idle.not())];
  return { value: host.delay(multiply(heldA, heldW), stages - 1), idle: host.delay(idle, stages) };
}

function typeOf({ width, signed }: IntOperand): CodeType {
  return signed ? signedCode(sint(width)) : uint(width);
}

/** As wide as both operands together, and a bit for the sign where neither has one. */
function product(a: Code, { width, signed }: IntOperand, b: Code, other: IntOperand): SInt {
  const wide = width + other.width;
  if (!signed && !other.signed)
    return a
      .mul(b)
      .extend(wide + 1)
      .asSInt();
  if (signed && other.signed) return sintOf(a).mul(sintOf(b));
  const positive = (x: UInt): SInt => x.extend(x.width + 1).asSInt();
  return (signed ? sintOf(a).mul(positive(b)) : positive(a).mul(sintOf(b))).trunc(wide);
}

function wrapping(sum: SInt, value: SInt, width: number): SInt {
  return sum.addw(value.width > width ? value.trunc(width) : value);
}

function check({ activation, weight, accumulator = DEFAULT_ACCUMULATOR, overflow = 'wrap', stages = 0, gated = false }: IntPeConfig): void {
  for (const [what, { width }] of Object.entries({ activation, weight })) {
    if (!Number.isInteger(width) || width < 2 || width > 16)
      refuse(
        `an int element with an ${what} of ${String(width)} bits`.replace('an weight', 'a weight'),
        'give 2 to 16 bits; for 1 bit there is the xnor element',
      );
  }
  checkAccumulator('int', accumulator);
  if (overflow !== 'wrap' && overflow !== 'saturate') refuse(`an int element with overflow '${String(overflow)}'`, "give 'wrap' or 'saturate'");
  checkStages('int', stages);
  if (gated && stages < 1)
    refuse(
      'a gated int element without a stage',
      'give `stages` of 1 or more: what holds still on a zero are the registers in front of the multiplier',
    );
}

/** `int8`, `uint4_int8` for activations and weights that differ, and what is not usual about it. */
function nameOf({ activation, weight, accumulator = DEFAULT_ACCUMULATOR, overflow = 'wrap', stages = 0, gated = false }: IntPeConfig): string {
  const [a, w] = [activation, weight].map(({ width, signed }) => `${signed ? '' : 'u'}int${width}`) as [string, string];
  const parts = [a === w ? a : `${a}_${w}`, accumulator === DEFAULT_ACCUMULATOR ? '' : `acc${accumulator}`, overflow === 'wrap' ? '' : 'sat'];
  return [...parts, stages === 0 ? '' : `p${stages}`, gated ? 'gated' : ''].filter((part) => part !== '').join('_');
}
