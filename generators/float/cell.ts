// What all floating-point cells share: their pipeline, and how they end.
//
// Invariant: every path from inputs to outputs has exactly `stages` registers. They are spread over the places that a cell names, the last place first, so that with one
// register it is the outputs that are registered.

import { type Bool, type FloatType, type FloatVar, Module, mux, type UInt, type UIntVar } from '../../hdl/index.ts';
import type { AnyValue } from '../../hdl/value-types.ts';
import type { CellOptions } from './config.ts';
import { type RoundingMode, round, type Unrounded } from './round.ts';
import { pack } from './unpack.ts';

/** Registers at place `place` of `places`. */
export function registersAt(place: number, places: number, stages: number): number {
  return Math.floor(((place + 1) * stages) / places) - Math.floor((place * stages) / places);
}

/** What is known of the result beside its digits, and how to round them. */
export interface Aside {
  /** No number comes out. */
  readonly nan: Bool;
  /** Infinity comes out; not together with `nan`. */
  readonly infinite: Bool;
  readonly invalid: Bool;
  /** The sign of that infinity. */
  readonly infinitySign: Bool;
  /** Where the rounding is a port. */
  readonly rounding: UInt | undefined;
}

export abstract class FloatCell<C extends CellOptions> extends Module<C> {
  /** Places for registers, counted from the inputs. */
  protected abstract readonly places: number;

  /** The values behind the registers of a place. */
  protected cut<T extends object>(place: number, values: T): T {
    const depth = registersAt(place, this.places, this.cfg.stages ?? 0);
    if (depth === 0) return values;
    const delayed = Object.entries(values).map(([name, value]) => [
      name,
      value && this.delay(value as AnyValue & { named(n: string): unknown }, depth).named(name),
    ]);
    return Object.fromEntries(delayed) as T;
  }

  /** The rounding of the configuration, or of the port. */
  protected modeOf({ rounding }: { readonly rounding: UInt | undefined }): RoundingMode {
    const fixed = this.cfg.rounding ?? 'nearestEven';
    return fixed === 'input' ? (rounding as UInt) : fixed;
  }

  /** Rounds, packs, and registers the outputs at the last place. */
  protected finish(value: Unrounded, aside: Aside, type: FloatType, to: { readonly result: FloatVar; readonly flags: UIntVar }): void {
    const sign = mux(aside.infinite, aside.infinitySign, value.sign);
    const rounded = round({ ...value, sign }, type, this.modeOf(aside));
    const packed = pack(rounded, aside, type, this.cfg.overflow ?? 'special');
    const { bits, flags } = this.cut(this.places - 1, { bits: packed.bits, flags: packed.flags });
    to.result.set(bits.asFloat(type));
    to.flags.set(flags);
  }
}
