// Names in the Verilog: what the source line of a declaration gives, and what is no name at all.

import { describe, expect, it } from 'vitest';
import { bool, elaborate, input, Module, mux, output, type UInt, uint, when } from '../../hdl/index.ts';
import { emitVerilog } from '../../hdl/verilog/index.ts';

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

describe('reserved words', () => {
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
