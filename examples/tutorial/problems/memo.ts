// Problem: a memory.

import { bool, input, Module, output, uint } from 'systole';

/**
 * While `wen` is true, `wrData` is to be written at `wrAddr`. `rdData` is to be the word at `rdAddr` in the same cycle while `ren` is true, else 0
 * (`write`, `readNow`).
 */
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
    const { p } = this;
    // Yours to write. Until then:
    p.rdData.set(0);
  }
}
