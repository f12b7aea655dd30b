// A product keeps all of its bits.

import { input, Module, output, uint } from 'systole';

/** `hi` and `lo` together are the 32-bit product of `a` and `b`. */
export class HiLoMultiplier extends Module {
  readonly p = this.io({ a: input(uint(16)), b: input(uint(16)), hi: output(uint(16)), lo: output(uint(16)) });

  constructor() {
    super();
    const { p } = this;
    const product = p.a.mul(p.b);
    p.hi.set(product.bits(31, 16));
    p.lo.set(product.bits(15, 0));
  }
}
