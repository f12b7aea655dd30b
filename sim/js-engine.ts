// The engine that compiles a design to JavaScript.
//
// Invariant: combinational signals are evaluated lazily, once before each clock edge and when somebody looks.

import { type Bulk, type Engine, elementOf, type Snapshot, type State } from './engine.ts';
import { chosenClocks } from './errors.ts';
import { compile } from './js/compile.ts';
import { ringsOf } from './js/links.ts';
import { type Cells, copyCells, makeCells } from './js/memory.ts';
import type { Functions, Program } from './js/program.ts';
import type { Layout } from './layout.ts';
import { controlPlaces, type Place } from './paths.ts';
import { compiledOnce } from './programs.ts';
import { randomBits, randomWords } from './random.ts';
import { checkerOf, toCell, type Value } from './values.ts';

export class JsEngine implements Engine {
  readonly layout: Layout;
  readonly replays = true;
  cycle = 0;
  readonly #cells: readonly Cells[];
  readonly #rings: Program['rings'];
  readonly #functions: Functions;
  readonly #ticks: ReadonlyMap<string, Place>;
  readonly #clocks: readonly string[];
  #dirty = true;

  constructor(layout: Layout, seed: number) {
    this.layout = layout;
    const program = compiledOnce(layout, 'js', () => compile(layout));
    this.#rings = program.rings;
    this.#cells = program.storages.map((s) => makeCells(s.type, s.length));
    fillStorages(program, this.#cells, seed);
    this.#functions = program.link(this.#cells);
    this.#functions.start();
    const { ticks, low } = controlPlaces(this.layout);
    this.#ticks = ticks;
    this.#clocks = [...ticks.keys()];
    for (const place of low) this.write(place, 0, 1);
  }

  write(place: Place, index: number, value: Value): void {
    (this.#cells[place.storage.id] as Value[])[at(place, index)] = value;
    this.#dirty = true;
  }

  writeAll(place: Place, values: ArrayLike<unknown>): void {
    const cells = this.#cells[place.storage.id] as Cells;
    this.#dirty = true;
    const { width } = place.type;
    if (!place.places && !Array.isArray(cells) && values.constructor === cells.constructor && (width === 8 || width === 16 || width === 32)) {
      // Of one machine type: any value is in range.
      cells.set(values as Int8Array, place.offset);
      return;
    }
    const checker = checkerOf(place.type);
    const { min, max, big } = checker;
    const plain = (value: unknown): boolean => !big && typeof value === 'number' && value >= min && value <= max && Math.floor(value) === value;
    // All before the first is written, so that an error changes nothing.
    for (let i = 0; i < place.length; i++) if (!plain(values[i])) toCell(place.path, place.type, checker, values[i]);
    for (let i = 0; i < place.length; i++) {
      (cells as Value[])[at(place, i)] = plain(values[i]) ? (values[i] as number) : toCell(place.path, place.type, checker, values[i]);
    }
  }

  settle(): void {
    if (!this.#dirty) return;
    this.#functions.comb();
    // No clock ticks: only asynchronous resets act.
    if (this.layout.asynchronous) this.#functions.edge();
    this.#dirty = false;
  }

  read(place: Place, index: number): Value {
    const value = (this.#cells[place.storage.id] as Value[])[at(place, index)] as Value;
    return typeof value === 'number' && place.type.width > 32 ? BigInt(value) : value;
  }

  readAll(place: Place, target: Bulk): void {
    const cells = this.#cells[place.storage.id] as Value[];
    const into = target as Value[];
    const wide = place.type.width > 32;
    const element = elementOf(target);
    for (let i = 0; i < place.length; i++) {
      const value = cells[at(place, i)] as Value;
      into[i] = element(wide ? BigInt(value) : value);
    }
  }

  step(cycles: number, clock?: string | readonly string[]): void {
    const chosen = chosenClocks(clock, this.#clocks);
    this.#tick(chosen, 1);
    const { comb, edge } = this.#functions;
    for (let i = 0; i < cycles; i++) {
      if (this.#dirty) comb();
      edge();
      this.#dirty = true;
      this.cycle++;
    }
    this.#tick(chosen, 0);
  }

  #tick(clocks: readonly string[], value: number): void {
    if (!this.layout.ticked) return;
    for (const name of clocks) {
      const { storage, offset } = this.#ticks.get(name) as Place;
      (this.#cells[storage.id] as Value[])[offset] = value;
    }
  }

  snapshot(): Snapshot {
    return { cycle: this.cycle, cells: this.#cells.map((cells) => cells.slice()) };
  }

  restore(snapshot: Snapshot): void {
    this.#cells.forEach((cells, i) => {
      copyCells(cells, snapshot.cells[i] as Cells);
    });
    this.cycle = snapshot.cycle;
    this.#dirty = true;
  }

  /** All state, for an engine that goes on from here. */
  state(): State {
    const cells = this.#cells;
    return {
      cycle: this.cycle,
      cell: (storage, index) => (cells[storage.id] as Value[])[index] as Value,
      stage: (number, element, lane, slot, k) => {
        const { delay, ring, head } = this.#rings[number] as Program['rings'][number];
        const { depths, bases, inner, cells: size } = ringsOf(delay);
        const first = (cells[head.id] as Int32Array)[element * depths.length + lane] as number;
        const at = (first + slot) % (depths[lane] as number);
        return (cells[ring.id] as Value[])[element * size + (bases[lane] as number) + at * inner + k] as Value;
      },
    };
  }

  close(): void {}
}

function at(place: Place, index: number): number {
  return place.places ? (place.places[index] as number) : place.offset + index;
}

function fillStorages({ initial }: Program, cells: readonly Cells[], seed: number): void {
  for (const [storage, how] of initial) {
    const own = cells[storage.id] as Cells;
    const words = how.kind === 'random' ? randomWords(seed, how.key) : undefined;
    for (let i = 0; i < storage.length; i++) {
      const { kind, width } = storage.type;
      let value = how.kind === 'fill' ? how.value : how.kind === 'values' ? (how.values[i % how.values.length] ?? 0n) : 0n;
      if (words) value = kind === 'sint' ? BigInt.asIntN(width, randomBits(words, width)) : randomBits(words, width);
      (own as Value[])[i] = Array.isArray(own) ? value : Number(value);
    }
  }
}
