// A shift by a constant is wiring; the result is as wide as it must be.

import { input, Module, output, uint } from 'systole';

/** `out` is `in` shifted left by one, its top bit lost: what an image filter does to each 8-bit sample. */
export class Darken extends Module {
  readonly p = this.io({ in: input(uint(8)), out: output(uint(8)) });

  constructor() {
    super();
    const { p } = this;
    p.out.set(p.in.shl(1).trunc(8)); // Nine bits; assigning them to eight without `trunc` is an error.
  }
}
