// How instructions set a walk: what `….dim`, `….box` and `….offset` of all units do.

import { type Bool, lit, mux, type SInt, type UInt, uint } from '../../hdl/index.ts';
import type { InstanceOf } from '../../hdl/module.ts';
import type { UIntVar } from '../../hdl/value-types.ts';
import type { Walker as WalkerModule } from './walker.ts';

type Walker = InstanceOf<WalkerModule>;

/** Count and steps of a dimension; units whose walk has no box need no steps. Strides are written apart, by `setStride`. */
export function setDimension(
  walker: Walker,
  on: Bool,
  { index, count, y, x }: { readonly index: UInt; readonly count: UInt; readonly y?: SInt; readonly x?: SInt },
): void {
  const { set } = walker;
  set.index.set(index);
  set.counts.set(on);
  set.count.set(count);
  set.y.set(y ?? 0);
  set.x.set(x ?? 0);
}

/** What a step of the dimension adds to the walker's address `i`. */
export function setStride(walker: Walker, i: number, on: Bool, by: SInt): void {
  const stride = walker.set.strides[i];
  stride?.write.set(on);
  stride?.by.set(by);
}

interface Box {
  readonly y: SInt;
  readonly x: SInt;
  readonly height: UInt;
  readonly width: UInt;
}
/** Where the walk begins in its box, and the size of the box. */
export function setBox({ box }: Walker, on: Bool, { y, x, height, width }: Box): void {
  box?.write.set(on);
  box?.y.set(y);
  box?.x.set(x);
  box?.height.set(height);
  box?.width.set(width);
}

/** The offset's next value: `by`, added to the present one where `adds` is 1. */
export function moveOffset(offset: UIntVar, adds: UInt, by: SInt): void {
  offset.set(mux(adds.asBool(), offset, lit(uint(offset.width), 0)).addw(by.asUInt().trunc(offset.width)));
}
