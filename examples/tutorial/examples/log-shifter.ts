// A pipeline made by a loop of TypeScript: a stage for each bit of the amount.

import { input, Module, mux, output, type UInt, uint } from 'systole';

/** `out` is `in` shifted left by `shamt`, both of three cycles ago; a bit beyond the top is lost. Stages shift by 8, 4 and 2, the output by 1. */
export class LogShifter extends Module {
  readonly p = this.io({ in: input(uint(16)), shamt: input(uint(4)), out: output(uint(16)) });

  constructor() {
    super();
    const { p } = this;
    let data: UInt = p.in;
    let shamt: UInt = p.shamt;
    for (const bit of [3, 2, 1]) {
      // The amount travels with its data.
      data = this.reg(uint(16), { reset: 0, next: mux(shamt.bit(bit), data.shl(2 ** bit).trunc(16), data) });
      shamt = this.reg(uint(bit), { reset: 0, next: shamt.trunc(bit) });
    }
    p.out.set(mux(shamt.bit(0), data.shl(1).trunc(16), data));
  }
}
