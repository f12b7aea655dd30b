// A vector, reduced as any array of TypeScript is.

import { input, Module, mux, output, type UInt, uint, vec } from 'systole';

export interface MaxConfig {
  readonly inputs: number;
  readonly width: number;
}

function larger(x: UInt, y: UInt): UInt {
  return mux(x.gt(y), x, y);
}

/** `out` is the largest of `ins`. */
export class MaxN extends Module<MaxConfig> {
  readonly p = this.io({ ins: input(vec(uint(this.cfg.width), this.cfg.inputs)), out: output(uint(this.cfg.width)) });

  constructor(cfg: MaxConfig) {
    super(cfg);
    const { ins, out } = this.p;
    out.set([...ins].reduce(larger));
  }
}
