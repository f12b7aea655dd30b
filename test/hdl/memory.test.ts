// Memories: every policy, masks, several ports, contents; in-process against a model written here, and as Verilog on Icarus.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bool, elaborate, HdlError, input, Module, output, sint, uint, vec, when } from '../../hdl/index.ts';
import type { UnderWrite } from '../../hdl/ir/nodes.ts';
import { emitVerilog } from '../../hdl/verilog/index.ts';
import { simulate } from '../../sim/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'systole-memory-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Config {
  readonly depth: number;
  readonly width: number;
  readonly underWrite: UnderWrite;
  readonly lanes: number;
}

/** Two writes, a registered and a combinational read. */
class Ram extends Module<Config> {
  readonly address = uint(Math.max(1, Math.ceil(Math.log2(this.cfg.depth))));
  readonly word = vec(sint(this.cfg.width), this.cfg.lanes);
  readonly p = this.io({
    we0: input(bool),
    wa0: input(this.address),
    wd0: input(this.word),
    mask: input(vec(bool, this.cfg.lanes)),
    we1: input(bool),
    wa1: input(this.address),
    wd1: input(this.word),
    re: input(bool),
    ra: input(this.address),
    rd: output(this.word),
    na: input(this.address),
    nd: output(this.word),
  });
  readonly ram = this.memory(this.word, this.cfg.depth, { init: (a) => Array.from({ length: this.cfg.lanes }, (_, i) => ((a * 3 + i) % 7) - 3) });

  constructor(cfg: Config) {
    super(cfg);
    const { p, ram } = this;
    when(p.we0, () => ram.write(p.wa0, p.wd0, { mask: p.mask }));
    ram.write(p.wa1, p.wd1, { enable: p.we1 });
    p.rd.set(ram.read(p.ra, { enable: p.re, underWrite: cfg.underWrite }));
    p.nd.set(ram.readNow(p.na));
  }
}

const CONFIGS: Config[] = (['old', 'new'] as const).flatMap((underWrite) =>
  [
    { depth: 8, width: 8, lanes: 1 },
    { depth: 5, width: 4, lanes: 3 },
    { depth: 16, width: 33, lanes: 2 },
  ].map((c) => ({ ...c, underWrite })),
);

/** Xorshift, seeded. */
function random(seed: number): (n: number) => number {
  let x = seed;
  return (n) => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return (x >>> 0) % n;
  };
}

