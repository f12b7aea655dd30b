// Modules in a module, placed and wired one by one.

import { bool, cat, input, Module, output, uint } from 'systole';
import { FullAdder } from './full-adder.ts';

/** `cout` and `sum` together are a + b + cin, by four full adders. */
export class Adder4 extends Module {
  readonly p = this.io({ a: input(uint(4)), b: input(uint(4)), cin: input(bool), sum: output(uint(4)), cout: output(bool) });

  constructor() {
    super();
    const { p } = this;
    const adder0 = this.inst(FullAdder);
    adder0.a.set(p.a.bit(0));
    adder0.b.set(p.b.bit(0));
    adder0.cin.set(p.cin);

    const adder1 = this.inst(FullAdder);
    adder1.a.set(p.a.bit(1));
    adder1.b.set(p.b.bit(1));
    adder1.cin.set(adder0.cout);

    const adder2 = this.inst(FullAdder);
    adder2.a.set(p.a.bit(2));
    adder2.b.set(p.b.bit(2));
    adder2.cin.set(adder1.cout);

    const adder3 = this.inst(FullAdder);
    adder3.a.set(p.a.bit(3));
    adder3.b.set(p.b.bit(3));
    adder3.cin.set(adder2.cout);

    p.sum.set(cat(adder3.sum, adder2.sum, adder1.sum, adder0.sum));
    p.cout.set(adder3.cout);
  }
}
