// The registers of an accelerator, and its performance counters.
//
// Contract: the map is the one source of hardware, C header and page (`cHeader`, `registerMarkdown`). Counters have 32 bits and wrap; they count while a program runs, and stand still between programs.

import { bool, input, Module, output, type UIntVar, uint, when } from '../../hdl/index.ts';
import type { RegisterMap } from '../../hdl/std/index.ts';
import { ERROR_DOCS, ERRORS, type ErrorName } from '../../isa/errors.ts';

/** Events by name, with the bits of what a cycle can add. */
export const COUNTERS = {
  cycles: { offset: 0x40, width: 1, doc: 'Cycles.' },
  instructions: { offset: 0x44, width: 1, doc: 'Instructions issued or executed, loops once each time they are entered.' },
  ldBusy: { offset: 0x48, width: 1, doc: 'Cycles in which LD has something to do.' },
  ldWaiting: { offset: 0x4c, width: 1, doc: 'Cycles in which LD could begin, but for a semaphore or its turn.' },
  mxBusy: { offset: 0x50, width: 1, doc: 'Cycles in which MX has something to do.' },
  mxWaiting: { offset: 0x54, width: 1, doc: 'Cycles in which MX could begin, but for a semaphore or its turn.' },
  vxBusy: { offset: 0x58, width: 1, doc: 'Cycles in which VX has something to do.' },
  vxWaiting: { offset: 0x5c, width: 1, doc: 'Cycles in which VX could begin, but for a semaphore or its turn.' },
  stBusy: { offset: 0x60, width: 1, doc: 'Cycles in which ST has something to do.' },
  stWaiting: { offset: 0x64, width: 1, doc: 'Cycles in which ST could begin, but for a semaphore or its turn.' },
  beats: { offset: 0x68, width: 1, doc: 'Beats of activations in the array: rows × cols MACs each. Zeros are not told apart.' },
  skipped: { offset: 0x78, width: 1, doc: 'Those of them that are outside of the box: rows × cols MACs with padding, which reads nothing.' },
  bytesRead: { offset: 0x6c, width: 7, doc: 'Bytes of beats read, instructions included.' },
  bytesWritten: { offset: 0x70, width: 7, doc: 'Bytes written.' },
  conflicts: { offset: 0x74, width: 4, doc: 'Requests of units that waited for a bank, each in every cycle.' },
} as const;
export type CounterName = keyof typeof COUNTERS;
const NAMES = Object.keys(COUNTERS) as CounterName[];

const word = (offset: number, doc: string) => ({ offset, doc, fields: { value: { access: 'ro', lsb: 0, width: 32 } } }) as const;
type CounterRegisters = { readonly [N in CounterName]: ReturnType<typeof word> };
const counters = Object.fromEntries(Object.entries(COUNTERS).map(([name, { offset, doc }]) => [name, word(offset, doc)])) as CounterRegisters;

const errorList = Object.entries(ERRORS)
  .map(([name, code]) => `${code} ${name}: ${ERROR_DOCS[name as ErrorName]}`)
  .join('; ');

export const ACCELERATOR_REGISTERS = {
  name: 'accelerator',
  doc: 'Control of an accelerator.',
  addressWidth: 8,
  registers: {
    control: {
      offset: 0x00,
      doc: 'Commands.',
      fields: {
        start: { access: 'w1s', lsb: 0, doc: 'Begins the program; without effect while busy. Reads 0.' },
        softReset: {
          access: 'w1s',
          lsb: 1,
          doc: 'Ends the program when what is on its way has come, and forgets status and error. Reads 1 until then.',
        },
      },
    },
    status: {
      offset: 0x04,
      doc: 'How the program is.',
      fields: {
        busy: { access: 'ro', lsb: 0, doc: 'It runs, or is about to end.' },
        done: { access: 'ro', lsb: 1, doc: 'The last one ended with halt.' },
        interrupt: { access: 'ro', lsb: 2, doc: 'The interrupt line.' },
        error: { access: 'ro', lsb: 4, width: 4, doc: `Why the last one ended: ${errorList}.` },
      },
    },
    programAddress: {
      offset: 0x08,
      doc: 'Where the program stands in memory.',
      fields: { address: { access: 'rw', lsb: 4, width: 28, doc: 'Address divided by 16; bits 3:0 of an address are ignored.' } },
    },
    programLength: { offset: 0x0c, doc: 'Its length.', fields: { instructions: { access: 'rw', lsb: 0, width: 24, doc: 'Instructions.' } } },
    interruptStatus: {
      offset: 0x10,
      doc: 'Why the interrupt line may be high.',
      fields: {
        done: { access: 'w1c', lsb: 0, doc: 'A program ended with halt.' },
        error: { access: 'w1c', lsb: 1, doc: 'A program ended with an error.' },
        program: { access: 'w1c', lsb: 2, doc: 'The instruction interrupt was executed.' },
      },
    },
    interruptEnable: {
      offset: 0x14,
      doc: 'Which of them raise it.',
      fields: { done: { access: 'rw', lsb: 0 }, error: { access: 'rw', lsb: 1 }, program: { access: 'rw', lsb: 2 } },
    },
    interruptCode: word(0x18, 'Of the last instruction interrupt.'),
    errorIndex: { offset: 0x1c, doc: 'Which instruction of the program had the error.', fields: { index: { access: 'ro', lsb: 0, width: 24 } } },
    errorWord0: word(0x20, 'Its word, bits 31:0; 0 where it could not be read.'),
    errorWord1: word(0x24, 'Bits 63:32.'),
    errorWord2: word(0x28, 'Bits 95:64.'),
    errorWord3: word(0x2c, 'Bits 127:96.'),
    errorAddress: word(0x30, 'Where memory answered with an error.'),
    hashLo: word(0x38, 'Hash of the configuration, as in begin: bits 31:0.'),
    hashHi: word(0x3c, 'Bits 63:32.'),
    ...counters,
  },
} as const satisfies RegisterMap;

/** Counts events: `<name>` is what is added while `enable` is high; `clear` wins. */
export class PerformanceCounters extends Module {
  readonly p = this.io({
    enable: input(bool),
    clear: input(bool),
    events: Object.fromEntries(NAMES.map((name) => [name, input(uint(COUNTERS[name].width))])) as {
      readonly [N in CounterName]: ReturnType<typeof input<ReturnType<typeof uint>>>;
    },
    counts: Object.fromEntries(NAMES.map((name) => [name, output(uint(32))])) as {
      readonly [N in CounterName]: ReturnType<typeof output<ReturnType<typeof uint>>>;
    },
  });

  constructor() {
    super();
    this.describe('Performance counters.');
    const { enable, clear, events, counts } = this.p;
    for (const name of NAMES) {
      const count: UIntVar = this.reg(uint(32), { reset: 0 }).named(`${name}_count`);
      counts[name].set(count);
      when(enable, () => count.set(count.addw(events[name])));
      when(clear, () => count.set(0));
    }
  }
}
