// Problem: a table.

import { input, Module, output, uint } from 'systole';

/** `z` is to be x · y, looked up in a table of all 256 products: a memory with contents (`init`). */
export class Mul extends Module {
  readonly p = this.io({ x: input(uint(4)), y: input(uint(4)), z: output(uint(8)) });

  constructor() {
    super();
    const { p } = this;
    // Yours to write. Until then:
    p.z.set(0);
  }
}
