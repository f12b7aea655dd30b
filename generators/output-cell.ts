// One column of the output-stationary unit's last stage: adds the partial sum from outside and holds the result until it is taken.

import { bool, input, Module, mux, output, sint, when, zeros } from '../hdl/index.ts';
import { SUM_WIDTH } from './array-config.ts';

export class OutputCell extends Module {
  readonly p = this.io({
    enable: input(bool),
    accumulate: input(bool),
    row: input(sint(SUM_WIDTH)),
    psum: input(sint(SUM_WIDTH)),
    sum: output(sint(SUM_WIDTH)),
  });
  readonly sumReg = this.reg(sint(SUM_WIDTH));

  constructor() {
    super();
    this.describe('Output register of one column, with the adder for an incoming partial sum.');
    const { p } = this;
    when(p.enable, () => this.sumReg.set(p.row.addw(mux(p.accumulate, p.psum, zeros(sint(SUM_WIDTH))))));
    p.sum.set(this.sumReg);
  }
}
