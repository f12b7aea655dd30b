// Dot product of two OCP MX blocks, scaled once and added to an fp32 number with one rounding (design note 0023).
//
// Contract: a block has its elements, the first one lowest, and an E8M0 scale on top. Nothing is lost before the one rounding: products and their sum are whole numbers
// in units of the least product. A sum of zero leaves c as it is, −0 too. `stages` registers, and `productStages` more for a and b.
// Refused: formats that do not exist, blocks that are no divisor of 32 elements, and what `checkCell` refuses.

import { type Bool, type FloatType, fp32, input, lit, mux, type SInt, type UInt, uint, vecOf } from '../../hdl/index.ts';
import { abs } from '../../hdl/std/choose.ts';
import { reduceTree } from '../../hdl/std/reduce.ts';
import { registersAt } from '../pipelined.ts';
import { refuse } from '../refuse.ts';
import { AddingCell } from './adding-cell.ts';
import { BLOCK_FORMATS, BLOCK_SIZE, type BlockFormatName, blockWidth, SCALE_BIAS, SCALE_WIDTH } from './block-formats.ts';
import { resultPorts } from './cell.ts';
import { type CellOptions, checkCell } from './config.ts';
import { productAside } from './product.ts';
import { sumOfExponents } from './scale.ts';
import { normalise } from './shift.ts';
import { highestField, type Unpacked, unpack } from './unpack.ts';

/** Rounds to nearest even, and what is too large is infinity. */
export interface BlockDotConfig extends Pick<CellOptions, 'stages'> {
  readonly a: BlockFormatName;
  /** That of a when absent. */
  readonly b?: BlockFormatName;
  /** Elements a block: 32 when absent, or a divisor of it. */
  readonly size?: number;
  /** Registers that a and b pass and c does not: c comes so many cycles later. 0 when absent. */
  readonly productStages?: number;
}

/** Places for the registers of products: behind the multipliers, the sum, the normaliser. */
const PRODUCT_PLACES = 3;

/** An element as significand · 2^(shift + least). */
interface Element {
  readonly significand: SInt;
  /** Undefined where it is always 0. */
  readonly shift: UInt | undefined;
  /** Undefined where every code is a number. */
  readonly aside: Unpacked | undefined;
}
/** What holds of all elements of a format. */
interface Range {
  /** The largest |significand|. */
  readonly largest: bigint;
  readonly maxShift: number;
  readonly least: number;
}

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
  return { significand, shift: x.exponent.subw(1), aside: type.format.nans === 'none' ? undefined : x };
}

const bitsOf = (largest: bigint): number => largest.toString(2).length;
/** As wide as a value within ±largest needs; what lies beyond stands for no number. */
const within = (value: SInt, largest: bigint): SInt => {
  const width = bitsOf(largest) + 1;
  return value.width > width ? value.trunc(width) : value;
};

/** Facts about a block's sum, of which the products say nothing. */
interface Specials {
  readonly nan: Bool;
  readonly plus: Bool;
  readonly minus: Bool;
  readonly invalid: Bool;
}

export class FloatBlockDot extends AddingCell<BlockDotConfig> {
  readonly p = this.io({
    a: input(uint(blockWidth(checkedFormat(this.cfg.a), checkedSize(this.cfg)))),
    b: input(uint(blockWidth(checkedFormat(this.cfg.b ?? this.cfg.a), checkedSize(this.cfg)))),
    c: input(fp32),
    ...resultPorts(this.cfg, fp32),
  });

