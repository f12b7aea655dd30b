// Hardware values, one file a kind; importing this file makes all kinds known.

import './values/float.ts';

export { VecImpl } from './values/aggregates.ts';
export { aligned, described, HwValue, makeValue, membersOf, sameKind, sameShape } from './values/base.ts';
export { FixedImpl, saturated, withPoint } from './values/fixed.ts';
export { literalOf } from './values/literals.ts';
export { condition, groundValue, Scalar } from './values/scalar.ts';
