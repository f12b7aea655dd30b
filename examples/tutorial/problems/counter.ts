// Problem: hardware in a method.

import { type Bool, bool, input, lit, Module, mux, output, type UInt, uint } from 'systole';

/** `tot` is to grow by `amt` in each cycle in which `inc` is true, and to start again from 0 where it would pass 255. */
export class Counter extends Module {
  readonly p = this.io({ inc: input(bool), amt: input(uint(4)), tot: output(uint(8)) });

  constructor() {
    super();
    const { inc, amt, tot } = this.p;
    tot.set(this.counter(255, inc, amt));
  }

  /** Counts by 1 in every cycle. Change it to count by `amt`, and only while `en` is true (`when`). */
  counter(max: number, _en: Bool, _amt: UInt): UInt {
    const count = this.reg(uint(8), { reset: 0 });
    const next = count.add(1);
    count.set(mux(next.gt(max), lit(uint(8), 0), next.trunc(8)));
    return count;
  }
}
