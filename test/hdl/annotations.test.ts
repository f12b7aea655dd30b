// Comments, attributes and locators in the printed Verilog: where they stand, and that no text can break the file.

import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { attribute, bool, bundle, comment, dumpDesign, elaborate, input, Module, output, section, sint, uint, vec, when } from '../../hdl/index.ts';
import { emitVerilog } from '../../hdl/verilog/index.ts';
import { lint } from '../support/verilog-tools.ts';

class Stage extends Module<string> {
  readonly p = this.io({ a: input(sint(8)), aOut: output(sint(8)) });
  readonly held = this.reg(sint(8), { reset: 0 });
  constructor(text: string) {
    super(text);
    comment(this.held, text);
    this.held.set(this.p.a);
    this.p.aOut.set(this.held);
  }
}

class Annotated extends Module<string> {
  readonly p = this.io({
    go: input(bool),
    beat: input(bundle({ valid: bool, data: uint(8) })),
    edge: input(vec(sint(8), 2)),
    address: input(uint(4)),
    q: output(uint(8)),
    word: output(uint(8)),
    sum: output(uint(9)),
    distant: output(sint(8)),
    out: output(vec(sint(8), 2)),
  });
  readonly count = this.reg(uint(8), { reset: 0 });
  readonly total = this.wire(uint(9));
  readonly core = this.inst(Stage, this.cfg);
  readonly row = this.mesh(Stage, [2], this.cfg);
  readonly store = this.memory(uint(8), 16, { style: 'block' });

  constructor(text: string) {
    super(text);
    const { p, count, total, core, row, store } = this;
    this.describe(`Head: ${text}`);
    comment(this, 'A second line.');
    attribute(this, 'keep_hierarchy', 'yes');
    comment(p.go, text);
    comment(p.beat, 'What arrives.');
    comment(count, `count: ${text}`);
    attribute(count, 'keep', true);
    attribute(count, 'max_fanout', 4);
    attribute(total, 'label', 'a "quoted" \\ one (* x');
    comment(core, 'The single cell.');
    attribute(core, 'keep', true);
    comment(row, 'Two cells.');
    attribute(row, 'dont_touch', 'true');
    comment(store, 'Words.');
    attribute(store, 'syn_keep', 1);
    section('Sums.');
    total.set(count.add(p.beat.data));
    p.sum.set(total);
    section(text);
    when(p.go, () => {
      section('In the branch.');
      count.set(p.beat.data);
    })
      .elsewhen(p.beat.valid, () => count.set(1))
      .otherwise(() => {
        section('Otherwise.');
        when(p.beat.data.eq(3), () => count.set(2));
      });
    p.q.set(count);
    section('Into the cell.');
    core.a.set(p.edge.at(0));
    p.distant.set(core.aOut);
    row.feed('a', [0], p.edge);
    p.out.set(row.collect('aOut'));
    section('Store.');
    when(p.go, () => store.write(p.address, count));
    p.word.set(store.read(p.address));
  }
}

const NASTY = [
  'plain',
  'two\nlines\r\nand\u2028more',
  '*/ module x; endmodule /*',
  'ends in a backslash \\',
  '`include "none.v"\n`endif\n`define module x',
  'verilator lint_off WIDTH\nsynopsys translate_off\nsynthesis translate_off\npragma translate_off\n  Verilator lint_on',
  'tab\tnul\0 bell\u0007 ünïcode',
  '"\'`%d // /* (* keep *)',
  '',
];
const text = (s: string, options = {}): string =>
  emitVerilog(elaborate(Annotated, s, { name: 'top' }), options)
    .map((f) => f.text)
    .join('\n');
const bare = (s: string): string =>
  s
    .split('\n')
    .map((l) => l.replace(/\/\/.*$/, '').trimEnd())
    .filter((l) => l !== '')
    .join('\n');

