// Parts of a word, and an array indexed by a signal.

import { input, Module, output, uint, vecOf } from 'systole';

/** `out` is byte `offset` of `in`, byte 0 the lowest. */
export class ByteSelector extends Module {
  readonly p = this.io({ in: input(uint(32)), offset: input(uint(2)), out: output(uint(8)) });

  constructor() {
    super();
    const { p } = this;
    const bytes = vecOf(p.in.bits(7, 0), p.in.bits(15, 8), p.in.bits(23, 16), p.in.bits(31, 24));
    p.out.set(bytes.at(p.offset));
  }
}
