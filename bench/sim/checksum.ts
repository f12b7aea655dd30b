// What every design of the benchmark ends in: a sum over all that it gave.

import { bool, input, lit, Module, mux, output, type UInt, uint } from '../../hdl/index.ts';

/** `sum` rotates and takes up `word` at each edge with `enable`. */
export class Checksum extends Module {
  readonly p = this.io({ enable: input(bool), word: input(uint(32)), sum: output(uint(32)) });
  readonly state = this.reg(uint(32), { reset: 0 });

  constructor() {
    super();
    const { state, p } = this;
    const rotated = state.bits(30, 0).shl(1).or(state.bits(31, 31));
    state.set(mux(p.enable, rotated.xor(p.word), state).trunc(32));
    p.sum.set(state);
  }
}

/** The next value of a shift register with feedback of 16 bits. */
export function shifted(state: UInt): UInt<16> {
  const half = state.shr(1).extend(16);
  return mux(state.bit(0), half.xor(lit(uint(16), 0xb400)).trunc(16), half);
}
