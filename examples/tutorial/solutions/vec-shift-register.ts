// A vector of registers.

import { bool, input, Module, output, uint, vec, when } from 'systole';

/** `load` takes all of `ins`, else `shift` moves each element one up and takes `ins` 0 at the bottom. `out` is the topmost. */
export class VecShiftRegister extends Module {
  readonly p = this.io({ ins: input(vec(uint(4), 4)), load: input(bool), shift: input(bool), out: output(uint(4)) });
  readonly delays = this.reg(vec(uint(4), 4));

  constructor() {
    super();
    const { p, delays } = this;
    when(p.load, () => delays.set(p.ins)).elsewhen(p.shift, () => {
      delays.at(0).set(p.ins.at(0));
      for (let i = 1; i < 4; i++) delays.at(i).set(delays.at(i - 1));
    });
    p.out.set(delays.at(3));
  }
}
