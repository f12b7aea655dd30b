// A memory with a pointer.

import { bool, counterType, input, Module, output, uint, when } from 'systole';

/**
 * A stack of 32-bit words. While `en` is true: `push` puts `dataIn` on top unless the stack is full, else `pop` takes the top away unless
 * there is none; and `dataOut` becomes, one cycle later, the word that was on top before (if there was one).
 */
export class Stack extends Module<{ readonly depth: number }> {
  readonly p = this.io({ push: input(bool), pop: input(bool), en: input(bool), dataIn: input(uint(32)), dataOut: output(uint(32)) });
  readonly words = this.memory(uint(32), this.cfg.depth);
  readonly pointer = this.reg(counterType(this.cfg.depth), { reset: 0 }); // How many words there are.
  readonly out = this.reg(uint(32), { reset: 0 });

  constructor(cfg: { readonly depth: number }) {
    super(cfg);
    const { p, words, pointer, out } = this;
    const isEmpty = pointer.eq(0);
    when(p.en, () => {
      when(p.push.and(pointer.lt(cfg.depth)), () => {
        words.write(pointer, p.dataIn);
        pointer.set(pointer.addw(1));
      }).elsewhen(p.pop.and(isEmpty.not()), () => pointer.set(pointer.subw(1)));
      when(isEmpty.not(), () => out.set(words.readNow(pointer.subw(1))));
    });
    p.dataOut.set(out);
  }
}
