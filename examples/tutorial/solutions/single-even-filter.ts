// A chain of modules that differ in one function.

import { type Bool, bool, connect, input, Module, output, type UInt, uint } from 'systole';

/** `out` is `in`, valid where a condition on the data holds as well. */
abstract class Filter extends Module<{ readonly width: number }> {
  readonly p = this.io({
    in: { valid: input(bool), bits: input(uint(this.cfg.width)) },
    out: { valid: output(bool), bits: output(uint(this.cfg.width)) },
  });

  constructor(cfg: { readonly width: number }) {
    super(cfg);
    const { p } = this;
    p.out.valid.set(p.in.valid.and(this.accepts(p.in.bits)));
    p.out.bits.set(p.in.bits);
  }

  abstract accepts(bits: UInt): Bool;
}

/** Numbers of one decimal digit. */
class SingleFilter extends Filter {
  override accepts(bits: UInt): Bool {
    return bits.le(9);
  }
}

/** Even numbers. */
class EvenFilter extends Filter {
  override accepts(bits: UInt): Bool {
    return bits.bit(0).not();
  }
}

/** `out` is `in`, valid where the number has one digit and is even. */
export class SingleEvenFilter extends Module<{ readonly width: number }> {
  readonly p = this.io({
    in: { valid: input(bool), bits: input(uint(this.cfg.width)) },
    out: { valid: output(bool), bits: output(uint(this.cfg.width)) },
  });

  constructor(cfg: { readonly width: number }) {
    super(cfg);
    const { p } = this;
    const single = this.inst(SingleFilter, cfg);
    const even = this.inst(EvenFilter, cfg);
    connect(single.in, p.in);
    connect(even.in, single.out);
    connect(p.out, even.out);
  }
}
