// The cells that cross clocks: order and completeness under random unrelated clocks, in process and on Icarus.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bool, clock, type Design, elaborate, HdlError, inDomain, input, Module, output, reset, uint } from '../../hdl/index.ts';
import { asyncFifo, connectStream, consumer, handshake, producer, synchronise, synchronisePulse, synchroniseReset } from '../../hdl/std/index.ts';
import { emitVerilog } from '../../hdl/verilog/index.ts';
import { type EngineName, simulateDesign } from '../../sim/index.ts';
import { lint } from '../support/verilog-tools.ts';
import { Random } from './bench.ts';

interface Cfg {
  readonly cell: 'fifo' | 'handshake';
  readonly depth: number;
}

/** A stream from clkA to clkB. */
class Bridge extends Module<Cfg> {
  readonly p = this.io({
    clkA: input(clock),
    clkB: input(clock),
    rst: input(reset({ async: true, activeLow: true })),
    in: consumer({ data: uint(8) }),
    out: producer({ data: uint(8) }),
  });
  readonly a = this.#side(this.p.clkA);
  readonly b = this.#side(this.p.clkB);
  constructor(cfg: Cfg) {
    super(cfg);
    const { p, a, b } = this;
    const sides = { from: a, to: b };
    connectStream(p.out, cfg.cell === 'fifo' ? asyncFifo(p.in, { depth: cfg.depth, ...sides }).out : handshake(p.in, sides));
  }
  #side(clk: Bridge['p']['clkA']) {
    const bare = this.domain({ clock: clk });
    return this.domain({ clock: clk, reset: inDomain(bare, () => synchroniseReset(this.p.rst)) });
  }
}

class Misc extends Module {
  readonly p = this.io({
    clkA: input(clock),
    clkB: input(clock),
    rst: input(reset({ async: true })),
    button: input(bool, { asynchronous: true }),
    event: input(bool, { domain: 'clkA' }),
    level: output(bool),
    seen: output(bool),
  });
  readonly a = this.domain({ clock: this.p.clkA, reset: this.p.rst });
  readonly b = this.domain({ clock: this.p.clkB, reset: this.p.rst });
  constructor() {
    super();
    const { p, a, b } = this;
    p.level.set(inDomain(b, () => synchronise(p.button, { stages: 3, reset: false, asyncReg: true })));
    p.seen.set(synchronisePulse(p.event, { from: a, to: b }));
  }
}

/** Beats in and out of a bridge under edges in random order, some of them simultaneous. */
function transfer(design: Design, engine: EngineName, seed: number, [rateA, rateB]: readonly [number, number]) {
  const random = new Random(seed);
  const sim = simulateDesign(design, { engine });
  const [sent, got]: [number[], number[]] = [[], []];
  sim.reset(3);
  sim.step(3, ['clkA', 'clkB']);
  let [valid, full] = [false, 0];
  for (let n = 0; n < 1500; n++) {
    const edges = ['clkA', 'clkB'].filter((_, i) => random.chance(i === 0 ? rateA : rateB));
    if (!valid && random.chance(0.7)) {
      valid = true;
      sim.poke('in_data', random.below(256));
    }
    sim.poke('in_valid', valid);
    sim.poke('out_ready', random.chance(n % 300 < 150 ? 0.2 : 0.9));
    if (edges.length === 0) continue;
    const [taken, given] = [valid && sim.value('in_ready') === 1, sim.value('out_valid') === 1 && sim.value('out_ready') === 1];
    if (valid && !taken) full++;
    if (edges.includes('clkA') && taken) {
      sent.push(Number(sim.value('in_data')));
      valid = false;
    }
    if (edges.includes('clkB') && given) got.push(Number(sim.value('out_data')));
    sim.step(1, edges);
  }
  return { sent, got, full };
}

const RATES = [
  [0.9, 0.9],
  [0.9, 0.15],
  [0.15, 0.9],
  [0.5, 0.45],
] as const;

describe('a stream between two clocks', () => {
  const cases = [
    { cell: 'fifo', depth: 2 },
    { cell: 'fifo', depth: 4 },
    { cell: 'fifo', depth: 16 },
    { cell: 'handshake', depth: 1 },
  ] as const;
  it.each(cases)('$cell of $depth keeps every beat in order at any rates, on both engines', (c) => {
    const design = elaborate(Bridge, c);
    let full = 0;
    RATES.forEach((rates, i) => {
      const js = transfer(design, 'js', 7 + i, rates);
      expect(js.got).toEqual(js.sent.slice(0, js.got.length));
      expect(js.sent.length - js.got.length).toBeLessThanOrEqual(c.depth);
      expect(js.got.length).toBeGreaterThan(30);
      full += js.full;
      expect(transfer(design, 'wasm', 7 + i, rates)).toEqual(js);
    });
    expect(full).toBeGreaterThan(0);
  });

  it('passes the lint of three tools and runs on Icarus with clocks that have no common period', () => {
    for (const c of cases.slice(1)) {
      const design = elaborate(Bridge, c, { name: 'bridge' });
      const files = emitVerilog(design);
      expect(lint(files, 'bridge')).toBe('');
      for (const [halfA, halfB] of [
        [5, 7],
        [3, 17],
        [19, 3],
      ] as const)
        expect(runBridge(files, halfA, halfB)).toBe('');
    }
  });
});

