// Output-stationary matrix unit: operands pass through an array of resident sums.
//
//                  weight ─ register ─ skew ─┐
//                                            ▼
//   act ─ register ─ skew ─►  rows × cols of OsPe, one mesh  ─ deskew ─► + psum ─ register ─► out
//
// The first row of a tile leaves rows + cols + 1 slots after the tile's last beat, and as many more as the element has product stages; a tile drains while the next one accumulates. The exact
// behaviour of every output in every cycle is in docs/design/0003-matrix-unit.md.

import { type Bool, bool, counterType, lit, mux, uint, vec, when, zeros } from '../hdl/index.ts';
import { type ArrayConfig, peOf } from './array-config.ts';
import { ArrayUnit } from './array-unit.ts';
import { OsPe } from './os-pe.ts';
import { OutputCell } from './output-cell.ts';
import { refuse } from './refuse.ts';
import { unitPorts } from './unit-ports.ts';
import { shiftIn, wavefront } from './wavefront.ts';

export class OsUnit extends ArrayUnit {
  readonly p = this.io(unitPorts(this.cfg));
  /** The whole pipeline moves, or nothing does. */
  readonly advance = this.wire(bool);
  /** The output register can take a row. */
  readonly outFree = this.wire(bool);
  /** The next pair of beats is the first of a tile. */
  readonly start = this.reg(bool, { reset: true });
  /** Slots until the next tile may end, so that its sums find the drain registers empty. */
  readonly drainLeft = this.reg(counterType(this.cfg.rows - 1), { reset: 0 });
  readonly accept = this.wire(bool);
  readonly tileEnd = this.wire(bool);
  readonly outValidReg = this.reg(bool, { reset: false });
  readonly outLastReg = this.reg(bool);

  constructor(cfg: ArrayConfig) {
    super(cfg);
    const { rows, cols } = cfg;
    const { name, sumStages } = this.pe;
    if (sumStages > 1)
      refuse(
        `an output-stationary array of ${name}, whose sums take ${sumStages} cycles`,
        'give sumStages of 1 and the rest as productStages, or take a weight-stationary array',
      );
    this.describe(`Output-stationary ${name} matrix unit, ${rows} rows by ${cols} columns.`);
    this.#control();
    const { advance, outFree, outValidReg } = this;
    const { psum, out } = this.p;

    const drain = this.#drainControl();
    const rowData = this.#array(drain.shiftRows);
    const rowValid = this.delay(drain.active, cols - 1, { enable: advance, reset: true });
    const rowLast = this.delay(drain.last, cols - 1, { enable: advance });
    const rowAccumulate = this.delay(drain.accumulate, cols - 1, { enable: advance });

    const needsPsum = rowValid.and(rowAccumulate).named('needsPsum');
    const rowComplete = rowValid.and(rowAccumulate.not().or(psum.valid));
    outFree.set(outValidReg.not().or(out.ready));
    advance.set(outFree.and(needsPsum.not().or(psum.valid)));
    psum.ready.set(outFree.and(needsPsum));

    const outputs = this.mesh(OutputCell, [cols], peOf(cfg));
    outputs.broadcast('enable', outFree);
    outputs.broadcast('accumulate', rowAccumulate);
    outputs.feed('row', [0], rowData);
    outputs.feed('psum', [0], psum.data);
    when(outFree, () => {
      outValidReg.set(rowComplete);
      this.outLastReg.set(rowLast);
    });
    out.valid.set(outValidReg);
    out.last.set(this.outLastReg);
    out.data.set(outputs.collect('sum'));
  }

