// A search through a memory, one word in a cycle.

import { bool, counterType, input, Module, output, uint, when } from 'systole';

export interface SearchConfig {
  /** Number of words, at least 2. */
  readonly words: number;
  readonly width: number;
}

/**
 * While `isWr` is true, `data` is written at `wrAddr`. A search for `data` starts in the cycle after `en`; `done` tells that `target` is the
 * address of the first such word, or the last address when there is none.
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
  readonly list = this.memory(uint(this.cfg.width), this.cfg.words);

  constructor(cfg: SearchConfig) {
    super(cfg);
    const { p, index, list } = this;
    const isFound = list.readNow(index).eq(p.data);
    const isLast = index.eq(cfg.words - 1);
    const done = p.en.not().and(isFound.or(isLast));
    when(p.isWr, () => list.write(p.wrAddr, p.data))
      .elsewhen(p.en, () => index.set(0))
      .elsewhen(done.not(), () => index.set(index.addw(1)));
    p.done.set(done);
    p.target.set(index);
  }
}
