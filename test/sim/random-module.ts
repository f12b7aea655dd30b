// A module made from a list of steps, each a choice of an operation and operands: any list of numbers is a legal module.

import { bool, cat, fill, input, Module, mux, output, sint, uint, vec, vecOf, when } from '../../hdl/index.ts';

export type Step = readonly [op: number, a: number, b: number, c: number];
// biome-ignore lint/suspicious/noExplicitAny: operands are chosen by number, not by type
type Any = any;

const WIDEST = 80;

export class RandomModule extends Module<{ readonly steps: readonly Step[] }> {
  readonly p = this.io({
    b0: input(bool),
    b1: input(bool),
    u1: input(uint(1)),
    u5: input(uint(5)),
    u8: input(uint(8)),
    u32: input(uint(32)),
    u33: input(uint(33)),
    u70: input(uint(70)),
    s1: input(sint(1)),
    s7: input(sint(7)),
    s32: input(sint(32)),
    s40: input(sint(40)),
    s66: input(sint(66)),
    v8: input(vec(uint(8), 5)),
    vs: input(vec(sint(20), 3)),
    vv: input(vec(vec(uint(40), 3), 2)),
    out: output(uint(1)),
  });
  readonly #pool: Any[] = [];
  readonly #vectors: Any[] = [];

