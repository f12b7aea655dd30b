// Problem: an algorithm with a handshake in front of it.

import { bool, Module, output, uint } from 'systole';
import { consumer } from 'systole/std';

/**
 * `in` is a stream: a pair is taken in a cycle in which `valid` and `ready` are both true (`fires`). The module is to take a pair when it has none and
 * to show the greatest common divisor some cycles later for one cycle, with `valid`. In each cycle the larger of two registers moves to the right
 * one, or the left one is taken from the right one; the divisor is on the left when 0 is on the right.
 */
export class RealGcd extends Module {
  readonly p = this.io({
    in: consumer({ a: uint(16), b: uint(16) }),
    out: { valid: output(bool), bits: output(uint(16)) },
  });

  constructor() {
    super();
    const { p } = this;
    // Yours to write. Until then:
    p.in.ready.set(true);
    p.out.valid.set(false);
    p.out.bits.set(0);
  }
}
