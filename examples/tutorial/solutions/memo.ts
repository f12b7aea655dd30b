// A memory with one port to write and one to read.

import { bool, input, Module, output, uint, when } from 'systole';

/** While `wen` is true, `wrData` is written at `wrAddr`. `rdData` is the word at `rdAddr` in the same cycle while `ren` is true, else 0. */
export class Memo extends Module {
  readonly p = this.io({
    wen: input(bool),
    wrAddr: input(uint(8)),
    wrData: input(uint(8)),
    ren: input(bool),
    rdAddr: input(uint(8)),
    rdData: output(uint(8)),
  });
  readonly words = this.memory(uint(8), 256);

  constructor() {
    super();
    const { p, words } = this;
    when(p.wen, () => words.write(p.wrAddr, p.wrData));
    p.rdData.set(0);
    when(p.ren, () => p.rdData.set(words.readNow(p.rdAddr)));
  }
}
