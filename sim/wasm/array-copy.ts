// Whole arrays that are chosen, moved as they are or made of the bits of a value, with vectors.
//
// Invariant: source and target lie one after the other (or the source in reverse); cells have the same size and meaning. Refused, by returning
// false: everything that is not a choice between such arrays, and short ones.

import type { Expr } from '../../hdl/ir/nodes.ts';
import { viewOf } from '../layout.ts';
import { cellSize } from './cells.ts';
import { i32, shuffle, vec, vecConst, vecLoad, type W } from './code.ts';
import { CHUNK, SHORTEST_ROW, type Spot } from './placement.ts';
import type { Scalar } from './scalar.ts';

const [BITSELECT, AND, EQ8, SPLAT32, SPLAT64] = [82, 78, 35, 17, 18] as const;
/** Vectors that are written out. */
const MOST = 64;

export function arrayCopy(s: Scalar, value: Expr, spot: Spot): boolean {
  const { c } = s;
  const [n] = spot.dims as [number];
  if (!c.lanes || c.nest || c.volatile || spot.dims.length !== 1 || n < SHORTEST_ROW || spot.size > 4 || spot.inner[0] !== spot.size) return false;
  const vectors = Math.ceil((n * spot.size) / 16);
  if (vectors > MOST || !copyable(s, value, spot.size, n)) return false;
  const masks = new Map<Expr, W>();
  for (let i = 0; i < vectors; i++) c.code.vecStore(i32(0), spot.base + 16 * i, part(s, value, spot.size, i, masks));
  return true;
}

function copyable(s: Scalar, e: Expr, size: number, n: number): boolean {
  switch (e.op) {
    case 'ref': {
      const spot = s.c.placements.spotOf(viewOf(s.scope, e.signal));
      return spot.inner[0] === size && spot.size === size && !s.c.inline.has(spot.block);
    }
    case 'mux':
      return e.args.slice(1).every((a) => copyable(s, a as Expr, size, n));
    case 'fill':
      return e.args[0]?.op === 'const' && cellSize(e.type) === size;
    case 'reverse':
      return n % (CHUNK / size) === 0 && copyable(s, e.args[0] as Expr, size, n);
    case 'unpack':
      return e.type.width === 1 && e.type.kind !== 'sint' && e.dims.length === 1;
    case 'array':
      return e.args.every((a) => a.op === 'const') && cellSize(e.type) === size;
    default:
      return false;
  }
}

/** Bytes 16·i and on of the value. */
function part(s: Scalar, e: Expr, size: number, i: number, masks: Map<Expr, W>): W {
  const { code } = s.c;
  switch (e.op) {
    case 'ref': {
      const spot = s.c.placements.spotOf(viewOf(s.scope, e.signal));
      return vecLoad(i32(0), spot.base + (s.c.old.get(spot.block) ?? 0) + 16 * i);
    }
    case 'mux': {
      const [cond, yes, no] = e.args as [Expr, Expr, Expr];
      let mask = masks.get(cond);
      if (!mask) masks.set(cond, (mask = code.let(vec(161, vec(17, s.word(cond))))));
      return vec(BITSELECT, part(s, yes, size, i, masks), part(s, no, size, i, masks), mask);
    }
    case 'reverse': {
      const [arg] = e.args as [Expr];
      const last = ((e.dims[0] as number) * size) / 16 - 1;
      const from = code.let(part(s, arg, size, last - i, masks));
      const lanes = Array.from({ length: 16 }, (_, b) => 16 - size - Math.floor(b / size) * size + (b % size));
      return shuffle(from, from, lanes);
    }
    case 'unpack':
      return bitsOf(s, e, i);
    default:
      return vecConst(Array.from({ length: 16 }, (_, b) => byteOf(e, Math.floor((16 * i + b) / size), (16 * i + b) % size)));
  }
}

const EACH_BIT = vecConst(Array.from({ length: 16 }, (_, b) => 1 << (b % 8)));
const ONES = vecConst(new Array<number>(16).fill(1));

/** Bits 16·i and on of a value, one in each byte. */
function bitsOf(s: Scalar, e: Expr, i: number): W {
  const [arg] = e.args as [Expr];
  const { code } = s.c;
  const { w } = s.value(arg);
  const bytes = w[0]?.t === 'i32' ? 4 : 8;
  const limb = Math.floor((2 * i) / bytes);
  const first = (2 * i) % bytes;
  const all = code.let(vec(bytes === 4 ? SPLAT32 : SPLAT64, w[limb] as W));
  const spread = shuffle(
    all,
    all,
    Array.from({ length: 16 }, (_, b) => first + (b >> 3)),
  );
  const set = vec(EQ8, vec(AND, spread, EACH_BIT), EACH_BIT);
  return vec(AND, set, ONES);
}

function byteOf(e: Expr, element: number, byte: number): number {
  const item = e.op === 'array' ? e.args[element] : e.args[0];
  const value = item?.op === 'const' ? item.value : 0n;
  return Number((value >> BigInt(8 * byte)) & 255n);
}
