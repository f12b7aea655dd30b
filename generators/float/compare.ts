// Comparison of two floats, as IEEE 754 has it: NaN is unordered, −0 equals 0.
//
// Contract: all relations at once; `stages` registers behind them. `invalidQuiet` is the flag of the quiet comparisons (a signalling NaN), `invalid` that of the signalling
// ones (any NaN). Refused: what `checkCell` refuses.

import { bool, type FloatType, input, output } from '../../hdl/index.ts';
import { FloatCell } from './cell.ts';
import { type CellOptions, checkCell } from './config.ts';
import { unpack } from './unpack.ts';

export interface CompareConfig extends Pick<CellOptions, 'stages'> {
  readonly type: FloatType;
}

export class FloatCompare extends FloatCell<CompareConfig> {
  readonly p = this.io({
    a: input(this.cfg.type),
    b: input(this.cfg.type),
    equal: output(bool),
    less: output(bool),
    lessOrEqual: output(bool),
    unordered: output(bool),
    invalid: output(bool),
    invalidQuiet: output(bool),
  });
  protected readonly places = 1;

  constructor(cfg: CompareConfig) {
    super(cfg);
    const { type } = cfg;
    checkCell('FloatCompare', cfg, type);
    this.describe(`Comparison of two ${type.format.name}.`);
    const { p } = this;
    const [a, b] = [unpack(p.a, type), unpack(p.b, type)];
    const unordered = a.nan.or(b.nan);
    const zeros = a.zero.and(b.zero);
    const equal = p.a.asBits().eq(p.b.asBits()).or(zeros).and(unordered.not());
    const magnitudes = type.width - 1;
    const [x, y] = [p.a.asBits().trunc(magnitudes), p.b.asBits().trunc(magnitudes)];
    // Of two negative numbers the larger magnitude is less; of equal ones neither is.
    const below = a.sign.and(b.sign.not()).or(a.sign.eq(b.sign).and(x.lt(y).xor(a.sign)));
    const less = below.and(equal.not()).and(unordered.not());
    const found = this.cut(0, {
      equal,
      less,
      lessOrEqual: less.or(equal),
      unordered,
      invalid: unordered,
      invalidQuiet: a.signalling.or(b.signalling),
    });
    for (const [name, value] of Object.entries(found)) p[name as keyof typeof found].set(value);
  }
}
