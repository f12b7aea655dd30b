// External modules: Verilog written by hand on Icarus and Verilator against the TypeScript models on both engines, in a hierarchy and in meshes.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bool, ExternalModule, elaborate, input, Module, output, sint, uint, vec } from '../../hdl/index.ts';
import { emitVerilog, externalFiles } from '../../hdl/verilog/index.ts';
import { type EngineName, simulate } from '../../sim/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'systole-external-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = join(folder, 'cells.v');

const CELLS = `
module MultReg #(parameter W = 4, parameter signed [39:0] Offset = 0, parameter MODE = "SUB")
    (input wire CLK, input wire Srst, input wire CE, input wire signed [W-1:0] A, input wire signed [W-1:0] B, output reg signed [39:0] P);
  always @(posedge CLK)
    if (Srst) P <= 40'sd0;
    else if (CE) P <= (MODE == "ADD" ? P : 40'sd0) + A * B + Offset;
endmodule
module rom_async #(parameter [63:0] SALT = 0) (input wire [3:0] addr, output wire [6:0] data);
  wire [63:0] rotated = SALT >> {addr, 2'b00};
  assign data = {rotated[2:0], addr} ^ rotated[6:0];
  wire _unused_ok = &{1'b0, rotated[63:7]};
endmodule
module LINK (input wire [7:0] in, input wire [1:0][7:0] unused_pair, output wire [7:0] out, output wire [15:0] both);
  assign out = {in[6:0], in[7]} + 8'd3;
  assign both = {out, in};
  wire _unused_ok = &{1'b0, unused_pair};
endmodule
`.replace('input wire [1:0][7:0] unused_pair', 'input wire [15:0] unused_pair');
beforeAll(() => writeFileSync(file, CELLS));

const SALT = 0xfedc_ba98_7654_3210n;

class Mult extends ExternalModule<{ width: number }> {
  readonly verilog = {
    name: 'MultReg',
    parameters: { W: this.cfg.width, Offset: { width: 40, value: -5_000_000_000 }, MODE: 'ADD' },
    files: [file],
    clock: 'CLK',
    reset: 'Srst',
    registered: ['P'],
  };
  readonly p = this.io({ CE: input(bool), A: input(sint(this.cfg.width)), B: input(sint(this.cfg.width)), P: output(sint(40)) });

  override model() {
    return {
      state: () => 0n,
      outputs: (_: object, state: bigint) => ({ P: state }),
      edge({ Srst, CE, A, B }: { Srst: number; CE: number; A: number; B: number }, state: bigint) {
        if (Srst) return 0n;
        return CE ? BigInt.asIntN(40, state + BigInt(A * B) - 5_000_000_000n) : state;
      },
    };
  }
}

class Rom extends ExternalModule {
  readonly verilog = { name: 'rom_async', parameters: { SALT }, files: [file] };
  readonly p = this.io({ addr: input(uint(4)), data: output(uint(7)) });

  override model() {
    return {
      outputs({ addr }: { addr: number }) {
        const rotated = SALT >> BigInt(addr * 4);
        return { data: Number((((rotated & 7n) << 4n) | BigInt(addr)) ^ (rotated & 127n)) };
      },
    };
  }
}

class Link extends ExternalModule {
  readonly verilog = { name: 'LINK', files: [file] };
  readonly p = this.io({ in: input(uint(8)), unused_pair: input(vec(uint(8), 2)), out: output(uint(8)), both: output(vec(uint(8), 2)) });

  override model() {
    return {
      outputs(inputs: { in: number; unused_pair: readonly number[] }) {
        const out = (((inputs.in << 1) | (inputs.in >> 7)) + 3) & 255;
        return { out, both: [inputs.in, out] };
      },
    };
  }
}

/** The product of a table's word and an input; its own register besides. */
class Inner extends Module {
  readonly p = this.io({ go: input(bool), a: input(uint(4)), b: input(sint(7)), product: output(sint(40)), word: output(uint(7)) });
  readonly last = this.reg(uint(4), { reset: 0 });
  readonly rom = this.inst(Rom);
  readonly mult = this.inst(Mult, { width: 7 });
  constructor() {
    super();
    const { p, rom, mult, last } = this;
    last.set(p.a);
    rom.addr.set(p.a.xor(last));
    mult.CE.set(p.go);
    mult.A.set(rom.data.asSInt());
    mult.B.set(p.b);
    p.product.set(mult.P);
    p.word.set(rom.data);
  }
}

