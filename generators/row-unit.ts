// What units have in common whose sums leave as rows through an output register (design notes 0003 "os" and 0022).
//
// Invariant: `advance` enables everything in front of that register; a row waits in front of it for its partial sum.

import { type Bool, bool, counterType, lit, mux, type UIntType, uint, type VecValue, when, zeros } from '../hdl/index.ts';
import { peOf } from './array-config.ts';
import { ArrayUnit } from './array-unit.ts';
import { OutputCell } from './output-cell.ts';
import { refuse } from './refuse.ts';
import { unitPorts } from './unit-ports.ts';
import { shiftIn } from './wavefront.ts';

/** A row of sums with all columns aligned, in front of the output register. */
interface Row {
  readonly valid: Bool;
  readonly accumulate: Bool;
  /** Ends a tile. */
  readonly last: Bool;
  readonly data: VecValue<UIntType>;
}

export abstract class RowUnit extends ArrayUnit {
  readonly p = this.io(unitPorts(this.cfg));
  /** The whole pipeline moves, or nothing does. */
  readonly advance = this.wire(bool);
  /** The output register can take a row. */
  readonly outFree = this.wire(bool);
  readonly outValidReg = this.reg(bool, { reset: false });
  readonly outLastReg = this.reg(bool);

  /** Connects `psum` and `out`, and says when everything advances. */
  protected output(row: Row): void {
    const { advance, outFree, outValidReg, outLastReg } = this;
    const { psum, out } = this.p;
    const needsPsum = row.valid.and(row.accumulate).named('needsPsum');
    const rowComplete = row.valid.and(row.accumulate.not().or(psum.valid));
    outFree.set(outValidReg.not().or(out.ready));
    advance.set(outFree.and(needsPsum.not().or(psum.valid)));
    psum.ready.set(outFree.and(needsPsum));

    const outputs = this.mesh(OutputCell, [row.data.length], peOf(this.cfg));
    outputs.broadcast('enable', outFree);
    outputs.broadcast('accumulate', row.accumulate);
    outputs.feed('row', [0], row.data);
    outputs.feed('psum', [0], psum.data);
    when(outFree, () => {
      outValidReg.set(rowComplete);
      outLastReg.set(row.last);
    });
    out.valid.set(outValidReg);
    out.last.set(outLastReg);
    out.data.set(outputs.collect('sum'));
  }

  /** Refuses elements whose sums cannot stay. */
  protected checkResidentSums(form: string): void {
    const { name, sumStages } = this.pe;
    if (sumStages > 1)
      refuse(
        `${form} array of ${name}, whose sums take ${sumStages} cycles`,
        'give sumStages of 1 and the rest as productStages, or take a weight-stationary array',
      );
  }

  /** Slots until the next tile may end, so that its sums find the drain registers empty (through the accumulators: until it may begin, an empty slot after a reset among them); `tileEnd` sets it. */
  protected drainCounter(tileEnd: Bool) {
    const { rows, drain } = this.cfg;
    const [slots, atFirst] = drain === 'through' ? [rows, 1] : [rows - 1, 0];
    const drainLeft = this.reg(counterType(slots), { reset: atFirst });
    when(this.advance, () => {
      when(tileEnd, () => drainLeft.set(slots)).elsewhen(drainLeft.ne(0), () => drainLeft.set(drainLeft.subw(1)));
    });
    return drainLeft;
  }

  /**
   * Row i of a tile leaves the array i slots after the drain starts; in that slot the rows below the i-th from the top shift. Through the accumulators the i-th shifts too, which clears it; a
   * drain that nobody sees clears all with the empty slot after a reset.
   */
  protected drainControl(drainStart: Bool, startAccumulate: Bool) {
    const { rows } = this.cfg;
    const through = this.cfg.drain === 'through';
    const no = lit(bool, false);
    const rowsLeft = this.reg(uint(rows), { reset: 0 });
    const draining = this.reg(bool, { reset: false });
    const tileAccumulate = this.reg(bool);
    const all = zeros(uint(rows)).not();
    const fresh = through ? this.reg(bool, { reset: true }).named('fresh') : undefined;
    const clear = fresh && this.delay<Bool>(fresh, this.pe.productStages + 1, { enable: this.advance, reset: true });
    const shiftRows = mux(clear ? drainStart.or(clear) : drainStart, through ? all : shiftIn(all, no), rowsLeft).named('shiftRows');
    const following = shiftIn(shiftRows, no);
    const waiting = through ? following : shiftRows;
    const active = drainStart.or(draining).named('rowActive');
    const accumulate = mux(drainStart, startAccumulate, tileAccumulate).named('activeAccumulate');
    when(this.advance, () => {
      rowsLeft.set(following);
      fresh?.set(false);
      draining.set(active.and(waiting.orR()));
      tileAccumulate.set(accumulate);
    });
    return { shiftRows: shiftRows.asBools(), active, accumulate, last: waiting.eq(0) };
  }
}
