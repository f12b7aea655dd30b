// Control bits that reach row r of an array r slots after row 0.

import { type Bool, type BoolType, cat, type UInt, type VecValue, vecOf } from '../hdl/index.ts';

/** The low bits of `previous` moved up by one with `bit` below: the next state of a shift register of any width. */
export function shiftIn(previous: UInt, bit: Bool): UInt {
  return previous.width === 1 ? bit.asUInt() : cat(previous.bits(previous.width - 2, 0), bit);
}

/** Lane 0 is `now`, lane r what it was r slots ago. `history` is a register of rows − 1 bits that the caller shifts with `shiftIn`; none for one row. */
export function wavefront(now: Bool, history: UInt | undefined): VecValue<BoolType> {
  return history ? cat(history, now).asBools() : vecOf(now);
}
