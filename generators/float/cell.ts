// What all floating-point cells share: how they end.

import {
  type Bool,
  type FloatType,
  type FloatVar,
  input,
  mux,
  optional,
  output,
  type UInt,
  type UIntType,
  type UIntVar,
  uint,
} from '../../hdl/index.ts';
import { Pipelined } from '../pipelined.ts';
import { type CellOptions, FLAGS_WIDTH } from './config.ts';
import { type RoundingMode, round, type Unrounded } from './round.ts';
import { pack } from './unpack.ts';

/** The ports behind the operands of a cell that rounds, with a result of a type. */
export function resultPorts<T extends FloatType | UIntType>({ rounding }: CellOptions, result: T) {
  return {
    /** A code of ROUNDINGS. */
    rounding: optional(rounding === 'input', input(uint(3))),
    result: output<FloatType | UIntType>(result) as ReturnType<typeof output<T>>,
    flags: output(uint(FLAGS_WIDTH)),
  };
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

export abstract class FloatCell<C extends CellOptions> extends Pipelined<C> {
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
