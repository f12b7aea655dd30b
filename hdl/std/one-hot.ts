// One-hot codes: bit i stands for the number i.
//
// Contract: combinational. `oneHotToBinary` and `mux1H` OR together what the set bits stand for: of several bits the result is that OR, of none
// zero. Refused: indices above 8 bits (256 outputs), an empty choice.

import type { AnyValue, HwType, UInt } from '../value-types.ts';
import { cat, counterType, fill, lit, mux, type HwValue, isLeaf, leavesOf, makeValue, mapLeaves, Scalar, vecOf, zeros } from '../values.ts';
import { uint } from '../types.ts';
import { refuse, wholeNumber } from './refuse.ts';

const WIDEST_INDEX = 8;

/** `outputs` bits (2^width when absent) with bit `index` set; none when `index` is `outputs` or more. */
export function binaryToOneHot(index: UInt, outputs: number = 2 ** index.width): UInt {
  if (index.width > WIDEST_INDEX) refuse(`binaryToOneHot() of a u${index.width}`, `use an index of at most ${WIDEST_INDEX} bits`);
  wholeNumber('outputs of binaryToOneHot()', outputs, 1, 2 ** index.width);
  if (outputs === 1 && index.width === 0) return lit(uint(1), 1);
  return lit(uint(1), 1).dshl(index).trunc(outputs);
}

/** The index of the set bit, as wide as the largest index (at least 1 bit). */
export function oneHotToBinary(hot: UInt): UInt {
  return encode(hot, (bit) => bit);
}

/** ORs the numbers that the set bits stand for: bit b of the result looks at the bits whose number has bit b. */
export function encode(hot: UInt, numberOf: (bit: number) => number): UInt {
  const numbers = Array.from({ length: hot.width }, (_, i) => numberOf(i));
  const { width } = counterType(Math.max(...numbers));
  const bits = Array.from({ length: width }, (_, b) => {
    const mask = numbers.reduce((sum, n, i) => ((n >> b) & 1 ? sum | (1n << BigInt(i)) : sum), 0n);
    return mask === 0n ? lit(uint(1), 0) : hot.and(lit(uint(hot.width), mask)).orR().asUInt();
  });
  return cat(...bits.reverse());
}

/** The value whose bit of `hot` is set; `values[0]` belongs to bit 0. Any type, all the same. */
export function mux1H<V extends AnyValue>(hot: UInt, values: readonly V[]): V {
  const [first] = values;
  if (!first || values.length !== hot.width) return refuse(`mux1H() of ${values.length} values by a u${hot.width}`, 'give one value for each bit, at least one');
  const all = values as unknown as readonly HwValue[];
  const leaves = all.map((value) => leavesOf(value.leaves));
  let next = 0;
  const chosen = mapLeaves((first as unknown as HwValue).leaves, () => {
    const leaf = next++;
    const lanes = leaves.map((of) => of[leaf]?.leaf as NonNullable<(typeof of)[number]>['leaf']);
    return lanes.some(({ expr }) => expr.dims.length > 0) ? firstOf(hot, lanes) : orOf(hot, lanes);
  });
  return (isLeaf(chosen) && chosen.expr.dims.length === 0 ? new Scalar(chosen) : makeValue((first as unknown as HwValue).hwType, chosen)) as unknown as V;
}

type Lane = { readonly expr: import('../ir/nodes.ts').Expr };

/** AND-OR of scalars. */
function orOf(hot: UInt, lanes: readonly Lane[]): Lane {
  const [kind, width] = [lanes[0]?.expr.type.kind, Math.max(...lanes.map(({ expr }) => expr.type.width))];
  const masked = lanes.map((lane, i) => mux(hot.bit(i), asBits(lane).extend(width), zeros(uint(width))));
  const all = masked.slice(1).reduce((sum, lane) => sum.or(lane), masked[0] as UInt) as unknown as Scalar;
  return kind === 'sint' ? all.asSInt().leaves : kind === 'bool' ? all.asBool().leaves : all.leaves;
}

/** Arrays are chosen whole, the lowest set bit first. */
function firstOf(hot: UInt, lanes: readonly Lane[]): Lane {
  return lanes.slice(0, -1).reduceRight((rest, lane, i) => (mux as unknown as Choose)(hot.bit(i), arrayOf(lane), arrayOf(rest)).leaves, lanes[lanes.length - 1] as Lane);
}
