// What every design of the benchmark ends in: a sum over all that it gave.

import { type Bool, bool, input, lit, Module, mux, output, type UInt, uint } from '../../hdl/index.ts';

/** `sum` rotates and takes up `word` at each edge with `enable`. */
export class Checksum extends Module {
  readonly p = this.io({ enable: input(bool), word: input(uint(32)), sum: output(uint(32)) });
  readonly state = this.reg(uint(32), { reset: 0 });

  constructor() {
    super();
    const { state, p } = this;
    state.set(withWord(state, p.enable, p.word));
    p.sum.set(state);
  }
}

/** The next value of a checksum. */
export function withWord(state: UInt<32>, enable: Bool, word: UInt<32>): UInt<32> {
  const rotated = state.bits(30, 0).shl(1).or(state.bits(31, 31));
  return mux(enable, rotated.xor(word), state).trunc(32);
}

/** The next value of a shift register with feedback of 16 bits. */
export function shifted(state: UInt): UInt<16> {
  const half = state.shr(1).extend(16);
  return mux(state.bit(0), half.xor(lit(uint(16), 0xb400)).trunc(16), half);
}
