// Hardware values, one file a kind; importing this file makes all kinds known.

export { VecImpl } from './values/aggregates.ts';
export { HwValue, makeValue, membersOf, sameKind, sameShape } from './values/base.ts';
export { literalOf } from './values/literals.ts';
export { condition, Scalar } from './values/scalar.ts';