/** A chain through a mesh within a cycle, elements with a state of their own, and two levels of instances. */
class Outer extends Module {
  readonly p = this.io({
    go: input(vec(bool, 3)),
    a: input(vec(uint(4), 3)),
    b: input(sint(7)),
    x: input(vec(uint(8), 2)),
    product: output(sint(40)),
    products: output(vec(sint(40), 3)),
    squares: output(vec(sint(40), 3)),
    words: output(vec(uint(7), 3)),
    y: output(vec(uint(8), 2)),
    both: output(vec(vec(vec(uint(8), 2), 5), 2)),
  });
  readonly inner = this.inst(Inner);
  constructor() {
    super();
    const { p, inner } = this;
    inner.go.set(p.go.at(0));
    inner.a.set(p.a.at(0));
    inner.b.set(p.b);
    p.product.set(inner.product);
    const lanes = this.mesh(Inner, [3]);
    lanes.feed('go', [0], p.go);
    lanes.feed('a', [0], p.a);
    lanes.broadcast('b', p.b);
    p.products.set(lanes.collect('product') as never);
    p.words.set(lanes.collect('word') as never);
    const squarers = this.mesh(Mult, [3], { width: 7 });
    squarers.feed('CE', [0], p.go);
    squarers.broadcast('A', p.b);
    squarers.broadcast('B', p.b);
    p.squares.set(squarers.collect('P') as never);
    const chain = this.mesh(Link, [2, 5]);
    chain.shift([0, 1], { from: 'out', to: 'in', enter: p.x, leave: p.y });
    chain.broadcast('unused_pair', p.x);
    p.both.set(chain.collect('both') as never);
  }
}

const OUTPUTS = ['product', 'products', 'squares', 'words', 'y', 'both'] as const;
const WIDTHS = { product: [40], products: [40, 3], squares: [40, 3], words: [7, 3], y: [8, 2], both: [8, 20] } as const;

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
const next = random(11);
const cycles = Array.from({ length: 120 }, (_, t) => ({
  rst: t < 2 || next(30) === 0 ? 1 : 0,
  go: [next(2), next(2), next(3) > 0 ? 1 : 0],
  a: [next(16), next(16), next(16)],
  b: next(128) - 64,
  x: [next(256), next(256)],
}));

const bits = (value: number | bigint, width: number): bigint => BigInt.asUintN(width, BigInt(value));
const packed = (values: readonly (number | bigint)[], width: number): string =>
  values.reduceRight<bigint>((all, v) => (all << BigInt(width)) | bits(v, width), 0n).toString(16);

/** All outputs before each edge. */
function inProcess(engine: EngineName): string[] {
  const sim = simulate(Outer, undefined, { engine });
  return cycles.map((c, t) => {
    for (const [port, value] of Object.entries(c)) sim.poke(port, value);
    // A step back in between must not be seen.
    if (t === 60) {
      const here = sim.snapshot();
      sim.step(3);
      sim.restore(here);
    }
    const row = OUTPUTS.map((o) => packed([sim.peek(o)].flat() as number[], WIDTHS[o][0])).join(' ');
    sim.step();
    return row;
  });
}