describe.each(CONFIGS)('$depth words of $lanes × s$width, $underWrite', (cfg) => {
  const { depth, width, lanes, underWrite } = cfg;
  const next = random(depth * 100 + width);
  const bits = Math.max(1, Math.ceil(Math.log2(depth)));
  const value = () => BigInt.asIntN(width, (BigInt(next(2 ** 30)) << 20n) ^ BigInt(next(2 ** 30)));
  const word = () => Array.from({ length: lanes }, value);
  const cycles = Array.from({ length: 300 }, () => ({
    we0: next(2),
    wa0: next(2 ** bits),
    wd0: word(),
    mask: Array.from({ length: lanes }, () => next(2)),
    we1: next(2),
    wa1: next(2 ** bits),
    wd1: word(),
    re: next(4) > 0 ? 1 : 0,
    ra: next(2 ** bits),
    na: next(2 ** bits),
  }));

  /** What must be seen before each edge: the registered word (unknown before the first read) and the combinational one. */
  function model(): { rd: bigint[] | undefined; nd: bigint[] }[] {
    const memory = Array.from({ length: depth }, (_, a) => Array.from({ length: lanes }, (_, i) => BigInt(((a * 3 + i) % 7) - 3)));
    const zero = Array.from({ length: lanes }, () => 0n);
    let rd: bigint[] | undefined;
    return cycles.map((c) => {
      const seen = { rd, nd: [...(memory[c.na] ?? zero)] };
      const before = [...(memory[c.ra] ?? zero)];
      if (c.we0 && c.wa0 < depth) memory[c.wa0] = (memory[c.wa0] as bigint[]).map((old, i) => (c.mask[i] ? (c.wd0[i] as bigint) : old));
      if (c.we1 && c.wa1 < depth) memory[c.wa1] = [...c.wd1];
      if (c.re) rd = underWrite === 'old' ? before : [...(memory[c.ra] ?? zero)];
      return seen;
    });
  }

  it('in-process', () => {
    const sim = simulate(Ram, cfg);
    model().forEach((want, i) => {
      for (const [port, v] of Object.entries(cycles[i] as object)) sim.poke(port as never, v);
      const row = (port: string) => [sim.peek(port)].flat().map((v) => BigInt(v as number));
      expect(row('nd'), `nd in cycle ${i}`).toEqual(want.nd);
      if (want.rd) expect(row('rd'), `rd in cycle ${i}`).toEqual(want.rd);
      sim.step();
    });
  });

  it('as Verilog, without a warning', () => {
    const files = emitVerilog(elaborate(Ram, cfg, { name: 'ram' }));
    const name = `${depth}_${width}_${underWrite}`;
    const [rtl, tb, out] = ['ram.v', `${name}_tb.v`, `${name}.vvp`].map((f) => join(folder, f)) as [string, string, string];
    writeFileSync(rtl, files.map((f) => f.text).join('\n'));
    for (const [tool, ...args] of [
      ['verilator', '--lint-only', '-Wall', rtl],
      ['iverilog', '-g2005', '-Wall', '-o', '/dev/null', rtl],
      ['yosys', '-q', '-p', `read_verilog ${rtl}; hierarchy -check -top ram; proc; check -assert`],
    ]) {
      expect(execFileSync(tool as string, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })).toBe('');
    }
    const hex = (values: readonly (bigint | number)[], w: number) =>
      values.reduceRight<bigint>((all, v) => (all << BigInt(w)) | BigInt.asUintN(w, BigInt(v)), 0n).toString(16);
    const W = width * lanes;
    const drive = cycles.map(
      (c) =>
        `we0=${c.we0}; wa0=${c.wa0}; wd0=${W}'h${hex(c.wd0, width)}; mask=${lanes}'h${hex(c.mask, 1)}; we1=${c.we1}; wa1=${c.wa1}; wd1=${W}'h${hex(c.wd1, width)}; re=${c.re}; ra=${c.ra}; na=${c.na}; #1 $display("%h %h", rd, nd); clk=1; #1 clk=0;`,
    );
    const A = `[${bits - 1}:0]`;
    writeFileSync(
      tb,
      `module tb; reg clk=0, we0, we1, re; reg ${A} wa0, wa1, ra, na; reg [${W - 1}:0] wd0, wd1; reg [${lanes - 1}:0] mask; wire [${W - 1}:0] rd, nd;
ram dut(.clk(clk),.we0(we0),.wa0(wa0),.wd0(wd0),.mask(mask),.we1(we1),.wa1(wa1),.wd1(wd1),.re(re),.ra(ra),.rd(rd),.na(na),.nd(nd));
initial begin ${drive.join('\n')} end endmodule`,
    );
    execFileSync('iverilog', ['-g2005', '-o', out, rtl, tb]);
    const lines = execFileSync('vvp', [out], { encoding: 'utf8' }).trim().split('\n');
    model().forEach((want, i) => {
      const [rd, nd] = (lines[i] as string).split(' ') as [string, string];
      expect(BigInt(`0x${nd}`).toString(16), `nd in cycle ${i}`).toBe(hex(want.nd, width));
      if (want.rd) expect(BigInt(`0x${rd}`).toString(16), `rd in cycle ${i}`).toBe(hex(want.rd, width));
    });
  });
});

describe('a read of which nothing is promised when its word is written', () => {
  class Open extends Module {
    readonly p = this.io({ we: input(bool), wa: input(uint(2)), wd: input(sint(8)), ra: input(uint(2)), rd: output(sint(8)) });
    readonly ram = this.memory(sint(8), 4, { init: [1, -2, 3, -4] });
    constructor() {
      super();
      this.ram.write(this.p.wa, this.p.wd, { enable: this.p.we });
      this.p.rd.set(this.ram.read(this.p.ra, { underWrite: 'undefined' }));
    }
  }

  it.each(['js', 'wasm', 'wasm-scalar'] as const)('gives the inverse of what stood there, and the word itself without a write: %s', (engine) => {
    using sim = simulate(Open, undefined, { engine });
    const read = (we: boolean, wa: number, ra: number): number => {
      for (const [port, value] of Object.entries({ we: Number(we), wa, ra, wd: 77 })) sim.poke(port, value);
      sim.step();
      return Number(sim.peek('rd'));
    };
    expect([read(false, 1, 1), read(true, 2, 1), read(true, 1, 1), read(false, 1, 1)]).toEqual([-2, -2, ~-2, 77]);
  });
});

