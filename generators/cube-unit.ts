// Cube: D = A·B + C of 4×4 matrices a slot, as a tensor core does (design note 0022).
//
//   act, weight ─ registers ─► 4×4×4 products ─► 16 trees ─► 16 accumulators ─► + psum ─ register ─► out
//
// Pairs of beats as in the output-stationary array; a tile of any K leaves as one beat. The products' registers are outside of the recurrence: sums of several cycles are
// welcome. Refused: another shape.

import { type Bool, bool, input, mux, optional, output, uint, type VecValue, vec, when } from '../hdl/index.ts';
import { CUBE, peOf, rowLatency, type UnitConfig } from './array-config.ts';
import { ArrayPe } from './array-pe.ts';
import { listOf } from './list-of.ts';
import { type ElementConfig, firstStep, processingElement, residentType } from './pe/index.ts';
import { refuse } from './refuse.ts';
import { RowUnit } from './row-unit.ts';
import { SumTree } from './sum-tree.ts';

/** A product: a step on a sum of zero. */
class CubeProduct extends ArrayPe {
  readonly #pe = processingElement(this.cfg);
  readonly p = this.io({
    enable: input(bool),
    activation: input(this.#pe.activation),
    weight: input(residentType(this.#pe)),
    mode: optional(this.#pe.modeWidth > 0, input(uint(this.#pe.modeWidth))),
    product: output(this.#pe.sum),
  });
  readonly productReg = this.reg(this.#pe.sum);

  constructor(cfg: ElementConfig) {
    super(cfg);
    this.describe(`A product of the cube: ${this.#pe.does}, on a sum of zero.`);
    const { enable, activation, weight, mode, product } = this.p;
    const next = firstStep(this.#pe, this.host(enable), { activation, weight, mode });
    when(enable, () => this.productReg.set(next));
    product.set(this.productReg);
  }
}

/** An element of D: four products, their sum, and the sum of all. */
class CubeCell extends ArrayPe {
  readonly #pe = processingElement(this.cfg);
  readonly p = this.io({
    enable: input(bool),
    activations: input(vec(this.#pe.activation, CUBE)),
    weights: input(vec(residentType(this.#pe), CUBE)),
    mode: optional(this.#pe.modeWidth > 0, input(uint(this.#pe.modeWidth))),
    /** Of the sum of products that reaches the accumulator. */
    valid: input(bool),
    first: input(bool),
    sum: output(this.#pe.sum),
  });
  readonly accumulator = this.reg(this.#pe.sum);

  constructor(cfg: ElementConfig) {
    super(cfg);
    this.describe('An element of the cube: four products, a tree, an accumulator.');
    const { enable, activations, weights, mode, valid, first, sum } = this.p;
    const products = this.mesh(CubeProduct, [CUBE], cfg);
    products.broadcast('enable', enable);
    products.feed('activation', [0], activations);
    products.feed('weight', [0], weights);
    if (mode) products.broadcast('mode', mode);
    const tree = this.inst(SumTree, { pe: cfg, length: CUBE });
    tree.enable.set(enable);
    tree.sums.set(products.collect('product'));
    const total = this.#pe.add(this.host(enable), this.accumulator, tree.sum);
    when(enable.and(valid), () => this.accumulator.set(mux(first, tree.sum, total)));
    sum.set(this.accumulator);
  }
}

export class CubeUnit extends RowUnit {
  /** The next pair of beats is the first of a tile. */
  readonly start = this.reg(bool, { reset: true });
  readonly accept = this.wire(bool);
  readonly activationFront = this.reg(vec(this.pe.activation, CUBE * CUBE));
  readonly weightFront = this.reg(vec(residentType(this.pe), CUBE * CUBE));

  constructor(cfg: UnitConfig) {
    super(cfg);
    if (cfg.rows !== CUBE || cfg.cols !== CUBE)
      refuse(`a cube of ${cfg.rows} rows and ${cfg.cols} columns`, `give ${CUBE} of both: a cube is ${CUBE}×${CUBE}×${CUBE}`);
    this.describe(`Cube of ${this.pe.name}: products of ${CUBE}×${CUBE} matrices.`);
    const { advance, accept, start, activationFront, weightFront } = this;
    const { act, weight } = this.p;
    const resident = this.resident(weight.data);
    accept.set(advance.and(act.valid).and(weight.valid));
    act.ready.set(accept);
    weight.ready.set(accept);
    when(accept, () => {
      start.set(act.last);
      activationFront.set(act.data);
      weightFront.set(resident);
    });
    const depth = rowLatency(cfg);
    const reaching = (bit: Bool, reset = false) => this.delay(bit, depth - 1, { enable: advance, reset });
    const cells = this.mesh(CubeCell, [CUBE, CUBE], peOf(cfg));
    cells.broadcast('enable', advance);
    cells.broadcast('valid', reaching(accept, true));
    cells.broadcast('first', reaching(start));
    cells.feed(
      'activations',
      [0],
      grid((row, k) => activationFront.at(CUBE * row + k)),
    );
    cells.feed(
      'weights',
      [1],
      grid((col, k) => weightFront.at(CUBE * k + col)),
    );
    const mode = this.modeFront(act.mode, accept);
    if (mode) cells.broadcast('mode', mode);
    const sums = cells.collect('sum');
    const data = listOf(CUBE * CUBE, (i) => sums.at(Math.floor(i / CUBE)).at(i % CUBE));
    const rowValid = this.delay(accept.and(act.last), depth, { enable: advance, reset: true });
    const rowAccumulate = this.delay(act.accumulate, depth, { enable: advance });
    this.output({ valid: rowValid, accumulate: rowAccumulate, last: rowValid, data });
  }
}

function grid<V>(make: (outer: number, inner: number) => V): VecValue<never> {
  return listOf(CUBE, (outer) => listOf(CUBE, (inner) => make(outer, inner)));
}
