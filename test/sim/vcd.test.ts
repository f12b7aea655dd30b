// The trace file, read back.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { bool, input, Module, output, sint, uint, vec, when } from '../../hdl/index.ts';
import { simulate } from '../../sim/index.ts';

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
    } else if (!line.startsWith('$')) {
      const [, value, id] = (line.startsWith('b') ? /^b([01]+) (\S+)$/ : /^([01])(\S+)$/).exec(line) as unknown as [string, string, string];
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
