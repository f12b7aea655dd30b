// A linear feedback shift register. (The library has one for every width: `Lfsr` of systole/std.)

import { bool, cat, input, Module, output, uint, when } from 'systole';

/** 16 bits that go through all values but zero, one step for each cycle with `inc`: x^16 + x^14 + x^13 + x^11 + 1, from 1 after reset. */
export class Lfsr16 extends Module {
  readonly p = this.io({ inc: input(bool), out: output(uint(16)) });
  readonly bits = this.reg(uint(16), { reset: 1 });

  constructor() {
    super();
    const { p, bits } = this;
    const feedback = bits.bit(0).xor(bits.bit(2)).xor(bits.bit(3)).xor(bits.bit(5));
    when(p.inc, () => bits.set(cat(feedback, bits.bits(15, 1))));
    p.out.set(bits);
  }
}
