// Problem: logic of single bits.

import { input, Module, output, uint } from 'systole';

/** `out` is to be `in1` where `sel` is 1, else `in0`: with `and`, `or` and `not`. */
export class Mux2 extends Module {
  readonly p = this.io({ sel: input(uint(1)), in0: input(uint(1)), in1: input(uint(1)), out: output(uint(1)) });

  constructor() {
    super();
    const { p } = this;
    // Yours to write. Until then:
    p.out.set(0);
  }
}
