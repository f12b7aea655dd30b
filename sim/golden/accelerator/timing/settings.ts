// What instructions of a unit set, and the places of its walk.

import type { Mnemonic } from '../../../../isa/instructions.ts';
import type { UnitName } from '../tokens.ts';
import { type Fields, Offsets, Walk } from '../walk.ts';

/** Fields of `….dim` that are strides, and addresses that `….offset` moves. */
const NAMES: { readonly [U in UnitName]: { readonly strides: readonly string[]; readonly offsets: readonly string[] } } = {
  ld: { strides: ['stride', 'local'], offsets: ['memory', 'local'] },
  st: { strides: ['stride', 'local'], offsets: ['memory', 'local'] },
  mx: { strides: ['local'], offsets: ['activation', 'weight', 'sums'] },
  vx: { strides: ['a', 'b'], offsets: ['a', 'b', 'out'] },
};

export class Settings {
  readonly walk: Walk;
  readonly #offsets: Offsets;
  readonly #unit: UnitName;

  constructor(unit: UnitName) {
    const { strides, offsets } = NAMES[unit];
    this.#unit = unit;
    this.walk = new Walk(unit === 'vx' ? [...strides, 'out'] : strides);
    this.#offsets = new Offsets(offsets);
  }

  /** An instruction that sets; others change nothing. */
  set(name: Mnemonic, fields: Fields): void {
    const { walk } = this;
    const { strides } = NAMES[this.#unit];
    if (name.endsWith('.dim')) walk.setDimension(fields, this.#unit === 'st' ? strides : [...strides, 'y', 'x']);
    else if (name.endsWith('.box')) walk.setBox(fields);
    else if (name.endsWith('.offset')) this.#offsets.set(fields);
    else if (name === 'vx.place') walk.setStride(fields('index'), 'out', fields('out'));
  }

  /** A field that is an address, moved by its offset. */
  base(fields: Fields, name: string): number {
    return fields(name) + this.#offsets.of(name);
  }
}

/** The places of a walk in order, as pairs of an outer and an inner one. */
export class Places {
  active = false;
  inner = 0;
  outer = 0;
  #inners = 0;
  #outers = 0;

  begin(inners: number, outers: number): void {
    [this.inner, this.outer, this.#inners, this.#outers] = [0, 0, inners, outers];
    this.active = true;
  }

  /** All inner dimensions are at their last place. */
  get isLast(): boolean {
    return this.inner === this.#inners - 1;
  }
  /** All dimensions are. */
  get isFinal(): boolean {
    return this.isLast && this.outer === this.#outers - 1;
  }

  step(): void {
    if (!this.isLast) this.inner++;
    else {
      this.active = !this.isFinal;
      this.inner = 0;
      this.outer++;
    }
  }
}
