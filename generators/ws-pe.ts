// Processing element of the weight-stationary array.
//
// The active weight works; a shadow weight shifts south meanwhile and takes over when `swap` passes, one slot ahead of the first
// activation that needs it. Latency 1 slot in every direction, but for sums: as many as the element has sum stages. `sum` is that of the
// activation which came in as many slots ago as the element has product stages.

import { bool, input, optional, output, uint, when } from '../hdl/index.ts';
import { ArrayPe } from './array-pe.ts';
import { type ElementConfig, processingElement, residentType } from './pe/index.ts';

export class WsPe extends ArrayPe {
  readonly #pe = processingElement(this.cfg);
  readonly p = this.io({
    enable: input(bool),
    /** From the west. */
    activation: input(this.#pe.activation),
    load: input(bool),
    swap: input(bool),
    mode: optional(this.#pe.modeWidth > 0, input(uint(this.#pe.modeWidth))),
    /** From the north. */
    weight: input(residentType(this.#pe)),
    sum: input(this.#pe.sum),
    /** To the east. */
    activationOut: output(this.#pe.activation),
    loadOut: output(bool),
    swapOut: output(bool),
    modeOut: optional(this.#pe.modeWidth > 0, output(uint(this.#pe.modeWidth))),
    /** To the south. */
    weightOut: output(residentType(this.#pe)),
    sumOut: output(this.#pe.sum),
  });
  readonly activationReg = this.reg(this.#pe.activation);
  readonly loadReg = this.reg(bool);
  readonly swapReg = this.reg(bool);
  readonly weightShadow = this.reg(residentType(this.#pe));
  readonly weightActive = this.reg(residentType(this.#pe));
  readonly sumReg = this.reg(this.#pe.sum);

  constructor(cfg: ElementConfig) {
    super(cfg);
    this.describe(`Weight-stationary processing element: ${this.#pe.does}.`);
    const { p } = this;
    const { activation, mode, sum } = p;
    const next = this.#pe.step(this.host(p.enable), { activation, weight: this.weightActive, sum, mode });
    when(p.enable, () => {
      this.activationReg.set(p.activation);
      this.loadReg.set(p.load);
      this.swapReg.set(p.swap);
      this.sumReg.set(next);
      this.keepWeights(p, this.weightShadow, this.weightActive);
    });
    p.activationOut.set(this.activationReg);
    p.loadOut.set(this.loadReg);
    p.swapOut.set(this.swapReg);
    if (mode) p.modeOut?.set(this.delay(mode, 1, { enable: p.enable }).named('modeReg'));
    p.weightOut.set(this.weightShadow);
    p.sumOut.set(this.sumReg);
  }
}
