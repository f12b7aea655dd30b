// MX of the timing model.
//
// Invariant: no result ever waits, since nobody else writes sums; so a beat leaves the array R + C cycles after it came.

import { type AcceleratorConfig, sumsBanks } from '../../../../isa/config.ts';
import { Settings } from '../settings.ts';
import type { Fields } from '../walk.ts';
import { Places } from './places.ts';
import { BankOf, ReadAhead } from './streams.ts';
import type { Command, Ports, TimedUnit } from './unit.ts';

/** Bits of the tag of a beat of activations. */
const [ADDS, LAST, OUTSIDE] = [1, 2, 4];

export class MultiplyTiming implements TimedUnit {
  isDone = false;
  /** A beat enters the array in this cycle; after `cycle`. */
  beat = false;
  /** It is outside of the box. */
  skipped = false;
  #running = false;
  readonly #settings = new Settings('mx');
  readonly #config: AcceleratorConfig;
  readonly #scratchpad: BankOf;
  readonly #sums: BankOf;

  /** Positions in steps of k. */
  readonly #places = new Places();
  #positions: Int32Array = new Int32Array(0);
  #steps: Int32Array = new Int32Array(0);
  #inside: (outer: number, inner: number) => boolean = () => true;
  #activation = 0;
  #sumsBase = 0;
  #accumulates = false;
  /** The position has asked for its activations; for its sums. */
  #tookActivation = false;
  #tookSums = false;
  readonly #activations = new ReadAhead();
  readonly #sumReads = new ReadAhead();
  /** Positions begun whose sums are not yet written. */
  #flying = 0;

  /** Rows of weights that are to be asked for, and the address of the next. */
  #weightRows = 0;
  #weight = 0;
  readonly #weights = new ReadAhead();

  /** The next beat is the first of a step. */
  #starts = true;
  /** Rows of weights that wait in the array. */
  #loaded = 0;
  /** Beats in the array, the oldest at `#slot`. */
  readonly #pipeline: Uint8Array;
  #slot = 0;

  #asksActivation = false;
  #asksSums = false;
  #sumsDone = false;
  #asksWeight = false;
  #isInside = true;

  constructor(config: AcceleratorConfig) {
    this.#config = config;
    this.#scratchpad = new BankOf(config.scratchpad, config.banks);
    this.#sums = new BankOf(config.sums, sumsBanks(config));
    this.#pipeline = new Uint8Array(config.rows + config.cols);
  }

  get isReady(): boolean {
    return !this.#running && !this.isDone;
  }

  get #adds(): boolean {
    return this.#accumulates || this.#places.outer > 0;
  }

  ask({ scratchpadReads, sumsReads }: Ports): void {
    if (!this.#running) return;
    const places = this.#places;
    this.#asksActivation = false;
    this.#asksSums = false;
    this.#sumsDone = this.#tookSums;
    if (places.active) {
      if (!this.#tookActivation && this.#activations.hasRoom) {
        this.#asksActivation = true;
        this.#isInside = this.#inside(places.outer, places.inner);
        if (this.#isInside)
          scratchpadReads.ask(
            this.#scratchpad.of(this.#activation + (this.#steps[places.outer] as number) + (this.#positions[places.inner] as number)),
          );
      }
      if (!this.#tookSums) {
        if (!this.#adds) this.#sumsDone = true;
        // A row comes back only when its write of the step before is through.
        else if (this.#sumReads.hasRoom && (places.outer === 0 || this.#flying < this.#positions.length)) {
          this.#asksSums = true;
          this.#sumsDone = true;
          sumsReads.ask(this.#sums.of(this.#sumsBase + places.inner));
        }
      }
    }
    this.#asksWeight = this.#weightRows > 0 && this.#weights.hasRoom && scratchpadReads.ask(this.#scratchpad.of(this.#weight));
  }

  cycle(command: Command | undefined): void {
    this.isDone = this.beat = this.skipped = false;
    if (this.#running) this.#move();
    if (!command) return;
    if (this.#settings.set(command.name, command.fields)) this.isDone = true;
    else this.#begin(command.fields);
  }

  /** Nothing is under way when an instruction has retired, not even weights. */
  #move(): void {
    const { rows, cols } = this.#config;
    const places = this.#places;
    const ended = !places.active && this.#weightRows === 0 && this.#flying === 0;

    const { tag } = this.#activations;
    const accept = this.#activations.waiting > 0 && ((tag & ADDS) === 0 || this.#sumReads.waiting > 0) && (!this.#starts || this.#loaded === rows);
    const swap = accept && this.#starts;
    const loads = this.#weights.waiting > 0 && (this.#loaded < rows || swap);
    if (accept) this.#starts = (tag & LAST) !== 0;
    this.#loaded = (swap ? 0 : this.#loaded) + Number(loads);
    const written = this.#pipeline[this.#slot] as number;
    this.#pipeline[this.#slot] = Number(accept);
    this.#slot = this.#slot + 1 === this.#pipeline.length ? 0 : this.#slot + 1;
    this.beat = accept;
    this.skipped = accept && (tag & OUTSIDE) !== 0;

    const adds = this.#adds;
    this.#activations.cycle(this.#asksActivation, (adds ? ADDS : 0) | (places.isLast ? LAST : 0) | (this.#isInside ? 0 : OUTSIDE), accept);
    this.#sumReads.cycle(this.#asksSums, 0, accept && (tag & ADDS) !== 0);
    this.#weights.cycle(this.#asksWeight, 0, loads);
    if (this.#asksWeight) {
      this.#weightRows--;
      this.#weight += cols;
    }
    this.#tookActivation ||= this.#asksActivation;
    this.#tookSums = this.#sumsDone;
    const begun = places.active && this.#tookActivation && this.#tookSums;
    if (begun) {
      this.#tookActivation = false;
      this.#tookSums = false;
      places.step();
    }
    this.#flying += Number(begun) - written;

    this.isDone = ended;
    this.#running = !ended;
  }

  #begin(fields: Fields): void {
    const { walk } = this.#settings;
    this.#running = true;
    this.#positions = walk.inner('local');
    this.#steps = walk.outer('local');
    const { length } = this.#positions;
    if (length > this.#config.sums) throw new Error(`mx.multiply has ${length} positions, but there are ${this.#config.sums} rows of sums`);
    this.#inside = walk.inside();
    this.#activation = this.#settings.base(fields, 'activation');
    this.#weight = this.#settings.base(fields, 'weight');
    this.#sumsBase = this.#settings.base(fields, 'sums');
    this.#accumulates = fields('accumulate') === 1;
    this.#places.begin(this.#positions.length, this.#steps.length);
    this.#weightRows = this.#steps.length * this.#config.rows;
  }
}
