// A vector of registers with a value after reset.

import { input, Module, output, uint, vec } from 'systole';

/** `out` is `in` of four cycles ago, zero until then. */
export class VecShiftRegisterSimple extends Module {
  readonly p = this.io({ in: input(uint(8)), out: output(uint(8)) });
  readonly delays = this.reg(vec(uint(8), 4), { reset: 0 });

  constructor() {
    super();
    const { p, delays } = this;
    delays.at(0).set(p.in);
    delays.at(1).set(delays.at(0));
    delays.at(2).set(delays.at(1));
    delays.at(3).set(delays.at(2));
    p.out.set(delays.at(3));
  }
}
