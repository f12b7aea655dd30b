// Product of two floats.
//
// Contract: a · b in the format of the operands or in another; `stages` registers.
// Refused: what `checkCell` refuses.

import { type FloatType, input } from '../../hdl/index.ts';
import { FloatCell, resultPorts } from './cell.ts';
import { type CellOptions, checkCell } from './config.ts';
import { exactProduct, productAside } from './product.ts';
import { toLeastExponent } from './scale.ts';
import { unpack } from './unpack.ts';

export interface MulConfig extends CellOptions {
  /** Of a and b. */
  readonly operand: FloatType;
  /** That of the operands when absent. */
  readonly result?: FloatType;
}

export class FloatMul extends FloatCell<MulConfig> {
  readonly p = this.io({
    a: input(this.cfg.operand),
    b: input(this.cfg.operand),
    ...resultPorts(this.cfg, this.cfg.result ?? this.cfg.operand),
  });
  protected readonly places = 3;

  constructor(cfg: MulConfig) {
    super(cfg);
    const { operand, result = operand } = cfg;
    checkCell('FloatMul', cfg, operand, result);
    this.describe(`Product of two ${operand.format.name} as ${result.format.name}, rounded once.`);
    const { p } = this;
    const [a, b] = [unpack(p.a, operand), unpack(p.b, operand)];
    const product = exactProduct(a, b, operand, result, 0);
    const aside = this.cut(0, { ...productAside(a, b), infinitySign: product.sign, rounding: p.rounding });
    const { sign, exponent, significand } = this.cut(0, { sign: product.sign, exponent: product.exponent.value, significand: product.significand });
    const scaled = toLeastExponent({ sign, exponent: { ...product.exponent, value: exponent }, significand, zeros: product.zeros }, result);
    this.finish(this.cut(1, scaled), this.cut(1, aside), result, p);
  }
}
