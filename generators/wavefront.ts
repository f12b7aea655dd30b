// Control bits that reach row r of an array some slots after row 0.

import { type Bool, type BoolType, cat, type UInt, type UIntType, type VecValue, vecOf } from '../hdl/index.ts';

/** The low bits of `previous` moved up by one with `bit` below: the next state of a shift register of any width. */
export function shiftIn(previous: UInt, bit: Bool): UInt {
  return previous.width === 1 ? bit.asUInt() : cat(previous.bits(previous.width - 2, 0), bit);
}

/**
 * Lane 0 is `now`, lane r what it was r · `step` slots ago. `history` is a register of (rows − 1) · `step` bits that the caller shifts with `shiftIn`; none for one
 * row.
 */
export function wavefront(now: Bool, history: UInt | undefined, step = 1): VecValue<BoolType> {
  if (!history) return vecOf(now);
  const all = cat(history, now);
  if (step === 1) return all.asBools();
  const [first, ...rest] = Array.from({ length: history.width / step + 1 }, (_, row) => all.bit(row * step));
  return vecOf(first as Bool, ...rest);
}

/** As `shiftIn`, of several bits. */
export function shiftWordIn(previous: UInt, word: UInt): UInt {
  return previous.width === word.width ? word : cat(previous.bits(previous.width - word.width - 1, 0), word);
}

/** As `wavefront`, of several bits: `history` has (rows − 1) · `step` words. */
export function wordWavefront(now: UInt, history: UInt | undefined, step = 1): VecValue<UIntType> {
  if (!history) return vecOf(now);
  const all = cat(history, now);
  const [first, ...rest] = Array.from({ length: history.width / now.width / step + 1 }, (_, row) => {
    const low = row * step * now.width;
    return all.bits(low + now.width - 1, low);
  });
  return vecOf(first as UInt, ...rest);
}
