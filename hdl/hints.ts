// What the user calls computed values: a name for the net that the printer makes of one, where it makes one.
//
// Invariant: a hint changes no behaviour, and is no part of the IR; passes may lose it.

import type { Expr } from './ir/nodes.ts';
import { Origin, wholeName } from './source.ts';

const origins = new WeakMap<Expr, Origin>();

/** Remembers where the user called the operator, whose caller is `depth` frames above. What the library computes for itself has no hint. */
export function calledHere(expr: Expr, depth: number): Expr {
  if (!origins.has(expr)) origins.set(expr, Origin.here(depth));
  return expr;
}

/** The constant or field that holds exactly this value, if one does. */
export function nameHint(expr: Expr): string | undefined {
  return wholeName(origins.get(expr)?.location());
}

/** Gives a rewritten expression the name of the one that it stands for. */
export function sameHint(expr: Expr, from: Expr): Expr {
  const origin = origins.get(from);
  if (origin && !origins.has(expr)) origins.set(expr, origin);
  return expr;
}
