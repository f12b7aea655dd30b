// Names that the user gave: in the IR, in the Verilog, and why they do not vanish.

import { describe, expect, it } from 'vitest';
import { type Bool, bool, bundle, type Design, elaborate, input, Module, output, sint, type UInt, uint, vec, when } from '../../hdl/index.ts';
import { Fifo } from '../../hdl/std/index.ts';
import { emitVerilog } from '../../hdl/verilog/index.ts';
import { type Bench, bench, Cell, namesOf, Swap } from '../support/bench-module.ts';
import { lint } from '../support/verilog-tools.ts';

describe('names', () => {
  class Named extends Module {
    readonly p = this.io({
      a: input(uint(8)),
      beat: input(bundle({ valid: bool, data: uint(8) })),
      nested: { ready: output(bool) },
      q: output(uint(8)),
      word: output(uint(8)),
    });
    readonly count = this.reg(uint(8), { reset: 0 });
    readonly stages = [this.reg(uint(8)), this.reg(uint(8))];
    readonly group = { left: this.wire(bool), deep: { right: this.wire(bool) } };
    readonly pending = this.reg(bundle({ valid: bool, data: uint(8) }));
    readonly #secret = this.reg(sint(4), { reset: -1 });
    readonly child = this.inst(Swap);
    readonly cells = this.mesh(Cell, [2], { cross: false, registered: false });
    readonly table = this.memory(uint(8), 16);

    constructor() {
      super();
      const { a, beat, nested, q, word } = this.p;
      const local = this.wire(uint(8));
      const typed: UInt = this.wire(uint(8));
      (typed as typeof local).set(a);
      local.set(typed);
      const late = this.delay(a, 2);
      const looked = this.table.readNow(a.bits(3, 0));
      this.table.write(a.bits(3, 0), late);
      this.count.set(this.count.addw(local.xor(1)).trunc(8));
      const [first, second] = this.stages as [typeof this.count, typeof this.count];
      first.set(a);
      second.set(first);
      this.group.left.set(beat.valid);
      this.group.deep.right.set(this.group.left);
      this.pending.set(beat);
      this.#secret.set(this.#secret.not().asSInt());
      this.child.x.set(this.count);
      this.cells.shift([1], { from: 'xOut', to: 'x', enter: a });
      this.cells.broadcast('y', second);
      const carried = a.add(second).named('carried');
      const alias = this.child.y.named('alias');
      const renamed = this.wire(uint(8)).named('chosen');
      renamed.set(this.pending.data);
      nested.ready.set(this.group.deep.right.and(this.pending.valid).and(this.#secret.lt(0)));
      q.set(carried.bits(8, 1));
      word.set(looked.xor(alias).xor(renamed).trunc(8));
    }
  }
  const design = elaborate(Named);
  const names = new Set(namesOf(design.top));

  it.each([
    ['ports', ['a', 'beat_valid', 'beat_data', 'nested_ready', 'q']],
    ['fields', ['count']],
    ['private fields', ['secret']],
    ['arrays', ['stages_0', 'stages_1']],
    ['records', ['group_left', 'group_deep_right']],
    ['bundles', ['pending_valid', 'pending_data']],
    ['local constants', ['local', 'typed', 'late', 'looked']],
    ['pins', ['child_x', 'child_y', 'cells_x', 'cells_y', 'table_write_data']],
    ['.named()', ['carried', 'alias', 'chosen']],
  ])('of %s', (_, wanted) => expect(wanted.filter((name) => !names.has(name))).toEqual([]));

  it('of instances, meshes and memories', () => {
    const { instances, meshes, memories, delays } = design.top;
    expect([instances, meshes, memories, delays].map((list) => list[0]?.name)).toEqual(['child', 'cells', 'table', 'late_delay']);
  });

  it('that the user gave stand in the Verilog', () => {
    const text = emitVerilog(design).find((f) => f.name === design.top.name)?.text as string;
    const given = design.top.signals.filter((s) => s.named && s.role !== 'input' && s.role !== 'output').map((s) => s.name);
    expect(given.length).toBeGreaterThanOrEqual(15);
    expect([...given, 'child', 'cells', 'table'].filter((name) => !new RegExp(`\\b${name}_?\\b`).test(text))).toEqual([]);
  });

  it.each<[string, (m: Bench, a: UInt<8>, go: Bool) => unknown]>([
    ['an alias of an input', (m, a) => m.p.q.set(a.named('kept'))],
    ['a renamed value, under its last name', (m, a) => m.p.q.set(a.named('lost').named('kept'))],
    ['a constant', (m) => m.p.q.set(m.p.a.and(0).named('kept').trunc(8))],
    ['a value that is used once', (m, a) => m.p.q.set(a.addw(1).named('kept'))],
    [
      'a value that is used twice',
      (m, a) => {
        const x = a.addw(1).named('kept');
        m.p.q.set(x.xor(x).trunc(8));
      },
    ],
    ['a value that nothing uses', (_, a) => a.addw(1).named('kept')],
    ['a value of which one bit is used', (m, a) => m.p.ok.set(a.addw(1).named('kept').bit(3))],
    ['a wire that nothing uses', (m, a) => m.make.wire(uint(8)).named('kept').set(a)],
    [
      'a wire that is passed on',
      (m, a) => {
        const w = m.make.wire(uint(8)).named('kept');
        w.set(a);
        m.p.q.set(w);
      },
    ],
    [
      'a wire that a child drives',
      (m, a) => {
        const swap = m.make.inst(Swap) as unknown as { x: { set(v: unknown): void }; y: UInt<8> };
        swap.x.set(a);
        m.p.q.set(swap.y.named('kept'));
      },
    ],
    [
      'a wire that goes into a child',
      (m, a) => {
        const swap = m.make.inst(Swap) as unknown as { x: { set(v: unknown): void }; y: UInt<8> };
        swap.x.set(a.named('kept'));
        m.p.q.set(swap.y);
      },
    ],
    [
      'a word of a memory',
      (m, a) => {
        const ram = m.make.ram();
        m.p.q.set(ram.read(a.trunc(4)).named('kept'));
        ram.write(a.trunc(4), a);
      },
    ],
    ['a register that nothing uses', (m, a) => m.make.reg(uint(8)).named('kept').set(a)],
    ['a condition', (m, a) => when(a.eq(3).named('kept'), () => m.p.q.set(1))],
    ['a constant condition', (m, a) => when(a.and(0).eq(1).named('kept'), () => m.p.q.set(1))],
    [
      'a vector',
      (m) => {
        const w = m.make.wire(vec(uint(8), 4)).named('kept');
        for (const i of [0, 1, 2, 3]) w.at(i).set(m.p.a);
        m.p.list.set(w);
      },
    ],
    [
      'a vector of one',
      (m) => {
        const w = m.make.wire(vec(uint(8), 1)).named('kept');
        w.at(0).set(m.p.a);
        m.p.q.set(w.at(0));
      },
    ],
    [
      'a reserved word',
      (m, a) => {
        const w = m.make.wire(uint(8)).named('kept');
        w.set(a);
        m.p.q.set(w);
      },
    ],
  ])('never vanish: %s', (_, body) => {
    const text = emitVerilog(bench((m) => body(m, m.p.a, m.p.go))).find((f) => f.name === 'bench')?.text as string;
    expect(text).toMatch(/\b(wire|reg)\b[^;]*\bkept\b/);
  });
});

describe('names that the language makes', () => {
  const declared = (design: Design): string[] =>
    emitVerilog(design).flatMap(({ text }) =>
      [...text.matchAll(/^ *(?:wire|reg)\b[^;=]*?(\w+) *(?:\[[^\]]*\] *)*[;=]/gm)].map(([, name]) => name as string),
    );

  it('are those of the signal that they serve, with what they are', () => {
    class Mixed extends Module {
      readonly p = this.io({
        a: input(uint(8)),
        b: input(uint(8)),
        sel: input(uint(2)),
        list: input(vec(uint(8), 3)),
        q: output(uint(8)),
        top: output(bool),
      });
      constructor() {
        super();
        const { a, b, sel, list, q, top } = this.p;
        q.set(list.at(sel).addw(1).xor(a.mul(b).bits(11, 4)).trunc(8));
        top.set(a.sub(b).bit(8));
      }
    }
    expect(declared(elaborate(Mixed))).toEqual(['q_product', 'top_difference', '_unused_ok']);
    const fifo = declared(elaborate(Fifo, { payload: { data: uint(8), last: bool }, depth: 5 }));
    expect(fifo.slice(-2)).toEqual(['out_data_element', 'out_last_element']);
    expect(fifo.filter((name) => /^_|\d$|^(t|tmp|gen|node|wire|net)(_|$)/i.test(name))).toEqual([]);
  });
});

describe('blocks within the loops of the Verilog', () => {
  class Link extends Module {
    readonly p = this.io({ x: input(uint(4)), xOut: output(uint(4)) });
    readonly held = this.reg(uint(4), { reset: 0 });
    constructor() {
      super();
      this.held.set(this.p.x);
      this.p.xOut.set(this.held);
    }
  }
  class Clash extends Module {
    readonly p = this.io({
      enter: input(uint(4)),
      leave: output(uint(4)),
      line: input(vec(uint(4), 3)),
      direct: output(vec(uint(4), 3)),
    });
    constructor() {
      super();
      const { enter, leave, line, direct } = this.p;
      this.mesh(Link, [3]).shift([1], { from: 'xOut', to: 'x', enter, leave });
      direct.set(this.skew(line, { first: 0, step: 1 }));
    }
  }
  it('give way to names that the user gave', () => {
    const files = emitVerilog(elaborate(Clash));
    const text = files.map((f) => f.text).join('\n');
    for (const name of ['enter', 'leave', 'direct', 'line']) expect(text).toMatch(new RegExp(`(in|out)put +wire \\[[0-9]+:0\\] ${name}\\b`));
    expect(lint(files, 'clash')).toBe('');
  });
});
