// Conversions: float to float, float to integer, integer to float.
//
// Contract: one rounding; `stages` registers. An integer out of range becomes the nearest end and is invalid, NaN the largest.
// Refused: what `checkCell` refuses; integers of less than 2 or more than 32 bits.

import { bool, cat, type FloatType, input, lit, mux, type SIntType, sint, type UIntType, uint } from '../../hdl/index.ts';
import { abs } from '../../hdl/std/choose.ts';
import { refuse } from '../refuse.ts';
import { FloatCell, resultPorts } from './cell.ts';
import { type CellOptions, checkCell } from './config.ts';
import { grows } from './round.ts';
import { sumOfExponents, toLeastExponent } from './scale.ts';
import { shiftRight } from './shift.ts';
import { highestField, unpack } from './unpack.ts';

/** `sint(n)` or `uint(n)`, 2 to 32 bits. */
export type IntType = SIntType | UIntType;

function checkInt(cell: string, { width }: IntType): void {
  if (width < 2 || width > 32) refuse(`${cell} of an integer of ${width} bits`, 'give an integer of 2 to 32 bits');
}

export interface FloatToFloatConfig extends CellOptions {
  readonly from: FloatType;
  readonly to: FloatType;
}

export class FloatToFloat extends FloatCell<FloatToFloatConfig> {
  readonly p = this.io({
    value: input(this.cfg.from),
    ...resultPorts(this.cfg, this.cfg.to),
  });
  protected readonly places = 2;

  constructor(cfg: FloatToFloatConfig) {
    super(cfg);
    const { from, to } = cfg;
    checkCell('FloatToFloat', cfg, from, to);
    this.describe(`Conversion of ${from.format.name} to ${to.format.name}.`);
    const { p } = this;
    const x = unpack(p.value, from);
    const exponent = sumOfExponents([{ value: x.exponent, min: 1, max: highestField(from) }], to.format.bias - from.format.bias - 1);
    // Subnormal values of a format that reaches lower become normal here.
    const zeros = to.format.bias > from.format.bias ? from.format.mantissa : 0;
    const scaled = toLeastExponent({ sign: x.sign, exponent, significand: x.significand, zeros }, to);
    const aside = { nan: x.nan, infinite: x.infinite, invalid: x.signalling, infinitySign: x.sign, rounding: p.rounding };
    this.finish(this.cut(0, scaled), this.cut(0, aside), to, p);
  }
}

export interface FloatToIntConfig extends Omit<CellOptions, 'overflow'> {
  readonly from: FloatType;
  readonly to: IntType;
}

export class FloatToInt extends FloatCell<FloatToIntConfig> {
  readonly p = this.io({
    value: input(this.cfg.from),
    /** The bits of the integer. */
    ...resultPorts(this.cfg, uint(this.cfg.to.width)),
  });
  protected readonly places = 2;

  constructor(cfg: FloatToIntConfig) {
    super(cfg);
    const { from, to } = cfg;
    checkCell('FloatToInt', cfg, from);
    checkInt('FloatToInt', to);
    const signed = to.kind === 'sint';
    this.describe(`Conversion of ${from.format.name} to ${signed ? 'a signed' : 'an unsigned'} integer of ${to.width} bits.`);
    const { p } = this;
    const x = unpack(p.value, from);
    // How far the highest bit of the value lies below that of the integer; behind the integer's bits one for the half.
    const depth = sumOfExponents([{ value: x.exponent, min: 1, max: highestField(from), minus: true }], to.width - 1 + from.format.bias);
    const window = Math.max(to.width, from.format.mantissa + 1) + 1;
    const { value: shifted, lost } = shiftRight(x.significand.shl(window - x.significand.width), depth.value.asUInt());
    const below = window - to.width - 1;
    const part = this.cut(0, {
      whole: shifted.bits(window - 1, window - to.width),
      half: shifted.bit(below),
      rest: below > 0 ? shifted.trunc(below).orR().or(lost) : lost,
      tooLarge: depth.value.lt(0).or(x.infinite).or(x.nan),
      sign: x.sign.and(x.nan.not()),
      rounding: p.rounding,
    });
    const { whole, half, rest, sign } = part;
    const up = grows(this.modeOf(part), { sign, last: whole.bit(0), half, rest });
    const size = whole.add(up.asUInt());
    const limit = signed ? 2 ** (to.width - 1) : 2 ** to.width;
    // Down to −2^(n − 1) when signed, to 0 when not.
    const outside = mux(sign, signed ? size.gt(limit) : size.orR(), size.ge(limit)).or(part.tooLarge);
    const end = mux(sign, lit(uint(to.width), signed ? limit : 0), lit(uint(to.width), limit - 1));
    const value = mux(sign, size.neg().asUInt().trunc(to.width), size.trunc(to.width));
    const inexact = half.or(rest).and(outside.not());
    const out = this.cut(1, { bits: mux(outside, end, value), flags: cat(outside, lit(uint(3), 0), inexact) });
    p.result.set(out.bits);
    p.flags.set(out.flags);
  }
}

export interface IntToFloatConfig extends CellOptions {
  readonly from: IntType;
  readonly to: FloatType;
}

export class IntToFloat extends FloatCell<IntToFloatConfig> {
  readonly p = this.io({
    /** The bits of the integer. */
    value: input(uint(this.cfg.from.width)),
    ...resultPorts(this.cfg, this.cfg.to),
  });
  protected readonly places = 2;

  constructor(cfg: IntToFloatConfig) {
    super(cfg);
    const { from, to } = cfg;
    checkCell('IntToFloat', cfg, to);
    checkInt('IntToFloat', from);
    const signed = from.kind === 'sint';
    const { width } = from;
    this.describe(`Conversion of ${signed ? 'a signed' : 'an unsigned'} integer of ${width} bits to ${to.format.name}.`);
    const { p } = this;
    const never = lit(bool, false);
    const sign = signed ? p.value.bit(width - 1) : never;
    const significand = signed ? abs(p.value.asSInt()) : p.value;
    const top = width - 2 + to.format.bias;
    const exponent = { value: lit(sint(top.toString(2).length + 1), top), min: top, max: top };
    const scaled = toLeastExponent({ sign, exponent, significand, zeros: width - 1 }, to);
    const aside = { nan: never, infinite: never, invalid: never, infinitySign: never, rounding: p.rounding };
    this.finish(this.cut(0, scaled), this.cut(0, aside), to, p);
  }
}
