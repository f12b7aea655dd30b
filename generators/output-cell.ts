// One column of the output-stationary unit's last stage: adds the partial sum from outside and holds the result until it is taken.

import { bool, input, mux, output, when, zeros } from '../hdl/index.ts';
import { ArrayPe } from './array-pe.ts';
import { type ElementConfig, processingElement } from './pe/index.ts';

export class OutputCell extends ArrayPe {
  readonly #pe = processingElement(this.cfg);
  readonly p = this.io({
    enable: input(bool),
    accumulate: input(bool),
    row: input(this.#pe.sum),
    psum: input(this.#pe.sum),
    sum: output(this.#pe.sum),
  });
  readonly sumReg = this.reg(this.#pe.sum);

  constructor(cfg: ElementConfig) {
    super(cfg);
    this.describe('Output register of one column, with the adder for an incoming partial sum.');
    const { p } = this;
    const { add, zeroIsNeutral, sum } = this.#pe;
    const host = this.host(p.enable);
    const total = zeroIsNeutral ? add(host, p.row, mux(p.accumulate, p.psum, zeros(sum))) : mux(p.accumulate, add(host, p.row, p.psum), p.row);
    when(p.enable, () => this.sumReg.set(total));
    p.sum.set(this.sumReg);
  }
}
