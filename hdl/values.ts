// Hardware values, one file a kind; importing this file makes all kinds known.

export { VecImpl } from './values/aggregates.ts';
export { aligned, fitted, HwValue, makeValue, membersOf, sameKind, sameShape } from './values/base.ts';
export { FixedImpl, saturated, withPoint } from './values/fixed.ts';
export { FloatImpl } from './values/float.ts';
export { literalOf } from './values/literals.ts';
export { condition, groundValue, Scalar } from './values/scalar.ts';
