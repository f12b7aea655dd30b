// The engine that compiles a design to JavaScript.
//
// Invariant: combinational signals are evaluated lazily, once before each clock edge and when somebody looks.

import type { Design } from '../hdl/ir/nodes.ts';
import type { Bulk, Engine, Snapshot } from './engine.ts';
import { checkClock } from './errors.ts';
import { compile } from './js/compile.ts';
import { type Cells, copyCells, makeCells } from './js/memory.ts';
import { link, type Program } from './js/program.ts';
import { type Layout, layOut } from './layout.ts';
import { lowerMemories } from './lower-memories.ts';
import type { Place } from './paths.ts';
import { randomBits, randomWords } from './random.ts';
import { type Checker, checkerOf, toCell, type Value } from './values.ts';

export class JsEngine implements Engine {
  readonly layout: Layout;
  cycle = 0;
  readonly #cells: readonly Cells[];
  readonly #comb: () => void;
  readonly #edge: () => void;
  readonly #clock: string | undefined;
  readonly #checkers = new WeakMap<Place, Checker>();
  #dirty = true;

  constructor(design: Design, seed: number) {
    this.layout = layOut(lowerMemories(design));
    const program = compile(this.layout);
    this.#cells = program.storages.map((s) => makeCells(s.type, s.length));
    fillStorages(program, this.#cells, seed);
    link(program.start, this.#cells)();
    this.#comb = link(program.comb, this.#cells);
    this.#edge = link(program.edge, this.#cells);
    this.#clock = design.top.signals.find((s) => s.type.kind === 'clock' && s.role === 'input')?.name;
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
    let checker = this.#checkers.get(place);
    if (!checker) this.#checkers.set(place, (checker = checkerOf(place.type)));
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
    this.#comb();
    this.#dirty = false;
  }

  read(place: Place, index: number): Value {
    const value = (this.#cells[place.storage.id] as Value[])[at(place, index)] as Value;
    return typeof value === 'number' && place.type.width > 32 ? BigInt(value) : value;
  }

  readAll(place: Place, target: Bulk): void {
    const cells = this.#cells[place.storage.id] as Value[];
    const into = target as Value[];
    const bigTarget = target instanceof BigInt64Array || target instanceof BigUint64Array;
    const convert = place.type.width > 32 || bigTarget;
    if (!convert) for (let i = 0; i < place.length; i++) into[i] = cells[at(place, i)] as number;
    else
      for (let i = 0; i < place.length; i++)
        into[i] = bigTarget || Array.isArray(target) ? BigInt(cells[at(place, i)] as Value) : Number(cells[at(place, i)]);
  }

  step(cycles: number, clock?: string): void {
    checkClock(clock, this.#clock);
    for (let i = 0; i < cycles; i++) {
      if (this.#dirty) this.#comb();
      this.#edge();
      this.#dirty = true;
      this.cycle++;
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
