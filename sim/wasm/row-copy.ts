// Rows of arrays, such as words of a memory that are vectors, in as few moves as there can be.
//
// Invariant: the cells of a row lie one after the other on both sides and mean the same. Refused, by returning false: other values, rows that are no whole pieces of 2 to 16 bytes.

import type { Expr } from '../../hdl/ir/nodes.ts';
import { viewOf } from '../layout.ts';
import { i32, i64, load, select, vecConst, vecLoad, type W } from './code.ts';
import type { Spot } from './placement.ts';
import type { Index, Scalar } from './scalar.ts';

const NO_VECTOR = vecConst(new Array<number>(16).fill(0));

/** Stores `value`, an element of an array of arrays, into the row of the target at `at`, whose indices are in range. */
export function rowCopy(s: Scalar, value: Expr, target: Spot, at: readonly Index[]): boolean {
  const { c } = s;
  if (value.op !== 'element' || value.dims.length !== 1 || c.nest || c.volatile) return false;
  const [array] = value.args as [Expr];
  if (array.op !== 'ref') return false;
  const from = c.placements.spotOf(viewOf(s.scope, array.signal));
  const { size } = target;
  const [n] = value.dims as readonly number[] as [number];
  const together = (spot: Spot): boolean => spot.size === size && spot.inner[spot.inner.length - 1] === size && !c.inline.has(spot.block);
  if (size > 4 || !together(target) || !together(from) || target.dims[target.dims.length - 1] !== n) return false;
  const piece = [16, 8, 4, 2].find((bytes) => (n * size) % bytes === 0 && bytes > size && (bytes < 16 || c.lanes));
  if (piece === undefined) return false;
  const source = s.address(from, [value.index ?? s.index(value.args[1] as Expr), 0]);
  const moved = c.old.get(from.block) ?? 0;
  const { cursor, offset } = s.address(target, [...at, 0]);
  for (let i = 0; i < n * size; i += piece) {
    const word = piece === 16 ? vecLoad(source.cursor, source.offset + moved + i) : load(piece, source.cursor, source.offset + moved + i);
    const kept = source.checks ? select(source.checks, word, nothing(word)) : word;
    if (piece === 16) c.code.vecStore(cursor, offset + i, kept);
    else c.code.store(piece, cursor, offset + i, kept);
  }
  return true;
}

function nothing({ t }: W): W {
  return t === 'v128' ? NO_VECTOR : t === 'i64' ? i64(0) : i32(0);
}
