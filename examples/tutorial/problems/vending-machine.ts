// Problem: a state machine out of its parts.

import { bool, enumeration, input, Module, output } from 'systole';

/** How many cents are in the machine. */
const Paid = enumeration('Paid', ['none', 'five', 'ten', 'fifteen', 'enough']);

/**
 * Takes nickels (5 cents) and dimes (10; a dime counts where both come). `valid` is to be true for one cycle when there are 20 cents or more; in that
 * cycle no coin is taken, and the machine is empty after it. Write it with `when` and `paid.eq('none')`.
 */
export class VendingMachine extends Module {
  readonly p = this.io({ nickel: input(bool), dime: input(bool), valid: output(bool) });
  readonly paid = this.reg(Paid, { reset: 'none' });

  constructor() {
    super();
    const { p, paid } = this;
    // Yours to write. Until then:
    paid.set('five');
    p.valid.set(paid.eq('enough'));
  }
}
