// Constants in an array, and a counter that walks through them.

import { lit, Module, output, uint, vecOf } from 'systole';

export const PATTERN = [0, 4, 15, 14, 2, 5, 13] as const;

/** `out` is one element of the pattern after the other, then zero for one cycle, for ever. */
export class VecSearch extends Module {
  readonly p = this.io({ out: output(uint(4)) });
  readonly index = this.reg(uint(3), { reset: 0 });

  constructor() {
    super();
    const { p, index } = this;
    const [first, ...others] = PATTERN;
    const elements = vecOf(lit(uint(4), first), ...others.map((n) => lit(uint(4), n)));
    index.set(index.addw(1)); // Back to 0 after 7; an index beyond the last element reads zero.
    p.out.set(elements.at(index));
  }
}
