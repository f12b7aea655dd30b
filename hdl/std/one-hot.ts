// One-hot codes: bit i stands for the number i.
//
// Contract: combinational. `oneHotToBinary` ORs together the numbers of the set bits: of none it is zero. Refused: indices above 8 bits (256
// outputs), an empty choice.

import { cat, counterType, lit } from '../functions.ts';
import * as build from '../ir/build.ts';
import type { Expr } from '../ir/nodes.ts';
import { isLeaf, leavesOf, mapLeaves } from '../leaves.ts';
import { uint } from '../types.ts';
import type { AnyValue, UInt } from '../value-types.ts';
import { groundValue, type HwValue, makeValue, type Scalar } from '../values.ts';
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
    return mask === 0n
      ? lit(uint(1), 0)
      : hot
          .and(lit(uint(hot.width), mask))
          .orR()
          .asUInt();
  });
  return cat(...bits.reverse());
}

/** The value whose bit of `hot` is set, zero without one; `values[0]` belongs to bit 0. Any type, all the same. At most one bit may be set. */
export function mux1H<V extends AnyValue>(hot: UInt, values: readonly V[]): V {
  const [first] = values as unknown as readonly HwValue[];
  if (!first || values.length !== hot.width)
    return refuse(`mux1H() of ${values.length} values by a u${hot.width}`, 'give one value for each bit, at least one');
  const lanes = (values as unknown as readonly HwValue[]).map((value) => leavesOf(value.leaves).map(({ leaf }) => leaf.expr));
  const selects = Array.from({ length: hot.width }, (_, i) => (hot.bit(i) as unknown as Scalar).expr);
  let next = 0;
  const chosen = mapLeaves(first.leaves, () => {
    const leaf = next++;
    return {
      expr: choose(
        selects,
        lanes.map((of) => of[leaf] as Expr),
      ),
    };
  });
  return (isLeaf(chosen) && chosen.expr.dims.length === 0 ? groundValue(chosen) : makeValue(first.hwType, chosen)) as unknown as V;
}

/** AND-OR of scalars; arrays one after the other, which is the same for at most one set bit. */
function choose(selects: readonly Expr[], lanes: readonly Expr[]): Expr {
  const { type, dims } = lanes[0] as Expr;
  const width = Math.max(...lanes.map((lane) => lane.type.width));
  const zero = build.fill(build.constant(dims.length > 0 ? { ...type, width } : build.ground('uint', width), 0n), dims);
  if (dims.length > 0) return lanes.reduceRight((rest, lane, i) => build.mux(selects[i] as Expr, lane, rest), zero);
  const masked = lanes.map((lane, i) => build.mux(selects[i] as Expr, build.cast(build.extend(lane, width), 'uint'), zero));
  return build.retype(
    masked.slice(1).reduce((all, lane) => build.binary('or', all, lane), masked[0] as Expr),
    { ...type, width },
  );
}
