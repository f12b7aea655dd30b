// Processing element of the output-stationary array whose sums drain through the accumulators: no second register, so that a DSP block holds all of it, and no overlap of a tile with the drain of the
// one before (design note 0003).
//
// In a slot with `shift` the accumulator takes that of the north; behind the last sum of a column come zeros, which clear it for the next tile. Such a slot has no operands.
// Latency 1 slot in every direction. `shift` and `valid` come as many slots after the operands as the element has product stages.

import { bool, input, mux, optional, output, uint, when } from '../hdl/index.ts';
import { ArrayPe } from './array-pe.ts';
import { type ElementConfig, processingElement, residentType } from './pe/index.ts';

export class OsThroughPe extends ArrayPe {
  readonly #pe = processingElement(this.cfg);
  readonly p = this.io({
    enable: input(bool),
    /** From the west. */
    activation: input(this.#pe.activation),
    shift: input(bool),
    valid: optional(!this.#pe.zeroIsIdle, input(bool)),
    mode: optional(this.#pe.modeWidth > 0, input(uint(this.#pe.modeWidth))),
    /** From the north. */
    weight: input(residentType(this.#pe)),
    drain: input(this.#pe.sum),
    /** To the east. */
    activationOut: output(this.#pe.activation),
    shiftOut: output(bool),
    validOut: optional(!this.#pe.zeroIsIdle, output(bool)),
    modeOut: optional(this.#pe.modeWidth > 0, output(uint(this.#pe.modeWidth))),
    /** To the south. */
    weightOut: output(residentType(this.#pe)),
    drainOut: output(this.#pe.sum),
  });
  readonly activationReg = this.reg(this.#pe.activation);
  readonly shiftReg = this.reg(bool);
  readonly weightReg = this.reg(residentType(this.#pe));
  readonly accumulator = this.reg(this.#pe.sum);

  constructor(cfg: ElementConfig) {
    super(cfg);
    this.describe(`Output-stationary processing element: accumulator as sum, drained through the accumulators; ${this.#pe.does}.`);
    const { p, accumulator } = this;
    const { enable, activation, weight, shift, drain, mode, valid } = p;
    const { zeroIsIdle, sumIsInProduct = false } = this.#pe;
    // Where an empty slot adds nothing the choice stands in front of the addition: the input of a DSP block has it, but not where product and sum are one expression.
    const chosen = zeroIsIdle && !sumIsInProduct;
    const next = this.#pe.step(this.host(enable), { activation, weight, sum: chosen ? mux(shift, drain, accumulator) : accumulator, mode });
    when(enable, () => {
      this.activationReg.set(activation);
      this.shiftReg.set(shift);
      this.weightReg.set(weight);
      if (chosen) accumulator.set(next);
      else when(shift, () => accumulator.set(drain)).elsewhen(valid ?? shift.not(), () => accumulator.set(next));
    });
    p.activationOut.set(this.activationReg);
    p.shiftOut.set(this.shiftReg);
    if (valid) p.validOut?.set(this.delay(valid, 1, { enable }).named('validReg'));
    if (mode) p.modeOut?.set(this.delay(mode, 1, { enable }).named('modeReg'));
    p.weightOut.set(this.weightReg);
    p.drainOut.set(accumulator);
  }
}
