// The same testbench on every engine: values in every cycle, start values, misuse, and tools that fail.

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import {
  assert,
  bool,
  bundle,
  cat,
  clock,
  cover,
  ExternalModule,
  enumeration,
  inDomain,
  input,
  Module,
  output,
  reset,
  sint,
  type UInt,
  uint,
  vec,
  vecOf,
  when,
} from '../../hdl/index.ts';
import { type EngineName, type Simulation, simulate } from '../../sim/index.ts';
import { randomness } from './wasm-support.ts';

const folder = mkdtempSync(join(tmpdir(), 'backends-'));
afterAll(() => rmSync(folder, { recursive: true }));

const TOOLS = ['verilator', 'icarus'] as const;
const Op = enumeration('Op', { add: 1, sub: 2, hold: 6 });

class Pe extends Module {
  readonly p = this.io({ a: input(sint(8)), b: input(sint(8)), right: output(sint(8)), down: output(sint(8)) });
  readonly held = this.reg(sint(8), { next: this.p.a });
  readonly sum = this.reg(sint(8), { reset: -3 });
  constructor() {
    super();
    this.sum.set(this.sum.addw(this.p.a));
    this.p.right.set(this.held);
    this.p.down.set(this.p.b.addw(this.held));
  }
}

class Knight extends Module {
  readonly p = this.io({ x: input(sint(8)), y: output(sint(8)) });
  readonly last = this.reg(sint(8), { next: this.p.x });
  constructor() {
    super();
    this.p.y.set(this.last);
  }
}

/** Everything that holds state, most of it without a reset. */
class Everything extends Module {
  readonly p = this.io({
    clkB: input(clock),
    rstB: input(reset({ async: true, activeLow: true })),
    go: input(bool, { domain: 'clk' }),
    op: input(Op, { domain: 'clk' }),
    dataIn: input(vec(sint(8), 2), { domain: 'clk' }),
    wide: input(uint(100), { domain: 'clk' }),
    other: input(uint(8), { domain: 'clkB' }),
    pair: output(bundle({ first: uint(8), second: uint(100) })),
    word: output(vec(uint(9), 2)),
    now: output(vec(uint(9), 2)),
    line: output(sint(8)),
    nameless: output(uint(9)),
    lanes: output(vec(sint(8), 3)),
    down: output(vec(sint(8), 3)),
    slow: output(uint(8)),
    none: output(uint(0)),
  });
  readonly b = this.domain({ clock: this.p.clkB, reset: this.p.rstB });
  readonly count = this.reg(uint(8));
  readonly held = this.reg(uint(100), { next: this.p.wide });
  readonly state = this.reg(Op);
  readonly bank = this.reg(vec(sint(5), 3));
  readonly ram = this.memory(vec(uint(9), 2), 6);
  readonly pes = this.mesh(Pe, [2, 3]);
  readonly knights = this.mesh(Knight, [3, 2]);

  constructor() {
    super();
    const { p, count, ram, pes, bank } = this;
    const [first, second] = [p.dataIn.at(0), p.dataIn.at(1)];
    when(p.go, () => count.set(count.addw(1)));
    when(p.op.eq('sub'), () => this.state.set(p.op));
    bank.at(count.bits(1, 0)).set(first.trunc(5));
    p.pair.first.set(count.xor(this.state.asUInt().extend(8)));
    p.pair.second.set(this.held);
    ram.write(count.bits(2, 0), vecOf(p.wide.bits(8, 0), p.wide.bits(17, 9)), { enable: p.go });
    p.word.set(ram.read(p.wide.bits(22, 20), { underWrite: 'old' }));
    p.now.set(ram.readNow(p.wide.bits(25, 23)));
    p.line.set(this.delay(first, 3, { enable: p.go }));
    p.nameless.set(cat(this.delay(second.asUInt(), 7), this.delay(p.go, 7)));
    p.lanes.set(this.skew(vecOf(first, second, bank.at(1).extend(8)), { first: 0, step: 2 }));
    pes.shift([0, 1], { from: 'right', to: 'a', enter: p.dataIn });
    pes.shift([1, 0], { from: 'down', to: 'b', enter: vecOf(first, second, first), leave: p.down });
    this.knights.shift([1, -1], { from: 'y', to: 'x', enter: second });
    inDomain(this.b, () => {
      const slow = this.reg(uint(8), { reset: 0x3c, next: p.other });
      p.slow.set(slow);
    });
    p.none.set(0);
  }
}

