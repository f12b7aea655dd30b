// The mark of a sanctioned clock crossing, for the standard cells only: nothing else may promise that a value is stable when another clock takes it.

import { type Leaf, leavesOf } from './leaves.ts';
import type { HwValue } from './values.ts';

/** What flows into these registers, wires or read ports may come from any clock; out of a register comes its own clock, out of the others none. */
export function mayCross<V>(value: V): V {
  for (const { leaf } of leavesOf((value as HwValue).leaves)) {
    const { expr } = leaf as Leaf;
    if (expr.op === 'ref') Object.assign(expr.signal, { crossing: true });
  }
  return value;
}
