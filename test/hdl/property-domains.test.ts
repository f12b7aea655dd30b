// Properties wherever state can be: domains with an enable, with an asynchronous reset, of another clock; instances, elements of meshes. Both engines,
// Icarus and Verilator must blame the same properties of the same instances in the same cycles; and the comparison notices a printer that gets one wrong.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { Hierarchy } from '../../flows/prove/hierarchy.ts';
import { assert, assume, bool, clock, elaborate, inDomain, input, Module, output, past, reset, uint, vec, when } from '../../hdl/index.ts';
import { emitVerilog } from '../../hdl/verilog/index.ts';
import { simulateDesign } from '../../sim/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'systole-domains-'));
afterAll(() => rmSync(folder, { recursive: true }));

class Judge extends Module {
  readonly p = this.io({ x: input(uint(3)), total: output(uint(3)) });
  readonly total = this.reg(uint(3), { reset: 0 });
  constructor() {
    super();
    const { p, total } = this;
    total.set(total.addw(p.x));
    p.total.set(total);
    assert(past(p.x, 2).ne(5), 'no five two cycles ago');
    when(p.x.eq(3), () => assert(total.ne(6), 'no six with a three'));
    assume(p.x.ne(7), 'seven never comes');
  }
}

class Everywhere extends Module {
  readonly p = this.io({
    ...{ clk: input(clock), rst: input(reset()), fast: input(clock), fastRst: input(reset({ async: true, activeLow: true })) },
    ...{ x: input(uint(3)), en: input(bool), y: input(uint(3)) },
    ...{ total: output(uint(3)), gated: output(uint(3)), far: output(uint(3)), cells: output(vec(vec(uint(3), 2), 2)) },
  });
  constructor() {
    super();
    const { p } = this;
    const slow = this.domain({ clock: p.clk, reset: p.rst });
    const slowly = this.domain({ clock: p.clk, reset: p.rst, enable: p.en });
    const fast = this.domain({ clock: p.fast, reset: p.fastRst });
    inDomain(slow, () => {
      const plain = this.inst(Judge);
      plain.x.set(p.x);
      p.total.set(plain.total);
    });
    inDomain(slowly, () => {
      const gated = this.inst(Judge);
      gated.x.set(p.x);
      p.gated.set(gated.total);
      assert(p.x.ne(past(p.x)), 'enabled cycles differ');
    });
    inDomain(fast, () => {
      const far = this.inst(Judge);
      far.x.set(p.y);
      p.far.set(far.total);
      const cells = this.mesh(Judge, [2, 2]);
      cells.feed('x', [], p.y);
      p.cells.set(cells.collect('total') as never);
      assert(past(p.y).le(p.y.add(4)), 'no great falls');
    });
  }
}

interface Step {
  readonly inputs: { readonly [port: string]: number };
  readonly clocks: readonly ('clk' | 'fast')[];
}

/** Xorshift, seeded; resets are active at first and then seldom. */
function stimulus(n: number): Step[] {
  let x = 11;
  const next = (below: number): number => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return (x >>> 4) % below;
  };
  return Array.from({ length: n }, (_, i) => ({
    inputs: { x: next(8), y: next(8), en: next(2), rst: i < 2 || next(12) === 0 ? 1 : 0, fastRst: i < 2 || next(12) === 0 ? 0 : 1 },
    clocks: i < 2 ? ['clk', 'fast'] : (([['clk'], ['fast'], ['clk', 'fast']] as const)[next(3)] as Step['clocks']),
  }));
}

const design = elaborate(Everywhere, undefined, { name: 'everywhere' });
const steps = stimulus(600);
const files = emitVerilog(design, { properties: 'sv' });

/** `path: message`, the first cycle and the number of cycles in which it fails. */
type Blames = ReadonlyMap<string, readonly [first: number, times: number]>;

function inProcess(engine: 'js' | 'wasm'): Blames {
  const sim = simulateDesign(design, { engine, properties: 'collect' });
  for (const { inputs, clocks } of steps) {
    for (const [port, value] of Object.entries(inputs)) sim.poke(port, value);
    sim.step(1, clocks);
  }
  return new Map(sim.violations().map((v) => [`${v.path}: ${v.message}`, [v.cycle, v.count]]));
}