/** Drives and looks the same way whatever the engine: rows of all that can be seen. */
function observed(sim: Simulation, names: readonly string[], cycles: number): string[] {
  const random = randomness(7);
  const shown = (): string => names.map((name) => `${name}=${[sim.peek(name)].flat().join(',')}`).join(' ');
  const rows = [shown()];
  for (let t = 0; t < cycles; t++) {
    sim.poke('go', random.word() & 1);
    sim.poke('op', [1, 2, 6][random.word() % 3] as number);
    sim.pokeArray('dataIn', Int8Array.of(random.word(), random.word()));
    sim.poke('wide', (BigInt(random.word()) << 68n) | (BigInt(random.word()) << 32n) | BigInt(random.word()));
    sim.poke('other', random.word() & 255);
    if (random.chance(6)) {
      // A pulse between edges acts.
      sim.poke('rstB', 0);
      sim.poke('rstB', 1);
    }
    if (random.chance(9)) sim.reset(1, 'rst');
    rows.push(shown());
    sim.step(1 + (random.word() % 2), [['clk'], ['clkB'], ['clk', 'clkB']][random.word() % 3]);
    if (t === 20) {
      const here = sim.snapshot();
      sim.step(3, 'clk');
      rows.push(shown());
      sim.restore(here);
      rows.push(shown());
    }
  }
  return rows;
}

