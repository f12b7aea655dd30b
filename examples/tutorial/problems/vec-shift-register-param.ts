// Problem: a vector of registers with parameters.

import { input, Module, output, uint, vec } from 'systole';

export interface ShiftConfig {
  readonly length: number;
  readonly width: number;
}

/** `out` is to be `in` of `length` cycles ago, zero until then. */
export class VecShiftRegisterParam extends Module<ShiftConfig> {
  readonly p = this.io({ in: input(uint(this.cfg.width)), out: output(uint(this.cfg.width)) });
  readonly delays = this.reg(vec(uint(this.cfg.width), this.cfg.length), { reset: 0 });

  constructor(cfg: ShiftConfig) {
    super(cfg);
    const { p } = this;
    // Yours to write. Until then:
    p.out.set(0);
  }
}
