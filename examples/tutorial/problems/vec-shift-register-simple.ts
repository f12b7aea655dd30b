// Problem: a vector of registers with a value after reset.

import { input, Module, output, uint, vec } from 'systole';

/** `out` is to be `in` of four cycles ago, zero until then: a register of type `vec(uint(8), 4)`. */
export class VecShiftRegisterSimple extends Module {
  readonly p = this.io({ in: input(uint(8)), out: output(uint(8)) });
  readonly delays = this.reg(vec(uint(8), 4), { reset: 0 });

  constructor() {
    super();
    const { p } = this;
    // Yours to write. Until then:
    p.out.set(0);
  }
}
