// A choice.

import { input, Module, mux, output, uint } from 'systole';

/** `out` is the larger of `in0` and `in1`. */
export class Max2 extends Module {
  readonly p = this.io({ in0: input(uint(8)), in1: input(uint(8)), out: output(uint(8)) });

  constructor() {
    super();
    const { in0, in1, out } = this.p;
    out.set(mux(in0.gt(in1), in0, in1));
  }
}
