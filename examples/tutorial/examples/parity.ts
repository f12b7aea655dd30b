// A state machine of two states.

import { bool, input, Module, output, when } from 'systole';

/** `out` is true after an odd number of cycles with `in` true since the reset. */
export class Parity extends Module {
  readonly p = this.io({ in: input(bool), out: output(bool) });
  // The first state is the one after reset; a state that nothing leads to is an error.
  readonly state = this.fsm(['even', 'odd']);

  constructor() {
    super();
    const { p, state } = this;
    when(p.in, () => state.on({ even: () => state.goto('odd'), odd: () => state.goto('even') }));
    p.out.set(state.is('odd'));
  }
}
