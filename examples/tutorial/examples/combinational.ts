// The smallest circuit: ports and one assignment.

import { input, Module, output, uint } from 'systole';

/** `z` is the sum of `x` and `y` modulo 2^16. */
export class Combinational extends Module {
  readonly p = this.io({ x: input(uint(16)), y: input(uint(16)), z: output(uint(16)) });

  constructor() {
    super();
    const { p } = this;
    // `add` would give 17 bits, which 16 cannot take; `addw` wraps.
    p.z.set(p.x.addw(p.y));
  }
}
