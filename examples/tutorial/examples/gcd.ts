// Registers and conditions: an algorithm that takes one step in each cycle.

import { bool, input, Module, output, uint, when } from 'systole';

/**
 * Euclid by subtraction. `e` takes `a` and `b`; when `v` is true, `z` is their greatest common divisor and stays until the next `e`. At most
 * one cycle for each subtraction and exchange. With b = 0 the answer is a at once; a = 0 (and b not) is never answered.
 */
export class Gcd extends Module {
  readonly p = this.io({ a: input(uint(16)), b: input(uint(16)), e: input(bool), z: output(uint(16)), v: output(bool) });
  readonly x = this.reg(uint(16)); // No reset: nothing looks at them before `e`.
  readonly y = this.reg(uint(16));

  constructor() {
    super();
    const { p, x, y } = this;
    when(x.gt(y), () => x.set(x.subw(y))).otherwise(() => y.set(y.subw(x)));
    when(p.e, () => {
      x.set(p.a); // The later assignment wins.
      y.set(p.b);
    });
    p.z.set(x);
    p.v.set(y.eq(0));
  }
}
