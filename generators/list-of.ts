// Vectors of computed elements.

import { vecOf } from '../hdl/index.ts';

/** A vector of so many values of one type. */
export function listOf<V>(length: number, make: (index: number) => V): never {
  return (vecOf as (...values: V[]) => unknown)(...Array.from({ length }, (_, i) => make(i))) as never;
}
