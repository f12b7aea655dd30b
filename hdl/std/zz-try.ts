import { bool, counterType, input, Module, output, uint, vec, when, elaborate, type ValueOf, type HwType } from '../index.ts';
import { consumer, producer, fires } from './stream.ts';
import { emitVerilog } from '../verilog/index.ts';
type Fields = { readonly [n: string]: HwType };
export class Fifo<F extends Fields> extends Module<{ payload: F; depth: number }> {
  readonly p = this.io({ in: consumer(this.cfg.payload), out: producer(this.cfg.payload), count: output(counterType(this.cfg.depth)), idx: input(uint(5)), v: input(vec(bool, 4)), q: output(vec(bool,4)) });
  readonly storage = this.reg(vec(this.cfg.payload['data'] as HwType, this.cfg.depth));
  readonly writeIndex = this.reg(counterType(this.cfg.depth - 1), { reset: 0 });
  readonly readIndex = this.reg(counterType(this.cfg.depth - 1), { reset: 0 });
  readonly count = this.reg(counterType(this.cfg.depth), { reset: 0 });
  constructor(cfg: { payload: F; depth: number }) {
    super(cfg);
    const { p } = this;
    p.in.ready.set(this.count.ne(cfg.depth));
    p.out.valid.set(this.count.ne(0));
    when(fires(p.in), () => { (this.storage as any).at(this.writeIndex).set((p.in as any).data); this.writeIndex.set(this.writeIndex.addw(1)); });
    (p.out as any).data.set((this.storage as any).at(this.readIndex));
    (p.out as any).last.set((p.in as any).last);
    p.count.set(this.count);
    p.q.set(p.v);
    p.q.at(2).set(p.idx.bit(1));
  }
}
class Top extends Module {
  readonly p = this.io({ d: output(uint(8)) });
  readonly f = this.inst(Fifo<{ data: ReturnType<typeof uint<8>> }>, { payload: { data: uint(8) }, depth: 5 });
  constructor() { super(); const g = this.inst(Fifo, { payload: { data: uint(8) }, depth: 5 });
   this.p.d.set(this.f.out.data);
   this.p.d.set(g.out.data);
  }
}
console.log(Top);
for (const f of emitVerilog(elaborate(Fifo, { payload: { data: uint(8), last: bool }, depth: 5 }))) console.log(f.text);
