// Enumerations, switches and state machines: in-process against a model written here, and as Verilog on Icarus.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { bool, elaborate, enumeration, input, Module, output, switchOn, uint, when } from '../../hdl/index.ts';
import { emitVerilog } from '../../hdl/verilog/index.ts';
import { simulate } from '../../sim/index.ts';
import { runEverywhere } from '../support/engines.ts';

const folder = mkdtempSync(join(tmpdir(), 'systole-control-'));
afterAll(() => rmSync(folder, { recursive: true }));

const Op = enumeration('Op', { add: 0, sub: 1, pass: 5 });

class Sequencer extends Module {
  readonly p = this.io({
    go: input(bool),
    op: input(Op),
    a: input(uint(8)),
    b: input(uint(8)),
    sel: input(uint(4)),
    q: output(uint(8)),
    busy: output(bool),
    first: output(uint(3)),
    table: output(uint(4)),
    state: output(uint(2)),
  });
  readonly sequence = this.fsm(['idle', 'load', 'run']);
  readonly q = this.reg(uint(8), { reset: 0 });

  constructor() {
    super();
    const { p, sequence: fsm, q } = this;
    fsm.on({
      idle: () => when(p.go, () => fsm.goto('load')),
      load: () => {
        q.set(p.a);
        fsm.goto('run');
      },
      run: () => {
        switchOn(p.op, { add: () => q.set(q.addw(p.b)), sub: () => q.set(q.subw(p.b)), default: () => q.set(p.b) });
        when(p.go.not(), () => fsm.goto('idle'));
      },
    });
    p.busy.set(fsm.is('load', 'run'));
    p.state.set(fsm.state.asUInt());
    p.q.set(q);
    // Overlapping patterns: the first that matches counts.
    switchOn(p.sel, {
      '0b1???': () => p.first.set(3),
      '0b11??, 0b01??': () => p.first.set(2),
      '2,3': () => p.first.set(1),
      default: () => p.first.set(0),
    });
    // All sixteen values, no default: a table.
    switchOn(p.sel, Object.fromEntries(Array.from({ length: 16 }, (_, i) => [String(i), () => p.table.set((i * 7 + 3) % 16)])));
  }
}

const CODES = { add: 0, sub: 1, pass: 5 };
const STATES = ['idle', 'load', 'run'];

function stimulus(cycles: number) {
  let x = 12345;
  const next = (n: number): number => {
    x = (Math.imul(x, 1103515245) + 12345) >>> 0;
    return (x >>> 8) % n;
  };
  // Codes that are no member go to the default.
  return Array.from({ length: cycles }, () => ({
    go: next(3) > 0 ? 1 : 0,
    op: [0, 1, 5, 2, 7][next(5)] as number,
    a: next(256),
    b: next(256),
    sel: next(16),
  }));
}

function model(inputs: ReturnType<typeof stimulus>) {
  let [state, q] = ['idle', 0];
  return inputs.map(({ go, op, a, b, sel }) => {
    const first = sel >= 8 ? 3 : sel >= 4 ? 2 : sel >= 2 ? 1 : 0;
    const seen = { q, busy: state === 'idle' ? 0 : 1, first, table: (sel * 7 + 3) % 16, state: STATES.indexOf(state) };
    if (state === 'idle') state = go ? 'load' : 'idle';
    else if (state === 'load') [state, q] = ['run', a];
    else {
      q = op === CODES.add ? (q + b) & 255 : op === CODES.sub ? (q - b) & 255 : b;
      if (!go) state = 'idle';
    }
    return seen;
  });
}

