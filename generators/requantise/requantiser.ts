// One lane of requantisation: accumulator in, activation out (design note 0019).
//
// Contract: result = clamp(scale(acc) + zeroPoint, min, max) as `systole/golden` defines each mode, `stages` registers later, one result a cycle. In mode `float` the multiplier is
// the code of a finite fp32; in the powers of two the shift is 0 or negative, in `single` at most 30, in `int16` at most 15.
// Refused: what `checkRequantise` refuses.

import { type Bool, bool, cat, type EnumValue, input, lit, mux, optional, output, type SInt, sint, type UInt, uint } from '../../hdl/index.ts';
import { abs, clamp, muxCase, saturate } from '../../hdl/std/choose.ts';
import { normalise, shiftRight } from '../float/shift.ts';
import { Pipelined } from '../pipelined.ts';
import {
  accumulatorOf,
  checkRequantise,
  MULTIPLIER_WIDTH,
  multiplies,
  outputOf,
  type RequantiseMode,
  type RequantiseOptions,
  requantiseMode,
  SHIFT_WIDTH,
  shifts,
} from './config.ts';

/** A factor of the product, and by how much the result is shifted right afterwards. */
interface Prepared extends Scaled {
  readonly factor: SInt;
}
/** Widest shift to the right: beyond it nothing but the sign is left of any product. */
const RIGHT_WIDTH = 7;
/** fp32: bits of the significand with its hidden one; bias and mantissa together. */
const SIGNIFICAND = 24;
const FP32_BIAS = 127;

export class Requantiser extends Pipelined<RequantiseOptions> {
  readonly p = this.io({
    acc: input(sint(accumulatorOf(this.cfg))),
    /** An int32, or the code of an fp32 in mode `float`. */
    multiplier: optional(multiplies(this.cfg), input(sint(MULTIPLIER_WIDTH))),
    /** Positive to the left. */
    shift: optional(shifts(this.cfg), input(sint(SHIFT_WIDTH))),
    zeroPoint: input(outputOf(this.cfg)),
    min: input(outputOf(this.cfg)),
    max: input(outputOf(this.cfg)),
    mode: optional(this.cfg.modes.length > 1, input(requantiseMode)),
    result: output(outputOf(this.cfg)),
  });
  protected readonly places = 5;

