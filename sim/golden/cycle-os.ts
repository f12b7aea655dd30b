/**
 * The output-stationary unit of design note 0003 as slot numbers.
 * Invariant: slots count the cycles with `advance` high; row i of a tile that ended in slot s is in the last stage of
 * the row pipeline while the slot number is s + R + C + P + i (design note 0018). Rows are numbered through all tiles: R rows a tile.
 * Refused: nothing; the streams are checked by `predict`.
 */
import { type CycleRules, flagBits, offerBits } from './cycle-rules.ts';
import { timingOf } from './pe/timing.ts';
import type { MatrixUnit } from './shape.ts';
import type { ActFlags } from './streams.ts';

/** The rules of the section "os"; every local name that the page has too means the same. */
export class OsRules implements CycleRules {
  ripening = false;
  private readonly rows: number;
  private readonly latency: number;
  private readonly act: ActFlags;
  private readonly endSlot: number[] = [];
  private readonly endAccumulates: boolean[] = [];
  private accepted = 0;
  private slot = 0;
  /** Rows that left the row pipeline, which is the number of the row in its last stage, if one is there. */
  private taken = 0;
  private outValid = false;

  constructor(unit: MatrixUnit, act: ActFlags) {
    this.rows = unit.rows;
    this.latency = unit.rows + unit.cols + timingOf(unit).productStages;
    this.act = act;
  }

  cycle(offer: number): number {
    const { rows, latency, act, endSlot, endAccumulates, accepted, slot, taken, outValid } = this;
    const tile = Math.floor(taken / rows);
    const inFlight = tile < endSlot.length;
    const rowValid = inFlight && endSlot[tile] === slot - latency - (taken % rows);
    const rowAccumulates = rowValid && endAccumulates[tile] === true;
    const rowComplete = rowValid && (!rowAccumulates || (offer & offerBits.psumValid) !== 0);
    const outFree = !outValid || (offer & offerBits.outReady) !== 0;
    const advance = outFree && rowValid === rowComplete;

    const pair = offerBits.actValid | offerBits.weightValid;
    const pairValid = (offer & pair) === pair;
    const ends = pairValid && act.last[accepted] === 1;
    // The page counts drainLeft down; it is 0 from R slots after the last end of a tile.
    const drained = slot - (endSlot.at(-1) ?? -rows) >= rows;
    const fire = advance && pairValid && (!ends || drained);

    let flags = 0;
    if (fire) flags |= flagBits.actReady | flagBits.weightReady;
    if (outFree && rowAccumulates) flags |= flagBits.psumReady;
    if (outValid) flags |= flagBits.outValid;
    // The row in the output register is the one taken last.
    if (outValid && taken % rows === 0) flags |= flagBits.outLast;

    if (fire) {
      if (ends) {
        endSlot.push(slot);
        endAccumulates.push(act.accumulate[accepted] === 1);
      }
      this.accepted = accepted + 1;
    }
    if (outFree) {
      this.outValid = rowComplete;
      if (rowComplete) this.taken = taken + 1;
    }
    if (advance) this.slot = slot + 1;
    this.ripening = advance && inFlight;
    return flags;
  }
}
