// Every kind of reset on everything that has state, in two domains of which one has an enable: Icarus and Verilator against both engines, with resets that
// come and go between edges, edges of one clock and simultaneous ones.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  type Bool,
  bool,
  cat,
  clock,
  elaborate,
  inDomain,
  input,
  Module,
  output,
  type ResetStyle,
  reset,
  sint,
  type UInt,
  uint,
  vec,
  vecOf,
  when,
} from '../../hdl/index.ts';
import { emitVerilog } from '../../hdl/verilog/index.ts';
import { simulateDesign } from '../../sim/index.ts';
import { Random } from '../std/bench.ts';
import { lint } from '../support/verilog-tools.ts';

const KINDS: readonly (ResetStyle & { readonly name: string })[] = [
  { name: 'sync' },
  { name: 'sync_low', activeLow: true },
  { name: 'async', async: true },
  { name: 'async_low', async: true, activeLow: true },
];

/** A register of its own, and one that is not reset but loaded in every cycle. */
class Child extends Module {
  readonly p = this.io({ d: input(uint(8)), q: output(uint(8)) });
  readonly sum = this.reg(uint(8), { reset: 0x5a });
  readonly late = this.reg(uint(8), { next: this.p.d });
  constructor() {
    super();
    this.sum.set(this.sum.addw(this.p.d));
    this.p.q.set(this.sum.xor(this.late));
  }
}

class Cell extends Module {
  readonly p = this.io({ a: input(sint(6)), b: input(sint(6)), right: output(sint(6)), down: output(sint(6)) });
  readonly held = this.reg(sint(6), { reset: -7 });
  constructor() {
    super();
    this.held.set(this.held.addw(this.p.a));
    this.p.right.set(this.held);
    this.p.down.set(this.p.b.addw(this.held));
  }
}

const TOTAL = 8 + 12 + 8 + 8 + 32 + 8 + 2 + 8 + 18;

