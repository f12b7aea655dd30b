// Problem: a choice.

import { input, Module, output, uint } from 'systole';

/** `out` is to be the larger of `in0` and `in1` (`mux`, `gt`). */
export class Max2 extends Module {
  readonly p = this.io({ in0: input(uint(8)), in1: input(uint(8)), out: output(uint(8)) });

  constructor() {
    super();
    const { p } = this;
    // Yours to write. Until then:
    p.out.set(p.in0);
  }
}
