// Structured weights (design note 0023): two of each four, said by their places.
//
// Contract: an activation code has four operands, the first lowest; a weight code two values, the first lowest, and above them an index of two bits each. Any two indices are
// allowed. Refused: other structures.

import { mux, type UInt, uint } from '../../hdl/index.ts';
import { refuse } from '../refuse.ts';
import type { Sparse } from './config.ts';
import type { CodeType } from './contract.ts';

/** Operands of a group. */
export const GROUP = 4;
const KEPT = 2;

export function checkSparse(kind: string, sparse: Sparse | undefined): void {
  if (sparse !== undefined && sparse !== '2:4')
    refuse(`${kind} weights of structure '${String(sparse)}'`, "give '2:4', two values of each four, or nothing");
}

/** Types of the codes of an element of structured weights, by the widths of its operands. */
export function sparseTypes(activation: number, weight: number): { readonly activation: CodeType; readonly weight: CodeType } {
  return { activation: uint(GROUP * activation), weight: uint(KEPT * (weight + 2)) };
}

/** The operands that a step multiplies, as bits, value 0 first. */
export function sparsePairs(activation: UInt, weight: UInt): readonly { readonly activation: UInt; readonly weight: UInt }[] {
  const [width, valueWidth] = [activation.width / GROUP, weight.width / KEPT - 2];
  const operand = (i: number): UInt => activation.bits((i + 1) * width - 1, i * width);
  return [0, 1].map((i) => {
    const low = KEPT * valueWidth + 2 * i;
    const [index0, index1] = [weight.bit(low), weight.bit(low + 1)];
    const chosen = mux(index1, mux(index0, operand(3), operand(2)), mux(index0, operand(1), operand(0))).named(`operand${i}`);
    return { activation: chosen, weight: weight.bits((i + 1) * valueWidth - 1, i * valueWidth) };
  });
}
