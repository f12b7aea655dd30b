/**
 * The units of design note 0022 whose input is that of resident weights, as slot numbers: both dataflows by tile, and the dot-product unit, which has no pairs.
 * Invariant: a beat of a weight-stationary tile enters a row into the output stage, the last beat of an output-stationary one R rows.
 * Refused: nothing; the streams are checked by `predict`.
 */
import { OutputStage } from './cycle-output.ts';
import { type CycleRules, flagBits, offerBits } from './cycle-rules.ts';
import type { ActFlags } from './streams.ts';

/** The rules of "ws+os"; every local name that the page has too means the same. */
export class MixedRules implements CycleRules {
  private readonly rows: number;
  private readonly act: ActFlags;
  private readonly os: readonly number[];
  private readonly out: OutputStage;
  private lastEnd: number;
  private lastPair = -2;
  private actBeats = 0;
  private weightBeats = 0;
  private start = true;
  private tileOs = false;
  private loaded = 0;

  /** @param os whether each weight beat belongs to an output-stationary tile; none do when it is empty */
  constructor(rows: number, latency: number, act: ActFlags, os: readonly number[]) {
    this.rows = rows;
    this.out = new OutputStage(latency);
    this.act = act;
    this.os = os;
    this.lastEnd = -rows;
  }

  get ripening(): boolean {
    return this.out.ripening;
  }

  cycle(offer: number): number {
    const { rows, act, out, start, loaded, actBeats, weightBeats } = this;
    let flags = out.begin(offer);
    const { advance, slot } = out;
    const actValid = (offer & offerBits.actValid) !== 0;
    const weightValid = (offer & offerBits.weightValid) !== 0;
    const pair = weightValid && this.os[weightBeats] === 1;
    const last = actValid && act.last[actBeats] === 1;
    const accumulate = actValid && act.accumulate[actBeats] === 1;
    const drained = slot - this.lastEnd >= rows;
    const paired = slot - this.lastPair === 1;

    const os = start ? loaded === 0 && pair : this.tileOs;
    const fireOs = advance && os && actValid && pair && (!last || drained);
    const fireWs = advance && !os && actValid && (!start || loaded === rows) && drained;
    const swap = fireWs && start;
    const mayLoad = advance && !paired && (start || !this.tileOs) && (loaded < rows || swap);
    const weightReady = pair ? fireOs : mayLoad;
    const fire = fireOs || fireWs;

    if (fire) flags |= flagBits.actReady;
    if (weightReady) flags |= flagBits.weightReady;
    const moves = weightReady && weightValid;
    this.loaded = (swap ? 0 : loaded) + (moves && !pair ? 1 : 0);
    if (moves) this.weightBeats = weightBeats + 1;
    if (fire) {
      this.actBeats = actBeats + 1;
      this.start = last;
      this.tileOs = os;
      if (fireWs) out.enter(1, accumulate, last);
      else if (last) {
        out.enter(rows, accumulate);
        this.lastEnd = slot;
      }
      if (fireOs) this.lastPair = slot;
    }
    out.end();
    return flags;
  }
}
