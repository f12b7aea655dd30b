// Integer element: sum + activation · weight, operands of any widths and signs, the sum signed.
//
// Refused: operands outside of 2 to 16 bits, sums outside of 2 to 256, a gated element without a stage.

import { mux, type SInt, sint, type UInt, uint } from '../../hdl/index.ts';
import { saturate } from '../../hdl/std/choose.ts';
import { refuse } from '../refuse.ts';
import { checkAccumulator, checkPipeline } from './check.ts';
import type { IntOperand, IntPeConfig } from './config.ts';
import { type Code, type CodeType, codeOf, type PeHost, type ProcessingElement, signedCode, sintOf } from './contract.ts';
import { DEFAULTS } from './defaults.ts';
import { fitting, nameOf, plus, wrappingSum } from './sum.ts';

type Resolved = IntPeConfig & Required<Pick<IntPeConfig, 'accumulator' | 'overflow' | 'stages' | 'gated'>>;

export function intPe(given: IntPeConfig): ProcessingElement {
  const cfg: Resolved = { ...DEFAULTS.int, ...given };
  const { activation, weight, accumulator, overflow, stages, gated } = cfg;
  check(cfg);
  const total = (a: Code, b: SInt): Code =>
    overflow === 'wrap' ? plus(a, fitting(b, accumulator)) : codeOf(saturate(sintOf(a).add(b), accumulator));
  const multiply = (a: Code, w: Code): SInt => product(a, activation, w, weight);
  return {
    ...wrappingSum(accumulator),
    name: named(cfg),
    does: 'sum_out = sum + activation * weight',
    activation: typeOf(activation),
    weight: typeOf(weight),
    modeWidth: 0,
    productStages: stages,
    zeroIsIdle: true,
    macs: [1],
    step(host, { activation: a, weight: w, sum }) {
      if (gated) {
        const { value, idle } = gatedProduct(host, cfg, a, w, multiply);
        return mux(idle, sum, total(sum, value));
      }
      const operands = Math.max(0, stages - 1);
      const value = host.delay(multiply(host.delay(a, operands), host.delay(w, operands)), stages - operands);
      return total(sum, value);
    },
    add: (_, a, b) => total(a, sintOf(b)),
  };
}

/** Operands that stand still while one of them is zero; the first stage is theirs. */
function gatedProduct(host: PeHost, { activation, weight, stages }: Resolved, a: Code, w: Code, multiply: (a: Code, w: Code) => SInt) {
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

function check({ activation, weight, accumulator, overflow, stages, gated }: Resolved): void {
  for (const [what, { width }] of Object.entries({ activation, weight })) {
    if (!Number.isInteger(width) || width < 2 || width > 16)
      refuse(
        `an int element with an ${what} of ${String(width)} bits`.replace('an weight', 'a weight'),
        'give 2 to 16 bits; for 1 bit there is the xnor element',
      );
  }
  checkAccumulator('int', accumulator);
  if (overflow !== 'wrap' && overflow !== 'saturate') refuse(`an int element with overflow '${String(overflow)}'`, "give 'wrap' or 'saturate'");
  checkPipeline('int', stages);
  if (gated && stages < 1)
    refuse(
      'a gated int element without a stage',
      'give `stages` of 1 or more: what holds still on a zero are the registers in front of the multiplier',
    );
}

/** `int8`, `uint4_int8` for activations and weights that differ, and what is not usual about it. */
function named({ activation, weight, accumulator, overflow, stages, gated }: Resolved): string {
  const [a, w] = [activation, weight].map(({ width, signed }) => `${signed ? '' : 'u'}int${width}`) as [string, string];
  return nameOf(
    a === w ? a : `${a}_${w}`,
    accumulator !== DEFAULTS.int.accumulator && `acc${accumulator}`,
    overflow === 'saturate' && 'sat',
    stages > 0 && `p${stages}`,
    gated && 'gated',
  );
}
