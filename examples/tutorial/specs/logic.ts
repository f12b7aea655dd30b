// The examples without state.

import { combinational, times } from './specification.ts';

const low = (value: number, bits: number): number => value & (2 ** bits - 1);
/** All pairs of bytes would take long; the edges and some at random. */
const EDGES = [0, 1, 0x7fff, 0x8000, 0xffff];

export const sum16 = combinational(
  (random) => [...EDGES.flatMap((x) => EDGES.map((y) => ({ x, y }))), ...times(100, () => ({ x: random.bits(16), y: random.bits(16) }))],
  ({ x, y }) => ({ z: low(x + y, 16) }),
);

export const functionality = combinational(
  (random) => times(100, () => ({ x: random.bits(16), y: random.bits(16) })),
  ({ y }) => ({ z: y }),
);

export const darken = combinational(
  () => times(256, (i) => ({ in: i })),
  (p) => ({ out: low(p.in * 2, 8) }),
);

/** All inputs of an adder of `width` bits, or some. */
export const adder = (width: number) =>
  combinational(
    (random) => [
      ...times(64, () => ({ a: random.bits(width), b: random.bits(width), cin: random.bits(1) })),
      { a: 2 ** width - 1, b: 0, cin: 1 }, // The carry runs through all bits.
      { a: 2 ** width - 1, b: 2 ** width - 1, cin: 1 },
    ],
    ({ a, b, cin }) => ({ sum: low(a + b + cin, width), cout: (a + b + cin) >> width }),
  );

export const fullAdder = combinational(
  () => times(8, (i) => ({ a: i & 1, b: (i >> 1) & 1, cin: i >> 2 })),
  ({ a, b, cin }) => ({ sum: (a + b + cin) % 2, cout: a + b + cin >= 2 ? 1 : 0 }),
);

const BASIC: readonly ((a: number, b: number) => number)[] = [
  (a) => a,
  (_, b) => b,
  (a) => a + 1,
  (a) => a - 1,
  (a) => a + 4,
  (a) => a - 4,
  (a, b) => a + b,
  (a, b) => a - b,
  (a, b) => (a < b ? 1 : 0),
];

export const basicAlu = combinational(
  () => times(4096, (i) => ({ a: i & 15, b: (i >> 4) & 15, opcode: i >> 8 })),
  ({ a, b, opcode }) => ({ out: low((BASIC[opcode] ?? (() => (a === b ? 1 : 0)))(a, b), 4) }),
);

export const simpleAlu = combinational(
  () => times(1024, (i) => ({ a: i & 15, b: (i >> 4) & 15, opcode: i >> 8 })),
  ({ a, b, opcode }) => ({ out: low([a + b, a - b, a, b][opcode] as number, 4) }),
);

export const byteSelector = combinational(
  (random) => times(64, (i) => ({ in: random.bits(32), offset: i % 4 })),
  (p) => ({ out: Math.floor(p.in / 256 ** p.offset) % 256 }),
);

export const hiLoMultiplier = combinational(
  (random) => [...EDGES.flatMap((a) => EDGES.map((b) => ({ a, b }))), ...times(100, () => ({ a: random.bits(16), b: random.bits(16) }))],
  ({ a, b }) => ({ hi: Math.floor((a * b) / 65536), lo: (a * b) % 65536 }),
);

export const table = (contents: readonly number[]) =>
  combinational(
    () => times(contents.length, (addr) => ({ addr })),
    ({ addr }) => ({ out: contents[addr] as number }),
  );
