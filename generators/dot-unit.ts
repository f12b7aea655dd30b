// Wide-SIMD dot-product unit: one row of activations meets all resident weights in a slot, a tree adds up (design note 0022).
//
//   weight ─► shadows ─► weights            psum ─────────┐
//   act ─ register ─► rows × cols products ─► cols trees ─► + ─ register ─► out
//
// The streams are those of the weight-stationary array, the handshakes too but for `psum`, which is added at the end.

import { bool, counterType, input, optional, output, uint, vec, when } from '../hdl/index.ts';
import { fires } from '../hdl/std/stream.ts';
import { peOf, rowLatency, type UnitConfig } from './array-config.ts';
import { ArrayPe } from './array-pe.ts';
import { type ElementConfig, firstStep, processingElement, residentType } from './pe/index.ts';
import { RowUnit } from './row-unit.ts';
import { SumTree } from './sum-tree.ts';

/** A product with its weights: the active one, and the shadow that shifts north as the next ones come. */
class DotPe extends ArrayPe {
  readonly #pe = processingElement(this.cfg);
  readonly p = this.io({
    enable: input(bool),
    activation: input(this.#pe.activation),
    mode: optional(this.#pe.modeWidth > 0, input(uint(this.#pe.modeWidth))),
    load: input(bool),
    swap: input(bool),
    weight: input(residentType(this.#pe)),
    weightOut: output(residentType(this.#pe)),
    product: output(this.#pe.sum),
  });
  readonly weightShadow = this.reg(residentType(this.#pe));
  readonly weightActive = this.reg(residentType(this.#pe));
  readonly productReg = this.reg(this.#pe.sum);

  constructor(cfg: ElementConfig) {
    super(cfg);
    this.describe(`A product of the dot-product unit: ${this.#pe.does}, on a sum of zero.`);
    const { enable, activation, mode, weightOut, product } = this.p;
    const next = firstStep(this.#pe, this.host(enable), { activation, weight: this.weightActive, mode });
    when(enable, () => {
      this.productReg.set(next);
      this.keepWeights(this.p, this.weightShadow, this.weightActive);
    });
    weightOut.set(this.weightShadow);
    product.set(this.productReg);
  }
}

export class DotUnit extends RowUnit {
  /** The next activation beat is the first of a tile. */
  readonly start = this.reg(bool, { reset: true });
  /** Weight beats that wait in the shadow registers. */
  readonly loaded = this.reg(counterType(this.cfg.rows), { reset: 0 });
  readonly activationFront = this.reg(vec(this.pe.activation, this.cfg.rows));
  readonly accept = this.wire(bool);
  readonly swap = this.wire(bool);
  readonly load = this.wire(bool);

  constructor(cfg: UnitConfig) {
    super(cfg);
    const { rows, cols } = cfg;
    const pe = peOf(cfg);
    this.describe(`Dot-product unit of ${this.pe.name}, ${rows} lanes and ${cols} outputs.`);
    this.#control();
    const { advance, accept, swap, load, activationFront } = this;
    const { act, weight } = this.p;
    const products = this.mesh(DotPe, [rows, cols], pe);
    products.broadcast('enable', advance);
    products.broadcast('load', load);
    products.broadcast('swap', swap);
    products.feed('activation', [0], activationFront);
    products.shift([-1, 0], { from: 'weightOut', to: 'weight', enter: this.resident(weight.data) });
    const mode = this.modeFront(act.mode, accept);
    if (mode) products.broadcast('mode', mode);
    const trees = this.mesh(SumTree, [cols], { pe, length: rows });
    trees.broadcast('enable', advance);
    trees.feed('sums', [0], products.collect('product', [1, 0]));
    const depth = rowLatency(cfg);
    const rowValid = this.delay(accept, depth, { enable: advance, reset: true });
    const rowLast = this.delay(act.last, depth, { enable: advance });
    const rowAccumulate = this.delay(act.accumulate, depth, { enable: advance });
    this.output({ valid: rowValid, accumulate: rowAccumulate, last: rowLast, data: trees.collect('sum') });
  }

  /** Handshakes and bookkeeping. */
  #control(): void {
    const { advance, start, loaded, swap, accept, load } = this;
    const { act, weight } = this.p;
    const full = loaded.eq(this.cfg.rows).named('full');
    accept.set(advance.and(act.valid).and(start.not().or(full)));
    swap.set(accept.and(start));
    act.ready.set(accept);
    weight.ready.set(advance.and(full.not().or(swap)));
    load.set(fires(weight));
    when(accept, () => {
      start.set(act.last);
      this.activationFront.set(act.data);
    });
    this.countLoads(loaded, swap, load);
  }
}
