// VX of the timing model.
//
// Invariant: no result ever waits, since VX is the first of those who write the scratchpad; so slots move in every cycle.

import { type AcceleratorConfig, sumsBanks } from '../../../../isa/config.ts';
import { VX_OPERATIONS, type VxOperation } from '../../../../isa/instructions.ts';
import { isRowMnemonic } from '../rows.ts';
import { Settings } from '../settings.ts';
import { OF_TWO, OVER_WINDOW, PARAMETER_BYTES, TABLE_BYTES } from '../vector.ts';
import type { Fields } from '../walk.ts';
import { Places } from './places.ts';
import { RowTiming } from './rows.ts';
import { BankOf, ReadAhead } from './streams.ts';
import type { Command, Ports, TimedUnit } from './unit.ts';

/** Cycles from the slot of an operand to its result. */
const LANE_SLOTS = 9;
/** Bits of the tag of a vector, below the address of its result. */
const [LAST, FINAL, TAG_BITS] = [1, 2, 2];
const NOTHING = -1;

export class VectorTiming implements TimedUnit {
  isDone = false;
  /** Executes `vx.run`; reads parameters, a table, or rows. */
  #running = false;
  #reading = false;
  readonly #settings = new Settings('vx');
  readonly #rows = new RowTiming();
  readonly #cols: number;
  readonly #scratchpad: BankOf;
  readonly #sums: BankOf;

  readonly #places = new Places();
  /** Strides of a, b and out: of the window, of outputs. */
  #a: readonly [Int32Array, Int32Array] = [new Int32Array(0), new Int32Array(0)];
  #b = this.#a;
  #out: Int32Array = new Int32Array(0);
  #bases = { a: 0, b: 0, out: 0 };
  #inside: (outer: number, inner: number) => boolean = () => true;
  #operation: VxOperation = 'copy';
  readonly #took = { a: false, b: false, sums: false };
  readonly #asks = { a: false, b: false, sums: false };
  readonly #aReads = new ReadAhead();
  readonly #bReads = new ReadAhead();
  readonly #sumReads = new ReadAhead();

  /** Vectors of parameters or of a table: to be asked for, where, how far apart, to come. */
  #toAsk = 0;
  #asksAt = 0;
  #asksBy = 0;
  #toCome = 0;

  /** Slots of `add`: its a, its b, its sum; whether there is a vector in this triple, and one whose sum is due, and its tag. */
  #phase = 0;
  #live = false;
  #held = false;
  #heldTag = 0;
  /** Tags of results in the lanes, or NOTHING; the oldest at `#slot`. */
  readonly #lanes = new Int32Array(LANE_SLOTS).fill(NOTHING);
  #slot = 0;

  constructor(config: AcceleratorConfig) {
    this.#cols = config.cols;
    this.#scratchpad = new BankOf(config.scratchpad, config.banks);
    this.#sums = new BankOf(config.sums, sumsBanks(config));
  }

  get isReady(): boolean {
    return !this.#running && !this.#reading;
  }

