// Problem: a chain of modules that differ in one function.

import { type Bool, bool, connect, input, Module, output, type UInt, uint } from 'systole';

/** `out` is to be `in`, valid where `accepts` says so of the data as well. */
abstract class Filter extends Module<{ readonly width: number }> {
  readonly p = this.io({
    in: { valid: input(bool), bits: input(uint(this.cfg.width)) },
    out: { valid: output(bool), bits: output(uint(this.cfg.width)) },
  });

  constructor(cfg: { readonly width: number }) {
    super(cfg);
    connect(this.p.out, this.p.in); // Yours: it accepts everything.
  }

  abstract accepts(bits: UInt): Bool;
}

/** Numbers of one decimal digit. */
class SingleFilter extends Filter {
  override accepts(bits: UInt): Bool {
    return bits.le(9);
  }
}

/** Yours: a filter of even numbers, and its place in the chain below. `out` is to be `in`, valid where the number has one digit and is even. */
export class SingleEvenFilter extends Module<{ readonly width: number }> {
  readonly p = this.io({
    in: { valid: input(bool), bits: input(uint(this.cfg.width)) },
    out: { valid: output(bool), bits: output(uint(this.cfg.width)) },
  });

  constructor(cfg: { readonly width: number }) {
    super(cfg);
    const { p } = this;
    const single = this.inst(SingleFilter, cfg);
    connect(single.in, p.in);
    connect(p.out, single.out);
  }
}
