// A module in which every loss of `broken-state-passes.ts` shows: a memory with two masked write ports, all kinds of properties, two clocks with resets of both
// kinds and an enable, two external modules of one kind.

import { assert, assume, bool, clock, cover, inDomain, input, Module, output, reset, uint, vec } from '../../hdl/index.ts';
import { Foreign } from './circuit/external.ts';

const WORD = vec(uint(2), 2);

export class KeptState extends Module {
  readonly p = this.io({
    clkB: input(clock),
    rstB: input(reset({ async: true, activeLow: true })),
    go: input(bool, { domain: 'clk' }),
    at: input(vec(uint(2), 3), { domain: 'clk' }),
    word: input(vec(WORD, 2), { domain: 'clk' }),
    mask: input(vec(bool, 2), { domain: 'clk' }),
    goB: input(bool, { domain: 'clkB' }),
    d: input(uint(4), { domain: 'clkB' }),
    read: output(WORD),
    sum: output(uint(4)),
    kept: output(uint(4)),
    twice: output(uint(4)),
    away: output(uint(4)),
  });
  readonly b = this.domain({ clock: this.p.clkB, reset: this.p.rstB, enable: this.p.goB });
  readonly last = this.reg(uint(4), { reset: 1 });

  constructor() {
    super();
    const { p, last } = this;
    const memory = this.memory(WORD, 4, { init: [1, 2, 3, 0].map((n) => [n, 3 - n]) });
    memory.write(p.at.at(0), p.word.at(0), { enable: p.go, mask: p.mask });
    memory.write(p.at.at(1), p.word.at(1), { enable: p.mask.at(1) });
    p.read.set(memory.read(p.at.at(2), { enable: p.go.xor(p.mask.at(0)), underWrite: 'old' }));

    last.set(p.at.asUInt().bits(3, 0));
    assert(last.ne(9), 'never nine');
    assume(last.ne(11), 'nor eleven');
    cover(last.eq(7), 'but seven');
    p.sum.set(last);

    const [one, two] = [2, 1].map((parameter) =>
      this.inst(Foreign, { verilog: 'FOREIGN', inputs: [4, 4], outputs: [4], parameter, registered: false }),
    );
    for (const cell of [one, two]) {
      const { a0, a1 } = cell as unknown as { readonly [pin: string]: typeof last };
      a0?.set(last);
      a1?.set(p.at.asUInt().bits(4, 1));
    }
    p.away.set((one as unknown as { readonly y0: typeof last }).y0);

    inDomain(this.b, () => {
      p.kept.set(this.reg(uint(4), { reset: 5, next: p.d }).named('kept_value'));
      p.twice.set(this.reg(uint(4), { reset: 6, next: p.d.not() }).named('twice_value'));
    });
  }
}
