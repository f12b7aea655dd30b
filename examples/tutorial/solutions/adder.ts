// A module whose width is a parameter.

import { input, Module, output, uint } from 'systole';

/** `out` is in0 + in1 modulo 2^width. */
export class Adder extends Module<{ readonly width: number }> {
  readonly p = this.io({ in0: input(uint(this.cfg.width)), in1: input(uint(this.cfg.width)), out: output(uint(this.cfg.width)) });

  constructor(cfg: { readonly width: number }) {
    super(cfg);
    const { in0, in1, out } = this.p;
    out.set(in0.addw(in1));
  }
}
