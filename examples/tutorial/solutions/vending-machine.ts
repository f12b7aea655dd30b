// A state machine out of its parts: an enumeration, a register and `when`.

import { bool, enumeration, input, Module, output, when } from 'systole';

/** How many cents are in the machine. */
const Paid = enumeration('Paid', ['none', 'five', 'ten', 'fifteen', 'enough']);

/** Takes nickels (5 cents) and dimes (10; a dime counts where both come). `valid` is true for one cycle when there are 20 cents or more. */
export class VendingMachine extends Module {
  readonly p = this.io({ nickel: input(bool), dime: input(bool), valid: output(bool) });
  readonly paid = this.reg(Paid, { reset: 'none' });

  constructor() {
    super();
    const { p, paid } = this;
    when(paid.eq('none'), () => {
      when(p.nickel, () => paid.set('five'));
      when(p.dime, () => paid.set('ten'));
    });
    when(paid.eq('five'), () => {
      when(p.nickel, () => paid.set('ten'));
      when(p.dime, () => paid.set('fifteen'));
    });
    when(paid.eq('ten'), () => {
      when(p.nickel, () => paid.set('fifteen'));
      when(p.dime, () => paid.set('enough'));
    });
    when(paid.eq('fifteen'), () => {
      when(p.nickel.or(p.dime), () => paid.set('enough'));
    });
    when(paid.eq('enough'), () => paid.set('none'));
    p.valid.set(paid.eq('enough'));
  }
}
