// Shifts by signals that floating point lives on.
//
// Contract: combinational, one multiplexer a bit and power of two. No bit is lost unnoticed.

import { type Bool, bool, cat, lit, mux, type SInt, type UInt, uint } from '../../hdl/index.ts';

/** Powers of two below a width, the largest first. */
function powersBelow(width: number): number[] {
  const powers: number[] = [];
  for (let power = 1; power < width; power *= 2) powers.unshift(power);
  return powers;
}

export interface Normalised {
  readonly value: UInt;
  /** Places moved. */
  readonly amount: UInt;
}

/**
 * Left until the highest bit is set, but by no more than `limit` places. Looks for zeros and shifts at once: by 16, by 8 and so on, wherever that many top bits are
 * clear and the limit allows. A value of zero moves by any amount within the limit. `zeros` says how many
 * top bits can be clear in any other value, where that is known.
 */
export function normalise(value: UInt, limit?: UInt, zeros: number = value.width - 1): Normalised {
  const powers = powersBelow(Math.min(zeros + 1, value.width));
  if (powers.length === 0) return { value, amount: lit(uint(1), 0) };
  const { width } = value;
  const bitOf = (power: number): Bool => {
    const index = Math.log2(power);
    return limit && index < limit.width ? limit.bit(index) : lit(bool, limit === undefined);
  };
  // Once the limit was seen to lie above what is left to move, it does not bind.
  let free = limit && limit.width > powers.length ? limit.shr(powers.length).orR() : lit(bool, limit === undefined);
  let shifted = value;
  const moves = powers.map((power) => {
    const clear = shifted
      .bits(width - 1, width - power)
      .orR()
      .not();
    const move = limit ? clear.and(free.or(bitOf(power))) : clear;
    if (limit) free = free.or(bitOf(power).and(move.not()));
    shifted = mux(move, shifted.trunc(width - power).shl(power), shifted).named(`up${power}`);
    return move;
  });
  return { value: shifted, amount: cat(...moves) };
}

export interface Aligned<V extends UInt | SInt> {
  readonly value: V;
  /** Whether a set bit was shifted out. */
  readonly lost: Bool;
}

/** Right, same width, filled with the sign; an amount beyond the width loses everything but that. */
export function shiftRight<V extends UInt | SInt>(value: V, amount: UInt): Aligned<V> {
  const { width } = value;
  const powers = powersBelow(width + 1).filter((power) => Math.log2(power) < amount.width);
  // An amount beyond all powers is as good as all of them together, which is at least the width.
  const far = amount.width > powers.length ? amount.shr(powers.length).orR() : undefined;
  let [shifted, lost]: [UInt, Bool] = [value as UInt, lit(bool, false)];
  for (const power of powers) {
    const within = amount.bit(Math.log2(power));
    const move = far ? within.or(far) : within;
    lost = lost.or(move.and(shifted.trunc(power).orR()));
    shifted = mux(move, shifted.shr(power).extend(width), shifted).named(`down${power}`);
  }
  return { value: shifted as V, lost };
}
