// Cells that add an exact value to a float with one rounding: from the two addends to the outputs.
//
// Contract: five places for registers, from the addends to the outputs.

import { type Bool, type FloatType, type FloatVar, mux, type UInt, type UIntVar } from '../../hdl/index.ts';
import { addAligned, align, type FirstAddend, normaliseSum } from './add-core.ts';
import { type Aside, FloatCell } from './cell.ts';
import type { CellOptions } from './config.ts';
import { isDown } from './round.ts';
import type { Unpacked } from './unpack.ts';

/** An exact value, and whether it is none. */
export interface ExactAddend extends FirstAddend {
  readonly zero: Bool;
  readonly nan: Bool;
  /** Not together with `nan`; with the sign. */
  readonly infinite: Bool;
  readonly invalid: Bool;
}

export abstract class AddingCell<C extends CellOptions> extends FloatCell<C> {
  protected readonly places = 5;

  /** first + c, rounded once, to the ports of the result. */
  protected addTo(
    first: ExactAddend,
    c: Unpacked,
    type: FloatType,
    p: { readonly rounding: UInt | undefined; readonly result: FloatVar; readonly flags: UIntVar },
  ): void {
    const contradicts = first.infinite.and(c.infinite).and(first.sign.xor(c.sign));
    const nan = first.nan.or(c.nan).or(contradicts);
    const aside: Aside = {
      nan,
      infinite: first.infinite.or(c.infinite).and(nan.not()),
      // The first one's infinity is one only where it is no NaN.
      invalid: first.invalid.or(c.signalling).or(contradicts),
      infinitySign: mux(first.infinite, first.sign, c.sign),
      rounding: p.rounding,
    };
    const aside1 = this.cut(0, aside);
    const { exponent, ...digits } = this.cut(0, {
      productSign: first.sign,
      product: first.significand,
      productZero: first.zero,
      exponent: first.exponent.value,
      addendSign: c.sign,
      addendExponent: c.exponent,
      addend: c.significand,
    });

    const pair = align(
      {
        zeros: first.zeros,
        sign: digits.productSign,
        exponent: { ...first.exponent, value: exponent },
        significand: digits.product,
        zero: digits.productZero,
      },
      { sign: digits.addendSign, exponent: digits.addendExponent, significand: digits.addend },
      type.format.mantissa + 1,
    );
    const aside2 = this.cut(1, aside1);
    const sum = addAligned(this.cut(1, pair), isDown(this.modeOf(aside2)));
    const aside3 = this.cut(2, aside2);
    const normal = normaliseSum(this.cut(2, sum));
    this.finish(this.cut(3, normal), this.cut(3, aside3), type, p);
  }
}
