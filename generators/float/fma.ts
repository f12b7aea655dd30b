// Fused multiply-add: a · b + c with one rounding.
//
// Contract: a and b in one format, c and the result in the same or another; `stages` registers, and `productStages` more for a and b. Subnormals are full citizens on all
// sides.
// Refused: what `checkCell` refuses.

import { type FloatType, input, mux } from '../../hdl/index.ts';
import { addAligned, align, normaliseSum } from './add-core.ts';
import { type Aside, FloatCell, resultPorts } from './cell.ts';
import { type CellOptions, checkCell } from './config.ts';
import { exactProduct, productAside } from './product.ts';
import { isDown } from './round.ts';
import { unpack } from './unpack.ts';

export interface FmaConfig extends CellOptions {
  /** Of a and b. */
  readonly operand: FloatType;
  /** Of c and the result; that of the operands when absent. */
  readonly accumulate?: FloatType;
  /** Registers behind the multiplier, which a and b pass and c does not: c comes so many cycles later. 0 when absent. */
  readonly productStages?: number;
}

export class FloatFma extends FloatCell<FmaConfig> {
  readonly p = this.io({
    a: input(this.cfg.operand),
    b: input(this.cfg.operand),
    c: input(this.cfg.accumulate ?? this.cfg.operand),
    ...resultPorts(this.cfg, this.cfg.accumulate ?? this.cfg.operand),
  });
  protected readonly places = 5;

  constructor(cfg: FmaConfig) {
    super(cfg);
    const { operand, accumulate = operand, productStages = 0 } = cfg;
    checkCell('FloatFma', cfg, operand, accumulate);
    checkCell('FloatFma', { stages: productStages });
    this.describe(`Fused multiply-add: ${operand.format.name} x ${operand.format.name} + ${accumulate.format.name}, rounded once.`);
    const { p } = this;
    const [a, b, c] = [unpack(p.a, operand), unpack(p.b, operand), unpack(p.c, accumulate)];

    const exact = exactProduct(a, b, operand, accumulate, 1);
    const { sign, significand, zero } = exact;
    const ofProduct = this.registered({ ...productAside(a, b), sign, significand, zero, exponent: exact.exponent.value }, productStages);
    const product = { ...exact, ...ofProduct, exponent: { ...exact.exponent, value: ofProduct.exponent } };
    const contradicts = ofProduct.infinite.and(c.infinite).and(product.sign.xor(c.sign));
    const nan = ofProduct.nan.or(c.nan).or(contradicts);
    const aside: Aside = {
      nan,
      infinite: ofProduct.infinite.or(c.infinite).and(nan.not()),
      // The product's infinity is one only where it is no NaN.
      invalid: ofProduct.invalid.or(c.signalling).or(contradicts),
      infinitySign: mux(ofProduct.infinite, product.sign, c.sign),
      rounding: p.rounding,
    };
    const aside1 = this.cut(0, aside);
    const { exponent, ...digits } = this.cut(0, {
      productSign: product.sign,
      product: product.significand,
      productZero: product.zero,
      exponent: product.exponent.value,
      addendSign: c.sign,
      addendExponent: c.exponent,
      addend: c.significand,
    });

    const pair = align(
      {
        ...product,
        sign: digits.productSign,
        exponent: { ...product.exponent, value: exponent },
        significand: digits.product,
        zero: digits.productZero,
      },
      { sign: digits.addendSign, exponent: digits.addendExponent, significand: digits.addend },
      accumulate.format.mantissa + 1,
    );
    const aside2 = this.cut(1, aside1);
    const sum = addAligned(this.cut(1, pair), isDown(this.modeOf(aside2)));
    const aside3 = this.cut(2, aside2);
    const normal = normaliseSum(this.cut(2, sum));
    this.finish(this.cut(3, normal), this.cut(3, aside3), accumulate, p);
  }
}
