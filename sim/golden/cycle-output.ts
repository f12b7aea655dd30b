/**
 * The output stage of design notes 0003 ("os") and 0022 as slot numbers: a pipeline of rows, and the register that adds the partial sum.
 * Invariant: slots count the cycles with `advance` high; row i of a group that entered in slot s is in the pipeline's last stage while the slot number is
 * s + `latency` + i.
 * Refused: nothing; the streams are checked by `predict`.
 */
import { flagBits, offerBits } from './cycle-rules.ts';

interface Group {
  readonly slot: number;
  readonly rows: number;
  readonly accumulates: boolean;
  readonly last: boolean;
}

/** One call of `begin` and one of `end` a cycle, `enter` between them. */
export class OutputStage {
  /** Of this cycle. */
  slot = 0;
  advance = false;
  /** Whether a slot passed in the last cycle with something in flight. */
  ripening = false;
  private readonly latency: number;
  private readonly groups: Group[] = [];
  /** The group whose row comes next, and how many of its rows left the pipeline. */
  private group = 0;
  private taken = 0;
  private outFree = false;
  private complete = false;
  private outValid = false;
  private outLast = false;

  constructor(latency: number) {
    this.latency = latency;
  }

  /** The flags of `out` and `psum` in this cycle. */
  begin(offer: number): number {
    const { groups, group, taken, slot, latency, outValid, outLast } = this;
    const next = groups[group];
    const rowValid = next !== undefined && next.slot === slot - latency - taken;
    const accumulates = rowValid && next.accumulates;
    this.complete = rowValid && (!accumulates || (offer & offerBits.psumValid) !== 0);
    this.outFree = !outValid || (offer & offerBits.outReady) !== 0;
    this.advance = this.outFree && rowValid === this.complete;
    this.ripening = this.advance && next !== undefined;
    const flags = (outValid ? flagBits.outValid : 0) | (outValid && outLast ? flagBits.outLast : 0);
    return flags | (this.outFree && accumulates ? flagBits.psumReady : 0);
  }

  /** Rows that are on their way from this slot on, the first of them `latency` slots before the last stage; `last` says whether their last one ends a tile. */
  enter(rows: number, accumulates: boolean, last = true): void {
    this.groups.push({ slot: this.slot, rows, accumulates, last });
  }

  end(): void {
    const { outFree, complete } = this;
    if (outFree) {
      this.outValid = complete;
      if (complete) {
        const { rows, last } = this.groups[this.group] as Group;
        this.taken++;
        this.outLast = last && this.taken === rows;
        if (this.taken === rows) {
          this.group++;
          this.taken = 0;
        }
      }
    }
    if (this.advance) this.slot++;
  }
}
