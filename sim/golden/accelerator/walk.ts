// Walks of the accelerator (design note 0025): five nested dimensions, a stride for each address, a box.
//
// Invariant: addresses are int32 and wrap, coordinates int16; whoever uses an address takes it modulo the size of its memory.

/** Dimensions 0 and 1 are inner (positions, a window), 2 to 4 outer (steps of k, outputs). */
const DIMENSIONS = 5;
const FIRST_OUTER = 2;

function int16(x: number): number {
  return (x << 16) >> 16;
}

/** The fields of an instruction as numbers. */
export type Fields = (field: string) => number;

/** What `….dim` and `….box` set. */
export class Walk {
  readonly #counts = new Int32Array(DIMENSIONS);
  readonly #strides = new Map<string, Int32Array>();
  readonly #moved: readonly string[];
  #box: { readonly y: number; readonly x: number; readonly height: number; readonly width: number } | undefined;
  /** The value outside. */
  pad = 0;

  /** @param moved fields of `….dim` that are strides of addresses or coordinates */
  constructor(moved: readonly string[]) {
    this.#moved = moved;
    this.clear();
  }

  clear(): void {
    this.#counts.fill(1);
    for (const name of new Set([...this.#moved, 'y', 'x'])) this.#strides.set(name, new Int32Array(DIMENSIONS));
    this.#box = undefined;
    this.pad = 0;
  }

  /** `….dim`: `strides` names the fields it has. */
  setDimension(fields: Fields, strides: readonly string[]): void {
    this.#counts[fields('index')] = fields('count');
    for (const name of strides) this.setStride(fields('index'), name, fields(name));
  }

  setStride(index: number, name: string, by: number): void {
    (this.#strides.get(name) as Int32Array)[index] = by;
  }

  setBox(fields: Fields): void {
    const box = { y: fields('y'), x: fields('x'), height: fields('height'), width: fields('width') };
    this.#box = box.height === 0 && box.width === 0 ? undefined : box;
    this.pad = fields('pad');
  }

  /** How far an address (or y, x) has moved at each place of the inner dimensions, in order. */
  inner(name: string): Int32Array {
    return this.#places(name, 0, FIRST_OUTER);
  }

  /** The same of the outer dimensions. */
  outer(name: string): Int32Array {
    return this.#places(name, FIRST_OUTER, DIMENSIONS);
  }

  #places(name: string, from: number, to: number): Int32Array {
    const strides = this.#strides.get(name) as Int32Array;
    let places = Int32Array.of(0);
    for (let d = from; d < to; d++) {
      const count = this.#counts[d] as number;
      if (count === 1) continue;
      const all = new Int32Array(places.length * count);
      for (let i = 0; i < count; i++) {
        const moved = Math.imul(strides[d] as number, i);
        for (let j = 0; j < places.length; j++) all[i * places.length + j] = (places[j] as number) + moved;
      }
      places = all;
    }
    return places;
  }

  /** Whether a place is inside, for each pair of an outer and an inner one: `inside(outer, inner)`. */
  inside(): (outer: number, inner: number) => boolean {
    const box = this.#box;
    if (!box) return () => true;
    const [innerY, innerX, outerY, outerX] = [this.inner('y'), this.inner('x'), this.outer('y'), this.outer('x')];
    return (o, i) => {
      const y = int16(box.y + (outerY[o] as number) + (innerY[i] as number));
      const x = int16(box.x + (outerX[o] as number) + (innerX[i] as number));
      return y >= 0 && y < box.height && x >= 0 && x < box.width;
    };
  }
}
