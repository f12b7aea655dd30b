// Processing element of the array of both dataflows, chosen by tile (design note 0022).
//
// One register southwards for operands, which weights to come and streamed weights share, and one for sums, which moving and drained ones share: the front of a tile
// follows that of the tile before. The resident weight and the accumulator stay. `first`, `take` and `shift` come as many slots after the operands as the
// element has product stages. Latency 1 slot in every direction.

import { bool, input, mux, optional, output, uint, when, zeros } from '../hdl/index.ts';
import { ArrayPe } from './array-pe.ts';
import { type ElementConfig, processingElement, residentType } from './pe/index.ts';

export class DualPe extends ArrayPe {
  readonly #pe = processingElement(this.cfg);
  readonly p = this.io({
    enable: input(bool),
    /** From the west. */
    activation: input(this.#pe.activation),
    load: input(bool),
    swap: input(bool),
    /** The operands are a step of an output-stationary tile. */
    os: input(bool),
    first: input(bool),
    /** The step's sum moves south: every one of a weight-stationary tile, the last of the other. */
    take: input(bool),
    shift: input(bool),
    mode: optional(this.#pe.modeWidth > 0, input(uint(this.#pe.modeWidth))),
    /** From the north. */
    weight: input(residentType(this.#pe)),
    sum: input(this.#pe.sum),
    /** To the east. */
    activationOut: output(this.#pe.activation),
    loadOut: output(bool),
    swapOut: output(bool),
    osOut: output(bool),
    firstOut: output(bool),
    takeOut: output(bool),
    shiftOut: output(bool),
    modeOut: optional(this.#pe.modeWidth > 0, output(uint(this.#pe.modeWidth))),
    /** To the south. */
    weightOut: output(residentType(this.#pe)),
    sumOut: output(this.#pe.sum),
  });
  readonly activationReg = this.reg(this.#pe.activation);
  readonly loadReg = this.reg(bool);
  readonly swapReg = this.reg(bool);
  readonly osReg = this.reg(bool);
  readonly firstReg = this.reg(bool);
  readonly takeReg = this.reg(bool);
  readonly shiftReg = this.reg(bool);
  readonly weightReg = this.reg(residentType(this.#pe));
  readonly weightActive = this.reg(residentType(this.#pe));
  readonly accumulator = this.reg(this.#pe.sum);
  readonly sumReg = this.reg(this.#pe.sum);

  constructor(cfg: ElementConfig) {
    super(cfg);
    this.describe(`Processing element of both dataflows: ${this.#pe.does}.`);
    const { p } = this;
    const { enable, activation, mode, os } = p;
    const host = this.host(enable);
    const weight = mux(os, p.weight, this.weightActive);
    const accumulates = host.delay(os, this.#pe.productStages);
    const sum = mux(accumulates, mux(p.first, zeros(this.#pe.sum), this.accumulator), p.sum);
    const next = this.#pe.step(host, { activation, weight, sum, mode });
    when(enable, () => {
      this.activationReg.set(activation);
      this.loadReg.set(p.load);
      this.swapReg.set(p.swap);
      this.osReg.set(os);
      this.firstReg.set(p.first);
      this.takeReg.set(p.take);
      this.shiftReg.set(p.shift);
      when(p.load.or(os), () => this.weightReg.set(p.weight));
      when(p.swap, () => this.weightActive.set(this.weightReg));
      when(accumulates, () => this.accumulator.set(next));
      when(p.take, () => this.sumReg.set(next)).elsewhen(p.shift, () => this.sumReg.set(p.sum));
    });
    p.activationOut.set(this.activationReg);
    p.loadOut.set(this.loadReg);
    p.swapOut.set(this.swapReg);
    p.osOut.set(this.osReg);
    p.firstOut.set(this.firstReg);
    p.takeOut.set(this.takeReg);
    p.shiftOut.set(this.shiftReg);
    if (mode) p.modeOut?.set(this.delay(mode, 1, { enable }).named('modeReg'));
    p.weightOut.set(this.weightReg);
    p.sumOut.set(this.sumReg);
  }
}
