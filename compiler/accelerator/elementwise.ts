// Sums and products of two tensors, element by element.
//
// Invariant: tensors are runs of bytes; what a vector holds beyond the last element is never stored.

import type { AcceleratorConfig } from '../../isa/config.ts';
import { type Placement, ProgramBuilder, place } from './builder.ts';
import type { Add, Multiply } from './layers.ts';
import { finish, type Lowered, rangeOf } from './lowered.ts';
import { pieceBytes, streamPieces } from './stream.ts';

export function lowerElementwise(layer: Add | Multiply, config: AcceleratorConfig, placement?: Placement): Lowered {
  const { cols } = config;
  const { elements, scaling } = layer;
  const builder = new ProgramBuilder(config, placement);
  const [a, b, output] = [builder.input(elements), builder.input(elements), builder.reserve(elements)];
  const size = pieceBytes(elements, config);
  const [placeA, placeB, placeOut] = place(config, [[2 * size], [2 * size], [2 * size]]) as [number, number, number];
  const zeros = { aZero: layer.a.zeroPoint, bZero: layer.b.zeroPoint, ...(layer.kind === 'add' && { left: layer.left }) };
  const of = (list: ArrayLike<number>): number => list[0] as number;
  const pieces = Array.from({ length: Math.ceil(elements / size) }, (_, i) => ({ first: i * size, bytes: Math.min(size, elements - i * size) }));

  streamPieces(builder, pieces, {
    load({ first, bytes }, slot, { wait, signal }) {
      builder.loadBytes(a + first, placeA + slot * size, bytes, { wait });
      builder.loadBytes(b + first, placeB + slot * size, bytes, { signal });
    },
    compute({ bytes }, from, to, { wait, signal }) {
      builder.configure('vx.range', rangeOf(layer, config, zeros));
      if (layer.kind === 'add') {
        builder.configure('vx.scale', { which: 0, multiplier: layer.a.multiplier, shift: layer.a.shift });
        builder.configure('vx.scale', { which: 1, multiplier: layer.b.multiplier, shift: layer.b.shift });
      }
      builder.configure('vx.scale', { which: 2, multiplier: of(scaling.multiplier), shift: of(scaling.shift) });
      builder.configure('vx.dim', { index: 2, count: Math.ceil(bytes / cols), a: cols, b: cols, y: 0, x: 0 });
      builder.configure('vx.place', { index: 2, out: cols });
      const operation = layer.kind === 'add' ? 5 : 6;
      builder.emit('vx.run', { operation, a: placeA + from * size, b: placeB + from * size, out: placeOut + to * size }, { wait, signal });
    },
    store({ first, bytes }, slot, tokens) {
      builder.store({ memory: output + first, local: placeOut + slot * size, dimensions: [], run: bytes }, tokens);
    },
  });
  const region = (address: number) => ({ address, bytes: elements });
  return finish(builder, [region(a), region(b)], region(output));
}
