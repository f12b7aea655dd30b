// Fused multiply-add: a · b + c with one rounding.
//
// Contract: a and b in one format, c and the result in the same or another; `stages` registers, and `productStages` more for a and b. Subnormals are full citizens on all
// sides.
// Refused: what `checkCell` refuses.

import { type FloatType, input } from '../../hdl/index.ts';
import { AddingCell } from './adding-cell.ts';
import { resultPorts } from './cell.ts';
import { type CellOptions, checkCell } from './config.ts';
import { exactProduct, productAside } from './product.ts';
import { unpack } from './unpack.ts';

export interface FmaConfig extends CellOptions {
  /** Of a and b. */
  readonly operand: FloatType;
  /** Of c and the result; that of the operands when absent. */
  readonly accumulate?: FloatType;
  /** Registers behind the multiplier, which a and b pass and c does not: c comes so many cycles later. 0 when absent. */
  readonly productStages?: number;
}

export class FloatFma extends AddingCell<FmaConfig> {
  readonly p = this.io({
    a: input(this.cfg.operand),
    b: input(this.cfg.operand),
    c: input(this.cfg.accumulate ?? this.cfg.operand),
    ...resultPorts(this.cfg, this.cfg.accumulate ?? this.cfg.operand),
  });

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
    this.addTo({ ...exact, ...ofProduct, exponent: { ...exact.exponent, value: ofProduct.exponent } }, c, accumulate, p);
  }
}
