// The trace file, read back.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { bool, bundle, type Design, enumeration, input, Module, output, sint, uint, vec, when } from '../../hdl/index.ts';
import { emitVerilog } from '../../hdl/verilog/index.ts';
import { simulate, simulateDesign } from '../../sim/index.ts';
import { designOf, KINDS, PORTS, type Port, STEPS, TOTAL } from '../support/every-reset.ts';

const folder = mkdtempSync(join(tmpdir(), 'vcd-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

interface Dump {
  readonly timescale: string;
  readonly last: number;
  at(name: string, time: number): string | undefined;
  readonly names: readonly string[];
  changes(name: string): readonly number[];
}

function parse(text: string): Dump {
  const [head, body] = text.split('$enddefinitions $end\n') as [string, string];
  const ids = new Map<string, string>();
  const scopes: string[] = [];
  for (const line of head.split('\n')) {
    const words = line.split(' ');
    if (words[0] === '$scope') scopes.push(words[2] as string);
    if (words[0] === '$upscope') scopes.pop();
    if (words[0] === '$var') ids.set([...scopes, words[4]].join('.'), words[3] as string);
  }
  expect(scopes).toEqual([]);
  const history = new Map<string, [number, string][]>();
  let time = -1;
  for (const line of body.trim().split('\n')) {
    if (line.startsWith('#')) {
      expect(Number(line.slice(1))).toBeGreaterThan(time);
      time = Number(line.slice(1));
    } else if (!/^[$s]/.test(line)) {
      const [, value, id] = (line.startsWith('b') ? /^b([01xz]+) (\S+)$/ : /^([01xz])(\S+)$/).exec(line) as unknown as [string, string, string];
      const list = history.get(id) ?? [];
      list.push([time, value]);
      history.set(id, list);
    }
  }
  const of = (name: string): [number, string][] => history.get(ids.get(name) as string) ?? [];
  return {
    timescale: /\$timescale (\S+)/.exec(head)?.[1] ?? '',
    last: time,
    names: [...ids.keys()],
    at: (name, t) => of(name).findLast(([when]) => when <= t)?.[1],
    changes: (name) => of(name).map(([when]) => when),
  };
}

class Pe extends Module {
  readonly p = this.io({ x: input(sint(8)), y: output(sint(8)) });
  readonly held = this.reg(sint(8), { reset: 0, next: this.p.x });
  constructor() {
    super();
    this.p.y.set(this.held);
  }
}
class Traced extends Module {
  readonly p = this.io({ x: input(vec(sint(8), 2)), go: input(bool), count: output(uint(40)), end: output(vec(sint(8), 2)) });
  readonly pe = this.mesh(Pe, [2, 3]);
  readonly counter = this.reg(uint(40), { reset: 0 });
  constructor() {
    super();
    const { p, pe } = this;
    when(p.go, () => this.counter.set(this.counter.addw(1)));
    p.count.set(this.counter);
    pe.shift([0, 1], { from: 'y', to: 'x', enter: p.x, leave: p.end });
  }
}

test('a trace holds every signal of every element and only changes', () => {
  const file = join(folder, 'traced.vcd');
  const sim = simulate(Traced, undefined, { vcd: file });
  sim.poke('go', 1);
  for (let cycle = 0; cycle < 6; cycle++) {
    sim.poke('x', [cycle - 1, 7]);
    sim.step();
  }
  sim.poke('go', 0);
  sim.step(4);
  expect(existsSync(file)).toBe(false);
  sim.close();
  expect(readdirSync(folder)).toEqual(['traced.vcd']);
  const dump = parse(readFileSync(file, 'utf8'));
  expect(dump.timescale).toBe('1ns');
  expect(dump.last).toBe(110);
  expect(dump.names).toContain('traced.pe[1][2].held');
  expect(dump.names).toContain('traced.x[1]');
  expect(dump.names).toContain('traced.pe[0][0].clk');
  expect(dump.at('traced.clk', 30)).toBe('1');
  expect(dump.at('traced.clk', 35)).toBe('0');
  expect(dump.at('traced.x[0]', 0)).toBe('11111111');
  expect(dump.at('traced.x[0]', 20)).toBe('1');
  // Cycle n shows x of cycle n - 1 in column 0, and column c another c cycles later.
  expect(dump.at('traced.pe[0][0].held', 10)).toBe('11111111');
  expect(dump.at('traced.pe[0][2].held', 29)).toBe('0');
  expect(dump.at('traced.pe[0][2].held', 30)).toBe('11111111');
  expect(dump.at('traced.end[0]', 30)).toBe('11111111');
  expect(dump.at('traced.count', 59)).toBe('101');
  expect(dump.changes('traced.count')).toEqual([0, 10, 20, 30, 40, 50, 60]);
  expect(dump.changes('traced.pe[1][0].held')).toEqual([0, 10]);
  // The tool is part of a full installation only.
  if (existsSync('/usr/bin/vcd2fst')) execFileSync('/usr/bin/vcd2fst', [file, join(folder, 'traced.fst')]);
});

test('tracing may start late and changes no value', () => {
  const file = join(folder, 'late.vcd');
  const [plain, traced] = [simulate(Traced), simulate(Traced)];
  for (const sim of [plain, traced]) {
    sim.poke('x', [3, -4]);
    sim.step(2);
    if (sim === traced) sim.trace(file);
    sim.step(3);
  }
  for (const name of plain.signals()) expect(traced.peek(name), name).toEqual(plain.peek(name));
  traced.close();
  const dump = parse(readFileSync(file, 'utf8'));
  expect(dump.changes('traced.x[0]')).toEqual([20]);
  expect(dump.at('traced.pe[0][2].held', 50)).toBe('11');
});

/** Icarus's own dump of a run of STEPS: as ours, inputs change when the clocks rise that had an edge before. */
function onIcarus(design: Design): Dump {
  const snake = (name: string): string => name.replace(/[AB]$/, (c) => `_${c.toLowerCase()}`);
  const dir = mkdtempSync(join(tmpdir(), 'vcd-icarus-'));
  try {
    const pins = [
      'clk',
      'areset',
      'clk_b',
      'q_a',
      'q_b',
      ...Object.keys(PORTS)
        .filter((name) => name !== 'rstA')
        .map(snake),
    ];
    const apply = CYCLES.map(({ values }, n) => {
      const edges = CYCLES[n - 1]?.edges ?? 0;
      const sets = Object.entries(PORTS).map(([name, width]) => `${name === 'rstA' ? 'areset' : snake(name)} <= ${width}'d${values[name as Port]};`);
      return `clk = ${edges & 1}; clk_b = ${edges >> 1}; ${sets.join(' ')} #5 clk = 0; clk_b = 0; #5;`;
    });
    const wires = Object.entries(PORTS).map(([name, width]) => `reg [${width - 1}:0] ${name === 'rstA' ? 'areset' : snake(name)};`);
    const text = `\`timescale 1ns/1ns
module bench; reg clk = 0, clk_b = 0; ${wires.join(' ')} wire [${TOTAL - 1}:0] q_a, q_b;
  ${design.top.name} dut (${pins.map((pin) => `.${pin}(${pin})`).join(', ')});
  initial begin $dumpfile("icarus.vcd"); $dumpvars(0, dut);
  ${apply.join('\n  ')} $finish; end
endmodule
`;
    const files = [...emitVerilog(design), { name: 'bench', text }].map(({ name, text: source }) => {
      writeFileSync(join(dir, `${name}.v`), source);
      return `${name}.v`;
    });
    execFileSync('iverilog', ['-g2005', '-s', 'bench', '-o', 'run.vvp', ...files], { cwd: dir });
    execFileSync('vvp', ['-n', 'run.vvp'], { cwd: dir });
    return parse(readFileSync(join(dir, 'icarus.vcd'), 'utf8'));
  } finally {
    rmSync(dir, { recursive: true });
  }
}

/** A step of a simulation is one with an edge. */
const CYCLES = STEPS.filter(({ edges }) => edges > 0).slice(0, 120);

test.each(['js', 'wasm'] as const)('the same values as in the dump of Icarus, on %s: two clocks, memories, states, wide values', (engine) => {
  const design = designOf(KINDS[0] as (typeof KINDS)[number]);
  const file = join(folder, `${engine}.vcd`);
  const sim = simulateDesign(design, { engine, vcd: file });
  for (const { edges, values } of CYCLES) {
    for (const port of Object.keys(PORTS) as Port[]) sim.poke(port === 'rstA' ? 'areset' : port, values[port]);
    sim.step(1, edges === 3 ? ['clk', 'clkB'] : edges === 1 ? 'clk' : 'clkB');
  }
  sim.close();
  const [ours, theirs] = [parse(readFileSync(file, 'utf8')), onIcarus(design)];
  const full = (bits: string): string => bits.replace(/^0+(?=.)/, '');
  const compared = new Map<string, number>();
  for (const name of ours.names) {
    const theirName = name.replace(/^[^.]*/, 'bench.dut').replace(/([a-z])([A-Z])/g, (_, a: string, b: string) => `${a}_${b.toLowerCase()}`);
    for (let n = 0; n < CYCLES.length; n++)
      for (const time of [10 * n, 10 * n + 5, 10 * n + 9]) {
        const want = theirs.at(theirName, time);
        // Icarus does not know what was not reset yet.
        if (want === undefined || /[xz]/.test(want)) continue;
        compared.set(name, (compared.get(name) ?? 0) + 1);
        expect(full(ours.at(name, time) ?? ''), `${name} at ${time}`).toBe(full(want));
      }
  }
  for (const name of ['clk', 'clkB', 'qA', 'qB', 'word', 'machineState', 'child_1.late'])
    expect(compared.get(`top_sync.${name}`)).toBeGreaterThan(300);
  expect(compared.size).toBeGreaterThan(30);
});

const Colour = enumeration('colour', ['red', 'green']);
const pixel = bundle({ colour: Colour, at: bundle({ x: uint(4), y: uint(4) }) });
class Bundles extends Module {
  readonly p = this.io({
    in: { valid: input(bool), data: input(vec(pixel, 2)) },
    out: output(pixel),
    plain_x: input(uint(3)),
  });
  readonly kept = this.reg(pixel, { next: this.p.in.data.at(1) });
  constructor() {
    super();
    this.p.out.set(this.delay(this.kept, 1));
    // Values of one name.
    for (const bits of [this.p.plain_x, this.p.plain_x.addw(1)]) {
      const same = this.reg(bundle({ low: uint(3) }));
      same.low.set(bits);
    }
  }
}

test('bundles and groups of ports are scopes', () => {
  const file = join(folder, 'bundles.vcd');
  const sim = simulate(Bundles, undefined, { vcd: file });
  sim.poke('in_data_at_x', [3, 5]);
  sim.poke('in_data_colour', [0, 1]);
  sim.poke('in_valid', 1);
  sim.poke('plain_x', 6);
  sim.step(2);
  sim.close();
  const text = readFileSync(file, 'utf8');
  const dump = parse(text);
  expect(dump.names.filter((name) => !name.includes('delayed'))).toEqual(
    [
      'plain_x clk in.valid in.data.colour[0] in.data.colour_name[0] in.data.colour[1] in.data.colour_name[1]',
      'in.data.at.x[0] in.data.at.x[1] in.data.at.y[0] in.data.at.y[1] out.colour out.colour_name out.at.x out.at.y',
      'kept.colour kept.colour_name kept.at.x kept.at.y same.low same_1.low',
    ]
      .join(' ')
      .split(' ')
      .map((name) => `bundles.${name}`),
  );
  expect(dump.at('bundles.in.data.at.x[1]', 0)).toBe('101');
  expect(dump.at('bundles.kept.at.x', 10)).toBe('101');
  expect(dump.at('bundles.out.at.x', 20)).toBe('101');
  expect(dump.at('bundles.same.low', 10)).toBe('110');
  expect(dump.at('bundles.same_1.low', 10)).toBe('111');
  expect(text).toContain('$scope struct kept $end');
  if (existsSync('/usr/bin/vcd2fst')) {
    const fst = join(folder, 'bundles.fst');
    execFileSync('/usr/bin/vcd2fst', [file, fst]);
    expect(execFileSync('/usr/bin/fst2vcd', [fst], { encoding: 'utf8' })).toMatch(/\$scope struct kept \$end[\s\S]*\$scope struct at \$end/);
  }
});