describe.each(TOOLS)('%s', (engine) => {
  test('shows the same in every cycle, outputs and what is inside, from the same start', () => {
    using sim = simulate(Everything, undefined, { engine, seed: 3 });
    using want = simulate(Everything, undefined, { engine: 'js', seed: 3 });
    const names = sim.signals();
    for (const name of ['count', 'ram', 'pes.held', 'pes.sum', 'knights.last', 'bank', 'dataIn', 'pair_second', 'state'])
      expect(names).toContain(name);
    const rows = observed(sim, names, 60);
    expect(rows).toEqual(observed(want, names, 60));
    expect(sim.cycle).toBe(want.cycle);
    using again = simulate(Everything, undefined, { engine, seed: 4 });
    expect(again.peek('pair_second')).not.toBe(rows[0]);
    expect([again.peek('ram')].flat()).not.toEqual([want.peek('ram')].flat());
  });

  test('elements, typed arrays, streams and errors are those of every engine', () => {
    using sim = simulate(Adder, undefined, { engine });
    const a = Int16Array.from({ length: 400 }, (_, i) => (i * 7919) % 1000);
    const b = Int16Array.from({ length: 400 }, (_, i) => -i);
    const sum = new Int32Array(200);
    const before = new Int32Array(400);
    sim.run(200, { a, b }, { sum, before });
    const at = (values: Int16Array, i: number): number => values[i] as number;
    expect([...sum]).toEqual(Array.from(sum, (_, t) => at(a, 2 * t) + at(a, 2 * t + 1) + at(b, 2 * t) + at(b, 2 * t + 1)));
    expect([...before.subarray(2)]).toEqual([...a.subarray(0, 398)]);
    sim.poke('a[1]', 5);
    sim.expect('a[1]', 5);
    expect(sim.cycle).toBe(200);
    expect(() => sim.poke('a[1]', 40000)).toThrow(/SIM-E004: 40000 is out of range for `a\[1\]`, a s16/);
    expect(() => sim.poke('sum', 0)).toThrow(/SIM-E003: `sum` is an output/);
    expect(() => sim.peek('summ')).toThrow(/SIM-E001: .*\n {2}help: did you mean sum/);
    expect(() => sim.step(1, 'fast')).toThrow(/SIM-E008/);
    expect(() => sim.expect('sum', 1)).toThrow(/SIM-E006: `sum` in cycle 200/);
    sim.close();
    expect(() => sim.peek('sum')).toThrow(/SIM-E000/);
  });

  test('assertions and covers are watched', () => {
    using sim = simulate(Adder, undefined, { engine });
    sim.poke('a', [3, 4]);
    sim.step(5);
    expect(sim.coverage().map((c) => c.count)).toEqual([5]);
    sim.poke('a', [99, 0]);
    expect(() => sim.step()).toThrow(/SIM-E011: assertion "never 99" fails in the top module in cycle 5/);
  });

  test('a trace is the one of the in-process engine', () => {
    const texts = [engine, 'js' as EngineName].map((name) => {
      const file = join(folder, `${name}.vcd`);
      const sim = simulate(Adder, undefined, { engine: name, vcd: file });
      sim.poke('a', [1, -1]);
      sim.step(2);
      sim.poke('b', [7, 8]);
      sim.step(2);
      sim.close();
      return readFileSync(file, 'utf8');
    });
    expect(texts[0]?.split('\n').filter((l) => /^(b|#)/.test(l)).length).toBeGreaterThan(8);
    const values = (text: string): string[] =>
      text
        .split('\n')
        .filter((line) => line.startsWith('b') && /101|111/.test(line))
        .map((line) => line.split(' ')[0] as string);
    expect(new Set(values(texts[0] as string))).toEqual(new Set(values(texts[1] as string)));
  });

  test('a child that ends is reported with its words', () => {
    const file = join(folder, `ends_${engine}.v`);
    writeFileSync(
      file,
      'module ends(input wire clk, input wire [3:0] d, output reg [3:0] q);\n  initial q = 0;\n  always @(posedge clk) begin q <= d; if (d == 9) begin $display("nine is too much"); $finish; end end\nendmodule\n',
    );
    using sim = simulate(UsesExternal, { file, name: 'ends' }, { engine });
    sim.poke('d', 4);
    sim.step();
    sim.expect('q', 4);
    sim.poke('d', 9);
    sim.step();
    expect(() => sim.peek('q')).toThrow(new RegExp(`SIM-E022: ${engine} ended during the simulation; its last words:\\n[\\s\\S]*nine is too much`));
    expect(() => sim.peek('q')).toThrow(/SIM-E022/);
  });

  test('what the tool refuses is reported in its words', () => {
    const file = join(folder, 'broken.v');
    writeFileSync(
      file,
      'module broken(input wire clk, input wire [3:0] d, output reg [3:0] q);\n  always @(posedge clk) q <= undeclared_thing;\nendmodule\n',
    );
    expect(() => simulate(UsesExternal, { file, name: 'broken' }, { engine })).toThrow(
      /SIM-E021: the build for '\w+' failed: [\s\S]*undeclared_thing/,
    );
  });

  test('an external module without files', () => {
    expect(() => simulate(UsesExternal, { file: undefined, name: 'none' }, { engine })).toThrow(
      /SIM-E027: external module `none` names no Verilog files, which \w+ would have to run/,
    );
  });

  test('a tool that is not there', () => {
    const path = process.env['PATH'];
    process.env['PATH'] = folder;
    try {
      expect(() => simulate(Adder, undefined, { engine })).toThrow(
        /SIM-E020: the engine '\w+' is not installed[\s\S]*help: install it: apt-get install /,
      );
    } finally {
      process.env['PATH'] = path;
    }
  });

  test('children end when the simulation is closed', async () => {
    const sim = simulate(Adder, undefined, { engine });
    const pid = (sim.engine as unknown as { engine: { pid: number } }).engine.pid;
    expect(existsSync(`/proc/${pid}`)).toBe(true);
    sim.close();
    for (let i = 0; i < 200 && existsSync(`/proc/${pid}`); i++) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(existsSync(`/proc/${pid}`)).toBe(false);
  });
});

class Step extends Module<{ readonly by: number }> {
  readonly p = this.io({ x: input(uint(8)), y: output(uint(8)) });
  readonly held = this.reg(uint(8), { next: this.p.x.addw(this.cfg.by) });
  constructor(cfg: { readonly by: number }) {
    super(cfg);
    this.p.y.set(this.held);
  }
}

/** Children of one name, twice. */
class Twins extends Module {
  readonly p = this.io({ x: input(uint(8)), y: output(uint(8)) });
  constructor() {
    super();
    const { p } = this;
    let sum: UInt = p.x;
    for (const by of [1, 2]) {
      const step = this.inst(Step, { by });
      step.x.set(p.x);
      sum = sum.addw(step.y);
      const cells = this.mesh(Step, [2, 2], { by: 10 * by });
      cells.broadcast('x', p.x);
      sum = sum.addw(cells.collect('y').at(1).at(0));
    }
    p.y.set(sum);
  }
}

/** A wire of the name that the open end of the mesh would have. */
class Ends extends Module {
  readonly p = this.io({ x: input(uint(8)), q: output(uint(8)), r: output(uint(8)) });
  readonly chain = this.mesh(Step, [3], { by: 1 });
  readonly chain_y_end = this.wire(uint(8));
  constructor() {
    super();
    this.chain.shift([1], { from: 'y', to: 'x', enter: this.p.x.addw(1), leave: this.p.q });
    this.chain_y_end.set(this.p.x.xor(255));
    this.p.r.set(this.chain_y_end);
  }
}

describe.each(['js', 'icarus'] as const)('names on %s', (engine) => {
  test('children of one name are told apart', () => {
    using sim = simulate(Twins, undefined, { engine });
    sim.poke('x', 7);
    sim.step();
    const held = ['step', 'step_1', 'cells[1][0]', 'cells_1[1][0]', 'cells_1[0][1]'].map((child) => Number(sim.peek(`${child}.held`)));
    expect(held).toEqual([8, 9, 17, 27, 27]);
    expect(Number(sim.peek('y'))).toBe(7 + 8 + 9 + 17 + 27);
  });

  test('what leaves a mesh has the name of its port and `_end`, after those that the user gave', () => {
    using sim = simulate(Ends, undefined, { engine });
    sim.poke('x', 5);
    sim.step(3);
    expect(['chain_y_end', 'chain_y_end_1', 'q', 'r'].map((name) => Number(sim.peek(name)))).toEqual([250, 9, 9, 250]);
  });

  test('what enters it stands in an expression of the Verilog', () => {
    using sim = simulate(Ends, undefined, { engine });
    sim.poke('x', 5);
    if (engine === 'js') expect(Number(sim.peek('chain_x'))).toBe(6);
    else
      expect(() => sim.peek('chain_x')).toThrow(
        'SIM-E024: `chain_x` is no net of its own in the Verilog that icarus runs\n  help: its value stands in an expression there; make it a wire with a name',
      );
  });
});

test('a bit that nothing drives is unknown in Icarus', () => {
  const file = join(folder, 'open.v');
  writeFileSync(file, "module open_end(input wire clk, input wire [3:0] d, output wire [3:0] q);\n  assign q = {d[3:1], 1'bx};\nendmodule\n");
  using sim = simulate(UsesExternal, { file, name: 'open_end' }, { engine: 'icarus' });
  expect(() => sim.peek('q')).toThrow(/SIM-E025: `\S+` has unknown bits in icarus: X/);
});

test('a simulator that never answers is stopped', () => {
  const file = join(folder, 'endless.v');
  writeFileSync(
    file,
    'module endless(input wire clk, input wire [3:0] d, output wire [3:0] q);\n  assign q = d;\n  always @(posedge clk) while (d == 5) begin end\nendmodule\n',
  );
  using sim = simulate(UsesExternal, { file, name: 'endless' }, { engine: 'icarus', timeoutMs: 300 });
  sim.poke('d', 5);
  sim.step();
  expect(() => sim.peek('q')).toThrow(/SIM-E023: icarus did not answer within 0.3 s and was stopped/);
});

class Adder extends Module {
  readonly p = this.io({ a: input(vec(sint(16), 2)), b: input(vec(sint(16), 2)), sum: output(sint(18)), before: output(vec(sint(16), 2)) });
  readonly held = this.reg(vec(sint(16), 2), { next: this.p.a });
  constructor() {
    super();
    const { a, b, sum, before } = this.p;
    sum.set(
      a
        .at(0)
        .add(a.at(1))
        .add(b.at(0).add(b.at(1))),
    );
    before.set(this.held);
    assert(a.at(0).ne(99), 'never 99');
    cover(a.at(0).eq(3), 'three');
  }
}

class External extends ExternalModule<{ readonly file: string | undefined; readonly name: string }> {
  readonly p = this.io({ d: input(uint(4)), q: output(uint(4)) });
  readonly verilog = { name: this.cfg.name, files: this.cfg.file === undefined ? [] : [this.cfg.file], clock: 'clk' };
}

class UsesExternal extends Module<External['cfg']> {
  readonly p = this.io({ d: input(uint(4)), q: output(uint(4)) });
  readonly child = this.inst(External, this.cfg);
  constructor(cfg: External['cfg']) {
    super(cfg);
    this.child.d.set(this.p.d);
    this.p.q.set(this.child.q);
  }
}