  constructor(cfg: RequantiseOptions) {
    super(cfg);
    checkRequantise('Requantiser', cfg);
    this.describe(`Requantisation to ${outputOf(cfg).kind === 'sint' ? 'int' : 'uint'}${outputOf(cfg).width}: ${cfg.modes.join(', ')}.`);
    const { p } = this;
    const beside = <T extends object>(place: number, values: T): T => (cfg.steady ? values : this.cut(place, values));
    const range = { zeroPoint: p.zeroPoint, min: p.min, max: p.max };

    const [mode1, range1] = [beside(0, { mode: p.mode }), beside(0, range)];
    const negative = this.#has('float') ? p.acc.lt(0).xor(this.#multiplier().lt(0)) : undefined;
    const prepared = this.cut(0, { ...this.#prepared(), negative });
    const [mode2, range2] = [beside(1, mode1), beside(1, range1)];
    const product = this.cut(1, {
      value: multiplies(cfg) ? prepared.value.mul(prepared.factor) : prepared.value,
      right: prepared.right,
      negative: prepared.negative,
    });
    const [mode3, range3] = [beside(2, mode2), beside(2, range2)];
    const scaled = this.cut(2, this.#scaled(product, mode2.mode));
    const range4 = beside(3, range3);
    const { rounded } = this.cut(3, { rounded: this.#rounded(scaled, mode3.mode) });
    p.result.set(this.cut(4, { result: this.#clamped(rounded, range4) }).result as never);
  }

  #has(mode: RequantiseMode): boolean {
    return this.cfg.modes.includes(mode);
  }

  #multiplier(): SInt {
    return this.p.multiplier as SInt;
  }

  /** What stands beside the mode that is asked for; the first mode of the configuration otherwise. */
  #choose<V extends SInt | UInt | Bool>(mode: Mode, of: (mode: RequantiseMode) => V): V {
    const [first, ...others] = this.cfg.modes;
    if (!mode) return of(first);
    // Modes that do the same share a condition.
    const groups = new Map<unknown, { readonly value: V; readonly modes: RequantiseMode[] }>();
    for (const other of others) {
      const value = of(other);
      const group = groups.get(value) ?? { value, modes: [] };
      group.modes.push(other);
      groups.set(value, group);
    }
    const fallback = of(first);
    groups.delete(fallback);
    return muxCase(
      fallback,
      [...groups.values()].map(({ value, modes }) => [mode.is(...(modes as [RequantiseMode])), value] as const),
    );
  }

  /** Operands of the multiplier. */
  #prepared(): Prepared {
    const { acc, mode } = this.p;
    const shift = this.p.shift as SInt;
    const ways = new Map<RequantiseMode, Prepared>();
    const down = shifts(this.cfg) ? mux(shift.lt(0), shift.neg().trunc(RIGHT_WIDTH).asUInt(), lit(uint(RIGHT_WIDTH), 0)).named('down') : undefined;
    const one: SInt = lit(sint(2), 1);
    for (const each of this.cfg.modes) {
      if (each === 'double') {
        const left = mux(shift.lt(0), lit(uint(5), 0), shift.asUInt().trunc(5)).named('left');
        const value = acc.extend(32).dshl(left).trunc(32).named('shifted_left');
        ways.set(each, { value, factor: this.#multiplier(), right: down as UInt });
      } else if (each === 'single') {
        ways.set(each, { value: acc, factor: this.#multiplier(), right: lit(sint(RIGHT_WIDTH), 31).subw(shift).asUInt() });
      } else if (each === 'int16') {
        const m = this.#multiplier();
        const top = m.ge(0x7fff0000);
        const factor = mux(
          top,
          lit(sint(17), 0x7fff),
          m
            .add(2 ** 15)
            .shr(16)
            .trunc(17),
        ).named('multiplier16');
        ways.set(each, { value: acc, factor, right: lit(sint(RIGHT_WIDTH), 15).subw(shift).asUInt() });
      } else if (each === 'float') {
        ways.set(each, this.#significands());
      } else {
        ways.set(each, { value: acc, factor: one, right: down as UInt });
      }
    }
    const of = (mode: RequantiseMode): Prepared => ways.get(mode) as Prepared;
    return {
      value: this.#choose(mode, (m) => of(m).value).named('value'),
      factor: this.#choose(mode, (m) => of(m).factor).named('factor'),
      right: this.#choose(mode, (m) => of(m).right).named('right'),
    };
  }

  /** Of the accumulator as an fp32 and of the scale, both positive; the shift for their product rounded to 24 bits, if it is below 2^47. */
  #significands(): Prepared {
    const { acc } = this.p;
    const { value, amount } = normalise(abs(acc).named('magnitude'));
    const below = acc.width - SIGNIFICAND;
    const kept = below > 0 ? value.shr(below) : value.shl(-below);
    const half = below > 0 ? value.bit(below - 1) : lit(bool, false);
    const rest = below > 1 ? value.trunc(below - 1).orR() : lit(bool, false);
    const code = this.#multiplier().asUInt();
    const field = code.bits(30, 23);
    // acc ≈ kept · 2^(below − amount), scale = fraction · 2^(field − bias − 23), and 23 bits of the product are dropped.
    const right = positive(amount)
      .add(FP32_BIAS + SIGNIFICAND - acc.width)
      .sub(positive(field));
    return {
      value: positive(kept.add(half.and(rest.or(kept.bit(0))).asUInt())).named('acc_significand'),
      factor: positive(cat(field.orR(), code.bits(22, 0))).named('scale_significand'),
      right: clamp(right, lit(sint(RIGHT_WIDTH + 1), 0), lit(sint(RIGHT_WIDTH + 1), 2 ** RIGHT_WIDTH - 1))
        .asUInt()
        .trunc(RIGHT_WIDTH)
        .named('float_right'),
    };
  }

  /** What is left to shift and round. */
  #scaled({ value, right, negative }: { readonly value: SInt; readonly right: UInt; readonly negative: Bool | undefined }, mode: Mode): Scaled {
    const own = { value, right };
    const doubled = this.#has('double') ? { value: saturate(value.add(2 ** 30).shr(31), 32).named('high'), right } : own;
    const float = negative ? roundedProduct(value, right, negative) : own;
    const of = (m: RequantiseMode): Scaled => (m === 'double' ? doubled : m === 'float' ? float : own);
    return {
      value: this.#choose(mode, (m) => of(m).value).named('scaled'),
      right: this.#choose(mode, (m) => of(m).right).named('scaled_right'),
    };
  }

  #rounded({ value, right }: Scaled, mode: Mode): SInt {
    // One place more, for the first bit that is lost.
    const { value: moved, lost } = shiftRight(value.shl(1), right);
    const [kept, half] = [moved.shr(1), moved.bit(0)];
    const up = half;
    const even = half.and(lost.or(kept.bit(0)));
    const away = half.and(lost.or(kept.lt(0).not()));
    const none = lit(bool, false);
    const of: { readonly [M in RequantiseMode]: Bool } = {
      double: away,
      single: up,
      int16: up,
      float: even,
      floor: none,
      halfUp: up,
      halfEven: even,
      halfAway: away,
    };
    const grows = this.#choose(mode, (m) => of[m]).named('grows');
    return kept.add(positive(grows.asUInt())).named('rounded');
  }

  /** What saturation takes away could not have come back into range: the zero point is within the output's range. */
  #clamped(rounded: SInt, { zeroPoint, min, max }: { readonly zeroPoint: Integer; readonly min: Integer; readonly max: Integer }): Integer {
    const output = outputOf(this.cfg);
    const near = saturate(rounded, Math.min(rounded.width, output.width + 2)).named('near');
    const inRange = clamp(near.add(signed(zeroPoint)), signed(min), signed(max));
    const bits = inRange.asUInt().trunc(output.width);
    return output.kind === 'sint' ? bits.asSInt() : bits;
  }
}

type Integer = SInt | UInt;
type Mode = EnumValue<RequantiseMode> | undefined;
interface Scaled {
  readonly value: SInt;
  readonly right: UInt;
}

/** The same value with a sign. */
function positive(x: UInt): SInt {
  return x.extend(x.width + 1).asSInt();
}
function signed(x: Integer): SInt {
  return x.kind === 'sint' ? x : positive(x);
}

/** A product of two significands as fp32 has it: 24 bits, to nearest even, with its sign. */
function roundedProduct(product: SInt, right: UInt, negative: Bool): Scaled {
  const width = 2 * SIGNIFICAND;
  const bits = product.asUInt().trunc(width);
  const high = bits.bit(width - 1);
  const normal = mux(high, bits, bits.trunc(width - 1).shl(1)).named('float_product');
  const kept = normal.shr(SIGNIFICAND);
  const up = normal.bit(SIGNIFICAND - 1).and(
    normal
      .trunc(SIGNIFICAND - 1)
      .orR()
      .or(kept.bit(0)),
  );
  const magnitude = positive(kept.add(up.asUInt())).named('float_magnitude');
  // An exponent that leaves nothing to shift lies beyond every output.
  const less = right.subw(high.and(right.orR()).asUInt().extend(right.width));
  return { value: mux(negative, magnitude.neg().trunc(magnitude.width), magnitude), right: less };
}