  ask(ports: Ports): void {
    if (this.isReady) return;
    const asks = this.#asks;
    asks.a = asks.b = asks.sums = false;
    if (this.#places.active) this.#askPosition(ports);
    else {
      const at = this.#toAsk > 0 ? this.#asksAt : this.#rows.asks;
      if ((this.#toAsk > 0 || this.#rows.toAsk > 0) && this.#aReads.hasRoom) asks.a = ports.scratchpadReads.ask(this.#scratchpad.of(at));
    }
    const result = this.#lanes[this.#slot] as number;
    if (result !== NOTHING) ports.scratchpadWrites.ask(this.#scratchpad.of(result >> TAG_BITS));
    else if (this.#rows.writes) ports.scratchpadWrites.ask(this.#scratchpad.of(this.#rows.to));
  }

  /** Each port at its own time. */
  #askPosition({ scratchpadReads, sumsReads }: Ports): void {
    const { inner, outer } = this.#places;
    const asks = this.#asks;
    const took = this.#took;
    const fromSums = this.#operation === 'requantise';
    const outside = OVER_WINDOW.includes(this.#operation) && !this.#inside(outer, inner);
    const a = this.#bases.a + (this.#a[1][outer] as number) + (this.#a[0][inner] as number);
    if (!took.a && this.#aReads.hasRoom) asks.a = outside || fromSums || scratchpadReads.ask(this.#scratchpad.of(a));
    if (!took.b && this.#bReads.hasRoom) {
      const b = this.#bases.b + (this.#b[1][outer] as number) + (this.#b[0][inner] as number);
      asks.b = outside || !OF_TWO.includes(this.#operation) || scratchpadReads.ask(this.#scratchpad.of(b));
    }
    if (!took.sums && this.#sumReads.hasRoom) asks.sums = !fromSums || sumsReads.ask(this.#sums.of(a));
  }

  cycle(command: Command | undefined): void {
    this.isDone = false;
    if (!this.isReady) this.#move();
    if (command) this.#execute(command);
  }

  /** Nothing is under way when an instruction has retired. */
  #move(): void {
    const asks = this.#asks;
    const took = this.#took;
    const places = this.#places;
    const rows = this.#rows;
    const result = this.#lanes[this.#slot] as number;
    const finishes = result !== NOTHING && (result & FINAL) !== 0;
    const comes = this.#aReads.waiting > 0;
    const isReading = this.#toCome > 0;
    const rowsBusy = rows.isBusy;
    const readsEnd = this.#reading && !isReading && !rowsBusy;

    const taken = this.#moveSlots();
    const tag = places.active ? this.#tag() : 0;
    this.#aReads.cycle(asks.a, tag, comes && (taken || isReading || rowsBusy));
    this.#bReads.cycle(asks.b, 0, taken);
    this.#sumReads.cycle(asks.sums, 0, taken);

    if (places.active) {
      took.a ||= asks.a;
      took.b ||= asks.b;
      took.sums ||= asks.sums;
      if (took.a && took.b && took.sums) {
        took.a = took.b = took.sums = false;
        places.step();
      }
      rows.cycle(false, false);
    } else {
      const asksVector = asks.a && this.#toAsk > 0;
      if (asksVector) {
        this.#toAsk--;
        this.#asksAt += this.#asksBy;
      }
      if (isReading && comes) this.#toCome--;
      rows.cycle(asks.a && !asksVector, rowsBusy && comes);
    }

    this.isDone = finishes || readsEnd;
    if (finishes) this.#running = false;
    if (readsEnd) this.#reading = false;
  }

  #tag(): number {
    const { outer, isLast, isFinal } = this.#places;
    const out = this.#bases.out + (this.#out[outer] as number);
    // Of the address 24 bits count.
    return ((out & 0xffffff) << TAG_BITS) | (isLast ? LAST : 0) | (isFinal ? FINAL : 0);
  }

  /** One slot a cycle; whether operands are taken. */
  #moveSlots(): boolean {
    const hasOperands = this.#aReads.waiting > 0 && this.#bReads.waiting > 0 && this.#sumReads.waiting > 0;
    const adds = this.#operation === 'add';
    const { tag } = this.#aReads;
    let taken = hasOperands && !adds;
    let written = taken ? tag : NOTHING;
    if (adds && this.#phase === 0) {
      if (hasOperands || this.#held) {
        this.#phase = 1;
        this.#live = hasOperands;
      }
    } else if (adds && this.#phase === 1) this.#phase = 2;
    else if (adds) {
      taken = hasOperands && this.#live;
      written = this.#held ? this.#heldTag : NOTHING;
      this.#phase = 0;
      this.#held = this.#live;
      this.#heldTag = tag;
    }
    this.#lanes[this.#slot] = written !== NOTHING && written & LAST ? written : NOTHING;
    this.#slot = this.#slot + 1 === LANE_SLOTS ? 0 : this.#slot + 1;
    return taken;
  }

  #execute({ name, fields }: Command): void {
    if (name === 'vx.run') this.#begin(fields);
    else if (name === 'vx.params') this.#read(fields, PARAMETER_BYTES, this.#cols);
    else if (name === 'vx.table') this.#read(fields, TABLE_BYTES, 1);
    else if (isRowMnemonic(name)) {
      this.#reading = true;
      this.#rows.begin(name, fields);
    } else {
      this.#settings.set(name, fields);
      this.isDone = true;
    }
  }

  /** So many vectors, so far apart. */
  #read(fields: Fields, vectors: number, by: number): void {
    [this.#reading, this.#toAsk, this.#asksAt, this.#asksBy, this.#toCome] = [true, vectors, fields('local'), by, vectors];
  }

  #begin(fields: Fields): void {
    const { walk } = this.#settings;
    this.#running = true;
    this.#operation = VX_OPERATIONS[fields('operation')] as VxOperation;
    this.#a = [walk.inner('a'), walk.outer('a')];
    this.#b = [walk.inner('b'), walk.outer('b')];
    this.#out = walk.outer('out');
    this.#inside = walk.inside();
    this.#bases = { a: this.#settings.base(fields, 'a'), b: this.#settings.base(fields, 'b'), out: this.#settings.base(fields, 'out') };
    this.#places.begin(this.#a[0].length, this.#a[1].length);
  }
}
