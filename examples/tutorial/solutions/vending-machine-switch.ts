// The same state machine by `switchOn`, which is `this.fsm` with nothing hidden.

import { bool, enumeration, input, Module, output, switchOn, when } from 'systole';

/** How many cents are in the machine. */
const Paid = enumeration('Paid', ['none', 'five', 'ten', 'fifteen', 'enough']);

/** Takes nickels (5 cents) and dimes (10; a dime counts where both come). `valid` is true for one cycle when there are 20 cents or more. */
export class VendingMachineSwitch extends Module {
  readonly p = this.io({ nickel: input(bool), dime: input(bool), valid: output(bool) });
  readonly paid = this.reg(Paid, { reset: 'none' });

  constructor() {
    super();
    const { p, paid } = this;
    switchOn(paid, {
      none: () => {
        when(p.nickel, () => paid.set('five'));
        when(p.dime, () => paid.set('ten'));
      },
      five: () => {
        when(p.nickel, () => paid.set('ten'));
        when(p.dime, () => paid.set('fifteen'));
      },
      ten: () => {
        when(p.nickel, () => paid.set('fifteen'));
        when(p.dime, () => paid.set('enough'));
      },
      fifteen: () => {
        when(p.nickel.or(p.dime), () => paid.set('enough'));
      },
      enough: () => paid.set('none'),
    });
    p.valid.set(paid.eq('enough'));
  }
}
