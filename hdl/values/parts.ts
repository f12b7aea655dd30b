// Assignment to bits that a signal chooses.
//
// Invariant: a switch over the offsets, each arm an assignment to constant bits, so that checks and engines need to know nothing. Bits beyond the value
// are not written.

import type { Builder } from '../builder.ts';
import * as build from '../ir/build.ts';
import type { Expr, Stmt, Target, When } from '../ir/nodes.ts';
import { Origin } from '../source.ts';

/** More offsets than this stand one after the other, since a chain nests as deep as it is long. */
const LONGEST_CHAIN = 256;

/** Writes `value` at `offset` bits above the target's lowest; `width` bits belong to the target. */
export function assignAt(builder: Builder, target: Target, width: number, offset: Expr, value: Expr): void {
  if (value.type.width === 0) return;
  const at = Origin.here();
  const base = target.bits?.lo ?? 0;
  const subject = build.cast(offset, 'uint');
  const { width: offsetBits } = offset.type;
  const mask = (1n << BigInt(offsetBits)) - 1n;
  const positions = Math.min(width, offsetBits > 20 ? width : 2 ** offsetBits);
  const arm = (k: number): When => {
    const n = Math.min(value.type.width, width - k);
    const code = build.constant(build.ground('uint', offsetBits), BigInt(k));
    const part: Target = { ...target, bits: { hi: base + k + n - 1, lo: base + k } };
    return {
      kind: 'when',
      cond: build.binary('eq', subject, code),
      then: [{ kind: 'assign', target: part, value: build.trunc(value, n), at }],
      else: [],
      at,
      ...(positions <= LONGEST_CHAIN && { arm: { subject, patterns: [{ value: BigInt(k), mask }] } }),
    };
  };
  const arms = Array.from({ length: positions }, (_, k) => arm(k));
  if (positions > LONGEST_CHAIN) {
    for (const each of arms) builder.when(each);
    return;
  }
  const [first] = arms;
  arms.slice(1).forEach((next, i) => {
    const rest: Stmt[] = (arms[i] as When).else;
    rest.push(next);
  });
  if (first) builder.when(first);
}
