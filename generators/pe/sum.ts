// Signed sums that wrap, which every element of integers has, and the parts of names.

import { type Bool, type SInt, sint } from '../../hdl/index.ts';
import { type Code, codeOf, type PeHost, type PeInputs, type ProcessingElement, signedCode, sintOf } from './contract.ts';

/** The low bits of a value that is wider than a sum. */
export function fitting(value: SInt, width: number): SInt {
  return value.width > width ? value.trunc(width) : value;
}

/** The code of a sum and a value that is no wider. */
export function plus(sum: Code, value: SInt): Code {
  return codeOf(sintOf(sum).addw(value));
}

/** Extended or cut to a width. */
export function resized(value: SInt, width: number): SInt {
  return value.width < width ? value.extend(width) : value.trunc(width);
}

/** a + b + carry in `width` bits, in the form that synthesisers map to one chain with a carry-in. */
export function addCarry(a: SInt, b: SInt, carry: Bool, width: number): SInt {
  return resized(a, width).addw(resized(b, width)).addw(carry.asUInt().extend(width).asSInt());
}

/** What an element says of such a sum. */
export function wrappingSum(accumulator: number): Pick<ProcessingElement, 'sum' | 'sumStages' | 'zeroIsNeutral' | 'add'> {
  return { sum: signedCode(sint(accumulator)), sumStages: 1, zeroIsNeutral: true, add: (_, a, b) => plus(a, sintOf(b)) };
}

/** The step of an element that adds a value to such a sum. @param value cut to the sum's width at most, as many slots after the operands as the element has product stages */
export function adding(
  accumulator: number,
  value: (host: PeHost, operands: Omit<PeInputs, 'sum'>) => SInt,
): Pick<ProcessingElement, 'step'> & Required<Pick<ProcessingElement, 'product'>> {
  return {
    step: (host, inputs) => plus(inputs.sum, value(host, inputs)),
    product: (host, operands) => codeOf(resized(value(host, operands), accumulator)),
  };
}

/** What is said, with underscores between. */
export function nameOf(...parts: readonly (string | false)[]): string {
  return parts.filter((part) => part !== false).join('_');
}
