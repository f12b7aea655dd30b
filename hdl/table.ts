// Look-up tables.

import { currentBuilder } from './builder.ts';
import { messages } from './diagnostics/messages.ts';
import * as build from './ir/build.ts';
import { describe } from './ir/describe.ts';
import type { Expr } from './ir/nodes.ts';
import { groundOf } from './leaves.ts';
import type { FixedType, FloatType, UFixedType } from './number-types.ts';
import type { BoolType, EnumType, LiteralOf, SIntType, UInt, UIntType, ValueOf } from './value-types.ts';
import { described, literalOf, makeValue, Scalar } from './values.ts';

/** Widest index of a table that a function fills. */
const WIDEST = 16;

/**
 * The constant at an index, in the same cycle: a list of values, entry 0 first, beyond which an index reads zero; or a function of the index, called for
 * every value that the index can have. Reports HDL-Q007 on a list that the index cannot reach, and on a function with an index of more than 16 bits.
 */
export function table<T extends BoolType | UIntType | SIntType | EnumType | FixedType | UFixedType | FloatType>(
  type: T,
  index: UInt,
  values: readonly LiteralOf<T>[] | ((index: number) => LiteralOf<T>),
): ValueOf<T> {
  const builder = currentBuilder('table()');
  const ground = groundOf(type);
  const expr = index instanceof Scalar && index.kind === 'uint' ? index.expr : undefined;
  const width = expr?.type.width ?? 0;
  const entries = typeof values === 'function' ? Array.from({ length: width > WIDEST ? 0 : 2 ** width }, (_, i) => values(i)) : values;
  const constants = entries.map((value) => literalOf(builder, value, ground) ?? build.constant(ground, 0n));
  const [first, ...rest] = constants;
  if (!expr) {
    builder.report(messages.indexKind(builder.here(), 'the index of a table', described(index)));
  } else if (!first) {
    const [what, help] =
      typeof values === 'function'
        ? [`is filled by a function over an index of ${width} bits`, `use an index of at most ${WIDEST} bits, or a list of values`]
        : ['has no values', 'give at least one value'];
    builder.report(messages.badTable(builder.here(), what, help));
  } else if (constants.length > 2 ** width) {
    const what = `has ${constants.length} values, which an index of ${describe(expr)} cannot reach`;
    builder.report(messages.badTable(builder.here(), what, 'widen the index with .extend(n), or leave out what is never read'));
  }
  const usable = expr && first && constants.length <= 2 ** width;
  return makeValue(type, {
    expr: usable ? build.element(build.array([first, ...rest] as [Expr, ...Expr[]]), width === 0 ? 0 : expr) : build.constant(ground, 0n),
  }) as unknown as ValueOf<T>;
}
