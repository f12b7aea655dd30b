// Codes: what goes there and back is the same; what a code promises of its words.

import { assert, counterType, input, Module, mux, output, uint } from '../../hdl/index.ts';
import { binaryToGray, binaryToOneHot, grayToBinary, isolateLowest, leadingZeros, lowestSet, oneHotToBinary, popcount } from '../../hdl/std/index.ts';

interface CodeConfig {
  readonly width: number;
}

export class GrayProperties extends Module<CodeConfig> {
  readonly p = this.io({ value: input(uint(this.cfg.width)), gray: output(uint(this.cfg.width)), back: output(uint(this.cfg.width)) });

  constructor(cfg: CodeConfig) {
    super(cfg);
    const { p } = this;
    p.gray.set(binaryToGray(p.value));
    p.back.set(grayToBinary(p.gray));
    assert(p.back.eq(p.value), 'there and back is the same');
    assert(binaryToGray(grayToBinary(p.value)).eq(p.value), 'back and there is the same');
    const next = binaryToGray(p.value.addw(1)).named('next');
    assert(popcount(p.gray.xor(next)).eq(1), 'neighbours differ in one bit, around the end too');
  }
}

export class OneHotProperties extends Module<CodeConfig> {
  readonly p = this.io({ index: input(uint(this.cfg.width)), hot: output(uint(2 ** this.cfg.width)), back: output(uint(this.cfg.width)) });

  constructor(cfg: CodeConfig) {
    super(cfg);
    const { p } = this;
    const { hot } = p;
    hot.set(binaryToOneHot(p.index));
    p.back.set(oneHotToBinary(hot));
    assert(hot.ne(0).and(hot.and(hot.subw(1)).eq(0)), 'one bit is set');
    assert(hot.dshr(p.index).bit(0), 'it is the bit of that index');
    assert(p.back.eq(p.index), 'there and back is the same');
  }
}

export class BitProperties extends Module<CodeConfig> {
  readonly p = this.io({ value: input(uint(this.cfg.width)), lowest: output(uint(this.cfg.width)), ones: output(counterType(this.cfg.width)) });

  constructor(cfg: CodeConfig) {
    super(cfg);
    const { width } = cfg;
    const { p } = this;
    const { value } = p;
    const lowest = isolateLowest(value);
    const { index, valid } = lowestSet(value);
    p.lowest.set(lowest);
    assert(valid.eq(value.ne(0)), 'there is a lowest bit unless all are clear');
    assert(valid.not().or(value.dshr(index).bit(0)), 'the lowest bit is set');
    assert(valid.not().or(value.eq(value.dshr(index).dshl(index).trunc(width))), 'no bit below it is set');
    assert(lowest.eq(mux(valid, binaryToOneHot(index, width), value)), 'the isolated bit is the lowest');
    const zeros = leadingZeros(value).named('zeros');
    assert(value.eq(0).eq(zeros.eq(width)), 'all zeros only of zero');
    assert(
      value
        .dshl(zeros)
        .trunc(width)
        .bit(width - 1)
        .or(value.eq(0)),
      'behind the zeros comes a one',
    );
    const ones = popcount(value);
    p.ones.set(ones);
    // A value with its lowest bit taken away has one bit less.
    assert(value.eq(0).or(popcount(value.xor(lowest)).addw(1).eq(ones)), 'each bit counts one');
    assert(value.ne(0).or(ones.eq(0)), 'zero has no bits');
  }
}