  /** Handshakes and bookkeeping. */
  #control(): void {
    const { advance, start, drainLeft, accept, tileEnd } = this;
    const { act, weight } = this.p;
    const go = act.valid.and(weight.valid).and(act.last.not().or(drainLeft.eq(0)));
    accept.set(advance.and(go));
    tileEnd.set(accept.and(act.last));
    act.ready.set(accept);
    weight.ready.set(accept);
    when(accept, () => start.set(act.last));
    when(advance, () => {
      when(tileEnd, () => drainLeft.set(this.cfg.rows - 1)).elsewhen(drainLeft.ne(0), () => drainLeft.set(drainLeft.subw(1)));
    });
  }

  /** The array with its input registers and skews; gives the bottom row with all columns aligned. */
  #array(shiftRows: ReturnType<typeof wavefront>) {
    const { advance, accept, start, tileEnd } = this;
    const { rows, cols } = this.cfg;
    const { act, weight } = this.p;
    const { activation, weight: weightType, sum, productStages, zeroIsIdle } = this.pe;
    const operands = vec(activation, rows);
    const activationFront = this.reg(operands);
    const weightFront = this.reg(vec(weightType, cols));
    const firstFront = this.reg(bool);
    const lastFront = this.reg(bool);
    const firstHistory = rows > 1 ? this.reg(uint(rows - 1)) : undefined;
    const lastHistory = rows > 1 ? this.reg(uint(rows - 1)) : undefined;
    const validFront = zeroIsIdle ? undefined : this.reg(bool);
    const validHistory = validFront && rows > 1 ? this.reg(uint(rows - 1)) : undefined;
    // What is said of a step meets its product.
    const [first, last] = [firstFront, lastFront].map((bit) => this.delay<Bool>(bit, productStages, { enable: advance })) as [Bool, Bool];
    const valid = validFront && this.delay(validFront, productStages, { enable: advance });
    when(advance, () => {
      // An empty slot multiplies by zero, which leaves every sum as it is.
      activationFront.set(mux(accept, act.data.reversed(), zeros(operands)));
      firstFront.set(accept.and(start));
      lastFront.set(tileEnd);
      firstHistory?.set(shiftIn(firstHistory, first));
      lastHistory?.set(shiftIn(lastHistory, last));
      validFront?.set(accept);
      if (valid) validHistory?.set(shiftIn(validHistory, valid));
    });
    when(accept, () => weightFront.set(weight.data));

    const modes = this.modes(act.mode, accept, advance);
    const pes = this.mesh(OsPe, [rows, cols], peOf(this.cfg));
    const activations = this.skew(activationFront, { first: 0, step: 1 }, { enable: advance });
    const weights = this.skew(weightFront, { first: 0, step: 1 }, { enable: advance });
    const bottom = this.wire(vec(sum, cols));
    pes.broadcast('enable', advance);
    pes.shift([0, 1], { from: 'activationOut', to: 'activation', enter: activations });
    pes.shift([0, 1], { from: 'firstOut', to: 'first', enter: wavefront(first, firstHistory) });
    pes.shift([0, 1], { from: 'lastOut', to: 'last', enter: wavefront(last, lastHistory) });
    pes.shift([0, 1], { from: 'shiftOut', to: 'shift', enter: shiftRows });
    if (valid) pes.shift([0, 1], { from: 'validOut', to: 'valid', enter: wavefront(valid, validHistory) });
    if (modes) pes.shift([0, 1], { from: 'modeOut', to: 'mode', enter: modes });
    pes.shift([1, 0], { from: 'weightOut', to: 'weight', enter: weights });
    pes.shift([1, 0], { from: 'drainOut', to: 'drain', enter: zeros(vec(sum, cols)), leave: bottom });
    const rowData = this.skew(bottom, { first: cols - 1, step: -1 }, { enable: advance });
    return rowData;
  }

  /** Row i of a tile leaves the array i slots after the drain starts; in that slot the rows below the i-th from the top shift. */
  #drainControl() {
    const { advance, tileEnd } = this;
    const { rows } = this.cfg;
    const { productStages } = this.pe;
    const no = lit(bool, false);
    const drainStart = this.delay(tileEnd, rows + 1 + productStages, { enable: advance, reset: true });
    const startAccumulate = this.delay(this.p.act.accumulate, rows + 1 + productStages, { enable: advance });
    const rowsLeft = this.reg(uint(rows), { reset: 0 });
    const draining = this.reg(bool, { reset: false });
    const tileAccumulate = this.reg(bool);
    const allButFirst = shiftIn(zeros(uint(rows)).not(), no);
    const shiftRows = mux(drainStart, allButFirst, rowsLeft).named('shiftRows');
    const active = drainStart.or(draining).named('rowActive');
    const accumulate = mux(drainStart, startAccumulate, tileAccumulate).named('activeAccumulate');
    when(advance, () => {
      rowsLeft.set(shiftIn(shiftRows, no));
      draining.set(active.and(shiftRows.orR()));
      tileAccumulate.set(accumulate);
    });
    return { shiftRows: shiftRows.asBools(), active, accumulate, last: shiftRows.eq(0) };
  }
}
