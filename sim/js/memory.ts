// The storages of the JavaScript engine: arrays as narrow as the type allows.
//
// Invariant: what is stored is the value itself (a uint non-negative, a sint signed, a bool 0 or 1), never bits above its width. To 32
// bits in an integer array, to 52 as exact doubles (so that a sum of two stays exact), above as bigint.

import type { GroundType } from '../../hdl/ir/nodes.ts';

export type Cells = Int8Array | Int16Array | Int32Array | Uint8Array | Uint16Array | Uint32Array | Float64Array | bigint[];

/** How a value is held in JavaScript. */
export type Rep = 'int' | 'float' | 'big';

/** Widest value held as a double. */
const MAX_FLOAT = 52;

export function repOf(type: GroundType): Rep {
  return type.width <= 32 ? 'int' : type.width <= MAX_FLOAT ? 'float' : 'big';
}

export function makeCells(type: GroundType, length: number): Cells {
  const { width } = type;
  const signed = type.kind === 'sint';
  if (width <= 8) return signed ? new Int8Array(length) : new Uint8Array(length);
  if (width <= 16) return signed ? new Int16Array(length) : new Uint16Array(length);
  if (width <= 32) return signed ? new Int32Array(length) : new Uint32Array(length);
  return width <= MAX_FLOAT ? new Float64Array(length) : new Array<bigint>(length).fill(0n);
}

/** Copies between cells of one type. */
export function copyCells(to: Cells, from: Cells): void {
  if (Array.isArray(to)) for (let i = 0; i < to.length; i++) to[i] = (from as bigint[])[i] as bigint;
  else to.set(from as Float64Array);
}
