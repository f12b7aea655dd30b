// Toggle coverage: which bits have risen and fallen.
//
// Invariant: what counts are the settled values before clock edges, so that no glitch counts. Every cell counts once, under the first of its names;
// clocks and names that the language made up do not.

import type { Engine } from './engine.ts';
import type { Paths, Place } from './paths.ts';

/** How much of a signal has toggled. */
export interface ToggleCoverage {
  readonly path: string;
  /** Of all elements. */
  readonly bits: number;
  /** Bits that have both risen and fallen. */
  readonly toggled: number;
  /** Those that have not risen, and not fallen: `count[7]`, of an array `data[2][7]`; 16 of each at most. */
  readonly neverRose: readonly string[];
  readonly neverFell: readonly string[];
}

const NAMED_BITS = 16;

interface Watched {
  readonly place: Place;
  /** By element. */
  readonly last: bigint[];
  readonly rose: bigint[];
  readonly fell: bigint[];
}

export class Toggles {
  readonly #engine: Engine;
  readonly #watched: Watched[] = [];

  constructor(engine: Engine, paths: Paths) {
    this.#engine = engine;
    const counted = new Set<string>();
    for (const path of paths.all()) {
      const place = paths.resolve(path);
      const { type, signal, storage, offset, length } = place;
      const cells = `${storage.id} ${offset} ${length}`;
      if (!signal.named || type.kind === 'clock' || type.width === 0 || counted.has(cells) || engine.has?.(place) === false) continue;
      counted.add(cells);
      const zeros = (): bigint[] => new Array<bigint>(length).fill(0n);
      this.#watched.push({ place, last: [], rose: zeros(), fell: zeros() });
    }
  }

  /** Looks at settled values. */
  sample(): void {
    for (const { place, last, rose, fell } of this.#watched) {
      for (let i = 0; i < place.length; i++) {
        const now = BigInt.asUintN(place.type.width, BigInt(this.#engine.read(place, i)));
        const before = last[i] ?? now;
        if (now !== before) {
          rose[i] = (rose[i] as bigint) | (now & ~before);
          fell[i] = (fell[i] as bigint) | (before & ~now);
        }
        last[i] = now;
      }
    }
  }

  report(): ToggleCoverage[] {
    return this.#watched.map(({ place, rose, fell }) => {
      const { path, type, length } = place;
      const bits = [...Array(length).keys()].flatMap((i) =>
        [...Array(type.width).keys()].map((b) => ({
          name: `${path}${length > 1 ? `[${i}]` : ''}${type.width > 1 ? `[${b}]` : ''}`,
          rose: (((rose[i] as bigint) >> BigInt(b)) & 1n) === 1n,
          fell: (((fell[i] as bigint) >> BigInt(b)) & 1n) === 1n,
        })),
      );
      const missing = (done: 'rose' | 'fell'): string[] => bits.flatMap((bit) => (bit[done] ? [] : [bit.name])).slice(0, NAMED_BITS);
      return {
        path,
        bits: bits.length,
        toggled: bits.filter((b) => b.rose && b.fell).length,
        neverRose: missing('rose'),
        neverFell: missing('fell'),
      };
    });
  }
}
