// Problem: a linear feedback shift register.

import { bool, input, Module, output, uint } from 'systole';

/**
 * A Fibonacci register of 16 bits with the polynomial x^16 + x^14 + x^13 + x^11 + 1: from 1 after reset, in each cycle with `inc`, all bits move one down
 * and bit 15 becomes the parity of bits 0, 2, 3 and 5 (`xor`, `cat`).
 */
export class Lfsr16 extends Module {
  readonly p = this.io({ inc: input(bool), out: output(uint(16)) });
  readonly bits = this.reg(uint(16), { reset: 1 });

  constructor() {
    super();
    const { p } = this;
    // Yours to write. Until then:
    p.out.set(1);
  }
}
