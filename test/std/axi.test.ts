// AXI port records: the standards' names, directions and widths, and what TypeScript sees of them.

import { describe, expect, test } from 'vitest';
import { elaborate, flip, Module, type PortRecord } from '../../hdl/index.ts';
import { AXI_BURST, AXI_RESP, axi4, axiLite, axiStream, channel, connectStream, skidBuffer } from '../../hdl/std/index.ts';
import { Bench, Random } from './bench.ts';

/** `> awaddr 32`: direction and width of each signal of a record. */
function listed(record: object): string[] {
  return Object.entries(record as Record<string, { direction: string; type: { width: number } }>).map(
    ([name, { direction, type }]) => `${direction === 'output' ? '>' : '<'} ${name} ${type.width}`,
  );
}

const ADDRESS = (a: string, user: string[]) => [
  `> ${a}id 4`,
  `> ${a}addr 40`,
  `> ${a}len 8`,
  `> ${a}size 3`,
  `> ${a}burst 2`,
  `> ${a}lock 1`,
  `> ${a}cache 4`,
  `> ${a}prot 3`,
  `> ${a}qos 4`,
  `> ${a}region 4`,
  ...user,
  `> ${a}valid 1`,
  `< ${a}ready 1`,
];

test('AXI4 with everything', () => {
  expect(listed(axi4({ addressWidth: 40, dataWidth: 128, idWidth: 4, userWidth: 2, attributes: true }))).toEqual([
    ...ADDRESS('aw', ['> awuser 2']),
    '> wdata 128',
    '> wstrb 16',
    '> wlast 1',
    '> wuser 2',
    '> wvalid 1',
    '< wready 1',
    '< bid 4',
    '< bresp 2',
    '< buser 2',
    '< bvalid 1',
    '> bready 1',
    ...ADDRESS('ar', ['> aruser 2']),
    '< rid 4',
    '< rdata 128',
    '< rresp 2',
    '< rlast 1',
    '< ruser 2',
    '< rvalid 1',
    '> rready 1',
  ]);
});

test('AXI4 without options', () => {
  const names = Object.keys(axi4({ addressWidth: 32, dataWidth: 64 }));
  expect(names).not.toContain('awid');
  expect(names).not.toContain('wuser');
  expect(names).not.toContain('arqos');
  expect(names).toHaveLength(6 + 5 + 3 + 6 + 5);
});

test('AXI4-Lite', () => {
  expect(listed(axiLite({ addressWidth: 12, dataWidth: 32 }))).toEqual([
    '> awaddr 12',
    '> awprot 3',
    '> awvalid 1',
    '< awready 1',
    '> wdata 32',
    '> wstrb 4',
    '> wvalid 1',
    '< wready 1',
    '< bresp 2',
    '< bvalid 1',
    '> bready 1',
    '> araddr 12',
    '> arprot 3',
    '> arvalid 1',
    '< arready 1',
    '< rdata 32',
    '< rresp 2',
    '< rvalid 1',
    '> rready 1',
  ]);
});

test('AXI4-Stream', () => {
  expect(listed(axiStream({ dataWidth: 24, last: true, keep: true, strobe: true, idWidth: 3, destWidth: 2, userWidth: 1 }))).toEqual([
    '> tdata 24',
    '> tstrb 3',
    '> tkeep 3',
    '> tlast 1',
    '> tid 3',
    '> tdest 2',
    '> tuser 1',
    '> tvalid 1',
    '< tready 1',
  ]);
  expect(listed(flip(axiStream({ dataWidth: 8 }) as PortRecord))).toEqual(['< tdata 8', '< tvalid 1', '> tready 1']);
});

test('constants', () => {
  expect([AXI_BURST, AXI_RESP]).toEqual([
    { fixed: 0, incr: 1, wrap: 2 },
    { okay: 0, exokay: 1, slverr: 2, decerr: 3 },
  ]);
});

describe('channels are streams', () => {
  class Cut extends Module {
    readonly p = this.io({ s: flip(axiStream({ dataWidth: 16, last: true })), m: axiStream({ dataWidth: 16, last: true }) });
    constructor() {
      super();
      const cut = skidBuffer(channel(this.p.s, 't'));
      cut.data.add(1).named('typed');
      // @ts-expect-error this stream has no keep
      cut.keep?.named('keep');
      connectStream(channel(this.p.m, 't'), cut);
    }
  }
  class Burst extends Module {
    readonly p = this.io({
      s: flip(axi4({ addressWidth: 32, dataWidth: 64, idWidth: 4 })),
      m: axi4({ addressWidth: 32, dataWidth: 64, idWidth: 4 }),
    });
    constructor() {
      super();
      const { s, m } = this.p;
      connectStream(channel(m, 'aw'), skidBuffer(channel(s, 'aw')));
      connectStream(channel(m, 'w'), skidBuffer(channel(s, 'w')));
      connectStream(channel(m, 'ar'), skidBuffer(channel(s, 'ar')));
      connectStream(channel(s, 'b'), skidBuffer(channel(m, 'b')));
      connectStream(channel(s, 'r'), skidBuffer(channel(m, 'r')));
    }
  }
  test.each([
    ['a stream', () => elaborate(Cut)],
    ['a register slice of AXI4', () => elaborate(Burst)],
  ] as const)('%s', (_, make) => {
    const bench = new Bench(make());
    bench.random(150, new Random(1));
    bench.replay();
  });
});
