// Problem: modules in a module.

import { input, Module, output, uint } from 'systole';
import { Mux2 } from './mux2.ts';

/** `out` is to be the input whose number `sel` is: with three instances of your `Mux2`. */
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
    const { p } = this;
    // The first is done for you.
    const low = this.inst(Mux2);
    low.sel.set(p.sel.bits(0, 0));
    low.in0.set(p.in0);
    low.in1.set(p.in1);
    // Yours to write. Until then:
    p.out.set(low.out);
  }
}
