// Lanes of a vector: the instructions for each width, and what is made of them alone.

import type { Expr } from '../../hdl/ir/nodes.ts';
import type { Scope } from '../layout.ts';
import { vec, vecConst, type W } from './code.ts';
import type { Context } from './context.ts';

export type Lane = 8 | 16 | 32;
export type Ws = readonly W[];

export const OPS = {
  8: {
    add: 110,
    sub: 113,
    shl: 107,
    shr_s: 108,
    shr_u: 109,
    eq: 35,
    ne: 36,
    lt_s: 37,
    lt_u: 38,
    gt_s: 39,
    gt_u: 40,
    le_s: 41,
    le_u: 42,
    ge_s: 43,
    ge_u: 44,
    neg: 97,
    splat: 15,
  },
  16: {
    add: 142,
    sub: 145,
    mul: 149,
    shl: 139,
    shr_s: 140,
    shr_u: 141,
    eq: 45,
    ne: 46,
    lt_s: 47,
    lt_u: 48,
    gt_s: 49,
    gt_u: 50,
    le_s: 51,
    le_u: 52,
    ge_s: 53,
    ge_u: 54,
    neg: 129,
    splat: 16,
  },
  32: {
    add: 174,
    sub: 177,
    mul: 181,
    shl: 171,
    shr_s: 172,
    shr_u: 173,
    eq: 55,
    ne: 56,
    lt_s: 57,
    lt_u: 58,
    gt_s: 59,
    gt_u: 60,
    le_s: 61,
    le_u: 62,
    ge_s: 63,
    ge_u: 64,
    neg: 161,
    splat: 17,
  },
} as const;
export const [NOT, AND, ANDNOT, OR, XOR, BITSELECT, POPCNT8] = [77, 78, 79, 80, 81, 82, 98] as const;

export function laneOf(width: number): Lane {
  return width <= 8 ? 8 : width <= 16 ? 16 : 32;
}

export function shifted(op: number, w: W, by: number): W {
  return by === 0 ? w : vec(op, w, { t: 'i32', code: [0x41, by] });
}

export function splatConst(value: bigint, lane: Lane): Ws {
  const bytes = Array.from({ length: 16 }, (_, i) => Number((BigInt.asUintN(lane, value) >> BigInt(8 * (i % (lane / 8)))) & 255n));
  return Array.from({ length: lane / 8 }, () => vecConst(bytes));
}

export function isZeroConst(e: Expr): boolean {
  return e.op === 'const' ? e.value === 0n : (e.op === 'extend' || e.op === 'cast') && isZeroConst(e.args[0] as Expr);
}

export function narrowMask(v: Ws): W {
  if (v.length === 1) return v[0] as W;
  const op = v.length === 4 ? 133 : 101;
  return narrowMask(Array.from({ length: v.length / 2 }, (_, i) => vec(op, v[2 * i] as W, v[2 * i + 1] as W)));
}

/** Byte masks as masks of wider lanes. */
export function widenMask(c: Context, mask: W, lane: Lane): Ws {
  if (lane === 8) return [mask];
  const key = `${mask.code.join()}>${lane}`;
  const known = mask.local ? c.find(key) : undefined;
  if (known) return known;
  const x = c.code.let(mask);
  const half = [vec(135, x), vec(136, x)];
  const wide = lane === 16 ? half : half.map((w) => c.code.let(w)).flatMap((w) => [vec(167, w), vec(168, w)]);
  return mask.local ? c.name(key, wide) : wide.map((w) => c.code.let(w));
}

const keys = new WeakMap<Scope, Map<unknown, object>[]>();

/** What stands for an expression, or for a condition with its owner, in the cache of a scope. */
export function keyFor(scope: Scope, e: unknown, other?: unknown): object {
  let pair = keys.get(scope);
  if (!pair) keys.set(scope, (pair = [new Map(), new Map()]));
  const map = pair[other === undefined ? 0 : 1] as Map<unknown, object>;
  let key = map.get(other ?? e);
  if (!key) map.set(other ?? e, (key = {}));
  return key;
}