describe('what Yosys infers for ECP5', () => {
  interface Shape {
    readonly style: 'auto' | 'block' | 'distributed' | 'registers';
    /** `now`: read in the same cycle. */
    readonly read: 'old' | 'new' | 'undefined' | 'now';
    readonly mask?: boolean;
  }
  class Store extends Module<Shape> {
    readonly p = this.io({
      we: input(bool),
      be: input(vec(bool, 4)),
      wa: input(uint(9)),
      wd: input(vec(uint(8), 4)),
      ra: input(uint(9)),
      rd: output(vec(uint(8), 4)),
    });
    readonly ram = this.memory(vec(uint(8), 4), 512, { style: this.cfg.style });
    constructor(cfg: Shape) {
      super(cfg);
      const { we, be, wa, wd, ra, rd } = this.p;
      this.ram.write(wa, wd, { enable: cfg.mask ? we : we.and(be.at(0)).and(be.at(1)).and(be.at(2)).and(be.at(3)), ...(cfg.mask && { mask: be }) });
      rd.set(cfg.read === 'now' ? this.ram.readNow(ra) : this.ram.read(ra, { underWrite: cfg.read }));
    }
  }
  const shapes: readonly (readonly [what: string, Shape, cells: 'DP16KD' | 'TRELLIS_DPR16X4' | 'registers'])[] = [
    ['old', { style: 'block', read: 'old' }, 'DP16KD'],
    ['new, with logic around', { style: 'block', read: 'new' }, 'DP16KD'],
    ['undefined', { style: 'block', read: 'undefined' }, 'DP16KD'],
    ['byte enables', { style: 'block', read: 'old', mask: true }, 'DP16KD'],
    ['a registered read, unasked', { style: 'auto', read: 'old' }, 'DP16KD'],
    ['a read in the same cycle, unasked', { style: 'auto', read: 'now' }, 'TRELLIS_DPR16X4'],
    ['LUT RAM asked for', { style: 'distributed', read: 'old' }, 'TRELLIS_DPR16X4'],
    ['registers asked for', { style: 'registers', read: 'now' }, 'registers'],
  ];
  const counts = new Map<string, string>();
  const name = (i: number): string => `store_${i}`;

  beforeAll(() => {
    const files = shapes.map(([, shape], i) => {
      const file = join(folder, `${name(i)}.v`);
      writeFileSync(file, emitVerilog(elaborate(Store, shape, { name: name(i) }))[0]?.text ?? '');
      return file;
    });
    const runs = shapes.map((_, i) => `design -load all; synth_ecp5 -top ${name(i)} -run begin:map_ffram; echo on; log IS ${name(i)}; stat`);
    const text = execFileSync('yosys', ['-p', `read_verilog ${files.join(' ')}; design -save all; ${runs.join('; ')}`], {
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
    });
    for (const part of text.split(/^IS /m).slice(1)) counts.set(part.slice(0, part.indexOf('\n')).trim(), part);
  }, 120_000);

  it.each(shapes.map(([what, shape, cells], i) => [`${shape.style}, ${what}: ${cells}`, i, cells] as const))('%s', (_what, i, cells) => {
    const found = counts.get(name(i)) ?? '';
    for (const kind of ['DP16KD', 'TRELLIS_DPR16X4']) expect(found.match(new RegExp(`\\b${kind} +\\d+`)) !== null, kind).toBe(kind === cells);
    expect(/\$mem_v2 +1/.test(found), 'left for registers').toBe(cells === 'registers');
  });
});

describe('refusals', () => {
  const message = (build: (m: Module) => void): string => {
    class Bad extends Module {
      readonly p = this.io({ q: output(bool) });
      constructor() {
        super();
        build(this);
        this.p.q.set(false);
      }
    }
    try {
      elaborate(Bad);
    } catch (error) {
      if (error instanceof HdlError) return error.message;
      throw error;
    }
    return '';
  };
  const memory = (m: Module) => (m as unknown as { memory: (type: unknown, depth: number, options?: object) => unknown }).memory.bind(m);
  it.each([
    ['HDL-R001', (m: Module) => memory(m)(uint(8), 0)],
    ['HDL-R001', (m: Module) => memory(m)(uint(8), 2.5)],
    ['HDL-R002', (m: Module) => memory(m)(uint(8), 4, { init: [1, 2, 3] })],
    ['HDL-R002', (m: Module) => memory(m)(vec(uint(8), 2), 1, { init: [[1, 2, 3]] })],
    ['HDL-W001', (m: Module) => memory(m)(uint(8), 2, { init: [0, 256] })],
    ['HDL-R003', (m: Module) => memory(m)({ kind: 'bundle', fields: { a: { kind: 'clock', width: 1 } } }, 2)],
  ])('%s', (code, build) => expect(message(build)).toMatch(new RegExp(`^${code}: `)));
});
