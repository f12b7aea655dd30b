import { elaborate, input, Module, output, uint, when, switchOn, bool, type UInt, type UIntVar } from './hdl/index.ts';
import { emitVerilog } from './hdl/verilog/index.ts';
import { simulate } from './sim/index.ts';
function attempt(n: string, f: () => unknown) { const t = performance.now(); try { f(); console.log(n, 'ok', (performance.now() - t).toFixed(0)); } catch (e) { console.log(n, 'FAIL', String((e as Error).message).slice(0, 100), (e as Error).stack?.split('\n').slice(1,4).join('|')); } }
class Deep extends Module<{ n: number }> {
  readonly p = this.io({ a: input(uint(8)), q: output(uint(8)) });
  constructor(cfg: { n: number }) { super(cfg); let x: UInt = this.p.a; for (let i = 0; i < cfg.n; i++) x = x.addw(1); this.p.q.set(x as UInt<8>); }
}
class Chain extends Module<{ n: number }> {
  readonly p = this.io({ a: input(uint(16)), q: output(uint(8)) });
  constructor(cfg: { n: number }) { super(cfg); const q: UIntVar = this.p.q as never; q.set(0); let c = when(this.p.a.eq(0), () => q.set(1)); for (let i = 1; i < cfg.n; i++) c = c.elsewhen(this.p.a.eq(i), () => q.set(i % 256)); }
}
class Sw extends Module<{ n: number }> {
  readonly p = this.io({ a: input(uint(16)), q: output(uint(8)) });
  constructor(cfg: { n: number }) { super(cfg); switchOn(this.p.a, { ...Object.fromEntries([...Array(cfg.n).keys()].map((i) => [i, () => this.p.q.set(i % 256)])), default: () => this.p.q.set(0) }); }
}
class Loopy extends Module<{ n: number }> {
  readonly p = this.io({ a: input(uint(2)), q: output(uint(2)) });
  readonly w = this.wire(uint(2));
  constructor(cfg: { n: number }) { super(cfg); let x: UInt = this.w; for (let i = 0; i < cfg.n; i++) x = x.xor(this.p.a);
    this.w.bit(0).set(this.p.a.bit(0)); this.w.bit(1).set(x.bit(0)); this.p.q.set(x as UInt<2>); }
}
for (const C of [Deep, Chain, Sw, Loopy]) for (const n of [1000, 4000, 10000, 50000]) {
  let d: never;
  attempt(`${C.name} ${n} elaborate`, () => { d = elaborate(C, { n }) as never; });
  if (n <= 10000) attempt(`${C.name} ${n} verilog`, () => emitVerilog(d));
  if (n <= 10000) attempt(`${C.name} ${n} simulate`, () => { const s = simulate(C as typeof Deep, { n }); s.poke('a', 1); s.peek('q'); });
}
