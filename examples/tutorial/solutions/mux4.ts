// Three instances of one module.

import { input, Module, output, uint } from 'systole';
import { Mux2 } from './mux2.ts';

/** `out` is the input whose number `sel` is. */
export class Mux4 extends Module {
  readonly p = this.io({
    in0: input(uint(1)),
    in1: input(uint(1)),
    in2: input(uint(1)),
    in3: input(uint(1)),
    sel: input(uint(2)),
    out: output(uint(1)),
  });

  constructor() {
    super();
    const { in0, in1, in2, in3, sel, out } = this.p;
    const low = this.inst(Mux2);
    low.sel.set(sel.bits(0, 0));
    low.in0.set(in0);
    low.in1.set(in1);

    const high = this.inst(Mux2);
    high.sel.set(sel.bits(0, 0));
    high.in0.set(in2);
    high.in1.set(in3);

    const last = this.inst(Mux2);
    last.sel.set(sel.bits(1, 1));
    last.in0.set(low.out);
    last.in1.set(high.out);
    out.set(last.out);
  }
}
