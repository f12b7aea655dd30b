// Parameters that no cell can be built for: what is said, and where.

import { describe, expect, test } from 'vitest';
import { bool, elaborate, type HdlError, Module, output, type UInt, uint, vecOf, zeros } from '../../hdl/index.ts';
import * as std from '../../hdl/std/index.ts';

const payload = { data: uint(8) };
const crc = std.CRC_8;
class Inside extends Module<void> {
  static body: (value: (width: number) => UInt) => unknown = () => {};
  readonly p = this.io({ ok: output(bool) });
  constructor() {
    super();
    Inside.body((width) => zeros(uint(width)));
    this.p.ok.set(true);
  }
}
const inside = (body: typeof Inside.body) => () => {
  Inside.body = body;
  elaborate(Inside);
};

describe("refused at the user's line", () => {
  test.each<[string, () => unknown, RegExp]>([
    ['FIFO depth', () => elaborate(std.Fifo, { payload, depth: 0 }), /depth of Fifo is 0, but must be a whole number of at least 1/],
    ['FIFO fraction', () => elaborate(std.Fifo, { payload, depth: 1.5 }), /depth of Fifo is 1\.5/],
    ['payload field', () => elaborate(std.SkidBuffer, { payload: { valid: bool } }), /a payload has a field `valid`/],
    ['producer field', () => std.producer({ ready: bool }), /a payload has a field `ready`/],
    ['arbiter', () => elaborate(std.StreamArbiter, { payload, inputs: 0, policy: 'priority' }), /inputs of StreamArbiter is 0/],
    ['fork', () => elaborate(std.StreamFork, { outputs: 0 }), /outputs of StreamFork is 0/],
    ['counter', () => elaborate(std.Counter, { states: 0 }), /states of a counter is 0/],
    ['shift register', () => elaborate(std.SerialToParallel, { width: 0, first: 'msb' }), /width of a shift register is 0/],
    ['LFSR width', () => elaborate(std.Lfsr, { width: 33, form: 'galois' }), /no taps for an LFSR of 33 bits[\s\S]*2 to 32 bits, or give taps/],
    ['LFSR seed', () => elaborate(std.Lfsr, { width: 4, form: 'galois', seed: 0 }), /seed of Lfsr is 0/],
    ['LFSR seed too wide', () => elaborate(std.Lfsr, { width: 4, form: 'galois', seed: 16 }), /seed of Lfsr is 16[\s\S]*1 to 2\^4 - 1/],
    ['LFSR taps', () => elaborate(std.Lfsr, { width: 4, form: 'galois', taps: [3, 1] }), /lack the last bit, 4/],
    ['LFSR tap twice', () => elaborate(std.Lfsr, { width: 4, form: 'galois', taps: [4, 3, 3] }), /name a bit twice/],
    ['LFSR tap outside', () => elaborate(std.Lfsr, { width: 4, form: 'galois', taps: [5, 4] }), /a tap of Lfsr is 5/],
    ['CRC polynomial', () => elaborate(std.Crc, { crc: { ...crc, poly: 0x107n }, dataWidth: 8 }), /poly of a CRC is 263/],
    ['CRC data', () => elaborate(std.Crc, { crc, dataWidth: 0 }), /data width of a CRC is 0/],
    ['CRC remainder', inside((v) => std.crcStep(crc, v(7), v(8))), /u7 remainder for a check of 8 bits/],
    ['AXI4 data', () => std.axi4({ addressWidth: 32, dataWidth: 48 }), /data width of axi4\(\) is 48/],
    ['AXI4 id', () => std.axi4({ addressWidth: 32, dataWidth: 64, idWidth: 0 }), /id width is 0/],
    ['AXI4-Lite data', () => std.axiLite({ addressWidth: 32, dataWidth: 128 }), /AXI4-Lite has 32 or 64 bits/],
    ['AXI4-Stream data', () => std.axiStream({ dataWidth: 12 }), /data width of axiStream\(\) is 12[\s\S]*multiple of 8/],
    ['one-hot of a wide index', inside((v) => std.binaryToOneHot(v(9))), /binaryToOneHot\(\) of a u9/],
    ['one-hot outputs', inside((v) => std.binaryToOneHot(v(2), 5)), /outputs of binaryToOneHot\(\) is 5/],
    ['mux1H', inside((v) => std.mux1H(v(2), [v(1)])), /mux1H\(\) of 1 values by a u2/],
    ['a reduction of nothing', inside(() => std.reduceTree({ length: 0 } as never, 'add')), /a reduction of no elements/],
    ['registers behind every half level', inside((v) => std.reduceTree(vecOf(v(2)), 'add', { every: 0.5 })), /`every` of a reduction is 0.5/],
    ['no bits to count', inside((v) => std.popcount(v(0))), /popcount\(\) of a u0/],
    ['no leading zeros', inside((v) => std.leadingZeros(v(0))), /leadingZeros\(\) of a u0/],
    ['no lowest bit', inside((v) => std.lowestSet(v(0))), /lowestSet\(\) of a u0/],
    ['no Gray', inside((v) => std.grayToBinary(v(0))), /grayToBinary\(\) of a u0/],
    ['nothing to join', inside(() => std.join({})), /join\(\) of no stream/],
    ['nothing to arbitrate', inside(() => std.arbitrate([], { policy: 'priority' })), /arbitrate\(\) of no stream/],
  ])('%s', (_, make, message) => {
    expect(make).toThrow(message);
    try {
      make();
    } catch (error) {
      const [diagnostic] = (error as HdlError).diagnostics;
      expect(diagnostic?.code).toBe('HDL-C001');
      expect(diagnostic?.at?.location()?.file).toMatch(/refusals\.test\.ts$/);
      expect(diagnostic?.help).not.toBe('');
    }
  });
});
