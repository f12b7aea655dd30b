// Problem: a vector of registers.

import { bool, input, Module, output, uint, vec } from 'systole';

/** `load` is to take all of `ins`, else `shift` to move each element one up and to take `ins` 0 at the bottom. `out` is the topmost of four elements. */
export class VecShiftRegister extends Module {
  readonly p = this.io({ ins: input(vec(uint(4), 4)), load: input(bool), shift: input(bool), out: output(uint(4)) });
  readonly delays = this.reg(vec(uint(4), 4));

  constructor() {
    super();
    const { p } = this;
    // Yours to write. Until then:
    p.out.set(0);
  }
}