/** Writes the design and its bench; gives the paths. */
function write(change: (text: string) => string = (text) => text): string[] {
  const words = steps.map(({ inputs: { x, y, en, rst, fastRst }, clocks }) =>
    [x, y, en, rst, fastRst, Number(clocks.includes('clk')), Number(clocks.includes('fast'))].map((value) => value?.toString(16)).join(''),
  );
  writeFileSync(join(folder, 'stimulus.hex'), `${words.join('\n')}\n`);
  const ports = ['clk', 'rst', 'fast', 'fast_rst', 'x', 'en', 'y'].map((p) => `.${p}(${p})`).join(', ');
  const bench = `module tb; reg clk=0, fast=0, rst, fast_rst, en, u, v; reg [2:0] x, y; everywhere dut(${ports});
reg [27:0] stimulus [0:${steps.length - 1}]; integer t;
initial begin
  $readmemh("${join(folder, 'stimulus.hex')}", stimulus);
  for (t = 0; t < ${steps.length}; t = t + 1) begin
    {x, y, en, rst, fast_rst, u, v} = {stimulus[t][26:24], stimulus[t][22:20], stimulus[t][16], stimulus[t][12], stimulus[t][8], stimulus[t][4], stimulus[t][0]};
    #5 clk = u; fast = v; #5 clk = 0; fast = 0;
  end
  #10 $finish;
end endmodule\n`;
  return [...files, { name: 'tb', text: bench }].map(({ name, text }) => {
    const path = join(folder, `${name}.sv`);
    writeFileSync(path, name === 'tb' ? text : change(text));
    return path;
  });
}

/** Failures as the time, the hierarchical name of the assertion and the message. */
function blames(found: readonly (readonly [time: string, name: string, message: string])[]): Blames {
  const hierarchy = new Hierarchy(design);
  const all = new Map<string, [number, number]>();
  for (const [time, name, message] of found) {
    const path = name.replace(/^.*?\bdut\b\.?/, '').replace(/\.?\w+$/, '');
    const key = `${hierarchy.user(path)}: ${message}`;
    const known = all.get(key);
    if (known) known[1]++;
    else all.set(key, [(Number(time) - 5) / 10, 1]);
  }
  return all;
}

function onIcarus(paths: readonly string[]): Blames {
  execFileSync('iverilog', ['-g2012', '-s', 'tb', '-o', join(folder, 'tb.vvp'), ...paths]);
  const text = execFileSync('vvp', ['-n', join(folder, 'tb.vvp')], { encoding: 'utf8' });
  return blames(
    [...text.matchAll(/ERROR: \S+ (.*)\n\s+Time: (\d+)\s+Scope: (\S+)/g)].map(([, message, time, name]) => [time, name, message] as never),
  );
}

function onVerilator(paths: readonly string[]): Blames {
  const args = ['--binary', '--assert', '-Wno-fatal', '-O0', '-CFLAGS', '-O0', '--top-module', 'tb', '--Mdir', folder];
  execFileSync('verilator', [...args, ...paths], { stdio: 'pipe' });
  const text = execFileSync(join(folder, 'Vtb'), ['+verilator+error+limit+100000'], { encoding: 'utf8' });
  return blames(
    [...text.matchAll(/^\[(\d+)\] %Error: \S+ Assertion failed in (\S+?):? (.*)$/gm)].map(
      ([, time, name, message]) => [time, name, message] as never,
    ),
  );
}

const expected = inProcess('js');

it('every property of every place is broken by this stimulus', () => {
  const places = ['plain', 'gated', 'far', 'cells[0][0]', 'cells[0][1]', 'cells[1][0]', 'cells[1][1]'];
  const messages = ['no five two cycles ago', 'no six with a three', 'seven never comes'];
  expect([...expected.keys()].sort()).toEqual(
    [...places.flatMap((p) => messages.map((m) => `${p}: ${m}`)), ': enabled cycles differ', ': no great falls'].sort(),
  );
});

it('the engines, Icarus and Verilator agree', () => {
  expect(inProcess('wasm')).toEqual(expected);
  const paths = write();
  expect(onIcarus(paths)).toEqual(expected);
  expect(onVerilator(paths)).toEqual(expected);
});

it.each([
  ['a guard by the synchronous reset is lost', /if \(!rst\) begin(?=\n\s+begin : a)/g, "if (1'b1) begin"],
  ['a guard by the asynchronous reset has the wrong level', /if \(!\(!fast_rst\)\) begin/g, 'if (!fast_rst) begin'],
  ['an enable is lost', /!en \| |!\w*enable\w* \| /g, ''],
  ['the past is a cycle too near', /delayed_stages\[\d+:\d+\]|delayed_stages_\d/g, 'x'],
  ['the edge is the wrong one', /always @\(posedge clk\) begin(?=\n\s+if \(!rst\) begin\n\s+begin : a)/g, 'always @(negedge clk) begin'],
] as const)('%s: noticed', (_, pattern, replacement) => {
  expect(files.some(({ text }) => pattern.test(text))).toBe(true);
  expect(onIcarus(write((text) => text.replace(pattern, replacement)))).not.toEqual(expected);
});
