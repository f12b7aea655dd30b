// What turns a weight into the form that the elements of its column take; combinational.

import { input, Module, output } from '../hdl/index.ts';
import { type ElementConfig, processingElement, residentOf, residentType } from './pe/index.ts';

export class WeightRecoder extends Module<ElementConfig> {
  readonly #pe = processingElement(this.cfg);
  readonly p = this.io({ weight: input(this.#pe.weight), recoded: output(residentType(this.#pe)) });

  constructor(cfg: ElementConfig) {
    super(cfg);
    this.describe(`Weights of ${this.#pe.name} as its elements take them.`);
    this.p.recoded.set(residentOf(this.#pe, this.p.weight));
  }
}
