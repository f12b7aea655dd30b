// Tile of the output-stationary array: elements that share a slot (design note 0022).
//
// Operands reach all elements at once, without registers, which stand where they leave the tile. Sums drain south an element a slot, as without tiles. Latency 1 slot eastwards and
// southwards; what comes beside the operands as in os-pe.ts.

import { bool, input, Module, optional, output, uint, vec, when } from '../hdl/index.ts';
import { OsStep } from './os-pe.ts';
import { type ElementConfig, processingElement, residentType } from './pe/index.ts';
import type { TileConfig } from './ws-tile.ts';

class OsCell extends OsStep {
  readonly #pe = processingElement(this.cfg);
  readonly p = this.io({
    enable: input(bool),
    activation: input(this.#pe.activation),
    weight: input(residentType(this.#pe)),
    keep: input(bool),
    last: input(bool),
    shift: input(bool),
    valid: optional(!this.#pe.zeroIsIdle, input(bool)),
    mode: optional(this.#pe.modeWidth > 0, input(uint(this.#pe.modeWidth))),
    /** From the north. */
    drain: input(this.#pe.sum),
    /** To the south. */
    drainOut: output(this.#pe.sum),
  });
  readonly accumulator = this.reg(this.#pe.sum);
  readonly drainReg = this.reg(this.#pe.sum);
  readonly sum = this.wire(this.#pe.sum);

  constructor(cfg: ElementConfig) {
    super(cfg);
    this.describe(`Output-stationary element of a tile: ${this.#pe.does}.`);
    const { p } = this;
    this.accumulate(p, this.accumulator, this.sum);
    when(p.enable, () => this.drainInto(this.drainReg, p, this.sum));
    p.drainOut.set(this.drainReg);
  }
}

export class OsTile extends Module<TileConfig> {
  readonly #pe = processingElement(this.cfg.pe);
  readonly p = this.io({
    enable: input(bool),
    /** From the west. */
    activation: input(vec(this.#pe.activation, this.cfg.rows)),
    keep: input(bool),
    last: input(bool),
    shift: input(vec(bool, this.cfg.rows)),
    valid: optional(!this.#pe.zeroIsIdle, input(bool)),
    mode: optional(this.#pe.modeWidth > 0, input(uint(this.#pe.modeWidth))),
    /** From the north. */
    weight: input(vec(residentType(this.#pe), this.cfg.cols)),
    drain: input(vec(this.#pe.sum, this.cfg.cols)),
    /** To the east. */
    activationOut: output(vec(this.#pe.activation, this.cfg.rows)),
    keepOut: output(bool),
    lastOut: output(bool),
    shiftOut: output(vec(bool, this.cfg.rows)),
    validOut: optional(!this.#pe.zeroIsIdle, output(bool)),
    modeOut: optional(this.#pe.modeWidth > 0, output(uint(this.#pe.modeWidth))),
    /** To the south. */
    weightOut: output(vec(residentType(this.#pe), this.cfg.cols)),
    drainOut: output(vec(this.#pe.sum, this.cfg.cols)),
  });

  constructor(cfg: TileConfig) {
    super(cfg);
    const { rows, cols, pe } = cfg;
    this.describe(`Tile of ${rows} rows by ${cols} columns that share a slot.`);
    const { p } = this;
    const { enable, activation, keep, last, shift, valid, mode, weight, drain } = p;
    const cells = this.mesh(OsCell, [rows, cols], pe);
    cells.broadcast('enable', enable);
    cells.broadcast('keep', keep);
    cells.broadcast('last', last);
    if (valid) cells.broadcast('valid', valid);
    if (mode) cells.broadcast('mode', mode);
    cells.feed('activation', [0], activation);
    cells.feed('shift', [0], shift);
    cells.feed('weight', [1], weight);
    cells.shift([1, 0], { from: 'drainOut', to: 'drain', enter: drain, leave: p.drainOut });
    const later = { enable };
    p.activationOut.set(this.delay(activation, 1, later).named('activationReg'));
    p.keepOut.set(this.delay(keep, 1, later).named('keepReg'));
    p.lastOut.set(this.delay(last, 1, later).named('lastReg'));
    p.shiftOut.set(this.delay(shift, 1, later).named('shiftReg'));
    if (valid) p.validOut?.set(this.delay(valid, 1, later).named('validReg'));
    if (mode) p.modeOut?.set(this.delay(mode, 1, later).named('modeReg'));
    p.weightOut.set(this.delay(weight, 1, later).named('weightReg'));
  }
}
