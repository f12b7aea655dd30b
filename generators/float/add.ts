// Sum of two floats of one format.
//
// Contract: a + b, or a − b where `subtract` is high and the port was asked for; `stages` registers.
// Refused: what `checkCell` refuses.

import { type FloatType, input, mux } from '../../hdl/index.ts';
import { addAligned, align, normaliseSum } from './add-core.ts';
import { type Aside, FloatCell, resultPorts } from './cell.ts';
import { type CellOptions, checkCell } from './config.ts';
import { isDown } from './round.ts';
import { sumOfExponents } from './scale.ts';
import { highestField, unpack } from './unpack.ts';

export interface AddConfig extends CellOptions {
  readonly type: FloatType;
}

export class FloatAdd extends FloatCell<AddConfig> {
  readonly p = this.io({
    a: input(this.cfg.type),
    b: input(this.cfg.type),
    ...resultPorts(this.cfg, this.cfg.type),
  });
  protected readonly places = 4;

  constructor(cfg: AddConfig) {
    super(cfg);
    const { type } = cfg;
    checkCell('FloatAdd', cfg, type);
    this.describe(`Sum of two ${type.format.name}, rounded once.`);
    const { p } = this;
    const [a, b] = [unpack(p.a, type), unpack(p.b, type)];

    const contradicts = a.infinite.and(b.infinite).and(a.sign.xor(b.sign));
    const nan = a.nan.or(b.nan).or(contradicts);
    const aside: Aside = {
      nan,
      infinite: a.infinite.or(b.infinite).and(nan.not()),
      invalid: a.signalling.or(b.signalling).or(contradicts),
      infinitySign: mux(a.infinite, a.sign, b.sign),
      rounding: p.rounding,
    };
    const exponent = sumOfExponents([{ value: a.exponent, min: 1, max: highestField(type) }], 0);
    const pair = align({ ...a, exponent, zeros: 0 }, b, type.format.mantissa + 1);
    const aside1 = this.cut(0, aside);
    const sum = addAligned(this.cut(0, pair), isDown(this.modeOf(aside1)));
    const aside2 = this.cut(1, aside1);
    const normal = normaliseSum(this.cut(1, sum));
    this.finish(this.cut(2, normal), this.cut(2, aside2), type, p);
  }
}
