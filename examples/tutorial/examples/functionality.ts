// A function of TypeScript makes hardware wherever it is called.

import { input, Module, output, type UInt, uint } from 'systole';

/** (a AND b) OR (NOT c AND d), bit by bit. */
function logicBlock(a: UInt, b: UInt, c: UInt, d: UInt): UInt {
  return a.and(b).or(c.not().and(d));
}

/** `z` has the bits of `y` on either side of `x`: where `x` is 1, and where it is 0. */
export class Functionality extends Module {
  readonly p = this.io({ x: input(uint(16)), y: input(uint(16)), z: output(uint(16)) });

  constructor() {
    super();
    const { x, y, z } = this.p;
    z.set(logicBlock(x, y, x, y));
  }
}
