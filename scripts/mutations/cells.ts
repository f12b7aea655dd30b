// Mistakes of the standard cells.

import type { Mutation } from './mutation.ts';

export const CELLS: readonly Mutation[] = [
  {
    what: 'FIFO: the ring is one place short',
    file: 'hdl/std/fifo.ts',
    find: 'index.eq(depth - 1)',
    replace: 'index.eq(depth - 2)',
    tests: ['test/std/buffers.test.ts'],
  },
  {
    what: 'skid buffer: the waiting beat is lost',
    file: 'hdl/std/skid-buffer.ts',
    find: 'p.in.valid.or(open.not())',
    replace: 'p.in.valid',
    tests: ['test/std/buffers.test.ts'],
  },
  {
    what: 'fork: an output takes a beat twice',
    file: 'hdl/std/fork.ts',
    find: '.and(taken.not())',
    replace: '',
    tests: ['test/std/streams.test.ts'],
  },
  {
    what: 'arbiter: a grant moves while the output stalls',
    file: 'hdl/std/arbiter.ts',
    find: 'mux(held.orR(), held, fresh)',
    replace: 'fresh',
    tests: ['test/std/arbiter.test.ts'],
  },
  {
    what: 'round robin: the last input comes first again',
    file: 'hdl/std/arbiter.ts',
    find: 'this.grant.or(this.grant.subw(1)).not()',
    replace: 'this.grant.subw(1).not()',
    tests: ['test/std/arbiter.test.ts'],
  },
  {
    what: 'LFSR: a tap next to the right one',
    file: 'hdl/std/lfsr.ts',
    find: '24: [24, 23, 22, 17]',
    replace: '24: [24, 23, 22, 16]',
    tests: ['test/std/sequential.test.ts'],
  },
  {
    what: 'CRC: bytes go in from the wrong end',
    file: 'hdl/std/crc.ts',
    find: 'refIn ? i :',
    replace: '!refIn ? i :',
    tests: ['test/std/sequential.test.ts'],
  },
  {
    what: 'register bank: a clear wins over a set by hardware',
    file: 'hdl/std/register-bank.ts',
    find: "value.and(written.not()).or(bitsOf(port('_set')))",
    replace: "value.or(bitsOf(port('_set'))).and(written.not())",
    tests: ['test/std/register-map.test.ts'],
  },
  { what: 'reduction forgets an odd element', file: 'hdl/std/reduce.ts', find: ': [a];', replace: ': [];', tests: ['test/std/reduce.test.ts'] },
  {
    what: 'reduction swaps its operands',
    file: 'hdl/std/reduce.ts',
    find: 'join(a.value, b.value)',
    replace: 'join(b.value, a.value)',
    tests: ['test/std/reduce.test.ts'],
  },
  {
    what: 'reduction registers one level too late',
    file: 'hdl/std/reduce.ts',
    find: 'level % every === 0',
    replace: 'level % every === 1 % every && level > 1',
    tests: ['test/std/reduce.test.ts'],
  },
];
