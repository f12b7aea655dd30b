// Output-stationary matrix unit: operands pass through an array of resident sums.
//
//                  weight ─ register ─ skew ─┐
//                                            ▼
//   act ─ register ─ skew ─►  rows × cols of OsPe, one mesh  ─ deskew ─► + psum ─ register ─► out
//
// The first row of a tile leaves rows + cols + 1 slots after the tile's last beat, and as many more as the element has product stages; a tile drains while the next one accumulates. The exact
// behaviour of every output in every cycle is in docs/design/0003-matrix-unit.md.

import { type Bool, bool, mux, vec, when, zeros } from '../hdl/index.ts';
import type { MeshHandle } from '../hdl/mesh.ts';
import type { SpecOfModule } from '../hdl/module.ts';
import { tileOf, tilesIn, type UnitConfig } from './array-config.ts';
import { OsPe } from './os-pe.ts';
import { OsThroughPe } from './os-through-pe.ts';
import { OsTile } from './os-tile.ts';
import { residentType } from './pe/index.ts';
import { RowUnit } from './row-unit.ts';
import type { wavefront } from './wavefront.ts';

export class OsUnit extends RowUnit {
  readonly accept = this.wire(bool);
  readonly tileEnd = this.wire(bool);

  constructor(cfg: UnitConfig) {
    super(cfg);
    const { rows, cols } = cfg;
    const tiles = tilesIn(cfg);
    const { name, productStages } = this.pe;
    this.checkResidentSums('an output-stationary');
    this.checkTile();
    this.checkDrain();
    this.describe(`Output-stationary ${name} matrix unit, ${rows} rows by ${cols} columns.`);
    this.#control();
    const { advance, tileEnd } = this;
    const drainStart = this.delay(tileEnd, tiles.rows + 1 + productStages, { enable: advance, reset: true });
    const startAccumulate = this.delay(this.p.act.accumulate, tiles.rows + 1 + productStages, { enable: advance });
    const drain = this.drainControl(drainStart, startAccumulate);
    const rowData = this.#array(drain.shiftRows);
    const rowValid = this.delay(drain.active, tiles.cols - 1, { enable: advance, reset: true });
    const rowLast = this.delay(drain.last, tiles.cols - 1, { enable: advance });
    const rowAccumulate = this.delay(drain.accumulate, tiles.cols - 1, { enable: advance });
    this.output({ valid: rowValid, accumulate: rowAccumulate, last: rowLast, data: rowData });
  }

  /** Handshakes and bookkeeping. */
  #control(): void {
    const { advance, accept, tileEnd } = this;
    const { act, weight } = this.p;
    const drainLeft = this.drainCounter(tileEnd);
    const drained = drainLeft.eq(0);
    const go = act.valid.and(weight.valid).and(this.cfg.drain === 'through' ? drained : act.last.not().or(drained));
    accept.set(advance.and(go));
    tileEnd.set(accept.and(act.last));
    act.ready.set(accept);
    weight.ready.set(accept);
  }

  /** Where tiles end, for elements that keep finished sums apart. */
  #tileEnds(pes: MeshHandle<SpecOfModule<OsPe>>): void {
    const { advance, accept, tileEnd } = this;
    const { productStages } = this.pe;
    // The next pair of beats is the first of a tile. Between tiles it stays, so the slot in front of a tile finds every sum cleared.
    const start = this.reg(bool, { reset: true });
    const lastFront = this.reg(bool);
    when(accept, () => start.set(this.p.act.last));
    when(advance, () => lastFront.set(tileEnd));
    const last = this.delay(lastFront, productStages, { enable: advance });
    const keep = this.delay<Bool>(start.not(), productStages, { enable: advance, reset: true });
    pes.shift([0, 1], { from: 'keepOut', to: 'keep', enter: this.front(keep, 'keep', advance) });
    pes.shift([0, 1], { from: 'lastOut', to: 'last', enter: this.front(last, 'last', advance) });
  }

  /** The array with its input registers and skews; gives the bottom row with all columns aligned. */
  #array(shiftRows: ReturnType<typeof wavefront>) {
    const { advance, accept } = this;
    const { rows, cols } = this.cfg;
    const [tile, tiles] = [tileOf(this.cfg), tilesIn(this.cfg)];
    const { act, weight } = this.p;
    const { activation, sum, productStages, zeroIsIdle } = this.pe;
    const operands = vec(activation, rows);
    const activationFront = this.reg(operands);
    const weightFront = this.reg(vec(residentType(this.pe), cols), this.known);
    const validFront = zeroIsIdle ? undefined : this.reg(bool);
    // What is said of a step meets its product.
    const valid = validFront && this.delay(validFront, productStages, { enable: advance });
    when(advance, () => {
      // An empty slot multiplies by zero, which leaves every sum as it is.
      activationFront.set(mux(accept, act.data.reversed(), zeros(operands)));
      validFront?.set(accept);
    });
    const resident = this.resident(weight.data);
    when(accept, () => weightFront.set(resident));

    const modes = this.modes(act.mode, accept, advance);
    const through = this.cfg.drain === 'through';
    // The one has ports of the same names that the other has, but for those of #tileEnds.
    const pes = this.elements(through ? (OsThroughPe as unknown as typeof OsPe) : OsPe, OsTile);
    const activations = this.skew(this.byTile(activationFront, tile.rows), { first: 0, step: 1 }, { enable: advance });
    const weights = this.skew(this.byTile(weightFront, tile.cols), { first: 0, step: 1 }, { enable: advance });
    const bottom = this.bottom();
    pes.broadcast('enable', advance);
    pes.shift([0, 1], { from: 'activationOut', to: 'activation', enter: activations });
    if (!through) this.#tileEnds(pes);
    pes.shift([0, 1], { from: 'shiftOut', to: 'shift', enter: this.byTile(shiftRows, tile.rows) });
    if (valid) pes.shift([0, 1], { from: 'validOut', to: 'valid', enter: this.front(valid, 'valid', advance) });
    if (modes) pes.shift([0, 1], { from: 'modeOut', to: 'mode', enter: modes });
    pes.shift([1, 0], { from: 'weightOut', to: 'weight', enter: weights });
    pes.shift([1, 0], { from: 'drainOut', to: 'drain', enter: this.byTile(zeros(vec(sum, cols)), tile.cols), leave: bottom });
    return this.inLanes(this.skew(bottom, { first: tiles.cols - 1, step: -1 }, { enable: advance }), tile.cols);
  }
}
