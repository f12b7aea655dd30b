// Problem: count the ones.

import { input, Module, output, uint } from 'systole';

/** `out` is to be the number of cycles since the reset in which `in` was 1, modulo 256. Mind the width: `add` gives one bit more, `addw` wraps. */
export class Accumulator extends Module {
  readonly p = this.io({ in: input(uint(1)), out: output(uint(8)) });
  readonly total = this.reg(uint(8), { reset: 0 });

  constructor() {
    super();
    const { p } = this;
    // Yours to write. Until then:
    p.out.set(0);
  }
}