describe('a sequencer', () => {
  const inputs = stimulus(400);
  const outputs = ['q', 'busy', 'first', 'table', 'state'] as const;

  it('in-process', () => {
    const sim = simulate(Sequencer);
    sim.reset();
    model(inputs).forEach((want, i) => {
      for (const [port, value] of Object.entries(inputs[i] as object)) sim.poke(port as never, value);
      expect(Object.fromEntries(outputs.map((o) => [o, Number(sim.peek(o))])), `cycle ${i}`).toEqual(want);
      sim.step();
    });
  });

  it('as Verilog, with case statements and named states, without a warning', () => {
    const text = emitVerilog(elaborate(Sequencer, undefined, { name: 'sequencer' }))
      .map((f) => f.text)
      .join('\n');
    expect(text).toMatch(/localparam \[1:0\] STATE_IDLE = 2'd0;/);
    expect(text).toMatch(/case \(sequence_state\)/);
    expect(text).toMatch(/OP_ADD: begin/);
    expect(text).toMatch(/default: ;/);
    const [rtl, tb, out] = ['sequencer.v', 'tb.v', 's.vvp'].map((f) => join(folder, f)) as [string, string, string];
    writeFileSync(rtl, text);
    for (const [tool, ...args] of [
      ['verilator', '--lint-only', '-Wall', '--top-module', 'sequencer', rtl],
      ['iverilog', '-g2005', '-Wall', '-o', '/dev/null', rtl],
      ['yosys', '-q', '-p', `read_verilog ${rtl}; hierarchy -check -top sequencer; proc; check -assert`],
    ]) {
      expect(execFileSync(tool as string, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })).toBe('');
    }
    const drive = inputs.map(
      (c) =>
        `go=${c.go}; op=${c.op}; a=${c.a}; b=${c.b}; sel=${c.sel}; #1 $display("%0d %0d %0d %0d %0d", q, busy, first, table_, state); clk=1; #1 clk=0;`,
    );
    writeFileSync(
      tb,
      `module tb; reg clk=0, rst=1, go; reg [2:0] op; reg [7:0] a, b; reg [3:0] sel; wire [7:0] q; wire busy; wire [2:0] first; wire [3:0] table_; wire [1:0] state;
sequencer dut(.clk(clk),.rst(rst),.go(go),.op(op),.a(a),.b(b),.sel(sel),.q(q),.busy(busy),.first(first),.table_(table_),.state(state));
initial begin #1 clk=1; #1 clk=0; rst=0; ${drive.join('\n')} end endmodule`,
    );
    execFileSync('iverilog', ['-g2005', '-o', out, rtl, tb]);
    const lines = execFileSync('vvp', [out], { encoding: 'utf8' }).trim().split('\n');
    model(inputs).forEach((want, i) => expect(lines[i], `cycle ${i}`).toBe(outputs.map((o) => want[o]).join(' ')));
  });
});

/** Every subject is constant, told by a literal, by a wire or by bits of one. */
class OnConstants extends Module {
  readonly p = this.io({ a: input(uint(8)), q: output(uint(8)), r: output(uint(8)), s: output(uint(8)), t: output(uint(8)) });
  readonly mode = this.wire(uint(4));
  readonly op = this.wire(Op);
  readonly held = this.reg(uint(8), { reset: 0 });

  constructor() {
    super();
    const { p, mode, op, held } = this;
    mode.set(0b1010);
    op.set('sub');
    const sets = (to: { set(v: number): void }): Record<string, () => void> => ({
      '0b0???': () => to.set(1),
      '0b11??': () => to.set(2),
      '0b1?10': () => to.set(3),
      default: () => to.set(4),
    });
    switchOn(mode, sets(p.q));
    switchOn(mode.addw(5), { '0b1??0': () => p.r.set(p.a), '0b0?11': () => p.r.set(2), default: () => p.r.set(p.a.not()) });
    switchOn(mode, { ...sets(held), '0b1?10': () => held.set(held.addw(p.a)) });
    p.s.set(held);
    switchOn(op, { add: () => p.t.set(1), sub: () => p.t.set(p.a.addw(1)), default: () => p.t.set(0) });
  }
}

describe('a switch on a constant', () => {
  it('is printed as the arm that it takes: Yosys 0.23 takes the default of a casez on a constant', () => {
    const design = elaborate(OnConstants);
    expect(
      emitVerilog(design)
        .map((f) => f.text)
        .join(),
    ).not.toMatch(/\bcase/);
    const { inputs, outputs, problems } = runEverywhere(design, { cycles: 30 });
    expect(problems).toBe('');
    let held = 0n;
    inputs.forEach(({ a }, i) => {
      const x = a as bigint;
      if (i > 2) expect(outputs[i], `cycle ${i}`).toMatchObject({ q: 3n, r: 255n - x, t: (x + 1n) & 255n });
      if (i > 2) expect(((outputs[i]?.['s'] as bigint) - held) & 255n, `cycle ${i}`).toBe((inputs[i - 1]?.['a'] as bigint) & 255n);
      held = outputs[i]?.['s'] as bigint;
    });
  });
});
