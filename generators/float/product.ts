// The exact product of two floats.
//
// Invariant: nothing is rounded; the significand has the bits of both operands together.

import type { Bool, FloatType, UInt } from '../../hdl/index.ts';
import { type Ranged, sumOfExponents } from './scale.ts';
import { normalise } from './shift.ts';
import { highestField, type Unpacked, type UnpackedAside } from './unpack.ts';

export interface Product {
  readonly sign: Bool;
  /** Of the highest bit; the least exponent of the result counts as asked. */
  readonly exponent: Ranged;
  readonly significand: UInt;
  readonly zero: Bool;
  /** How many of its highest bits can be clear where it exceeds the least normal value of the result; zero apart. */
  readonly zeros: number;
}

const leastExponent = ({ format }: FloatType): number => 1 - format.bias;

/**
 * `least` is what the least exponent of the result counts as: 1, its code, or 0. A product of significands of which one has its highest bit can have as many bits clear as an operand has. Into a wide result it pays to normalise the operands, so that
 * adder and shifters need not be that much wider; and it must be done where two subnormal operands can have a normal product, as fp8 · fp8 in fp32.
 */
export function exactProduct(a: Unpacked, b: Unpacked, operand: FloatType, result: FloatType, least: 0 | 1): Product {
  const { mantissa, bias } = operand.format;
  const oneIsNormal = 2 * leastExponent(operand) + 1 < leastExponent(result);
  const asTheyAre = oneIsNormal && result.format.mantissa <= mantissa;
  const fields = { min: 1, max: highestField(operand) };
  const parts = [a, b].map(({ significand, exponent: field }) => {
    if (asTheyAre) return { significand, exponents: [{ value: field, ...fields }] };
    const { value, amount } = normalise(significand);
    return {
      significand: value,
      exponents: [
        { value: field, ...fields },
        { value: amount, min: 0, max: mantissa, minus: true as const },
      ],
    };
  });
  const [x, y] = parts as [(typeof parts)[0], (typeof parts)[0]];
  return {
    sign: a.sign.xor(b.sign),
    // The highest bit of a product of numbers from 1 to 2 has the weight 2.
    exponent: sumOfExponents([...x.exponents, ...y.exponents], result.format.bias - 2 * bias + least),
    significand: x.significand.mul(y.significand),
    zero: a.zero.or(b.zero),
    zeros: asTheyAre ? mantissa + 1 : 1,
  };
}

/** What is known of a product beside its digits. */
export function productAside(a: UnpackedAside, b: UnpackedAside): { readonly nan: Bool; readonly infinite: Bool; readonly invalid: Bool } {
  const anyNaN = a.nan.or(b.nan);
  // ∞ · 0; an infinity is no NaN and a zero neither.
  const contradicts = a.infinite.and(b.zero).or(b.infinite.and(a.zero));
  const nan = anyNaN.or(contradicts);
  return { nan, infinite: a.infinite.or(b.infinite).and(nan.not()), invalid: a.signalling.or(b.signalling).or(contradicts) };
}
