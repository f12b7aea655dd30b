// Properties: on both engines against a model written here, and as SystemVerilog on Icarus and Verilator, which must name the same cycles.

import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { assert, assume, bool, cover, dumpDesign, elaborate, input, Module, output, past, switchOn, uint, vec, when } from '../../hdl/index.ts';
import { emitVerilog, type VerilogFile } from '../../hdl/verilog/index.ts';
import { SimulationError, simulate } from '../../sim/index.ts';
import { lint } from '../support/verilog-tools.ts';

const folder = mkdtempSync(join(tmpdir(), 'systole-properties-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Counts up or down; says things about it that are not all true. With `said: false` the same without properties. */
class Tally extends Module<{ said: boolean }> {
  readonly p = this.io({ up: input(bool), mode: input(uint(2)), q: output(uint(4)) });
  readonly q = this.reg(uint(4), { reset: 0 });

  constructor(cfg: { said: boolean }) {
    super(cfg);
    const { p, q } = this;
    const assertIf: typeof assert = (cond, message) => void (cfg.said && assert(cond, message));
    when(p.up, () => {
      q.set(q.addw(1));
      assertIf(q.lt(11), 'the tally stays "small", 100%');
    }).otherwise(() => {
      q.set(q.subw(1));
      if (cfg.said) cover(q.eq(2), 'two on the way down');
    });
    switchOn(p.mode, { 0: () => assertIf(q.ne(3), 'never three in mode 0'), default: () => {} });
    if (cfg.said) {
      assume(p.mode.eq(3).and(p.up).not(), 'mode 3 does not go up');
      assert(past(q).ne(q).or(q.eq(0)), 'the tally moves');
      cover(q.eq(15), 'all ones');
    }
    p.q.set(q);
  }
}

interface Stimulus {
  readonly up: number;
  readonly mode: number;
  readonly rst: number;
}

/** Xorshift, seeded. */
function stimuli(n: number, seed: number): Stimulus[] {
  let x = seed;
  return Array.from({ length: n }, (_, i) => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return { up: (x >>> 3) % 3 > 0 ? 1 : 0, mode: (x >>> 9) & 3, rst: i < 2 || (x >>> 20) % 40 === 0 ? 1 : 0 };
  });
}

/** Messages with the cycles at which they are due. */
function model(cycles: readonly Stimulus[]): Map<string, number[]> {
  const found = new Map<string, number[]>();
  let [q, before] = [0, 0];
  cycles.forEach(({ up, mode, rst }, cycle) => {
    const note = (holds: boolean, message: string) => {
      if (!holds && !rst) found.set(message, [...(found.get(message) ?? []), cycle]);
    };
    note(!up || q < 11, 'the tally stays "small", 100%');
    note(!(!up && q === 2), 'two on the way down');
    note(mode !== 0 || q !== 3, 'never three in mode 0');
    note(!(mode === 3 && up), 'mode 3 does not go up');
    note(before !== q || q === 0, 'the tally moves');
    note(q !== 15, 'all ones');
    before = rst ? 0 : q;
    q = rst ? 0 : (q + (up ? 1 : 15)) % 16;
  });
  return found;
}

const COVERS = ['two on the way down', 'all ones'];
const cycles = stimuli(400, 7);
const due = model(cycles);

describe.each(['js', 'wasm'] as const)('on the engine %s', (engine) => {
  it('each failure is collected and each cover counted', () => {
    const sim = simulate(Tally, { said: true }, { engine, properties: 'collect' });
    for (const c of cycles) {
      sim.poke('up', c.up);
      sim.poke('mode', c.mode);
      sim.poke('rst', c.rst);
      sim.step();
    }
    expect(new Map(sim.violations().map((v) => [v.message, [v.cycle, v.count]]))).toEqual(
      new Map([...due].filter(([m]) => !COVERS.includes(m)).map(([m, at]) => [m, [at[0], at.length]])),
    );
    expect(sim.violations().every((v) => /^test\/hdl\/properties\.test\.ts:\d+$/.test(v.at) && v.path === '')).toBe(true);
    expect(sim.violations().find((v) => v.kind === 'assume')?.message).toBe('mode 3 does not go up');
    expect(sim.coverage().map(({ message, count }) => [message, count])).toEqual(COVERS.map((m) => [m, due.get(m)?.length ?? 0]));
  });

  it('the first failure of a run stops it before the edge', () => {
    const sim = simulate(Tally, { said: true }, { engine });
    sim.reset();
    sim.poke('up', 1);
    sim.poke('mode', 1);
    sim.step(11 - 1);
    expect(sim.peek('q')).toBe(10);
    let error: unknown;
    try {
      sim.run(5, { up: Uint8Array.from([0, 1, 1, 1, 1]) });
    } catch (e) {
      error = e;
    }
    expect(error).toBeInstanceOf(SimulationError);
    expect((error as SimulationError).message.replace(/:\d+$/m, ':LINE')).toBe(
      'SIM-E011: assertion "the tally stays "small", 100%" fails in the top module in cycle 14\n' +
        '  at test/hdl/properties.test.ts:LINE\n' +
        '  help: look at the waves up to this cycle; `properties: "collect"` goes on and lists all failures with violations()',
    );
    expect(sim.cycle).toBe(14);
    expect(sim.peek('q')).toBe(11);
  });

  it('a broken assumption blames the stimulus', () => {
    const sim = simulate(Tally, { said: true }, { engine });
    sim.reset();
    sim.poke('up', 1);
    sim.poke('mode', 3);
    expect(() => sim.step()).toThrow(/^SIM-E012: the stimulus breaks the assumption "mode 3 does not go up" of the top module in cycle 1\n/);
  });

  it('elements of a mesh are named, at any depth', () => {
    const sim = simulate(Outer, undefined, { engine });
    sim.poke('limit', [9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 2]);
    expect(() => sim.step(5)).toThrow(/^SIM-E011: assertion "below its limit" fails in `half\[1\].cells\[5\]` in cycle 2\n/);
    expect(sim.coverage()).toEqual([expect.objectContaining({ message: 'at one', path: 'half.cells', count: 12 })]);
  });
});

class Cell extends Module {
  readonly p = this.io({ limit: input(uint(4)), q: output(uint(4)) });
  readonly q = this.reg(uint(4), { reset: 0 });
  constructor() {
    super();
    this.q.set(this.q.addw(1));
    this.p.q.set(this.q);
    assert(this.q.lt(this.p.limit), 'below its limit');
    cover(this.q.eq(1), 'at one');
  }
}
class Half extends Module {
  readonly p = this.io({ limit: input(vec(uint(4), 6)), q: output(vec(uint(4), 6)) });
  constructor() {
    super();
    const cells = this.mesh(Cell, [6]);
    cells.feed('limit', [0], this.p.limit);
    this.p.q.set(cells.collect('q') as never);
  }
}
class Outer extends Module {
  readonly p = this.io({ limit: input(vec(vec(uint(4), 6), 2)), q: output(vec(vec(uint(4), 6), 2)) });
  constructor() {
    super();
    const half = this.mesh(Half, [2]);
    half.feed('limit', [0], this.p.limit);
    this.p.q.set(half.collect('q') as never);
  }
}

const design = (said: boolean) => elaborate(Tally, { said }, { name: 'tally', onWarning: (w) => expect(w).toBeUndefined() });

function write(files: readonly VerilogFile[]): string[] {
  return files.map((f) => {
    const path = join(folder, `${f.name}.${f.extension}`);
    writeFileSync(path, f.text);
    return path;
  });
}

describe('as Verilog', () => {
  it('nothing is left of them by default', () => {
    expect(emitVerilog(design(true))).toEqual(emitVerilog(design(false)));
    expect(dumpDesign(design(true))).not.toBe(dumpDesign(design(false)));
  });

  it('formal blocks: Verilog-2005 without a warning, and Yosys finds every property', () => {
    const files = emitVerilog(elaborate(Outer, undefined, { name: 'outer' }), { properties: 'formal' });
    expect(lint(files, 'outer')).toBe('');
    const tally = emitVerilog(design(true), { properties: 'formal' });
    expect(lint(tally, 'tally')).toBe('');
    const [path] = write(tally);
    const cells = execFileSync('yosys', ['-p', `read_verilog -formal ${path}; prep -top tally; select -list t:$assert t:$assume t:$cover`], {
      encoding: 'utf8',
    });
    expect(cells.match(/^tally\/\w+$/gm)?.sort()).toEqual(
      [
        'tally/assert_never_three_in_mode_0',
        'tally/assert_the_tally_moves',
        'tally/assert_the_tally_stays_small_100',
        'tally/assume_mode_3_does_not_go_up',
        'tally/cover_all_ones',
        'tally/cover_two_on_the_way_down',
      ].sort(),
    );
  });

  it('SystemVerilog: no warning, and Icarus and Verilator fail in the same cycles', () => {
    const files = emitVerilog(design(true), { properties: 'sv' });
    expect(files.map((f) => f.extension)).toEqual(['sv']);
    const [rtl] = write(files) as [string];
    for (const [tool, ...args] of [
      ['verilator', '--lint-only', '-Wall', '--assert', rtl],
      ['verilator', '--lint-only', '-Wall', rtl],
      ['iverilog', '-g2012', '-Wall', '-o', '/dev/null', rtl],
      ['yosys', '-q', '-p', `read_verilog -sv ${rtl}; hierarchy -check -top tally; proc; check -assert`],
    ]) {
      const { stdout, stderr } = spawnSync(tool as string, args, { encoding: 'utf8' });
      expect(`${stdout}${stderr}`, tool).toBe('');
    }
    writeFileSync(join(folder, 'tally.hex'), cycles.map((c) => `${c.up}${c.mode}${c.rst}\n`).join(''));
    const tb = join(folder, 'tb.sv');
    writeFileSync(
      tb,
      `module tb; reg clk=0, up, rst; reg [1:0] mode; wire [3:0] q; tally dut(.clk(clk),.rst(rst),.up(up),.mode(mode),.q(q));
reg [11:0] stimulus [0:${cycles.length - 1}]; integer t;
initial begin
  $readmemh("${join(folder, 'tally.hex')}", stimulus);
  for (t = 0; t < ${cycles.length}; t = t + 1) begin
    up = stimulus[t][8]; mode = stimulus[t][5:4]; rst = stimulus[t][0];
    #5 clk = 1; #5 clk = 0;
  end
  #10 $finish;
end endmodule`,
    );
    const wanted = [...due].filter(([m]) => !COVERS.includes(m)).flatMap(([m, at]) => at.map((c) => `${c} ${m}`));
    execFileSync('iverilog', ['-g2012', '-s', 'tb', '-o', join(folder, 'tb.vvp'), rtl, tb]);
    const icarus = execFileSync('vvp', ['-n', join(folder, 'tb.vvp')], { encoding: 'utf8' });
    const found = [...icarus.matchAll(/ERROR: \S+ (.*)\n\s+Time: (\d+)/g)].map(([, m, t]) => `${(Number(t) - 5) / 10} ${m}`);
    expect(found.sort()).toEqual(wanted.sort());
    execFileSync('verilator', ['--binary', '--assert', '-Wno-fatal', '-O0', '-CFLAGS', '-O0', '--top-module', 'tb', '--Mdir', folder, rtl, tb], {
      stdio: 'pipe',
    });
    // The first failure ends a simulation that is not told otherwise.
    const stopped = spawnSync(join(folder, 'Vtb'), { encoding: 'utf8' });
    expect(stopped.status).not.toBe(0);
    expect(stopped.stdout.match(/Assertion failed/g)).toHaveLength(1);
    const verilator = execFileSync(join(folder, 'Vtb'), ['+verilator+error+limit+1000'], { encoding: 'utf8' });
    const seen = [...verilator.matchAll(/^\[(\d+)\] %Error: \S+ Assertion failed in \S+ (.*)$/gm)].map(([, t, m]) => `${(Number(t) - 5) / 10} ${m}`);
    expect(seen.sort()).toEqual(wanted.sort());
  });
});
