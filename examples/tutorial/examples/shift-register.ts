// Registers that take something new in every cycle.

import { bool, input, Module, output } from 'systole';

/** `out` is `in` of four cycles ago. */
export class ShiftRegister extends Module {
  readonly p = this.io({ in: input(bool), out: output(bool) });
  readonly r0 = this.reg(bool, { next: this.p.in });
  readonly r1 = this.reg(bool, { next: this.r0 });
  readonly r2 = this.reg(bool, { next: this.r1 });
  readonly r3 = this.reg(bool, { next: this.r2 });

  constructor() {
    super();
    this.p.out.set(this.r3); // `this.delay(this.p.in, 4)` says all of it in one go.
  }
}
