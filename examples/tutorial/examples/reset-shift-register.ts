// Registers with a value after reset, which hold unless assigned.

import { bool, input, Module, output, uint, when } from 'systole';

/** `out` is the `in` of four cycles with `shift` ago; zero after reset until then. */
export class ResetShiftRegister extends Module {
  readonly p = this.io({ in: input(uint(4)), shift: input(bool), out: output(uint(4)) });
  readonly r0 = this.reg(uint(4), { reset: 0 });
  readonly r1 = this.reg(uint(4), { reset: 0 });
  readonly r2 = this.reg(uint(4), { reset: 0 });
  readonly r3 = this.reg(uint(4), { reset: 0 });

  constructor() {
    super();
    const { p, r0, r1, r2, r3 } = this;
    when(p.shift, () => {
      r0.set(p.in); // All at the same clock edge, in whatever order they are written.
      r1.set(r0);
      r2.set(r1);
      r3.set(r2);
    });
    p.out.set(r3);
  }
}
