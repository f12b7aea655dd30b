// Combinational cells: in process against text manipulation of binary digits, on Icarus, and proven by Yosys against other formulations.

import { describe, expect, test } from 'vitest';
import { bool, bundle, type Design, elaborate, input, Module, mux, output, sint, uint, vec } from '../../hdl/index.ts';
import {
  binaryToGray,
  binaryToOneHot,
  grayToBinary,
  isolateLowest,
  leadingZeros,
  lowestSet,
  mux1H,
  oneHotToBinary,
  popcount,
} from '../../hdl/std/index.ts';
import { Bench, prove, Random } from './bench.ts';

type Width = { readonly width: number };
const indexWidth = (n: number): number => Math.max(1, Math.ceil(Math.log2(n)));
const countWidth = (n: number): number => n.toString(2).length;

/** All the functions of one value. */
class Codes extends Module<Width> {
  readonly p = this.io({
    x: input(uint(this.cfg.width)),
    ones: output(uint(countWidth(this.cfg.width))),
    zeros: output(uint(countWidth(this.cfg.width))),
    lowest: output(uint(this.cfg.width)),
    index: output(uint(indexWidth(this.cfg.width))),
    any: output(bool),
    gray: output(uint(this.cfg.width)),
    binary: output(uint(this.cfg.width)),
    encoded: output(uint(indexWidth(this.cfg.width))),
  });
  constructor(cfg: Width) {
    super(cfg);
    const { x, ones, zeros, lowest, index, any, gray, binary, encoded } = this.p;
    ones.set(popcount(x));
    zeros.set(leadingZeros(x));
    lowest.set(isolateLowest(x));
    const first = lowestSet(x);
    index.set(first.index);
    any.set(first.valid);
    gray.set(binaryToGray(x));
    binary.set(grayToBinary(x));
    encoded.set(oneHotToBinary(x));
  }
}

function expected(value: bigint, width: number): Record<string, bigint> {
  const digits = value.toString(2).padStart(width, '0');
  const reversed = [...digits].reverse();
  const first = reversed.indexOf('1');
  const setBits = reversed.flatMap((d, i) => (d === '1' ? [i] : []));
  let parity = 0;
  const binary = [...digits].map((d) => (parity ^= Number(d))).join('');
  const gray = [...digits].map((d, i) => (i > 0 && digits[i - 1] === '1' ? 1 - Number(d) : Number(d))).join('');
  return {
    ones: BigInt(setBits.length),
    zeros: BigInt(first < 0 ? width : digits.indexOf('1')),
    any: first < 0 ? 0n : 1n,
    index: BigInt(Math.max(first, 0)),
    lowest: first < 0 ? 0n : 1n << BigInt(first),
    gray: BigInt(`0b${gray}`),
    binary: BigInt(`0b${binary}`),
    encoded: BigInt(setBits.reduce((or, i) => or | i, 0)),
  };
}

describe.each([1, 2, 3, 4, 5, 7, 8, 9, 16, 17, 32, 33, 53, 64, 65])('codes of %i bits', (width) => {
  test('as digits say, and on Icarus', () => {
    const bench = new Bench(elaborate(Codes, { width }));
    const random = new Random(width);
    const sparse = Array.from({ length: 100 }, () => random.bits(width) & random.bits(width) & random.bits(width) & random.bits(width));
    const corners = Array.from({ length: width }, (_, i) => [
      1n << BigInt(i),
      (1n << BigInt(i)) - 1n,
      (1n << BigInt(width)) - (1n << BigInt(i)),
    ]).flat();
    const all =
      width <= 9 ? Array.from({ length: 2 ** width }, (_, i) => BigInt(i)) : [...corners, ...sparse, ...sparse.map(() => random.bits(width))];
    for (const x of all) expect(bench.cycle({ x }), `of ${x.toString(2)}`).toEqual(expected(x, width));
    bench.replay();
  });
});

class There extends Module<Width> {
  readonly p = this.io({
    x: input(uint(this.cfg.width)),
    back: output(uint(this.cfg.width)),
    forth: output(uint(this.cfg.width)),
    next: output(uint(this.cfg.width)),
  });
  constructor(cfg: Width) {
    super(cfg);
    const { x, back, forth, next } = this.p;
    back.set(grayToBinary(binaryToGray(x).named('coded')));
    forth.set(binaryToGray(grayToBinary(x)));
    next.set(binaryToGray(x.addw(1)).xor(binaryToGray(x)));
  }
}
class OneHot extends Module<{ readonly width: number; readonly outputs: number }> {
  readonly p = this.io({ i: input(uint(this.cfg.width)), hot: output(uint(this.cfg.outputs)), back: output(uint(indexWidth(this.cfg.outputs))) });
  constructor(cfg: { readonly width: number; readonly outputs: number }) {
    super(cfg);
    this.p.hot.set(binaryToOneHot(this.p.i, cfg.outputs));
    this.p.back.set(oneHotToBinary(binaryToOneHot(this.p.i, cfg.outputs).named('decoded')));
  }
}

