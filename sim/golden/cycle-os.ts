/**
 * The units whose sums stay as slot numbers: the output-stationary array of design note 0003, the cube of 0022.
 * Invariant: a tile that ended in slot s enters its rows into the output stage in that slot; the next may end when they have left the array.
 * Refused: nothing; the streams are checked by `predict`.
 */
import { OutputStage } from './cycle-output.ts';
import { type CycleRules, flagBits, offerBits } from './cycle-rules.ts';
import type { ActFlags } from './streams.ts';

/** The rules of the section "os"; every local name that the page has too means the same. */
export class OsRules implements CycleRules {
  private readonly rows: number;
  private readonly through: boolean;
  private readonly act: ActFlags;
  private readonly out: OutputStage;
  private lastEnd: number;
  private accepted = 0;

  /** @param rows out beats a tile */
  constructor(rows: number, latency: number, act: ActFlags, through = false) {
    this.rows = rows;
    this.through = through;
    this.out = new OutputStage(latency);
    this.act = act;
    // Through the accumulators the first slot after a reset is empty.
    this.lastEnd = -rows;
  }

  get ripening(): boolean {
    // Asked when a cycle is over: in its slot nothing could begin.
    return this.out.ripening || !this.#mayBegin(this.out.slot - 1);
  }

  /** Through the accumulators tiles begin when the one before has left. */
  #mayBegin(slot: number): boolean {
    return !this.through || slot - this.lastEnd > this.rows;
  }

  cycle(offer: number): number {
    const { rows, act, out, accepted } = this;
    let flags = out.begin(offer);
    const pair = offerBits.actValid | offerBits.weightValid;
    const pairValid = (offer & pair) === pair;
    const ends = pairValid && act.last[accepted] === 1;
    // The page counts drainLeft down; it is 0 from R slots after the last end of a tile.
    const drained = out.slot - this.lastEnd >= rows;
    if (out.advance && pairValid && (!ends || drained) && this.#mayBegin(out.slot)) {
      flags |= flagBits.actReady | flagBits.weightReady;
      if (ends) {
        this.lastEnd = out.slot;
        out.enter(rows, act.accumulate[accepted] === 1);
      }
      this.accepted = accepted + 1;
    }
    out.end();
    return flags;
  }
}
