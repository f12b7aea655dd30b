// Logic of single bits.

import { input, Module, output, uint } from 'systole';

/** `out` is `in1` where `sel` is 1, else `in0`. */
export class Mux2 extends Module {
  readonly p = this.io({ sel: input(uint(1)), in0: input(uint(1)), in1: input(uint(1)), out: output(uint(1)) });

  constructor() {
    super();
    const { sel, in0, in1, out } = this.p;
    out.set(sel.and(in1).or(sel.not().and(in0))); // `mux(sel.asBool(), in1, in0)` is the same.
  }
}
