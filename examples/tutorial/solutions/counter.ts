// Hardware in a method, to be used as often as one likes.

import { type Bool, bool, input, lit, Module, mux, output, type UInt, uint, when } from 'systole';

/** `tot` grows by `amt` in each cycle in which `inc` is true, and starts again from 0 where it would pass 255. */
export class Counter extends Module {
  readonly p = this.io({ inc: input(bool), amt: input(uint(4)), tot: output(uint(8)) });

  constructor() {
    super();
    const { inc, amt, tot } = this.p;
    tot.set(this.counter(255, inc, amt));
  }

  /** A register that grows by `amt` while `en` is true; 0 after reset and where it would pass `max`, which has 8 bits. */
  counter(max: number, en: Bool, amt: UInt): UInt {
    const count = this.reg(uint(8), { reset: 0 });
    const next = count.add(amt); // One bit wider, so it can be seen to pass the maximum.
    when(en, () => count.set(mux(next.gt(max), lit(uint(8), 0), next.trunc(8))));
    return count;
  }
}
