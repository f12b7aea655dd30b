// Problem: a search through a memory.

import { bool, counterType, input, lit, Module, output, uint, when } from 'systole';

export interface SearchConfig {
  /** Number of words, at least 2. */
  readonly words: number;
  readonly width: number;
}

/**
 * While `isWr` is true, `data` is to be written at `wrAddr`. A search for `data` is to start in the cycle after `en`; `done` tells that `target` is
 * the address of the first such word, or the last address when there is none. The search is there; the memory is not.
 */
export class DynamicMemorySearch extends Module<SearchConfig> {
  readonly p = this.io({
    isWr: input(bool),
    wrAddr: input(counterType(this.cfg.words - 1)),
    data: input(uint(this.cfg.width)),
    en: input(bool),
    target: output(counterType(this.cfg.words - 1)),
    done: output(bool),
  });
  readonly index = this.reg(counterType(this.cfg.words - 1), { reset: 0 });

  constructor(cfg: SearchConfig) {
    super(cfg);
    const { p, index } = this;
    const word = lit(uint(cfg.width), 0); // Yours: the word at `index` of a memory that is written while `isWr` is true.
    const done = p.en.not().and(word.eq(p.data).or(index.eq(cfg.words - 1)));
    when(p.en, () => index.set(0)).elsewhen(done.not(), () => index.set(index.addw(1)));
    p.done.set(done);
    p.target.set(index);
  }
}