function spec(body: string, design: Design, ports: string, declarations: string): string {
  return `module spec(${ports}, output ok);\n${declarations}\n${design.top.name} dut (${body}\nendmodule\n`;
}
const codesSpec = (width: number, design: Design, claim: string): string =>
  spec(
    `.x(x), .ones(ones), .zeros(zeros), .lowest(lowest), .index(index), .any(any), .gray(gray), .binary(binary), .encoded(encoded));\n${claim}`,
    design,
    `input [${width - 1}:0] x`,
    `wire [${width - 1}:0] lowest, gray, binary; wire [${indexWidth(width) - 1}:0] index, encoded; wire [${countWidth(width) - 1}:0] ones, zeros; wire any;`,
  );

describe('proven by Yosys', () => {
  test.each([2, 5, 16, 32])('Gray of %i bits there and back, one bit a step', (width) => {
    const design = elaborate(There, { width });
    const top = spec(
      `.x(x), .back(back), .forth(forth), .next(next));\nassign ok = back == x & forth == x & next != 0 & (next & (next - 1)) == 0;`,
      design,
      `input [${width - 1}:0] x`,
      `wire [${width - 1}:0] back, forth, next;`,
    );
    expect(prove(design, top)).toBe('');
    expect(prove(design, top.replace('back == x', 'back == x + 1'))).not.toBe('');
  });
  test.each([
    [3, 8],
    [3, 5],
    [5, 32],
    [1, 2],
  ])('one-hot of a u%i to %i outputs there and back', (width, outputs) => {
    const design = elaborate(OneHot, { width, outputs });
    const claim = `assign ok = i < ${outputs} ? (back == i & hot[i] & (hot & (hot - 1)) == 0) : (hot == 0);`;
    const top = spec(
      `.i(i), .hot(hot), .back(back));\n${claim}`,
      design,
      `input [${width - 1}:0] i`,
      `wire [${outputs - 1}:0] hot; wire [${indexWidth(outputs) - 1}:0] back;`,
    );
    expect(prove(design, top)).toBe('');
  });
  test.each([4, 11, 32])('leading zeros of %i bits against a loop', (width) => {
    const loop = `integer k; reg [${countWidth(width) - 1}:0] want; always @* begin want = ${width}; for (k = 0; k < ${width}; k = k + 1) if (x[k]) want = ${width - 1} - k; end\nassign ok = want == zeros;`;
    const design = elaborate(Codes, { width });
    expect(prove(design, codesSpec(width, design, loop))).toBe('');
    expect(prove(design, codesSpec(width, design, loop.replace(`want = ${width};`, 'want = 1;')))).not.toBe('');
  });
  test.each([4, 11, 32])('the lowest bit of %i against a loop', (width) => {
    const loop = `integer k; reg [${indexWidth(width) - 1}:0] want; always @* begin want = 0; for (k = ${width - 1}; k >= 0; k = k - 1) if (x[k]) want = k; end\nassign ok = want == index & any == (x != 0) & lowest == (any ? 1 << want : 0);`;
    const design = elaborate(Codes, { width });
    expect(prove(design, codesSpec(width, design, loop))).toBe('');
  });
  test.each([5, 12])('popcount of %i bits against a loop', (width) => {
    const loop = `integer k; reg [${countWidth(width) - 1}:0] want; always @* begin want = 0; for (k = 0; k < ${width}; k = k + 1) want = want + x[k]; end\nassign ok = want == ones;`;
    const design = elaborate(Codes, { width });
    expect(prove(design, codesSpec(width, design, loop))).toBe('');
  });
});

const record = bundle({ flag: bool, low: sint(5), lanes: vec(uint(3), 2) });
class Choice extends Module {
  readonly p = this.io({
    hot: input(uint(3)),
    a: input(record),
    b: input(record),
    c: input(record),
    out: output(record),
    flag: output(bool),
    wide: output(uint(9)),
  });
  constructor() {
    super();
    const { hot, a, b, c, out, flag, wide } = this.p;
    out.set(mux1H(hot, [a, b, c]));
    flag.set(mux1H(hot, [a.flag, b.flag, c.flag]));
    wide.set(mux1H(hot, [a.lanes.at(0), b.lanes.asUInt(), mux(c.flag, c.lanes.at(1), c.lanes.at(0)).extend(9)]));
  }
}

test('mux1H of any type', () => {
  const bench = new Bench(elaborate(Choice));
  const random = new Random(2);
  for (let t = 0; t < 60; t++) {
    const chosen = random.below(4);
    const fields = ['a', 'b', 'c'].map((n) => ({
      name: n,
      flag: random.bits(1),
      low: BigInt.asIntN(5, random.bits(5)),
      lanes: [random.bits(3), random.bits(3)],
    }));
    const out = bench.cycle({
      hot: BigInt([1, 2, 4, 0][chosen] as number),
      ...Object.fromEntries(
        fields.flatMap((f) => [
          [`${f.name}_flag`, f.flag],
          [`${f.name}_low`, f.low],
          [`${f.name}_lanes`, f.lanes],
        ]),
      ),
    });
    const want = fields[chosen] ?? { flag: 0n, low: 0n, lanes: [0n, 0n] };
    const [l0, l1] = want.lanes as [bigint, bigint];
    expect(out).toEqual({
      out_flag: want.flag,
      out_low: want.low,
      out_lanes: want.lanes,
      flag: want.flag,
      wide: [l0, l0 | (l1 << 3n), want.flag ? l1 : l0, 0n][chosen],
    });
  }
  bench.replay();
});
