// Tile of the weight-stationary array: elements that share a slot (design note 0022).
//
// Operands reach all elements at once and sums are chained, both without registers, which stand where they leave the tile. Weights shift south an element a slot, as without
// tiles. Latency 1 slot eastwards and southwards. Refused: sums of several cycles.

import { bool, input, Module, optional, output, uint, vec, when } from '../hdl/index.ts';
import type { TileSize } from './array-config.ts';
import { ArrayPe } from './array-pe.ts';
import { type ElementConfig, processingElement, residentType } from './pe/index.ts';

/** A tile of elements. */
export interface TileConfig extends TileSize {
  readonly pe: ElementConfig;
}

class WsCell extends ArrayPe {
  readonly #pe = processingElement(this.cfg);
  readonly p = this.io({
    enable: input(bool),
    activation: input(this.#pe.activation),
    load: input(bool),
    swap: input(bool),
    mode: optional(this.#pe.modeWidth > 0, input(uint(this.#pe.modeWidth))),
    /** From the north. */
    weight: input(residentType(this.#pe)),
    sum: input(this.#pe.sum),
    /** To the south. */
    weightOut: output(residentType(this.#pe)),
    sumOut: output(this.#pe.sum),
  });
  readonly weightShadow = this.reg(residentType(this.#pe));
  readonly weightActive = this.reg(residentType(this.#pe));

  constructor(cfg: ElementConfig) {
    super(cfg);
    this.describe(`Weight-stationary element of a tile: ${this.#pe.does}; the sum is combinational.`);
    const { p } = this;
    const { enable, activation, mode, sum } = p;
    p.sumOut.set(this.#pe.step(this.host(enable), { activation, weight: this.weightActive, sum, mode }));
    when(enable, () => this.keepWeights(p, this.weightShadow, this.weightActive));
    p.weightOut.set(this.weightShadow);
  }
}

export class WsTile extends Module<TileConfig> {
  readonly #pe = processingElement(this.cfg.pe);
  readonly p = this.io({
    enable: input(bool),
    /** From the west. */
    activation: input(vec(this.#pe.activation, this.cfg.rows)),
    load: input(vec(bool, this.cfg.rows)),
    swap: input(bool),
    mode: optional(this.#pe.modeWidth > 0, input(uint(this.#pe.modeWidth))),
    /** From the north. */
    weight: input(vec(residentType(this.#pe), this.cfg.cols)),
    sum: input(vec(this.#pe.sum, this.cfg.cols)),
    /** To the east. */
    activationOut: output(vec(this.#pe.activation, this.cfg.rows)),
    loadOut: output(vec(bool, this.cfg.rows)),
    swapOut: output(bool),
    modeOut: optional(this.#pe.modeWidth > 0, output(uint(this.#pe.modeWidth))),
    /** To the south. */
    weightOut: output(vec(residentType(this.#pe), this.cfg.cols)),
    sumOut: output(vec(this.#pe.sum, this.cfg.cols)),
  });

  constructor(cfg: TileConfig) {
    super(cfg);
    const { rows, cols, pe } = cfg;
    this.describe(`Tile of ${rows} rows by ${cols} columns that share a slot.`);
    const { p } = this;
    const { enable, activation, load, swap, mode, weight, sum } = p;
    const sums = this.wire(vec(this.#pe.sum, cols));
    const cells = this.mesh(WsCell, [rows, cols], pe);
    cells.broadcast('enable', enable);
    cells.broadcast('swap', swap);
    if (mode) cells.broadcast('mode', mode);
    cells.feed('activation', [0], activation);
    cells.feed('load', [0], load);
    cells.shift([1, 0], { from: 'weightOut', to: 'weight', enter: weight, leave: p.weightOut });
    cells.shift([1, 0], { from: 'sumOut', to: 'sum', enter: sum, leave: sums });
    const later = { enable };
    p.activationOut.set(this.delay(activation, 1, later).named('activationReg'));
    p.loadOut.set(this.delay(load, 1, later).named('loadReg'));
    p.swapOut.set(this.delay(swap, 1, later).named('swapReg'));
    if (mode) p.modeOut?.set(this.delay(mode, 1, later).named('modeReg'));
    p.sumOut.set(this.delay(sums, 1, later).named('sumReg'));
  }
}
