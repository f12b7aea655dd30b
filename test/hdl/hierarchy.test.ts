// The drawing of a hierarchy: what stands in it, and that boxes lie within their parents and beside each other.

import { describe, expect, it } from 'vitest';
import { emitHierarchy } from '../../hdl/hierarchy.ts';
import { ExternalModule, elaborate, input, Module, output, type UInt, uint, vec } from '../../hdl/index.ts';

class Pe extends Module<{ width: number }> {
  readonly p = this.io({ a: input(uint(this.cfg.width)), q: output(uint(this.cfg.width)) });
  constructor(cfg: { width: number }) {
    super(cfg);
    this.p.q.set(this.reg(uint(cfg.width), { next: this.p.a }));
  }
}
class Pll extends ExternalModule {
  readonly verilog = { name: 'PLL' };
  readonly p = this.io({ A: input(uint(8)), Q: output(uint(8)) });
}
class Bank extends Module<{ children: number }> {
  readonly p = this.io({ a: input(uint(8)), q: output(uint(8)) });
  constructor(cfg: { children: number }) {
    super(cfg);
    let last: UInt = this.p.a;
    for (let i = 0; i < cfg.children; i++) {
      const stage = this.inst(Pe, { width: 8 });
      stage.a.set(last);
      last = stage.q;
    }
    const memory = this.memory(uint(8), 4);
    memory.write(last.bits(1, 0), last.trunc(8));
    this.p.q.set(memory.readNow(this.p.a.bits(1, 0)));
  }
}
class Top extends Module<{ n: number; banks: number }> {
  readonly p = this.io({ a: input(vec(uint(8), this.cfg.n)), q: output(vec(uint(8), this.cfg.n)) });
  constructor(cfg: { n: number; banks: number }) {
    super(cfg);
    const pes = this.mesh(Pe, [cfg.n, cfg.n], { width: 8 });
    const out = this.wire(vec(uint(8), cfg.n));
    pes.shift([0, 1], { from: 'q', to: 'a', enter: this.p.a, leave: out });
    let last: UInt = out.at(0);
    for (let i = 0; i < cfg.banks; i++) {
      const bank = this.inst(Bank, { children: 1 + (i % 3) });
      bank.a.set(last);
      last = bank.q;
    }
    const pll = this.inst(Pll);
    pll.A.set(last);
    this.p.q.set(out);
    this.p.q.at(0).set(pll.Q);
  }
}

interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}
const rects = (svg: string): Rect[] =>
  [...svg.matchAll(/<rect x="(\d+)" y="(\d+)" width="(\d+)" height="(\d+)"/g)].map((m) => {
    const [x, y, width, height] = m.slice(1).map(Number) as [number, number, number, number];
    return { x, y, width, height };
  });
const texts = (svg: string): string[] => [...svg.matchAll(/<text [^>]*>([^<]*)</g)].map((m) => m[1] as string);
const within = (a: Rect, b: Rect): boolean => a.x > b.x && a.y > b.y && a.x + a.width < b.x + b.width && a.y + a.height < b.y + b.height;
const apart = (a: Rect, b: Rect): boolean => a.x + a.width < b.x || b.x + b.width < a.x || a.y + a.height < b.y || b.y + b.height < a.y;

const draw = (n: number, banks: number, depth?: number): string =>
  emitHierarchy(elaborate(Top, { n, banks }, { name: 'soc' }), depth === undefined ? {} : { depth });

describe('the drawing of a hierarchy', () => {
  it('names modules, instances and contents; a mesh is one box, equal instances are one', () => {
    expect(texts(draw(16, 4))).toEqual([
      ...['soc', 'bank … ×2', 'bank · 1 memory', 'stage', 'pe · 1 register'],
      ...['bank', 'bank_1 · 1 memory', 'stage … ×2', 'pe · 1 register', 'bank', 'bank_2 · 1 memory', 'stage … ×3', 'pe · 1 register'],
      ...['pll', 'pll · external PLL', 'pes: 16×16 pe', '1 register'],
    ]);
  });

  it('does not grow with a mesh', () => expect(draw(256, 1).replaceAll('256×256', '16×16')).toHaveLength(draw(16, 1).length));

  it('boxes lie within their parents and beside each other, texts within boxes', () => {
    for (const banks of [0, 1, 3, 12]) {
      const svg = draw(4, banks);
      const all = rects(svg);
      const [, width, height] = [...(/viewBox="0 0 (\d+) (\d+)"/.exec(svg) ?? [])].map(Number) as [number, number, number];
      expect(all.every((r) => within(r, { x: 0, y: 0, width, height }))).toBe(true);
      for (const [i, a] of all.entries()) for (const b of all.slice(i + 1)) expect(within(b, a) || apart(a, b)).toBe(true);
      for (const [, x, y] of svg.matchAll(/<text x="(\d+)" y="(\d+)"/g))
        expect(all.some((r) => within({ x: Number(x), y: Number(y), width: 0, height: 0 }, r))).toBe(true);
    }
  });

  it('counts what lies below its depth', () => {
    expect(texts(draw(4, 1, 0))).toEqual(['soc', '18 instances within']);
    expect(texts(draw(4, 1, 1))).toContain('bank · 1 memory · 1 instance within');
  });
});
