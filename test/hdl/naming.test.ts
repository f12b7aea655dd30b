// Names in the Verilog: what the source line of a declaration gives, and what is no name at all.

import { describe, expect, it } from 'vitest';
import { type Bool, type BoolType, bool, elaborate, input, lit, Module, mux, output, type UInt, uint, when } from '../../hdl/index.ts';
import { emitVerilog } from '../../hdl/verilog/index.ts';
import { lint } from '../support/verilog-tools.ts';

const verilog = (cls: new () => Module): string =>
  emitVerilog(elaborate(cls as never, undefined as never))
    .map((f) => f.text)
    .join('\n');

describe('names from the source line', () => {
  it('a call that is only part of the line does not get its name', () => {
    class Search extends Module {
      readonly p = this.io({ addr: input(uint(2)), data: input(uint(8)), found: output(bool), word: output(uint(8)) });
      readonly words = this.memory(uint(8), 4, { init: [1, 2, 3, 4] });
      constructor() {
        super();
        const { p, words } = this;
        const isFound = words.readNow(p.addr).eq(p.data);
        const word = words.readNow(p.addr);
        p.found.set(isFound);
        p.word.set(word.addw(1));
      }
    }
    const text = verilog(Search);
    expect(text).not.toContain('is_found');
    expect(text).toContain('wire [7:0] word_');
  });

  it('an assignment to a variable names, too', () => {
    class Pipeline extends Module {
      readonly p = this.io({ x: input(uint(8)), y: output(uint(8)) });
      constructor() {
        super();
        let stage = this.reg(uint(8), { next: this.p.x });
        for (let i = 0; i < 2; i++) {
          stage = this.reg(uint(8), { next: stage.addw(1) });
        }
        this.p.y.set(stage);
      }
    }
    const text = verilog(Pipeline);
    for (const name of ['stage', 'stage_reg', 'stage_1']) expect(text).toMatch(new RegExp(`reg +\\[7:0\\] ${name};`));
  });
});

describe('names of computed values', () => {
  it('come from the constant or field that holds the whole of them, where a net is made', () => {
    class Mac extends Module {
      readonly p = this.io({ a: input(uint(8)), b: input(uint(8)), c: input(bool), q: output(uint(17)), r: output(uint(16)), s: output(uint(17)) });
      readonly scaled = this.p.a.mul(3);
      constructor() {
        super();
        const { a, b, c, q, r, s } = this.p;
        const product = a.mul(b);
        const total = product.add(product.shr(1)).addw(a);
        const inner = mux(c, b.mul(b), a.extend(16)); // Not what `inner` is.
        q.set(total);
        r.set(product);
        s.set(mux(c, total, inner.add(this.scaled)));
      }
    }
    const text = verilog(Mac);
    expect(text).toContain('wire [15:0] product = a * b;');
    expect(text).toContain('wire [16:0] total = ');
    expect(text).toContain("wire [9:0] scaled = a * 2'd3;");
    expect(text).toContain('wire [15:0] s_product = b * b;');
  });

  it('destructured constants and entries of literals', () => {
    class Pairs extends Module {
      readonly p = this.io({ x: input(uint(4)), y: output(uint(4)) });
      constructor() {
        super();
        const [first, second] = [this.reg(uint(4), { next: this.p.x }), this.reg(uint(4), { reset: 3 })];
        const { low, high } = { low: this.reg(uint(4), { next: first }), high: this.reg(uint(4), { next: second }) };
        const pipe = { fetch: this.reg(uint(4), { next: low }), execute: this.reg(uint(4), { next: high }) };
        const stages = {
          decode: this.reg(uint(4), { next: pipe.fetch }),
        };
        second.set(this.p.x);
        this.p.y.set(pipe.execute.xor(stages.decode));
      }
    }
    const text = verilog(Pairs);
    for (const name of ['first', 'second', 'low', 'high', 'pipe_fetch', 'pipe_execute', 'decode'])
      expect(text).toMatch(new RegExp(`reg +\\[3:0\\] ${name};`));
  });
});

describe('reserved words', () => {
  it('of C++ draw no warning of Verilator as ports, registers and instances', () => {
    const words = [
      'far',
      'near',
      'huge',
      'delete',
      'class',
      'namespace',
      'operator',
      'public',
      'template',
      'virtual',
      'sc_in',
      'uint8_t',
      'iterator',
    ];
    class Named extends Module {
      readonly p = this.io(
        Object.fromEntries([['q', output(bool)], ...words.map((w) => [w, input(bool)])]) as { q: ReturnType<typeof output<BoolType>> },
      );
      constructor() {
        super();
        this.p.q.set((words as never[]).reduce<Bool>((all, w) => all.xor(this.p[w] as Bool), lit(bool, false)));
      }
    }
    const design = elaborate(Named, undefined, { onWarning: () => undefined });
    expect(lint(emitVerilog(design), 'named')).toBe('');
  });

  it('are no names of modules: what is fine as Verilog would not do as C++ of Verilator', () => {
    class Stack extends Module {
      readonly p = this.io({ interrupt: input(bool), near: output(bool) });
      constructor() {
        super();
        this.p.near.set(this.p.interrupt);
      }
    }
    const design = elaborate(Stack);
    expect(design.top.name).toBe('stack_');
    const text = verilog(Stack as never);
    for (const word of ['module stack_ ', 'input  wire interrupt_', 'output wire near_']) expect(text).toContain(word);
  });
});

describe('constants under conditions', () => {
  it('are written as logic', () => {
    class Flags extends Module {
      readonly p = this.io({ a: input(bool), b: input(bool), c: input(bool), q: output(bool), r: output(bool), s: output(bool) });
      constructor() {
        super();
        const { a, b, c, q, r, s } = this.p;
        q.set(false);
        when(a, () => when(b, () => q.set(true)).otherwise(() => q.set(c)));
        r.set(true);
        when(a, () => r.set(false)).elsewhen(b, () => r.set(c));
        s.set(mux(a, b, c)); // Nothing to gain.
      }
    }
    const text = verilog(Flags);
    expect(text).toContain('assign q = a & (b | c);');
    expect(text).toContain('assign r = !a & (!b | c);');
    expect(text).toContain('assign s = a ? b : c;');
  });
});

describe('a large value', () => {
  it('stands where it is assigned, without a net between', () => {
    class Sum extends Module {
      readonly p = this.io({ a: input(uint(8)), b: input(uint(8)), q: output(uint(24)) });
      constructor() {
        super();
        const { a, b, q } = this.p;
        let sum: UInt = a;
        for (let i = 0; i < 16; i++) sum = sum.addw(b).xor(a);
        q.set(sum);
      }
    }
    expect(verilog(Sum)).not.toMatch(/assign q = \w+;/);
  });
});
