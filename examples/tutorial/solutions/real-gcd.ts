// An algorithm with a handshake in front of it.

import { bool, Module, output, uint, when } from 'systole';
import { consumer, fires } from 'systole/std';

/**
 * Takes a pair (`in`, a stream) when it has none, and some cycles later shows the greatest common divisor for one cycle, with `valid`.
 * Euclid by subtraction: a cycle for each subtraction and each exchange. With b = 0 the answer is a; a = 0 (and b not) is
 * never answered.
 */
export class RealGcd extends Module {
  readonly p = this.io({
    in: consumer({ a: uint(16), b: uint(16) }),
    out: { valid: output(bool), bits: output(uint(16)) },
  });
  readonly x = this.reg(uint(16));
  readonly y = this.reg(uint(16));
  readonly isBusy = this.reg(bool, { reset: false });

  constructor() {
    super();
    const { p, x, y, isBusy } = this;
    p.in.ready.set(isBusy.not());
    when(fires(p.in), () => {
      x.set(p.in.a);
      y.set(p.in.b);
      isBusy.set(true);
    });
    when(isBusy, () => {
      when(x.gt(y), () => {
        x.set(y);
        y.set(x);
      }).otherwise(() => y.set(y.subw(x)));
    });
    p.out.bits.set(x);
    p.out.valid.set(isBusy.and(y.eq(0)));
    when(p.out.valid, () => isBusy.set(false));
  }
}