class Everything extends Module<ResetStyle> {
  readonly p = this.io({
    clkB: input(clock),
    rstB: input(reset(this.cfg)),
    goA: input(bool, { domain: 'clk' }),
    dA: input(uint(8), { domain: 'clk' }),
    goB: input(bool, { domain: 'clkB' }),
    dB: input(uint(8), { domain: 'clkB' }),
    tick: input(bool, { domain: 'clkB' }),
    qA: output(uint(TOTAL)),
    qB: output(uint(TOTAL)),
  });
  readonly b = this.domain({ clock: this.p.clkB, reset: this.p.rstB, enable: this.p.tick });
  constructor(cfg: ResetStyle) {
    super(cfg);
    const { p } = this;
    p.qA.set(this.#parts(p.goA, p.dA));
    inDomain(this.b, () => p.qB.set(this.#parts(p.goB, p.dB)));
  }

  #parts(go: Bool, d: UInt): UInt {
    const count = this.reg(uint(8), { reset: 3 });
    when(go, () => count.set(count.addw(d)));
    const bank = this.reg(vec(uint(4), 3), { reset: 9 });
    bank.at(count.bits(1, 0)).set(d.bits(3, 0));
    const free = this.reg(uint(8), { next: count });
    const line = this.delay(d, 3, { enable: go, reset: true });
    const lanes = this.skew(vecOf(d, count, d.not(), count.not()), { first: 0, step: 1 }, { reset: true });
    const memory = this.memory(uint(8), 4, { init: [1, 2, 3, 4] });
    when(go, () => memory.write(d.bits(1, 0), count));
    const word = memory.read(d.bits(3, 2));
    const machine = this.fsm(['idle', 'one', 'two']);
    machine.on({ idle: () => when(go, () => machine.goto('one')), one: () => machine.goto('two'), two: () => when(go, () => machine.goto('idle')) });
    const child = this.inst(Child);
    child.d.set(d);
    const cells = this.mesh(Cell, [2, 3]);
    const side = d.bits(5, 0).asSInt();
    const down = this.wire(vec(sint(6), 3));
    cells.shift([0, 1], { from: 'right', to: 'a', enter: vecOf(side, count.bits(5, 0).asSInt()) });
    cells.shift([1, 0], { from: 'down', to: 'b', enter: vecOf(side, side, side), leave: down });
    return cat(count, bank.asUInt(), free, line, lanes.asUInt(), word, machine.state.asUInt(), child.q, down.asUInt());
  }
}

const PORTS = { rstA: 1, rstB: 1, goA: 1, dA: 8, goB: 1, dB: 8, tick: 1 } as const;
type Port = keyof typeof PORTS;
interface Step {
  /** Which clocks have an edge after the inputs have been applied. */
  readonly edges: number;
  /** Resets as active or not, whatever the level. */
  readonly values: { readonly [P in Port]: number };
}

/** From a reset with edges until everything is known; then anything. */
function stimulus(count: number): Step[] {
  const random = new Random(11);
  return Array.from({ length: count }, (_, n) => {
    const free = n >= WARM;
    const bit = (p: number): number => Number(random.chance(p));
    const values = { rstA: bit(0.12), rstB: bit(0.12), goA: bit(0.6), dA: random.below(256), goB: bit(0.6), dB: random.below(256), tick: bit(0.7) };
    if (free) return { edges: [0, 1, 2, 3, 3][random.below(5)] as number, values };
    return { edges: 3, values: { ...values, goA: Number(n >= 2), goB: Number(n >= 2), tick: 1, rstA: Number(n < 2), rstB: Number(n < 2) } };
  });
}
const WARM = 10;
const STEPS = stimulus(400);

const level = (kind: ResetStyle, active: number): number => (kind.activeLow ? 1 - active : active);

function inProcess(kind: (typeof KINDS)[number], engine: 'js' | 'wasm' | 'wasm-scalar'): string[] {
  const sim = simulateDesign(designOf(kind), { engine });
  return STEPS.map(({ edges, values }) => {
    for (const port of Object.keys(PORTS) as Port[]) {
      const value = values[port];
      if (port === 'rstA' || port === 'rstB') sim.poke(port === 'rstB' ? 'rstB' : 'areset', level(kind, value));
      else sim.poke(port, value);
    }
    const shown = ['qA', 'qB'].map((q) => BigInt(sim.value(q)).toString(16)).join(' ');
    if (edges > 0) sim.step(1, edges === 3 ? ['clk', 'clkB'] : edges === 1 ? 'clk' : 'clkB');
    return shown;
  });
}

const designs = new Map<string, ReturnType<typeof elaborate<Everything>>>();
function designOf(kind: (typeof KINDS)[number]) {
  const { name, async = false, activeLow = false } = kind;
  let design = designs.get(name);
  if (!design)
    designs.set(name, (design = elaborate(Everything, { async, activeLow }, { name: `top_${name}`, reset: { name: 'areset', async, activeLow } })));
  return design;
}

/** All four designs in one bench. */
function bench(): string {
  const inputs = Object.entries(PORTS).filter(([name]) => name !== 'rstA' && name !== 'rstB');
  const width = Object.values(PORTS).reduce<number>((sum, w) => sum + w, 2);
  const snake = (name: string): string => name.replace(/[AB]$/, (c) => `_${c.toLowerCase()}`);
  const wires = Object.entries(PORTS).map(([name, w]) => `reg [${w - 1}:0] ${snake(name)};`);
  const duts = KINDS.map(({ name, activeLow }) => {
    const not = activeLow ? '~' : '';
    const pins = inputs.map(([port]) => `.${snake(port)}(${snake(port)})`).join(', ');
    return `wire [${TOTAL - 1}:0] qa_${name}, qb_${name}; top_${name} d_${name} (.clk(clk), .areset(${not}rst_a), .clk_b(clk_b), .rst_b(${not}rst_b), ${pins}, .q_a(qa_${name}), .q_b(qb_${name}));`;
  });
  const shows = KINDS.map(({ name }) => `$display("%h %h", qa_${name}, qb_${name});`);
  return [
    ...['module bench;', 'reg clk, clk_b; reg [1:0] edges; integer t;', ...wires, ...duts, `reg [${width - 1}:0] steps [0:${STEPS.length - 1}];`],
    ...['initial begin', 'clk = 0; clk_b = 0; $readmemh("steps.hex", steps);', `for (t = 0; t < ${STEPS.length}; t = t + 1) begin`],
    `{edges, ${Object.keys(PORTS).map(snake).join(', ')}} = steps[t]; #1;`,
    ...[...shows, "#1 {clk_b, clk} = edges; #1 {clk_b, clk} = 2'd0; #1;", 'end', '$finish;', 'end', 'endmodule', ''],
  ].join('\n');
}

function run(tool: 'icarus' | 'verilator'): string[][] {
  const dir = mkdtempSync(join(tmpdir(), 'systole-test-'));
  try {
    const files = [...KINDS.flatMap((k) => emitVerilog(designOf(k))), { name: 'bench', text: bench() }].map(({ name, text }) => {
      writeFileSync(join(dir, `${name}.v`), text);
      return `${name}.v`;
    });
    const words = STEPS.map(({ edges, values }) =>
      Object.entries(PORTS)
        .reduce((all, [port, width]) => (all << BigInt(width)) | BigInt(values[port as Port]), BigInt(edges))
        .toString(16),
    );
    writeFileSync(join(dir, 'steps.hex'), `${words.join('\n')}\n`);
    const call = (command: string, args: readonly string[]): string => {
      const { status, stdout, stderr } = spawnSync(command, args, { cwd: dir, encoding: 'utf8', maxBuffer: 2 ** 26 });
      if (status !== 0) throw new Error(`${command}: ${stderr}`);
      return stdout;
    };
    let text: string;
    if (tool === 'icarus') {
      call('iverilog', ['-g2005', '-s', 'bench', '-o', 'run.vvp', ...files]);
      text = call('vvp', ['-n', 'run.vvp']);
    } else {
      call('verilator', ['--binary', '-Wno-fatal', '-Wno-lint', '-Wno-style', '-O0', '-CFLAGS', '-O0', '--top-module', 'bench', ...files]);
      text = call(join(dir, 'obj_dir', 'Vbench'), []);
    }
    const lines = text.split('\n').filter((l) => /^[0-9a-fxz]+ [0-9a-fxz]+$/i.test(l));
    const plain = (line: string): string => line.replace(/\b0+(?=[0-9a-fx])/g, '');
    return KINDS.map((_, i) => STEPS.map((_, t) => plain(lines[t * KINDS.length + i] as string)));
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

const known = (waves: readonly string[]): readonly string[] => waves.slice(WARM);

describe('every reset kind', () => {
  const [icarus, verilator] = [run('icarus'), run('verilator')];
  it.each(KINDS.map((k, i) => [k.name, k, i] as const))('%s: two engines and two simulators agree at every step', (_, kind, i) => {
    const js = known(inProcess(kind, 'js'));
    expect(known(icarus[i] as string[])).toEqual(js);
    expect(known(verilator[i] as string[])).toEqual(js);
    expect(known(inProcess(kind, 'wasm'))).toEqual(js);
    expect(known(inProcess(kind, 'wasm-scalar'))).toEqual(js);
    // Not a run in which nothing happens.
    expect(new Set(js).size).toBeGreaterThan(STEPS.length / 3);
  });

  it('differs between kinds, so that a pulse between edges was seen', () => {
    expect(icarus[0]).not.toEqual(icarus[2]);
    expect(known(icarus[0] as string[])).toEqual(known(icarus[1] as string[]));
    expect(known(icarus[2] as string[])).toEqual(known(icarus[3] as string[]));
  });

  it.each(KINDS.map((k) => [k.name, k] as const))('%s: prints clean, and Yosys finds its flip-flops', (name, kind) => {
    const files = emitVerilog(designOf(kind));
    expect(lint(files, `top_${name}`)).toBe('');
    const dir = mkdtempSync(join(tmpdir(), 'systole-test-'));
    try {
      for (const f of files) writeFileSync(join(dir, `${f.name}.v`), f.text);
      const script = `read_verilog *.v; hierarchy -top top_${name}; proc; flatten; opt_dff; stat`;
      const { stdout } = spawnSync('yosys', ['-p', script], { cwd: dir, encoding: 'utf8' });
      const cells = new Set([...stdout.slice(stdout.lastIndexOf('Printing statistics')).matchAll(/\$(a|s)dff\w*/g)].map((m) => m[1]));
      expect([...cells]).toEqual([kind.async ? 'a' : 's']);
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  });
});