/** Sends 0, 1, 2 … with random stalls, each side from when its reset is released; what is said is wrong. */
function runBridge(files: readonly { readonly name: string; readonly text: string }[], halfA: number, halfB: number): string {
  const bench = `
module bench;
  reg clk_a = 0, clk_b = 0, rst = 1, in_valid = 0, out_ready = 0, go = 0;
  reg [7:0] in_data = 0, next = 0;
  wire in_ready, out_valid; wire [7:0] out_data;
  integer taken = 0, seed = ${halfA * 100 + halfB};
  bridge dut (.clk_a(clk_a), .clk_b(clk_b), .rst(rst), .in_valid(in_valid), .in_ready(in_ready), .in_data(in_data),
    .out_valid(out_valid), .out_ready(out_ready), .out_data(out_data));
  always #${halfA} clk_a = ~clk_a;
  always #${halfB} clk_b = ~clk_b;
  initial begin #1 rst = 0; #101 rst = 1; #100 go = 1; #40000 if (taken < 200) $display("only %0d beats", taken); $finish; end
  always @(posedge clk_a) if (go) begin
    if (in_valid && in_ready) begin in_data <= #1 in_data + 1; in_valid <= #1 ($random(seed) & 3) != 0; end
    else if (!in_valid) in_valid <= #1 $random(seed);
  end
  always @(posedge clk_b) if (go) begin
    if (out_valid && out_ready) begin
      if (out_data !== next) $display("got %h for %h", out_data, next);
      next = next + 1; taken = taken + 1;
    end
    out_ready <= #1 $random(seed);
  end
endmodule`;
  const dir = mkdtempSync(join(tmpdir(), 'systole-test-'));
  try {
    const names = [...files, { name: 'bench', text: bench }].map(({ name, text }) => {
      writeFileSync(join(dir, `${name}.v`), text);
      return `${name}.v`;
    });
    const built = spawnSync('iverilog', ['-g2005', '-s', 'bench', '-o', 'run.vvp', ...names], { cwd: dir, encoding: 'utf8' });
    if (built.status !== 0) return built.stderr;
    return spawnSync('vvp', ['-n', 'run.vvp'], { cwd: dir, encoding: 'utf8' }).stdout.replace(/^.*\$finish called.*\n?/gm, '');
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

describe('single bits', () => {
  const design = elaborate(Misc, undefined, { name: 'misc' });

  it('print clean, with ASYNC_REG where it was asked for', () => {
    const files = emitVerilog(design);
    expect(lint(files, 'misc')).toBe('');
    expect(files.map((f) => f.text).join('')).toContain('(* ASYNC_REG = "true" *)');
  });

  it.each(['js', 'wasm'] as const)('arrive after their stages, each event once: %s', (engine) => {
    const sim = simulateDesign(design, { engine });
    sim.reset(1);
    sim.poke('button', 1);
    const levels = [1, 2, 3, 4].map(() => {
      sim.step(1, 'clkB');
      return sim.value('level');
    });
    expect(levels).toEqual([0, 0, 1, 1]);
    let [sent, seen] = [0, 0];
    const random = new Random(3);
    for (let n = 0; n < 400; n++) {
      // Far enough apart for the slower clock.
      const event = n % 12 === 0 && n < 380;
      sim.poke('event', event);
      if (event) sent++;
      sim.step(1, 'clkA');
      sim.poke('event', 0);
      for (let k = random.below(3); k >= 0; k--) {
        sim.step(1, random.chance(0.5) ? 'clkB' : ['clkA', 'clkB']);
        seen += Number(sim.value('seen'));
      }
    }
    expect(seen).toBe(sent);
  });

  it.each(['js', 'wasm'] as const)('a reset asserts at once and is released by its clock: %s', (engine) => {
    class Top extends Module {
      readonly p = this.io({ fast: input(clock), rst: input(reset({ async: true, activeLow: true })), q: output(uint(4)) });
      constructor() {
        super();
        const bare = this.domain({ clock: this.p.fast });
        const released = inDomain(bare, () => synchroniseReset(this.p.rst, { activeLow: false }));
        const count = this.reg(uint(4), { domain: this.domain({ clock: this.p.fast, reset: released }), reset: 0 });
        count.set(count.addw(1));
        this.p.q.set(count);
      }
    }
    const made = elaborate(Top);
    expect(lint(emitVerilog(made), 'top')).toBe('');
    const sim = simulateDesign(made, { engine });
    sim.reset(0);
    const counts = [1, 2, 3, 4, 5].map(() => {
      sim.step();
      return sim.value('q');
    });
    // Two edges pass before the release is seen.
    expect(counts).toEqual([0, 0, 1, 2, 3]);
    sim.poke('rst', 0);
    expect(sim.value('q')).toBe(0);
    sim.poke('rst', 1);
    sim.step(2);
    expect(sim.value('q')).toBe(0);
  });
});

describe('parameters that are refused', () => {
  const code = (run: () => void): string => {
    try {
      run();
    } catch (error) {
      if (error instanceof HdlError) return error.diagnostics.map((d) => `${d.code} ${d.message}`).join('\n');
    }
    return 'accepted';
  };
  class One extends Module<(m: One) => void> {
    readonly p = this.io({ go: input(bool), in: consumer({ data: uint(8) }), q: output(bool) });
    constructor(body: (m: One) => void) {
      super(body);
      body(this);
    }
  }
  it.each([0, 1, 3, 6, 2.5])('depth %d', (depth) => {
    expect(code(() => elaborate(One, (m) => void asyncFifo(m.p.in, { depth })))).toMatch(/HDL-C001 depth of AsyncFifo is/);
  });
  it.each([0, 1, 1.5])('%d stages', (stages) => {
    expect(code(() => elaborate(One, (m) => m.p.q.set(synchronise(m.p.go, { stages }))))).toMatch(/HDL-C001 stages of a synchroniser/);
  });
});
