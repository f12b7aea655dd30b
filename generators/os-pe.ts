// Processing element of the output-stationary array.
//
// The accumulator stays; `last` copies the finished sum to the drain register, which shifts south while the next tile accumulates.
// Latency 1 slot in every direction. Empty slots carry a zero activation, so no valid bit is needed.

import { bool, input, Module, mux, output, sint, when, zeros } from '../hdl/index.ts';
import { OPERAND_WIDTH, SUM_WIDTH } from './array-config.ts';

export class OsPe extends Module {
  readonly p = this.io({
    enable: input(bool),
    /** From the west. */
    activation: input(sint(OPERAND_WIDTH)),
    first: input(bool),
    last: input(bool),
    shift: input(bool),
    /** From the north. */
    weight: input(sint(OPERAND_WIDTH)),
    drain: input(sint(SUM_WIDTH)),
    /** To the east. */
    activationOut: output(sint(OPERAND_WIDTH)),
    firstOut: output(bool),
    lastOut: output(bool),
    shiftOut: output(bool),
    /** To the south. */
    weightOut: output(sint(OPERAND_WIDTH)),
    drainOut: output(sint(SUM_WIDTH)),
  });
  readonly activationReg = this.reg(sint(OPERAND_WIDTH));
  readonly firstReg = this.reg(bool);
  readonly lastReg = this.reg(bool);
  readonly shiftReg = this.reg(bool);
  readonly weightReg = this.reg(sint(OPERAND_WIDTH));
  readonly accumulator = this.reg(sint(SUM_WIDTH));
  readonly drainReg = this.reg(sint(SUM_WIDTH));
  readonly sum = this.wire(sint(SUM_WIDTH));

  constructor() {
    super();
    this.describe('Output-stationary processing element: accumulator += activation * weight, drained southwards.');
    const { p } = this;
    const start = mux(p.first, zeros(sint(SUM_WIDTH)), this.accumulator);
    this.sum.set(start.addw(p.activation.mul(p.weight)));
    when(p.enable, () => {
      this.activationReg.set(p.activation);
      this.firstReg.set(p.first);
      this.lastReg.set(p.last);
      this.shiftReg.set(p.shift);
      this.weightReg.set(p.weight);
      this.accumulator.set(this.sum);
      when(p.last, () => this.drainReg.set(this.sum)).elsewhen(p.shift, () => this.drainReg.set(p.drain));
    });
    p.activationOut.set(this.activationReg);
    p.firstOut.set(this.firstReg);
    p.lastOut.set(this.lastReg);
    p.shiftOut.set(this.shiftReg);
    p.weightOut.set(this.weightReg);
    p.drainOut.set(this.drainReg);
  }
}
