// A table that TypeScript computes.

import { cat, input, Module, output, uint } from 'systole';

/** `z` is x · y, looked up in a table of all 256 products. */
export class Mul extends Module {
  readonly p = this.io({ x: input(uint(4)), y: input(uint(4)), z: output(uint(8)) });
  readonly products = this.memory(uint(8), 256, { init: (address) => (address >> 4) * (address & 15) });

  constructor() {
    super();
    const { x, y, z } = this.p;
    z.set(this.products.readNow(cat(x, y)));
  }
}
