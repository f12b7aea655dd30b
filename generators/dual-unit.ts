// Matrix unit of both dataflows, chosen by tile (design note 0022).
//
//   weight ┬──── loads ────────┬─ skew ─┐
//          └─ steps ─ register ┘        ▼
//   act ─ register ─ skew ─►  rows × cols of DualPe, one mesh  ─ deskew ─► + psum ─ register ─► out
//
// `weight.os` says to which dataflow a tile belongs. Both leave as rows, rows + cols + 1 slots after a beat (weight-stationary) or after the tile's last (the first row,
// output-stationary), and as many more as the element has product stages.

import { type Bool, bool, counterType, mux, uint, vec, when, zeros } from '../hdl/index.ts';
import { fires } from '../hdl/std/stream.ts';
import { peOf, type UnitConfig } from './array-config.ts';
import { DualPe } from './dual-pe.ts';
import { residentType } from './pe/index.ts';
import { RowUnit } from './row-unit.ts';
import type { wavefront } from './wavefront.ts';

export class DualUnit extends RowUnit {
  /** The next act beat is the first of a tile. */
  readonly start = this.reg(bool, { reset: true });
  /** The tile that is streaming is output-stationary. */
  readonly tileOs = this.reg(bool, { reset: false });
  /** Weight beats that wait in the array. */
  readonly loaded = this.reg(counterType(this.cfg.rows), { reset: 0 });
  /** Rows that the next load shifts: those that the swap before has passed already. */
  readonly loadRows = this.reg(uint(this.cfg.rows), { reset: 1 });
  /** A step was accepted in the slot before: its weights take the way of loads. */
  readonly paired = this.reg(bool, { reset: false });
  readonly os = this.wire(bool);
  readonly accept = this.wire(bool);
  readonly fireOs = this.wire(bool);
  readonly swap = this.wire(bool);
  readonly load = this.wire(bool);
  readonly tileEnd = this.wire(bool);

  constructor(cfg: UnitConfig) {
    super(cfg);
    const { rows, cols } = cfg;
    const { name, productStages } = this.pe;
    this.checkResidentSums('a ws+os');
    this.describe(`${name} matrix unit of both dataflows, ${rows} rows by ${cols} columns.`);
    this.#control();
    const { advance, accept, fireOs, tileEnd } = this;
    const { act } = this.p;
    const depth = rows + 1 + productStages;
    const moved = this.delay(accept.and(fireOs.not()), depth, { enable: advance, reset: true });
    const drainStart = this.delay(tileEnd, depth, { enable: advance, reset: true });
    const enteredAccumulate = this.delay(act.accumulate, depth, { enable: advance });
    const movedLast = this.delay(act.last, depth, { enable: advance });
    const drain = this.drainControl(drainStart, enteredAccumulate);
    const data = this.#array(drain.shiftRows);
    const rowValid = this.delay(moved.or(drain.active), cols - 1, { enable: advance, reset: true });
    const rowLast = this.delay(mux(moved, movedLast, drain.last), cols - 1, { enable: advance });
    const rowAccumulate = this.delay(mux(moved, enteredAccumulate, drain.accumulate), cols - 1, { enable: advance });
    this.output({ valid: rowValid, accumulate: rowAccumulate, last: rowLast, data });
  }

  /** Handshakes and bookkeeping. */
  #control(): void {
    const { advance, start, tileOs, loaded, paired, os, accept, fireOs, swap, load, tileEnd } = this;
    const { rows } = this.cfg;
    const { act, weight } = this.p;
    const drainLeft = this.drainCounter(tileEnd);
    const drained = drainLeft.eq(0).named('drained');
    const pair = weight.valid.and(weight.os as Bool).named('pair');
    const full = loaded.eq(rows).named('full');
    os.set(mux(start, loaded.eq(0).and(pair), tileOs));
    fireOs.set(advance.and(os).and(act.valid).and(pair).and(act.last.not().or(drained)));
    const fireWs = advance.and(os.not()).and(act.valid).and(start.not().or(full)).and(drained);
    accept.set(fireOs.or(fireWs));
    swap.set(fireWs.and(start));
    tileEnd.set(fireOs.and(act.last));
    act.ready.set(accept);
    const mayLoad = advance.and(paired.not()).and(start.or(tileOs.not())).and(full.not().or(swap));
    weight.ready.set(mux(pair, fireOs, mayLoad));
    load.set(fires(weight).and(pair.not()));
    when(accept, () => {
      start.set(act.last);
      tileOs.set(os);
    });
    when(advance, () => paired.set(fireOs));
    this.countLoads(loaded, swap, load);
  }

  /** The array with its input registers and skews; gives the bottom row with all columns aligned. */
  #array(shiftRows: ReturnType<typeof wavefront>) {
    const { advance, accept, fireOs, swap, load, paired, start } = this;
    const { rows, cols } = this.cfg;
    const { act, weight } = this.p;
    const { activation, sum, productStages } = this.pe;
    const resident = this.resident(weight.data);
    const activationFront = this.reg(vec(activation, rows));
    const weightFront = this.reg(vec(residentType(this.pe), cols));
    const [firstFront, takeFront] = [this.reg(bool).named('firstFront'), this.reg(bool).named('takeFront')];
    when(accept, () => activationFront.set(act.data.reversed()));
    when(fireOs, () => weightFront.set(resident));
    when(advance, () => {
      firstFront.set(fireOs.and(start));
      takeFront.set(accept.and(fireOs.not().or(act.last)));
    });
    // What is said of a step's sum meets its product.
    const first = this.delay(firstFront, productStages, { enable: advance });
    const take = this.delay(takeFront, productStages, { enable: advance });
    const front = (bit: Bool, name: string) => this.front(bit, name, advance);
    const loadLanes = this.loadLanes(this.loadRows, swap, load);
    const modes = this.modes(act.mode, accept, advance);
    const pes = this.mesh(DualPe, [rows, cols], peOf(this.cfg));
    const activations = this.skew(activationFront, { first: 0, step: 1 }, { enable: advance });
    const weights = this.skew(mux(paired, weightFront, resident), { first: 0, step: 1 }, { enable: advance });
    const bottom = this.wire(vec(sum, cols));
    pes.broadcast('enable', advance);
    pes.shift([0, 1], { from: 'activationOut', to: 'activation', enter: activations });
    pes.shift([0, 1], { from: 'loadOut', to: 'load', enter: loadLanes.asBools() });
    pes.shift([0, 1], { from: 'swapOut', to: 'swap', enter: front(swap, 'swap') });
    pes.shift([0, 1], { from: 'osOut', to: 'os', enter: front(paired, 'paired') });
    pes.shift([0, 1], { from: 'firstOut', to: 'first', enter: front(first, 'first') });
    pes.shift([0, 1], { from: 'takeOut', to: 'take', enter: front(take, 'take') });
    pes.shift([0, 1], { from: 'shiftOut', to: 'shift', enter: shiftRows });
    if (modes) pes.shift([0, 1], { from: 'modeOut', to: 'mode', enter: modes });
    pes.shift([1, 0], { from: 'weightOut', to: 'weight', enter: weights });
    pes.shift([1, 0], { from: 'sumOut', to: 'sum', enter: zeros(vec(sum, cols)), leave: bottom });
    return this.skew(bottom, { first: cols - 1, step: -1 }, { enable: advance });
  }
}
