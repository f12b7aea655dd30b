// Sums and products of two tensors, element by element.
//
// Invariant: tensors are runs of bytes; what a vector holds beyond the last element is never stored.

import type { AcceleratorConfig } from '../../isa/config.ts';
import { type Placement, ProgramBuilder, place, roundUp } from './builder.ts';
import type { Add, Multiply } from './layers.ts';
import { finish, type Lowered, rangeOf } from './lowered.ts';

/** Pieces that a layer is cut into at least, so that loads, vectors and stores overlap; and the most bytes of one. */
const PIECES = 4;
const MAX_PIECE = 32768;

export function lowerElementwise(layer: Add | Multiply, config: AcceleratorConfig, placement?: Placement): Lowered {
  const { cols } = config;
  const { elements, scaling } = layer;
  const builder = new ProgramBuilder(config, placement);
  const [a, b, output] = [builder.input(elements), builder.input(elements), builder.reserve(elements)];
  const most = Math.min(MAX_PIECE, config.scratchpad / 8);
  const piece = roundUp(Math.min(Math.ceil(elements / PIECES), most), Math.max(cols, config.bus / 8));
  const [placeA, placeB, placeOut] = place(config, [[2 * piece], [2 * piece], [2 * piece]]) as [number, number, number];
  const slots = { inputs: builder.channel('ld', 2), results: builder.channel('vx', 2) };
  const zeros = { aZero: layer.a.zeroPoint, bZero: layer.b.zeroPoint, ...(layer.kind === 'add' && { left: layer.left }) };
  const of = (list: ArrayLike<number>): number => list[0] as number;

  const load = (from: number): void => {
    if (from >= elements) return;
    const bytes = Math.min(piece, elements - from);
    const { slot, wait, signal } = slots.inputs.fill();
    builder.loadBytes(a + from, placeA + slot * piece, bytes, { wait });
    builder.loadBytes(b + from, placeB + slot * piece, bytes, { signal });
  };
  load(0);
  for (let from = 0, i = 0; from < elements; from += piece, i++) {
    load(from + piece);
    const bytes = Math.min(piece, elements - from);
    const { slot, wait, signal } = slots.results.fill();
    builder.configure('vx.range', rangeOf(layer, config, zeros));
    if (layer.kind === 'add') {
      builder.configure('vx.scale', { which: 0, multiplier: layer.a.multiplier, shift: layer.a.shift });
      builder.configure('vx.scale', { which: 1, multiplier: layer.b.multiplier, shift: layer.b.shift });
    }
    builder.configure('vx.scale', { which: 2, multiplier: of(scaling.multiplier), shift: of(scaling.shift) });
    builder.configure('vx.dim', { index: 2, count: Math.ceil(bytes / cols), a: cols, b: cols, y: 0, x: 0 });
    builder.configure('vx.place', { index: 2, out: cols });
    const local = (i % 2) * piece;
    builder.emit(
      'vx.run',
      { operation: layer.kind === 'add' ? 5 : 6, a: placeA + local, b: placeB + local, out: placeOut + slot * piece },
      { wait: [...slots.inputs.taken, ...wait], signal: [...slots.inputs.emptied, ...signal] },
    );
    builder.store(
      { memory: output + from, local: placeOut + slot * piece, dimensions: [], run: bytes },
      { wait: slots.results.taken, signal: slots.results.emptied },
    );
  }
  const region = (address: number) => ({ address, bytes: elements });
  return finish(builder, [region(a), region(b)], region(output));
}