  constructor(cfg: { readonly steps: readonly Step[] }) {
    super(cfg);
    const { out, v8, vs, vv, ...scalars } = this.p;
    this.#pool.push(...Object.values(scalars));
    this.#vectors.push(v8, vs, vv);
    const regs: Any[] = [
      this.reg(uint(8), { reset: 3 }),
      this.reg(sint(32), { reset: -5 }),
      this.reg(uint(40), { reset: 0 }),
      this.reg(sint(66), { reset: 9 }),
      this.reg(bool, { reset: true }),
    ];
    const vregs: Any[] = [
      this.reg(vec(uint(8), 5), { reset: 1 }),
      this.reg(vec(sint(20), 3), { reset: 0 }),
      this.reg(vec(uint(60), 2), { reset: fill(2, this.#lit(uint(60), 77)) as Any }),
    ];
    regs.forEach((r, i) => r.named(`r${i}`));
    vregs.forEach((r, i) => r.named(`vr${i}`));
    this.#pool.push(...regs);
    this.#vectors.push(...vregs);
    cfg.steps.forEach((step, i) => {
      this.#step(step, i, regs, vregs);
    });
    out.set((this.#pick(cfg.steps.length * 7, 'any').asUInt() as Any).xorR().asUInt());
  }

  #lit(type: Any, value: number): Any {
    const w = this.wire(type) as Any;
    w.named('literal');
    w.set(value);
    return w;
  }

  #pick(n: number, kind: 'any' | 'bool' | 'uint' | 'sint'): Any {
    const fitting = this.#pool.filter((v) => kind === 'any' || v.kind === kind);
    return fitting[n % fitting.length];
  }

  #keep(value: Any): void {
    if (value.kind === 'vec') this.#vectors.push(value);
    else this.#pool.push(value.width > WIDEST ? value.trunc(WIDEST - 15) : value);
  }

  /** A value of a given type out of any. */
  #fit(value: Any, to: Any): Any {
    if (to.kind === 'bool') return value.kind === 'bool' ? value : value.asUInt().orR();
    const bits = value.asUInt();
    const sized = bits.width >= to.width ? bits.trunc(to.width) : bits.extend(to.width);
    return to.kind === 'sint' ? sized.asSInt() : sized;
  }

  #step([op, i, j, k]: Step, n: number, regs: Any[], vregs: Any[]): void {
    const kind = i % 2 === 0 ? 'uint' : 'sint';
    const [a, b, c] = [this.#pick(i, kind), this.#pick(j, kind), this.#pick(k, 'bool')];
    const vector = this.#vectors[i % this.#vectors.length];
    const index = this.#fit(this.#pick(j, 'uint'), { kind: 'uint', width: 1 + (k % 4) });
    const binary = ['add', 'sub', 'addw', 'subw', 'mul', 'div', 'rem', 'and', 'or', 'xor', 'eq', 'ne', 'lt', 'le', 'gt', 'ge'];
    const unary = ['not', 'neg', 'andR', 'orR', 'xorR', 'asUInt', 'asSInt'];
    const choices: (() => void)[] = [
      () => this.#keep(a[binary[k % binary.length] as string](b)),
      () => this.#keep(a[binary[k % 8] as string](b)),
      () => this.#keep(a[unary[k % unary.length] as string]()),
      () => this.#keep(mux(c, a, b)),
      () => this.#keep(a.width > 0 ? a.bits(Math.max(j % a.width, k % a.width), Math.min(j % a.width, k % a.width)) : a),
      () => this.#keep(a.trunc(k % (a.width + 1))),
      () => this.#keep(k % 2 ? a.shr(j % 70) : a.shl(j % 20)),
      () => this.#keep(k % 2 ? a.dshr(this.#pick(j, 'uint')) : a.dshl(this.#fit(b, { kind: 'uint', width: 1 + (k % 5) }))),
      () => this.#keep((cat as Any)(a, this.#pick(j, 'any'), this.#pick(k, 'any'))),
      () => this.#keep(vector.at(index).kind === 'vec' ? vector.at(index).at(k % vector.at(index).length) : vector.at(index)),
      () => this.#keep(k % 3 === 0 ? vector.reversed() : k % 3 === 1 ? fill(1 + (j % 6), a) : (vecOf as Any)(a, b, this.#pick(j + k, kind), a, b, a)),
      () => this.#keep(vector.at(0).kind === 'vec' || vector.length * vector.at(0).width > 200 ? a : vector.asUInt()),
      () => this.#keep(this.#pick(i, 'bool')[['and', 'or', 'xor', 'eq', 'ne'][k % 5] as string](this.#pick(j, 'bool'))),
      () => this.#keep((mux as Any)(c, vector, vector.reversed())),
      () => this.#keep(a.width > 0 && a.width <= 40 ? a.asUInt().asBools() : a.asUInt().extend(a.width)),
      () => this.#wire(n, a, b, c, k),
      () => this.#wireVector(n, a, b, index, c),
      () => this.#assign(regs[i % regs.length], c, j, k),
      () => this.#assignVector(vregs[i % vregs.length], index, c, j, k),
    ];
    (choices[op % choices.length] as () => void)();
  }

  #wire(n: number, a: Any, b: Any, c: Any, k: number): void {
    const w = (this.wire(a.kind === 'uint' ? uint(a.width) : sint(a.width)) as Any).named(`w${n}`);
    w.set(a);
    when(c, () => {
      w.set(this.#fit(b, a));
      if (a.width > 2) w.bits(a.width - 1, 1).set(this.#fit(this.#pick(k, 'any'), { kind: 'uint', width: a.width - 1 }));
    }).otherwise(() => {
      if (a.width > 0) w.bit(k % a.width).set(c);
    });
    this.#keep(w);
  }

  #wireVector(n: number, a: Any, b: Any, index: Any, c: Any): void {
    const type = a.kind === 'uint' ? uint(a.width) : sint(a.width);
    const w = (this.wire(vec(type, 6)) as Any).named(`wv${n}`);
    w.set(fill(6, a));
    w.at(index).set(this.#fit(b, a));
    when(c, () => w.at(2).set(this.#fit(b, a)));
    if (a.width > 3) w.at(index).bits(3, 1).set(5);
    this.#keep(w);
    this.#keep(w.at(index));
  }

  #assign(reg: Any, c: Any, j: number, k: number): void {
    when(c, () => {
      reg.set(this.#fit(this.#pick(j, 'any'), reg));
    }).elsewhen(this.#pick(k, 'bool'), () => {
      if (reg.width > 4) reg.bits(4, 2).set(this.#fit(this.#pick(k, 'any'), { kind: 'uint', width: 3 }));
    });
  }

  #assignVector(reg: Any, index: Any, c: Any, j: number, k: number): void {
    when(c, () => {
      reg.at(index).set(this.#fit(this.#pick(j, 'any'), reg.at(0)));
    });
    when(this.#pick(k, 'bool'), () => {
      reg.set(reg.reversed());
    }).otherwise(() => {
      reg
        .at(j % 2)
        .bits(3, 0)
        .set(this.#fit(this.#pick(j, 'any'), { kind: 'uint', width: 4 }));
    });
  }
}
