// Batch mode: inputs of many cycles from memory, outputs of many cycles to memory, without a call for each.
//
// Invariant: a port's values of one cycle lie side by side in cells of the port's size, cycle after cycle, in areas behind the design's
// memory that hold a fixed number of cycles. Outputs are those before the clock edge, as for somebody who looks between two steps.

import type { Place } from '../paths.ts';
import { cellSize } from './cells.ts';
import { bin, Code, i32, load, vecLoad, type W } from './code.ts';
import type { Compiling } from './compiling.ts';
import type { Context } from './context.ts';
import type { Placements } from './placement.ts';

/** Cycles that the areas hold. */
export const BATCH = 256;

interface Area {
  readonly place: Place;
  readonly at: number;
  readonly row: number;
  readonly size: number;
}

export class Streams {
  readonly inputs: readonly Place[];
  readonly outputs: readonly Place[];
  areas: { readonly inputs: readonly Area[]; readonly outputs: readonly Area[]; readonly counter: number } | undefined;
  bytes = 0;

  constructor(inputs: readonly Place[], outputs: readonly Place[]) {
    this.inputs = inputs;
    this.outputs = outputs;
  }

  place(placements: Placements): NonNullable<Streams['areas']> {
    if (this.areas) return this.areas;
    const area = (place: Place): Area => {
      const size = cellSize(place.type);
      const row = place.length * size;
      return { place, size, row, at: placements.reserve(row * BATCH + 16) };
    };
    this.areas = { inputs: this.inputs.map(area), outputs: this.outputs.map(area), counter: placements.reserve(4) };
    return this.areas;
  }

  read(c: Context, placements: Placements): void {
    const { inputs, counter } = this.place(placements);
    const n = c.code.let(load(4, i32(0), counter));
    for (const a of inputs) copyRow(c, placements, a, n, true);
  }

  write(c: Context, placements: Placements): void {
    const { outputs, counter } = this.place(placements);
    const n = c.code.let(load(4, i32(0), counter));
    for (const a of outputs) copyRow(c, placements, a, n, false);
    c.code.store(4, i32(0), counter, bin('add', n, i32(1)));
  }
}

function copyRow(c: Context, placements: Placements, { place, at, row, size }: Area, n: W, inwards: boolean): void {
  const { code } = c;
  const cursor = code.let(bin('mul', n, i32(row)));
  const cells = addressesOf(placements, place);
  const contiguous = cells.every((x, i) => x === (cells[0] as number) + i * size);
  const put = (bytes: number, offset: number, address: number): void => {
    const vector = bytes === 16;
    if (inwards && vector) code.vecStore(i32(0), address, vecLoad(cursor, at + offset));
    else if (vector) code.vecStore(cursor, at + offset, vecLoad(i32(0), address));
    else if (inwards) code.store(bytes, i32(0), address, load(bytes, cursor, at + offset));
    else code.store(bytes, cursor, at + offset, load(bytes, i32(0), address));
  };
  if (!contiguous) {
    cells.forEach((address, i) => {
      for (let b = 0; b < size; b += 8) put(Math.min(8, size), i * size + b, address + b);
    });
    return;
  }
  for (let offset = 0; offset < row; ) {
    const left = row - offset;
    const bytes = left >= 16 && c.lanes ? 16 : left >= 8 ? 8 : left >= 4 ? 4 : left >= 2 ? 2 : 1;
    put(bytes, offset, (cells[0] as number) + offset);
    offset += bytes;
  }
}

/** The addresses of a place's elements. */
export function addressesOf(placements: Placements, place: Pick<Place, 'storage' | 'offset' | 'length' | 'places'>): number[] {
  const { storage } = place;
  const { base, strides } = placements.address(storage);
  const dims = storage.dims;
  return Array.from({ length: place.length }, (_, i) => {
    let rest = place.places ? (place.places[i] as number) : place.offset + i;
    let at = base;
    for (let d = dims.length - 1; d >= 0; d--) {
      const n = dims[d] as number;
      at += (rest % n) * (strides[d] as number);
      rest = Math.floor(rest / n);
    }
    return at;
  });
}

/** The function `batch(n)`: inputs, wires, outputs, edge. */
export function emitStreams(k: Compiling, streams: Streams, comb: readonly Code[], edge: readonly Code[]): void {
  const { module, placements } = k;
  const { counter } = streams.place(placements);
  const single = edge.length === 0 && comb.length === 1;
  const reads = new Code();
  streams.read(k.context(reads), placements);
  const parts = [module.add(reads), ...comb.map((code) => module.add(code))];
  if (!single && edge.length > 0) {
    const writes = new Code();
    streams.write(k.context(writes), placements);
    parts.push(module.add(writes), ...edge.map((code) => module.add(code)));
  }
  const code = new Code(1);
  code.store(4, i32(0), counter, i32(0));
  code.repeat(() => {
    for (const part of parts) code.call(part);
    code.push([0x20, 0, 0x41, 1, 0x6b, 0x22, 0]);
    return { t: 'i32', code: [] };
  });
  module.add(code, 'batch');
}
