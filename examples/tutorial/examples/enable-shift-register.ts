// A delay line: the shift register as one word of the language.

import { bool, input, Module, output, uint } from 'systole';

/** `out` is the `in` of four cycles with `shift` ago; zero after reset until then. */
export class EnableShiftRegister extends Module {
  readonly p = this.io({ in: input(uint(4)), shift: input(bool), out: output(uint(4)) });

  constructor() {
    super();
    const { p } = this;
    p.out.set(this.delay(p.in, 4, { enable: p.shift, reset: true }));
  }
}
