// What instructions of a unit set: the dimensions and the box of its walk, and its offsets.

import type { Mnemonic } from '../../../isa/instructions.ts';
import type { UnitName } from './tokens.ts';
import { type Fields, Walk } from './walk.ts';

/** Of each unit: what `….dim` writes, what else moves with a walk, and addresses that `….offset` moves. */
const NAMES: { readonly [U in UnitName]: { readonly dim: readonly string[]; readonly place?: string; readonly offsets: readonly string[] } } = {
  ld: { dim: ['stride', 'local', 'y', 'x'], offsets: ['memory', 'local'] },
  st: { dim: ['stride', 'local'], offsets: ['memory', 'local'] },
  mx: { dim: ['local', 'y', 'x'], offsets: ['activation', 'weight', 'sums'] },
  vx: { dim: ['a', 'b', 'y', 'x'], place: 'out', offsets: ['a', 'b', 'out'] },
};

export class Settings {
  readonly walk: Walk;
  readonly #unit: UnitName;
  readonly #offsets = new Map<string, number>();

  constructor(unit: UnitName) {
    const { dim, place } = NAMES[unit];
    this.#unit = unit;
    this.walk = new Walk(place === undefined ? dim : [...dim, place]);
    this.clear();
  }

  /** As after `begin`. */
  clear(): void {
    this.walk.clear();
    for (const name of NAMES[this.#unit].offsets) this.#offsets.set(name, 0);
  }

  /** Executes an instruction that sets; whether it was one. */
  set(name: Mnemonic, fields: Fields): boolean {
    const { walk } = this;
    const { dim, place, offsets } = NAMES[this.#unit];
    switch (name.slice(name.indexOf('.') + 1)) {
      case 'dim':
        walk.setDimension(fields, dim);
        return true;
      case 'box':
        walk.setBox(fields);
        return true;
      case 'place':
        walk.setStride(fields('index'), place as string, fields(place as string));
        return true;
      case 'offset':
        for (const offset of offsets)
          this.#offsets.set(offset, ((fields('adds') === 1 ? (this.#offsets.get(offset) as number) : 0) + fields(offset)) | 0);
        return true;
      default:
        return false;
    }
  }

  /** A field that is an address, moved by its offset. */
  base(fields: Fields, name: string): number {
    return fields(name) + (this.#offsets.get(name) as number);
  }
}
