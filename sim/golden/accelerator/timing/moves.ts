// LD and ST of the timing model.
//
// Invariant: what the bus does in a cycle is said before `cycle`; what a unit shows to the bus depends on the state before the cycle only.

import type { AcceleratorConfig } from '../../../../isa/config.ts';
import { Settings } from '../settings.ts';
import type { Fields } from '../walk.ts';
import { Places } from './places.ts';
import { BankOf, Bursts, ReadAhead, Realigner, type Run } from './streams.ts';
import type { Command, Ports, TimedUnit } from './unit.ts';

/** Runs of a store that wait for their first beat. */
const STORES_WAITING = 2;

/** What both have in common: positions, and the end of a move. */
abstract class Mover implements TimedUnit {
  isDone = false;
  #running = false;
  protected readonly places = new Places();
  protected readonly bursts: Bursts;
  protected readonly realigner: Realigner;
  /** Bursts on their way. */
  protected flying = 0;
  /** A burst that stands on the address channel: its beats, or 0. */
  protected shown = 0;
  /** Bytes of a beat. */
  protected readonly bytes: number;
  protected readonly banks: BankOf;
  readonly #settings: Settings;
  readonly #config: AcceleratorConfig;
  readonly #waiting: Run[] = [];
  readonly #mostWaiting: number;
  #memory = 0;
  #local = 0;
  #length = 0;
  #strides: readonly Int32Array[] = [];
  #inside: (outer: number, inner: number) => boolean = () => true;

  constructor(unit: 'ld' | 'st', config: AcceleratorConfig, mostWaiting: number) {
    this.#config = config;
    this.#settings = new Settings(unit);
    this.#mostWaiting = mostWaiting;
    this.bytes = config.bus / 8;
    this.bursts = new Bursts(this.bytes, config.burst);
    this.realigner = new Realigner(this.bytes);
    this.banks = new BankOf(config.scratchpad, config.banks);
  }

  get isReady(): boolean {
    return !this.#running && !this.isDone;
  }

  /** No move is executed, so that nothing is under way. */
  protected get isIdle(): boolean {
    return !this.#running;
  }

  /** Beats of the burst that is asked for, 0 for none. */
  get burst(): number {
    return this.shown;
  }

  abstract ask(ports: Ports): void;
  abstract cycle(command: Command | undefined): void;

  /** A burst leaves for the address channel in this cycle. */
  protected announces(channelTaken: boolean): boolean {
    return this.bursts.active && this.flying < this.#config.outstanding && (this.shown === 0 || channelTaken);
  }

  /** Address and burst side: `channelTaken` by the bus, `answered` the last of a burst. */
  protected advanceBursts(announces: boolean, channelTaken: boolean, answered: boolean): void {
    if (channelTaken) this.shown = 0;
    if (announces) {
      this.shown = this.bursts.beats;
      this.bursts.take();
    }
    this.flying += Number(announces) - Number(answered);
  }

  /** There is a position that could be taken, as far as the runs that wait allow. */
  protected get hasPosition(): boolean {
    return this.places.active && this.#waiting.length < this.#mostWaiting;
  }

  protected get isInside(): boolean {
    return this.#inside(this.places.outer, this.places.inner);
  }

