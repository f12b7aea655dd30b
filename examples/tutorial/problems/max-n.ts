// Problem: reduce a vector.

import { input, Module, output, uint, vec } from 'systole';

export interface MaxConfig {
  readonly inputs: number;
  readonly width: number;
}

/** `out` is to be the largest of `ins`. A vector can be spread into an array, `[...ins]`, and an array has `reduce`. */
export class MaxN extends Module<MaxConfig> {
  readonly p = this.io({ ins: input(vec(uint(this.cfg.width), this.cfg.inputs)), out: output(uint(this.cfg.width)) });

  constructor(cfg: MaxConfig) {
    super(cfg);
    const { p } = this;
    // Yours to write. Until then:
    p.out.set(p.ins.at(0));
  }
}
