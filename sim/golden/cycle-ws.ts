/**
 * The weight-stationary unit of design note 0003 as slot numbers.
 * Invariant: slots count the cycles with `advance` high; an act beat accepted in slot s is on `out` while the slot
 * number is s + R·S + C + P (design note 0018), so that the pipeline is nothing but the list of the slots in which beats entered.
 * Refused: nothing; the streams are checked by `predict`.
 */
import { type CycleRules, flagBits, offerBits } from './cycle-rules.ts';
import { rowLatency, timingOf } from './pe/timing.ts';
import type { MatrixUnit } from './shape.ts';
import type { ActFlags } from './streams.ts';

/** The rules of the section "ws"; every local name that the page has too means the same. */
export class WsRules implements CycleRules {
  ripening = false;
  private readonly rows: number;
  private readonly latency: number;
  private readonly act: ActFlags;
  private readonly entered: Int32Array;
  private accepted = 0;
  private emitted = 0;
  private slot = 0;
  private start = true;
  private loaded = 0;
  private readonly spacing: number;
  /** The slot from which on the next weight beat of a tile may move. */
  private nextLoad = 0;

  constructor(unit: MatrixUnit, act: ActFlags) {
    this.rows = unit.rows;
    this.latency = rowLatency(unit);
    this.spacing = timingOf(unit).sumStages;
    this.act = act;
    this.entered = new Int32Array(act.beats);
  }

  cycle(offer: number): number {
    const { rows, latency, act, entered, accepted, emitted, slot, start, loaded, spacing, nextLoad } = this;
    const inFlight = emitted < accepted;
    const outValid = inFlight && entered[emitted] === slot - latency;
    const advance = !outValid || (offer & offerBits.outReady) !== 0;

    const actValid = (offer & offerBits.actValid) !== 0;
    const accumulate = actValid && act.accumulate[accepted] === 1;
    const psumThere = !accumulate || (offer & offerBits.psumValid) !== 0;
    const go = actValid && psumThere && (!start || loaded === rows);
    const swap = advance && go && start;
    const weightReady = advance && ((loaded < rows && slot >= nextLoad) || swap);

    let flags = 0;
    if (weightReady) flags |= flagBits.weightReady;
    if (outValid) flags |= flagBits.outValid;
    if (outValid && act.last[emitted] === 1) flags |= flagBits.outLast;
    if (advance && go) {
      flags |= flagBits.actReady;
      if (accumulate) flags |= flagBits.psumReady;
      entered[accepted] = slot;
      this.start = act.last[accepted] === 1;
      this.accepted = accepted + 1;
    }
    const weightMoves = weightReady && (offer & offerBits.weightValid) !== 0;
    this.loaded = (swap ? 0 : loaded) + (weightMoves ? 1 : 0);
    if (weightMoves) this.nextLoad = slot + spacing;
    else if (swap) this.nextLoad = slot;
    if (advance) this.slot = slot + 1;
    if (outValid && advance) this.emitted = emitted + 1;
    this.ripening = advance && (inFlight || slot < nextLoad);
    return flags;
  }
}

/** The rules of "is": those of ws with the operands exchanged. */
export class IsRules implements CycleRules {
  private readonly ws: WsRules;

  /** @param lead of the weight beats */
  constructor(unit: MatrixUnit, lead: ActFlags) {
    this.ws = new WsRules(unit, lead);
  }

  get ripening(): boolean {
    return this.ws.ripening;
  }

  cycle(offer: number): number {
    return exchanged(this.ws.cycle(exchanged(offer)));
  }
}

/** The bits of act and weight, which flags and offers have at the same places. */
function exchanged(bits: number): number {
  const { actReady, weightReady } = flagBits;
  return (bits & ~(actReady | weightReady)) | ((bits & actReady) !== 0 ? weightReady : 0) | ((bits & weightReady) !== 0 ? actReady : 0);
}