  /** The position that is next. */
  protected position(): { readonly memory: number; readonly local: number; readonly length: number } {
    const { inner, outer } = this.places;
    const [innerMemory, outerMemory, innerLocal, outerLocal] = this.#strides as [Int32Array, Int32Array, Int32Array, Int32Array];
    return {
      memory: (this.#memory + (outerMemory[outer] as number) + (innerMemory[inner] as number)) >>> 0,
      local: (this.#local + (outerLocal[outer] as number) + (innerLocal[inner] as number)) & (this.#config.scratchpad - 1),
      length: this.#length,
    };
  }

  /** The realigner's runs: `ends` the one that it has, `run` a new one that waits. */
  protected advanceRuns(moves: boolean, run: Run | undefined): void {
    const { realigner } = this;
    const begins = (!realigner.active || (moves && realigner.isLast)) && this.#waiting.length > 0;
    if (moves) realigner.move();
    if (begins) realigner.begin(this.#waiting.shift() as Run);
    if (run) this.#waiting.push(run);
  }

  /** On the state before the cycle: nothing of the positions that were given is under way. */
  protected get isQuiet(): boolean {
    return !this.bursts.active && !this.realigner.active && this.#waiting.length === 0 && this.flying === 0;
  }

  /** Instructions; `quiet` and `ended` as before this cycle. */
  protected advance(command: Command | undefined, ended: boolean): void {
    this.isDone = false;
    if (this.#running && ended) {
      this.#running = false;
      this.isDone = true;
    }
    if (!command) return;
    if (this.#settings.set(command.name, command.fields)) this.isDone = true;
    else this.#begin(command.fields);
  }

  #begin(fields: Fields): void {
    const { walk } = this.#settings;
    this.#running = true;
    this.#memory = this.#settings.base(fields, 'memory');
    this.#local = this.#settings.base(fields, 'local');
    this.#length = fields('run');
    this.#strides = [walk.inner('stride'), walk.outer('stride'), walk.inner('local'), walk.outer('local')];
    this.#inside = walk.inside();
    this.places.begin((this.#strides[0] as Int32Array).length, (this.#strides[1] as Int32Array).length);
  }
}

export class LoadTiming extends Mover {
  /** In this cycle: its address is taken; a beat is offered, and whether it is the last of its burst. */
  addressTaken = false;
  hasBeat = false;
  beatIsLast = false;
  /** A beat for the scratchpad, the number that its address has. */
  #writes = -1;
  #served = false;

  constructor(config: AcceleratorConfig) {
    super('ld', config, Math.max(2, config.outstanding));
  }

  ask({ scratchpadWrites }: Ports): void {
    this.#served = this.#writes >= 0 && scratchpadWrites.ask(this.banks.of(this.#writes * this.bytes));
  }

  get #hasRoom(): boolean {
    return this.#writes < 0 || this.#served;
  }

  /** It takes the beat that is offered; after `ask`. */
  get takesBeat(): boolean {
    return this.hasBeat && this.realigner.takes(this.#hasRoom);
  }

  cycle(command: Command | undefined): void {
    if (this.isIdle) return this.advance(command, false);
    const { realigner, bursts, places } = this;
    const room = this.#hasRoom;
    const ended = !places.active && this.isQuiet && this.#writes < 0;
    const answered = this.takesBeat && this.beatIsLast;
    const announces = this.announces(this.addressTaken);
    let run: Run | undefined;
    let asked: { readonly memory: number; readonly length: number } | undefined;
    if (this.hasPosition) {
      const fills = !this.isInside;
      if (fills || !bursts.active || (announces && bursts.isLast)) {
        const { memory, local, length } = this.position();
        run = { from: memory, to: local, length, fills };
        if (!fills) asked = { memory, length };
        places.step();
      }
    }
    const offers = realigner.offers(this.hasBeat);
    const { beat } = realigner;
    const moves = realigner.moves(this.hasBeat, room);
    this.advanceRuns(moves, run);
    if (room) this.#writes = offers ? beat : -1;
    this.advanceBursts(announces, this.addressTaken, answered);
    if (asked) bursts.begin(asked.memory, asked.length);
    this.advance(command, ended);
  }
}

export class StoreTiming extends Mover {
  /** In this cycle: its address is taken; its beat of data is taken; a burst is answered. */
  addressTaken = false;
  dataTaken = false;
  isAnswered = false;
  /** Bytes of the beat that stands on W, 0 for none. */
  bytesShown = 0;
  readonly #reads = new ReadAhead();
  #asked = false;
  /** Pieces that are still to be read of a run, and the number of the next. */
  #pieces = 0;
  #piece = 0;
  /** Those that the realigner has not taken. */
  #piecesFlying = 0;
  /** Beats of bursts that are announced, and those sent of the first. */
  readonly #lengths: number[] = [];
  #sent = 0;

  constructor(config: AcceleratorConfig) {
    super('st', config, STORES_WAITING);
  }

  ask({ scratchpadReads }: Ports): void {
    this.#asked = this.#pieces > 0 && this.#reads.hasRoom && scratchpadReads.ask(this.banks.of(this.#piece * this.bytes));
  }

  cycle(command: Command | undefined): void {
    if (this.isIdle) return this.advance(command, false);
    const { realigner, bursts, places } = this;
    const ended = !places.active && this.isQuiet && this.#pieces === 0 && this.#piecesFlying === 0;
    const announces = this.announces(this.addressTaken);
    const isFree = this.#pieces === 0 || (this.#pieces === 1 && this.#asked);
    const begins = this.hasPosition && isFree && (!bursts.active || (announces && bursts.isLast));

    const hasCome = this.#reads.waiting > 0;
    const outReady = this.#lengths.length > 0 && (this.bytesShown === 0 || this.dataTaken);
    const sends = outReady && realigner.offers(hasCome);
    const takes = hasCome && realigner.takes(outReady);
    const moves = realigner.moves(hasCome, outReady);
    const sentBytes = realigner.bytesOut;
    if (this.dataTaken) this.bytesShown = 0;
    if (sends) {
      this.bytesShown = sentBytes;
      this.#sent++;
    }
    const burstSent = sends && this.#sent === this.#lengths[0];

    this.#reads.cycle(this.#asked, 0, takes);
    if (this.#asked) {
      this.#pieces--;
      this.#piece++;
    }
    this.#piecesFlying += Number(this.#asked) - Number(takes);
    const position = begins ? this.position() : undefined;
    this.advanceRuns(moves, position && { from: position.local, to: position.memory, length: position.length, fills: false });
    if (burstSent) {
      this.#lengths.shift();
      this.#sent = 0;
    }
    if (announces) this.#lengths.push(bursts.beats);
    this.advanceBursts(announces, this.addressTaken, this.isAnswered);
    if (position) {
      const { memory, local, length } = position;
      bursts.begin(memory, length);
      this.#piece = Math.floor(local / this.bytes);
      this.#pieces = Math.ceil(((local % this.bytes) + length) / this.bytes);
      places.step();
    }
    this.advance(command, ended);
  }
}