  constructor(cfg: BlockDotConfig) {
    super(cfg);
    const { a: aName, b: bName = aName, productStages = 0 } = cfg;
    checkCell('FloatBlockDot', cfg);
    checkCell('FloatBlockDot', { stages: productStages });
    const size = checkedSize(cfg);
    this.describe(`Dot product of blocks of ${size}: ${aName} x ${bName} + fp32, rounded once.`);
    const { p } = this;
    const [aType, bType] = [BLOCK_FORMATS[aName], BLOCK_FORMATS[bName]];
    const [aRange, bRange] = [rangeOf(aType), rangeOf(bType)];
    const behind = <T extends object>(place: number, values: T): T => this.registered(values, registersAt(place, PRODUCT_PLACES, productStages));

    const elements = (code: UInt, type: FloatType | 'int8'): Element[] => {
      const width = type === 'int8' ? 8 : type.width;
      return Array.from({ length: size }, (_, i) => elementOf(code.bits((i + 1) * width - 1, i * width), type));
    };
    const [as, bs] = [elements(p.a, aType), elements(p.b, bType)];
    const largestProduct = aRange.largest * bRange.largest;
    const products = as.map((x, i) => {
      const y = bs[i] as Element;
      const shift = x.shift && y.shift ? x.shift.add(y.shift) : (x.shift ?? y.shift);
      return {
        value: within(x.significand.mul(y.significand), largestProduct),
        ...(shift && { shift }),
      };
    });
    const scale = (code: UInt): UInt => code.bits(code.width - 1, code.width - SCALE_WIDTH);
    const [scaleA, scaleB] = [scale(p.a), scale(p.b)];
    const specials = specialsOf(as, bs, scaleA.andR().or(scaleB.andR()));
    const multiplied = products.map((product) => behind(0, product));
    const scales = behind(0, { scaleA, scaleB });
    const specials1 = behind(0, specials);

    const maxShift = aRange.maxShift + bRange.maxShift;
    const largestTerm = largestProduct << BigInt(maxShift);
    const terms = multiplied.map(({ value, shift }) => (shift ? within(value.dshl(shift), largestTerm) : value));
    const largest = largestTerm * BigInt(size);
    const total = within(reduceTree(vecOf(...(terms as [SInt, ...SInt[]])), 'add'), largest);
    const { sum } = behind(1, { sum: total });
    const scales2 = behind(1, scales);
    const specials2 = behind(1, specials1);

    const width = bitsOf(largest);
    const negative = sum.lt(0);
    const { value: significand, amount } = normalise(abs(sum).trunc(width));
    const exponent = sumOfExponents(
      [
        { value: scales2.scaleA, min: 0, max: 2 * SCALE_BIAS },
        { value: scales2.scaleB, min: 0, max: 2 * SCALE_BIAS },
        { value: amount, min: 0, max: width - 1, minus: true },
      ],
      fp32.format.bias + aRange.least + bRange.least + width - 1 - 2 * SCALE_BIAS,
    );
    const cancels = specials2.plus.and(specials2.minus);
    const nan = specials2.nan.or(cancels);
    const infinite = specials2.plus.or(specials2.minus).and(nan.not());
    const zero = significand.bit(width - 1).not();
    const first = behind(2, {
      // Zero counts as −0, which changes no sum.
      sign: mux(infinite, specials2.minus, negative.or(zero)),
      significand,
      exponent: exponent.value,
      zero,
      nan,
      infinite,
      invalid: specials2.invalid.or(cancels),
    });
    this.addTo({ ...first, exponent: { ...exponent, value: first.exponent }, zeros: 0 }, unpack(p.c, fp32), fp32, p);
  }
}

function specialsOf(as: readonly Element[], bs: readonly Element[], nanScale: Bool): Specials {
  const never = lit({ kind: 'bool', width: 1 }, false) as Bool;
  const found = as.flatMap((x, i): Specials[] => {
    const y = bs[i] as Element;
    if (!x.aside && !y.aside) return [];
    const [ax, ay] = [x.aside ?? plain(x), y.aside ?? plain(y)];
    const { nan, infinite, invalid } = productAside(ax, ay);
    const minus = ax.sign.xor(ay.sign);
    return [{ nan, plus: infinite.and(minus.not()), minus: infinite.and(minus), invalid }];
  });
  const any = (of: (s: Specials) => Bool): Bool => found.reduce<Bool>((some, s) => some.or(of(s)), never);
  return { nan: nanScale.or(any((s) => s.nan)), plus: any((s) => s.plus), minus: any((s) => s.minus), invalid: any((s) => s.invalid) };
}

/** An element of which every code is a number, beside one of another kind. */
function plain({ significand }: Element): Unpacked {
  const never = lit({ kind: 'bool', width: 1 }, false) as Bool;
  const bits = significand.asUInt();
  return { sign: significand.lt(0), exponent: bits, significand: bits, zero: bits.eq(0), infinite: never, nan: never, signalling: never };
}

function checkedFormat(name: BlockFormatName): BlockFormatName {
  if (!Object.hasOwn(BLOCK_FORMATS, name)) refuse(`blocks of ${String(name)}`, `give one of ${Object.keys(BLOCK_FORMATS).join(', ')}`);
  return name;
}

function checkedSize({ size = BLOCK_SIZE }: BlockDotConfig): number {
  if (!Number.isInteger(size) || size < 1 || BLOCK_SIZE % size !== 0) refuse(`blocks of ${String(size)} elements`, 'give 32, 16, 8, 4, 2 or 1');
  return size;
}
