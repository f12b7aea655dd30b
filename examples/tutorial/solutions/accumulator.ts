// A register that adds to itself.

import { input, Module, output, uint } from 'systole';

/** `out` is the number of cycles since the reset in which `in` was 1, modulo 256. */
export class Accumulator extends Module {
  readonly p = this.io({ in: input(uint(1)), out: output(uint(8)) });
  readonly total = this.reg(uint(8), { reset: 0 });

  constructor() {
    super();
    const { p, total } = this;
    total.set(total.addw(p.in));
    p.out.set(total);
  }
}