describe('a design around external modules', () => {
  const design = elaborate(Outer, undefined, { name: 'outer' });
  const files = emitVerilog(design);
  const text = files.map((f) => f.text).join('\n');
  const rtl = join(folder, 'outer.v');

  it('keeps every name and gives the parameters', () => {
    expect(text).not.toMatch(/module (MultReg|rom_async|LINK) \(/);
    expect(text).toContain(
      ['MultReg #(', '    .W (7),', "    .Offset (40'shfed5fa0e00),", '    .MODE ("ADD")', '  ) mult (', '    .CLK  (clk),', '    .Srst (rst),'].join(
        '\n',
      ),
    );
    expect(text).toContain(".SALT (64'hfedcba9876543210)");
    expect(text).toMatch(/LINK link \(\n\s+\.in\s/);
    expect(externalFiles(design)).toEqual([file]);
  });

  it('is the same on both engines, on Icarus and on Verilator', () => {
    writeFileSync(rtl, text);
    for (const [tool, ...args] of [
      ['verilator', '--lint-only', '-Wall', '--top-module', 'outer', '-Wno-DECLFILENAME', rtl, file],
      ['iverilog', '-g2005', '-Wall', '-s', 'outer', '-o', '/dev/null', rtl, file],
      ['yosys', '-q', '-p', `read_verilog ${rtl} ${file}; hierarchy -check -top outer; proc; check -assert`],
    ])
      expect(execFileSync(tool as string, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })).toBe('');
    const drive = cycles.map(
      (c) =>
        `rst=${c.rst}; go=3'h${packed(c.go, 1)}; a=12'h${packed(c.a, 4)}; b=7'h${packed([c.b], 7)}; x=16'h${packed(c.x, 8)}; #1 $display("${OUTPUTS.map(() => '%0h').join(' ')}", ${OUTPUTS.join(', ')}); clk=1; #1 clk=0;`,
    );
    const wires = OUTPUTS.map((o) => `wire [${WIDTHS[o].reduce<number>((n, d) => n * d, 1) - 1}:0] ${o};`);
    const tb = join(folder, 'tb.v');
    writeFileSync(
      tb,
      `module tb; reg clk=0, rst; reg [2:0] go; reg [11:0] a; reg [6:0] b; reg [15:0] x; ${wires.join(' ')}
outer dut(.clk(clk),.rst(rst),.go(go),.a(a),.b(b),.x(x),${OUTPUTS.map((o) => `.${o}(${o})`).join(',')});
initial begin ${drive.join('\n')} $finish; end endmodule`,
    );
    const vvp = join(folder, 'tb.vvp');
    execFileSync('iverilog', ['-g2005', '-s', 'tb', '-o', vvp, rtl, file, tb]);
    const icarus = execFileSync('vvp', ['-n', vvp], { encoding: 'utf8' }).trim().split('\n');
    execFileSync('verilator', ['--binary', '-Wno-fatal', '-O0', '-CFLAGS', '-O0', '--top-module', 'tb', '--Mdir', folder, rtl, file, tb], {
      stdio: 'pipe',
    });
    const verilator = execFileSync(join(folder, 'Vtb'), { encoding: 'utf8' })
      .split('\n')
      .filter((l) => /^[0-9a-f ]+$/.test(l));
    // State is unknown until the first edge has seen the reset.
    const known = (rows: readonly string[]) => rows.slice(1);
    const js = known(inProcess('js'));
    expect(js).toHaveLength(cycles.length - 1);
    expect(known(icarus)).toEqual(js);
    expect(known(verilator)).toEqual(js);
    expect(known(inProcess('wasm'))).toEqual(js);
  }, 60_000);
});

describe('what the simulator refuses', () => {
  class Bare extends ExternalModule {
    readonly verilog = { name: 'BARE', files: ['rtl/bare.v'] };
    readonly p = this.io({ a: input(uint(4)), q: output(uint(4)) });
  }
  class Fed extends ExternalModule<{ outputs: object }> {
    readonly verilog = { name: 'FED', registered: ['q'] };
    readonly p = this.io({ a: input(uint(4)), q: output(uint(4)) });
    override model() {
      const { outputs } = this.cfg;
      return { outputs: ({ a }: { a: number }) => (outputs === null ? { q: (a + 1) & 15 } : (outputs as { q: number })) };
    }
  }
  class Top extends Module<{ outputs: object | null }> {
    readonly p = this.io({ a: input(uint(4)), q: output(uint(4)) });
    readonly fed = this.inst(Fed, this.cfg as never);
    constructor(cfg: { outputs: object | null }) {
      super(cfg);
      this.fed.a.set(cfg.outputs === null ? this.fed.q : this.p.a);
      this.p.q.set(this.fed.q);
    }
  }
  class BareTop extends Module {
    readonly p = this.io({ a: input(uint(4)), q: output(uint(4)) });
    readonly bare = this.inst(Bare);
    constructor() {
      super();
      this.bare.a.set(this.p.a);
      this.p.q.set(this.bare.q);
    }
  }
  it('a module without a model, naming it and the remedy', () => {
    expect(() => simulate(BareTop)).toThrow(
      /^SIM-E013: external module `BARE` \(bare\) has no model\n {2}at test\/hdl\/external.test.ts:\d+\n {2}help: give its class a model\(\), or simulate the Verilog together with rtl\/bare.v$/,
    );
  });
  it.each([
    [{}, /^SIM-E014: the model of external module `FED` at `fed` gives no value for `q`/],
    [{ q: 1, r: 2 }, /^SIM-E014: .* gives a value for `r`, which is no output/],
    [{ q: 16 }, /^SIM-E004: 16 is out of range for `fed.q`, a u4/],
    [null, /^SIM-E010: the outputs of `fed` do not settle\n {2}help: .* must not be listed as registered/],
  ])('a model that gives %o', (outputs, message) => {
    expect(() => simulate(Top, { outputs }).peek('q')).toThrow(message);
  });
});
