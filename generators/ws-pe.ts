// Processing element of the weight-stationary array.
//
// The active weight multiplies; a shadow weight shifts south meanwhile and takes over when `swap` passes, one slot ahead of the first
// activation that needs it. Latency 1 slot in every direction.

import { bool, input, Module, output, sint, when } from '../hdl/index.ts';
import { OPERAND_WIDTH, SUM_WIDTH } from './array-config.ts';

export class WsPe extends Module {
  readonly p = this.io({
    enable: input(bool),
    /** From the west. */
    activation: input(sint(OPERAND_WIDTH)),
    load: input(bool),
    swap: input(bool),
    /** From the north. */
    weight: input(sint(OPERAND_WIDTH)),
    sum: input(sint(SUM_WIDTH)),
    /** To the east. */
    activationOut: output(sint(OPERAND_WIDTH)),
    loadOut: output(bool),
    swapOut: output(bool),
    /** To the south. */
    weightOut: output(sint(OPERAND_WIDTH)),
    sumOut: output(sint(SUM_WIDTH)),
  });
  readonly activationReg = this.reg(sint(OPERAND_WIDTH));
  readonly loadReg = this.reg(bool);
  readonly swapReg = this.reg(bool);
  readonly weightShadow = this.reg(sint(OPERAND_WIDTH));
  readonly weightActive = this.reg(sint(OPERAND_WIDTH));
  readonly sumReg = this.reg(sint(SUM_WIDTH));

  constructor() {
    super();
    this.describe('Weight-stationary processing element: sum_out = sum + activation * weight.');
    const { p } = this;
    when(p.enable, () => {
      this.activationReg.set(p.activation);
      this.loadReg.set(p.load);
      this.swapReg.set(p.swap);
      this.sumReg.set(p.sum.addw(p.activation.mul(this.weightActive)));
      when(p.load, () => this.weightShadow.set(p.weight));
      when(p.swap, () => this.weightActive.set(this.weightShadow));
    });
    p.activationOut.set(this.activationReg);
    p.loadOut.set(this.loadReg);
    p.swapOut.set(this.swapReg);
    p.weightOut.set(this.weightShadow);
    p.sumOut.set(this.sumReg);
  }
}
