// Processing element of the output-stationary array.
//
// The accumulator stays; `last` copies the finished sum to the drain register, which shifts south while the next tile accumulates. In a slot without `keep` it is cleared for the tile to come:
// a synchronous reset, where a multiplexer in front of the addition would cost a look-up table a bit.
// Latency 1 slot in every direction. `keep`, `last`, `shift` and `valid` come as many slots after the operands as the element has product stages.
// Empty slots carry an activation of zeros where that is idle, and no `valid` then.

import { type Bool, bool, input, optional, output, type UInt, uint, when, zeros } from '../hdl/index.ts';
import type { UIntVar } from '../hdl/value-types.ts';
import { ArrayPe } from './array-pe.ts';
import { type Code, type ElementConfig, processingElement, residentType } from './pe/index.ts';

interface OsInputs {
  readonly enable: Bool;
  readonly activation: Code;
  readonly weight: Code;
  readonly mode?: UInt | undefined;
  readonly keep: Bool;
  readonly last: Bool;
  readonly shift: Bool;
  readonly valid?: Bool | undefined;
  readonly drain: Code;
}

/** Where sums stay, with registers for operands or without. */
export abstract class OsStep extends ArrayPe {
  /** A step on the accumulator, which is cleared for the next tile in a slot without `keep`. */
  protected accumulate({ enable, activation, weight, mode, keep, valid }: OsInputs, accumulator: UIntVar, sum: UIntVar): void {
    const pe = processingElement(this.cfg);
    sum.set(pe.step(this.host(enable), { activation, weight, sum: accumulator, mode }));
    // The clear comes first, so that synthesisers take it for the registers' reset.
    when(enable.and(keep.not()).named('clear'), () => accumulator.set(zeros(pe.sum))).elsewhen(valid ? enable.and(valid) : enable, () =>
      accumulator.set(sum),
    );
  }

  /** The drain register, set within `when(enable)`. */
  protected drainInto(drainReg: UIntVar, { last, shift, drain }: OsInputs, sum: Code): void {
    when(last, () => drainReg.set(sum)).elsewhen(shift, () => drainReg.set(drain));
  }
}

export class OsPe extends OsStep {
  readonly #pe = processingElement(this.cfg);
  readonly p = this.io({
    enable: input(bool),
    /** From the west. */
    activation: input(this.#pe.activation),
    /** The sum is needed in the next slot: every step of a tile but its last. */
    keep: input(bool),
    last: input(bool),
    shift: input(bool),
    valid: optional(!this.#pe.zeroIsIdle, input(bool)),
    mode: optional(this.#pe.modeWidth > 0, input(uint(this.#pe.modeWidth))),
    /** From the north. */
    weight: input(residentType(this.#pe)),
    drain: input(this.#pe.sum),
    /** To the east. */
    activationOut: output(this.#pe.activation),
    keepOut: output(bool),
    lastOut: output(bool),
    shiftOut: output(bool),
    validOut: optional(!this.#pe.zeroIsIdle, output(bool)),
    modeOut: optional(this.#pe.modeWidth > 0, output(uint(this.#pe.modeWidth))),
    /** To the south. */
    weightOut: output(residentType(this.#pe)),
    drainOut: output(this.#pe.sum),
  });
  readonly activationReg = this.reg(this.#pe.activation);
  readonly keepReg = this.reg(bool);
  readonly lastReg = this.reg(bool);
  readonly shiftReg = this.reg(bool);
  readonly weightReg = this.reg(residentType(this.#pe));
  readonly accumulator = this.reg(this.#pe.sum);
  readonly drainReg = this.reg(this.#pe.sum);
  readonly sum = this.wire(this.#pe.sum);

  constructor(cfg: ElementConfig) {
    super(cfg);
    this.describe(`Output-stationary processing element: accumulator as sum, drained southwards; ${this.#pe.does}.`);
    const { p } = this;
    const { enable, mode, valid } = p;
    this.accumulate(p, this.accumulator, this.sum);
    when(enable, () => {
      this.activationReg.set(p.activation);
      this.keepReg.set(p.keep);
      this.lastReg.set(p.last);
      this.shiftReg.set(p.shift);
      this.weightReg.set(p.weight);
      this.drainInto(this.drainReg, p, this.sum);
    });
    p.activationOut.set(this.activationReg);
    p.keepOut.set(this.keepReg);
    p.lastOut.set(this.lastReg);
    p.shiftOut.set(this.shiftReg);
    if (valid) p.validOut?.set(this.delay(valid, 1, { enable }).named('validReg'));
    if (mode) p.modeOut?.set(this.delay(mode, 1, { enable }).named('modeReg'));
    p.weightOut.set(this.weightReg);
    p.drainOut.set(this.drainReg);
  }
}
