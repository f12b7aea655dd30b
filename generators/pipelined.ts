// Cells whose registers go where the configuration's number of stages puts them.
//
// Invariant: every path from inputs to outputs has exactly `stages` registers. They are spread over the places that a cell names, the last place first, so that with one
// register it is the outputs that are registered.

import { Module } from '../hdl/index.ts';
import type { AnyValue } from '../hdl/value-types.ts';

/** Registers at place `place` of `places`. */
export function registersAt(place: number, places: number, stages: number): number {
  return Math.floor(((place + 1) * stages) / places) - Math.floor((place * stages) / places);
}

export abstract class Pipelined<C extends { readonly stages?: number }> extends Module<C> {
  /** Places for registers, counted from the inputs. */
  protected abstract readonly places: number;

  /** The values behind the registers of a place. */
  protected cut<T extends object>(place: number, values: T): T {
    return this.registered(values, registersAt(place, this.places, this.cfg.stages ?? 0));
  }

  /** The values behind so many registers. */
  protected registered<T extends object>(values: T, depth: number): T {
    if (depth === 0) return values;
    const delayed = Object.entries(values).map(([name, value]) => [
      name,
      value && this.delay(value as AnyValue & { named(n: string): unknown }, depth).named(name),
    ]);
    return Object.fromEntries(delayed) as T;
  }
}
