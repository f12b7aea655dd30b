// Elements of arrays of constants: entries packed into words of 64 bits, so that a look-up chooses among few words.

import type { Expr } from '../../hdl/ir/nodes.ts';
import { bin, type Code, i32, i64, select, un, type W } from './code.ts';
import { type Val, wrap } from './limbs.ts';

/** Below this many entries a choice among them is as short. */
const LEAST = 8;

/** The entry at an index (an i32 with a name), zero beyond the last; undefined where the array is no such table. */
export function lookUp(code: Code, array: Expr, index: W): Val | undefined {
  const { type, args } = array;
  if (args.length < LEAST || type.width > 32 || type.width === 0 || array.dims.length !== 1) return undefined;
  const shift = Math.floor(Math.log2(64 / type.width));
  const words: bigint[] = [];
  for (const [i, e] of args.entries()) {
    if (e.op !== 'const') return undefined;
    const at = i >> shift;
    words[at] = (words[at] ?? 0n) | (BigInt.asUintN(type.width, e.value) << BigInt(type.width * (i % 2 ** shift)));
  }
  const block = code.let(bin('shr_u', index, i32(shift)));
  const word = words.reduce<W>((rest, w, i) => code.let(select(bin('eq', block, i32(i)), i64(w), rest)), i64(0));
  const place = bin('mul', bin('and', index, i32(2 ** shift - 1)), i32(type.width));
  return { w: [wrap(un('wrap', bin('shr_u', word, un('extend_u', place))), type)], type };
}