describe('comments and attributes', () => {
  const plain = text('Note.');
  const above = (line: RegExp): string => {
    const lines = plain.split('\n').map((l) => l.trim());
    return lines[lines.findIndex((l) => line.test(l)) - 1] as string;
  };

  it('stand at the head of the module', () =>
    expect(plain).toContain('// Head: Note.\n// A second line.\n(* keep_hierarchy = "yes" *)\nmodule top ('));
  it.each([
    [/input {2}wire +go/, '// Note.'],
    [/input {2}wire +beat_valid/, '// What arrives.'],
    [/reg {2}\[7:0\] count;/, '// count: Note.'],
    [/top_stage core/, '// Into the cell.'],
    [/store \[0:15\];/, '// Words.'],
    [/^assign total = /, '// Sums.'],
    [/^count <= beat_data;/, '// In the branch.'],
    [/beat_data == 8'd3/, '// Otherwise.'],
    [/for \(i = 0/, 'generate'],
    [/^generate/, '// Two cells.'],
  ])('stand above %s', (line, want) => expect(above(line)).toBe(want));
  it('stand once', () => {
    for (const once of ['// Into the cell.', '// The single cell.', '// Store.', '// Sums.', '// In the branch.', '// What arrives.'])
      expect(plain.split(once).length, once).toBe(2);
  });
  it('carry attributes', () => {
    expect(plain).toContain('(* keep = "true", max_fanout = 4 *) reg  [7:0] count;');
    expect(plain).toContain('(* label = "a \\"quoted\\" \\\\ one (* x" *) wire [8:0] total;');
    expect(plain).toContain('(* keep = "true" *) top_stage core (');
    expect(plain).toContain('(* dont_touch = "true" *) top_stage stage (');
    expect(plain).toContain('(* ram_style = "block", syn_keep = 1 *) reg  [7:0] store [0:15];');
  });
  it('distinguish definitions', () => {
    class Two extends Module {
      readonly p = this.io({ a: input(sint(8)), q: output(sint(8)) });
      constructor() {
        super();
        const [x, y, z] = [this.inst(Stage, 'one'), this.inst(Stage, 'two'), this.inst(Stage, 'one')];
        x.a.set(this.p.a);
        y.a.set(x.aOut);
        z.a.set(y.aOut);
        this.p.q.set(z.aOut);
      }
    }
    expect(elaborate(Two).definitions.length).toBe(3);
  });
  it('change nothing but themselves: the code is that of an unannotated module', () => {
    for (const nasty of NASTY) expect(bare(text(nasty))).toBe(bare(plain));
  });
  it('break no tool, whatever their text', () => {
    for (const nasty of NASTY) expect(lint(emitVerilog(elaborate(Annotated, nasty, { name: 'top' })), 'top'), JSON.stringify(nasty)).toBe('');
  });
});

describe('locators', () => {
  const located = text('Note.', { locators: true });
  const lines = located.split('\n');
  const source = execFileSync('cat', [import.meta.filename], { encoding: 'utf8' }).split('\n');
  const at = (line: RegExp): string => {
    const place = /\/\/ test\/hdl\/annotations\.test\.ts:(\d+)$/.exec(lines.find((l) => line.test(l)) ?? '');
    return (source[Number(place?.[1]) - 1] ?? 'no place').trim();
  };

  it.each([
    [/reg {2}\[7:0\] count;/, 'readonly count = this.reg'],
    [/wire \[8:0\] total;/, 'readonly total = this.wire'],
    [/assign total =/, 'total.set(count.add'],
    [/top_stage core \(/, 'readonly core = this.inst'],
    [/count <= beat_data;/, 'count.set(p.beat.data);'],
    [/if \(go\) begin/, 'when(p.go'],
    [/input {2}wire +go/, 'readonly p = this.io'],
    [/^module top \(/, 'expect'],
  ])('name the source of %s', (line, want) => expect(at(line).length > 0 && (want === 'expect' || at(line).startsWith(want))).toBe(true));
  it('add nothing but comments', () => expect(bare(located)).toBe(bare(text('Note.'))));
  it('do not depend on the working directory', () => {
    const before = process.cwd();
    process.chdir('/');
    try {
      expect(text('Note.', { locators: true })).toBe(located);
    } finally {
      process.chdir(before);
    }
  });
  it('are not there unasked', () => expect(text('Note.')).not.toContain('.ts:'));
  it('are content with every tool', () => expect(lint(emitVerilog(elaborate(Annotated, 'x', { name: 'top' }), { locators: true }), 'top')).toBe(''));
});

it('the dump shows annotations', () => {
  const dump = dumpDesign(elaborate(Annotated, 'x'));
  expect(dump).toContain('attribute keep=true attribute max_fanout=4');
  expect(dump).toContain('section "Sums."');
});
