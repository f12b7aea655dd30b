// A state machine that copies blocks from one memory to another, as a DMA does: it fetches descriptors, reads, writes, and waits for a memory that is busy
// at random.

import { enumeration, Module, output, switchOn, uint, vec, vecOf, when } from '../../hdl/index.ts';
import { Checksum, shifted } from './checksum.ts';

const WORDS = 1024;
const State = enumeration('State', ['fetch', 'decode', 'read', 'write', 'next', 'pause']);

/** Descriptors are made by arithmetic on their number: source, destination and length of a block. */
export class Dma extends Module {
  readonly p = this.io({ sums: output(vec(uint(32), 1)) });
  readonly state = this.reg(State, { reset: 'fetch' });
  readonly descriptor = this.reg(uint(6), { reset: 0 });
  readonly from = this.reg(uint(10), { reset: 0 });
  readonly to = this.reg(uint(10), { reset: 0 });
  readonly left = this.reg(uint(6), { reset: 0 });
  readonly pauses = this.reg(uint(4), { reset: 0 });
  readonly noise = this.reg(uint(16), { reset: 0xace1 });
  readonly descriptors = this.memory(uint(26), 64, { init: (i) => ((i * 7919) % 1024) * 65536 + ((i * 104729) % 1024) * 64 + ((i * 31) % 61) + 1 });
  readonly source = this.memory(uint(32), WORDS, { init: (i) => (i * 2654435761) % 2 ** 32 });
  readonly destination = this.memory(uint(32), WORDS, { init: () => 0 });
  readonly checksum = this.inst(Checksum);

  constructor() {
    super();
    const { state, descriptor, from, to, left, pauses, noise, checksum } = this;
    const fetched = this.descriptors.read(descriptor);
    const word = this.source.read(from);
    const old = this.destination.read(to);
    const busy = noise.bits(2, 0).eq(0);
    const writes = state.eq('write').and(busy.not());
    noise.set(shifted(noise));
    when(writes, () => this.destination.write(to, word.xor(old).trunc(32)));
    switchOn(state, {
      fetch: () => state.set('decode'),
      decode: () => {
        from.set(fetched.bits(25, 16));
        to.set(fetched.bits(15, 6));
        left.set(fetched.bits(5, 0));
        state.set('read');
      },
      read: () => when(busy.not(), () => state.set('write')),
      write: () =>
        when(busy.not(), () => {
          from.set(from.addw(1));
          to.set(to.addw(1));
          left.set(left.subw(1));
          state.set('read');
          when(left.eq(1), () => state.set('next'));
        }),
      next: () => {
        descriptor.set(descriptor.addw(1));
        pauses.set(noise.bits(7, 4));
        state.set('pause');
      },
      pause: () =>
        when(pauses.eq(0), () => state.set('fetch')).otherwise(() => {
          pauses.set(pauses.subw(1));
        }),
    });
    checksum.enable.set(writes);
    checksum.word.set(word.xor(old).trunc(32));
    this.p.sums.set(vecOf(checksum.sum));
  }
}
