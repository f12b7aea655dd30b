// Problem: a module whose width is a parameter.

import { input, Module, output, uint } from 'systole';

/** `out` is to be in0 + in1 modulo 2^width, for any width. */
export class Adder extends Module<{ readonly width: number }> {
  readonly p = this.io({ in0: input(uint(this.cfg.width)), in1: input(uint(this.cfg.width)), out: output(uint(this.cfg.width)) });

  constructor(cfg: { readonly width: number }) {
    super(cfg);
    const { p } = this;
    // Yours to write. Until then:
    p.out.set(0);
  }
}
