// One lane of a block dot product: the exact product of two elements, as a whole number in units of the least product.
//
// Contract: `stages` registers behind the multiplier, in front of the shift. What is no number is said aside, and the term then means nothing.

import { bool, type FloatType, input, lit, Module, mux, optional, output, type SInt, sint, type UInt, uint } from '../../hdl/index.ts';
import { BLOCK_FORMATS, type BlockFormatName, elementWidth } from './block-formats.ts';
import { productAside } from './product.ts';
import { highestField, type UnpackedAside, unpack } from './unpack.ts';

export interface BlockLaneConfig {
  readonly a: BlockFormatName;
  readonly b: BlockFormatName;
  readonly stages: number;
}

/** An element as significand · 2^(shift + least). */
interface Element {
  readonly significand: SInt;
  /** Undefined where it is always 0. */
  readonly shift: UInt | undefined;
  /** Undefined where every code is a number. */
  readonly aside: UnpackedAside | undefined;
}
/** What holds of all elements of a format. */
interface Range {
  /** The largest |significand|. */
  readonly largest: bigint;
  readonly maxShift: number;
  readonly least: number;
}

const hasNans = (type: FloatType | 'int8'): boolean => type !== 'int8' && type.format.nans !== 'none';
const hasInfinities = (type: FloatType | 'int8'): boolean => type !== 'int8' && type.format.nans === 'ieee';

function rangeOf(type: FloatType | 'int8'): Range {
  if (type === 'int8') return { largest: 128n, maxShift: 0, least: -6 };
  const { bias, mantissa } = type.format;
  return { largest: 2n ** BigInt(mantissa + 1) - 1n, maxShift: highestField(type) - 1, least: 1 - bias - mantissa };
}

function elementOf(code: UInt, type: FloatType | 'int8'): Element {
  if (type === 'int8') return { significand: code.asSInt(), shift: undefined, aside: undefined };
  const x = unpack(code.asFloat(type), type);
  const positive = x.significand.extend(x.significand.width + 1).asSInt();
  const significand = mux(x.sign, positive.neg().trunc(positive.width), positive);
  return { significand, shift: x.exponent.subw(1), aside: hasNans(type) ? x : undefined };
}

/** Bits of two's complement for ±largest. */
export const signedBits = (largest: bigint): number => largest.toString(2).length + 1;
/** As wide as a value within ±largest needs; what lies beyond stands for no number. */
export function within(value: SInt, largest: bigint): SInt {
  const width = signedBits(largest);
  return value.width > width ? value.trunc(width) : value;
}

const elementRange = (name: BlockFormatName): Range => rangeOf(BLOCK_FORMATS[name]);

/** What holds of the products of two formats. */
export interface TermRange {
  readonly largestProduct: bigint;
  /** Of |term|. */
  readonly largest: bigint;
  /** Exponent of the unit. */
  readonly least: number;
  /** Whether a product can be NaN, and whether it can be infinite. */
  readonly nans: boolean;
  readonly infinities: boolean;
}

export function termRange({ a, b }: Pick<BlockLaneConfig, 'a' | 'b'>): TermRange {
  const [x, y] = [elementRange(a), elementRange(b)];
  const largestProduct = x.largest * y.largest;
  return {
    largestProduct,
    largest: largestProduct << BigInt(x.maxShift + y.maxShift),
    least: x.least + y.least,
    nans: [a, b].some((name) => hasNans(BLOCK_FORMATS[name])),
    infinities: [a, b].some((name) => hasInfinities(BLOCK_FORMATS[name])),
  };
}

export class BlockLane extends Module<BlockLaneConfig> {
  readonly #range = termRange(this.cfg);
  readonly p = this.io({
    a: input(uint(elementWidth(this.cfg.a))),
    b: input(uint(elementWidth(this.cfg.b))),
    term: output(sint(signedBits(this.#range.largest))),
    nan: optional(this.#range.nans, output(bool)),
    plus: optional(this.#range.infinities, output(bool)),
    minus: optional(this.#range.infinities, output(bool)),
    invalid: optional(this.#range.infinities, output(bool)),
  });

  constructor(cfg: BlockLaneConfig) {
    super(cfg);
    this.describe(`Exact product of two elements of blocks: ${cfg.a} x ${cfg.b}.`);
    const { p } = this;
    const { stages } = cfg;
    const x = elementOf(p.a, BLOCK_FORMATS[cfg.a]);
    const y = elementOf(p.b, BLOCK_FORMATS[cfg.b]);
    const product = this.delay(within(x.significand.mul(y.significand), this.#range.largestProduct), stages);
    const shift = x.shift && y.shift ? x.shift.add(y.shift) : (x.shift ?? y.shift);
    p.term.set(shift ? within(product.dshl(this.delay(shift, stages)), this.#range.largest) : product);
    if (!p.nan) return;
    const [ax, ay] = [x.aside ?? numberAside(x), y.aside ?? numberAside(y)];
    const { nan, infinite, invalid } = productAside(ax, ay);
    const negative = ax.sign.xor(ay.sign);
    p.nan.set(this.delay(nan, stages));
    p.plus?.set(this.delay(infinite.and(negative.not()), stages));
    p.minus?.set(this.delay(infinite.and(negative), stages));
    p.invalid?.set(this.delay(invalid, stages));
  }
}

/** An element of which every code is a number, beside one of another kind. */
function numberAside({ significand }: Element): UnpackedAside {
  const never = lit(bool, false);
  return { sign: significand.lt(0), zero: significand.eq(0), infinite: never, nan: never, signalling: never };
}
