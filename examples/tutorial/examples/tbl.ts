// A look-up table: a memory that has contents and is never written.

import { counterType, input, Module, output, uint } from 'systole';

/** `out` is word `addr` of the contents in the same cycle. Every word fits 8 bits. */
export class Tbl extends Module<{ readonly contents: readonly number[] }> {
  readonly p = this.io({ addr: input(counterType(this.cfg.contents.length - 1)), out: output(uint(8)) });
  readonly table = this.memory(uint(8), this.cfg.contents.length, { init: this.cfg.contents });

  constructor(cfg: { readonly contents: readonly number[] }) {
    super(cfg);
    this.p.out.set(this.table.readNow(this.p.addr));
  }
}
