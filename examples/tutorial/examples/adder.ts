// Any number of modules in a row: a mesh of one dimension, in Verilog one `generate for`.

import { bool, input, Module, output, uint } from 'systole';
import { FullAdder } from './full-adder.ts';

/** `cout` and `sum` together are a + b + cin, by a chain of full adders. */
export class Adder extends Module<{ readonly width: number }> {
  readonly p = this.io({
    a: input(uint(this.cfg.width)),
    b: input(uint(this.cfg.width)),
    cin: input(bool),
    sum: output(uint(this.cfg.width)),
    cout: output(bool),
  });

  constructor(cfg: { readonly width: number }) {
    super(cfg);
    const { p } = this;
    const adders = this.mesh(FullAdder, [cfg.width]);
    adders.feed('a', [0], p.a.asBools());
    adders.feed('b', [0], p.b.asBools());
    adders.shift([1], { from: 'cout', to: 'cin', enter: p.cin, leave: p.cout }); // The carry runs from bit 0 upwards.
    p.sum.set(adders.collect('sum').asUInt());
  }
}
