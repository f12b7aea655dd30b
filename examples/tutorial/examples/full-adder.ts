// Logic of single bits.

import { bool, input, Module, output } from 'systole';

/** The sum of three bits: `sum` is its low bit, `cout` its high one. */
export class FullAdder extends Module {
  readonly p = this.io({ a: input(bool), b: input(bool), cin: input(bool), sum: output(bool), cout: output(bool) });

  constructor() {
    super();
    const { a, b, cin, sum, cout } = this.p;
    sum.set(a.xor(b).xor(cin));
    cout.set(a.and(b).or(b.and(cin)).or(a.and(cin)));
  }
}
