// Dot product of two OCP MX blocks, scaled once and added to an fp32 number with one rounding (design note 0023).
//
// Contract: a block has its elements, the first one lowest, and an E8M0 scale on top. Nothing is lost before the one rounding: products and their sum are whole numbers
// in units of the least product. A sum of zero leaves c as it is, −0 too. `stages` registers, and `productStages` more for a and b.
// Refused: formats that do not exist, blocks that are no divisor of 32 elements, and what `checkCell` refuses.

import { type Bool, bool, fp32, input, lit, mux, type UInt, uint, vec } from '../../hdl/index.ts';
import { asBits, asType } from '../../hdl/std/bits.ts';
import { abs } from '../../hdl/std/choose.ts';
import { reduceMesh } from '../../hdl/std/reduce.ts';
import type { AnyValue } from '../../hdl/value-types.ts';
import { registersAt } from '../pipelined.ts';
import { refuse } from '../refuse.ts';
import { AddingCell } from './adding-cell.ts';
import { BLOCK_FORMATS, BLOCK_SIZE, type BlockFormatName, blockWidth, elementWidth, SCALE_BIAS, SCALE_WIDTH } from './block-formats.ts';
import { BlockLane, signedBits, termRange, within } from './block-lane.ts';
import { resultPorts } from './cell.ts';
import { type CellOptions, checkCell } from './config.ts';
import { sumOfExponents } from './scale.ts';
import { normalise } from './shift.ts';
import { unpack } from './unpack.ts';

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

export class FloatBlockDot extends AddingCell<BlockDotConfig> {
  readonly p = this.io({
    a: input(uint(blockWidth(checkedFormat(this.cfg.a), checkedSize(this.cfg)))),
    b: input(uint(blockWidth(checkedFormat(this.cfg.b ?? this.cfg.a), checkedSize(this.cfg)))),
    c: input(fp32),
    ...resultPorts(this.cfg, fp32),
  });

  constructor(cfg: BlockDotConfig) {
    super(cfg);
    const { a, b = a, productStages = 0 } = cfg;
    checkCell('FloatBlockDot', cfg);
    checkCell('FloatBlockDot', { stages: productStages });
    const size = checkedSize(cfg);
    this.describe(`Dot product of blocks of ${size}: ${a} x ${b} + fp32, rounded once.`);
    const { p } = this;
    const [multiplied, added, normalised] = [0, 1, 2].map((place) => registersAt(place, PRODUCT_PLACES, productStages)) as [number, number, number];
    const range = termRange({ a, b });

    const lanes = this.mesh(BlockLane, [size], { a, b, stages: multiplied });
    const elements = (code: UInt, name: BlockFormatName) => asType(code.trunc(code.width - SCALE_WIDTH), vec(uint(elementWidth(name)), size));
    lanes.feed('a', [0], elements(p.a, a));
    lanes.feed('b', [0], elements(p.b, b));
    const scale = (code: UInt): UInt => code.bits(code.width - 1, code.width - SCALE_WIDTH);
    const [scaleA, scaleB] = [scale(p.a), scale(p.b)];
    const nanScale = this.delay<Bool>(scaleA.andR().or(scaleB.andR()), multiplied);
    const any = (what: 'nan' | 'plus' | 'minus' | 'invalid'): Bool =>
      (what === 'nan' ? range.nans : range.infinities) ? asBits(lanes.collect(what) as AnyValue).orR() : lit(bool, false);
    const scales = this.registered({ scaleA, scaleB }, multiplied + added);
    const largest = range.largest * BigInt(size);
    const { sum, ...seen } = this.registered(
      {
        sum: within(reduceMesh(lanes, 'term', 'add'), largest),
        ...{ nan: nanScale.or(any('nan')), plus: any('plus'), minus: any('minus'), invalid: any('invalid') },
      },
      added,
    );

    const width = signedBits(largest) - 1;
    const negative = sum.lt(0);
    const { value: significand, amount } = normalise(abs(sum).trunc(width));
    const exponent = sumOfExponents(
      [
        { value: scales.scaleA, min: 0, max: 2 * SCALE_BIAS },
        { value: scales.scaleB, min: 0, max: 2 * SCALE_BIAS },
        { value: amount, min: 0, max: width - 1, minus: true },
      ],
      fp32.format.bias + range.least + width - 1 - 2 * SCALE_BIAS,
    );
    const cancels = seen.plus.and(seen.minus);
    const nan = seen.nan.or(cancels);
    const infinite = seen.plus.or(seen.minus).and(nan.not());
    const zero = significand.bit(width - 1).not();
    const first = this.registered(
      {
        // Zero counts as −0, which changes no sum.
        sign: mux(infinite, seen.minus, negative.or(zero)),
        ...{ significand, exponent: exponent.value, zero, nan, infinite },
        invalid: seen.invalid.or(cancels),
      },
      normalised,
    );
    this.addTo({ ...first, exponent: { ...exponent, value: first.exponent }, zeros: 0 }, unpack(p.c, fp32), fp32, p);
  }
}

function checkedFormat(name: BlockFormatName): BlockFormatName {
  if (!Object.hasOwn(BLOCK_FORMATS, name)) refuse(`blocks of ${String(name)}`, `give one of ${Object.keys(BLOCK_FORMATS).join(', ')}`);
  return name;
}

function checkedSize({ size = BLOCK_SIZE }: BlockDotConfig): number {
  if (!Number.isInteger(size) || size < 1 || BLOCK_SIZE % size !== 0) refuse(`blocks of ${String(size)} elements`, 'give 32, 16, 8, 4, 2 or 1');
  return size;
}
