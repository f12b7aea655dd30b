// Parts of values that signals choose, read and written, and values without bits everywhere: on every engine against a model.

import { describe, expect, it } from 'vitest';
import { bool, bundle, cat, elaborate, enumeration, input, Module, mux, output, sint, uint, vec, when } from '../../hdl/index.ts';
import { emitVerilog } from '../../hdl/verilog/index.ts';
import { everywhere } from '../support/engines.ts';

class Parts extends Module {
  readonly p = this.io({
    x: input(uint(13)),
    s: input(sint(9)),
    i: input(uint(4)),
    wide: input(uint(40)),
    none: input(uint(0)),
    v: input(uint(5)),
    go: input(bool),
    bit: output(bool),
    signBit: output(bool),
    farBit: output(bool),
    onlyBit: output(bool),
    part: output(uint(5)),
    all: output(uint(13)),
    nothing: output(uint(0)),
    marks: output(uint(13)),
    written: output(uint(13)),
    sliced: output(sint(9)),
    combined: output(uint(13)),
    elements: output(vec(uint(8), 3)),
    flag: output(bundle({ bits: vec(uint(6), 2) })),
    nested: output(uint(13)),
    vast: output(uint(70)),
  });
  readonly marks = this.reg(uint(13), { reset: 0 });
  readonly written = this.reg(uint(13), { reset: 0 });
  readonly signed = this.reg(sint(9), { reset: 0 });
  readonly elements = this.reg(vec(uint(8), 3), { reset: 0 });
  readonly flag = this.reg(bundle({ bits: vec(uint(6), 2) }), { reset: 0 });
  readonly nested = this.reg(uint(13), { reset: 0 });
  readonly big = this.reg(uint(70), { reset: 0 });
  constructor() {
    super();
    const { p, marks, written, signed, elements, flag, nested, big } = this;
    p.bit.set(p.x.bitAt(p.i));
    p.signBit.set(p.s.bitAt(p.i));
    p.farBit.set(p.x.bitAt(p.wide));
    p.onlyBit.set(p.x.bitAt(p.none));
    p.part.set(p.x.slice(p.i, 5));
    p.all.set(p.x.slice(p.i, 13));
    p.nothing.set(p.x.slice(p.i, 0));
    when(p.go, () => {
      marks.bitAt(p.i).set(true);
      written.slice(p.i, 5).set(p.v);
      written.slice(p.none, 2).set(3);
      written.slice(p.i, 0).set(0);
      signed.slice(p.i, 3).set(p.v.trunc(3));
      elements.at(p.i.trunc(2)).slice(p.v.trunc(3), 4).set(p.x.trunc(4));
      elements.at(p.i.trunc(2)).bits(7, 6).set(p.v.trunc(2));
      flag.bits.at(p.i.bits(0, 0)).bit(3).set(p.x.bit(0));
      flag.bits.at(p.i.bits(1, 1)).bitAt(p.v.trunc(3)).set(p.x.bit(1));
      nested.bits(11, 4).slice(p.i, 3).set(p.v.trunc(3));
      big.slice(p.wide.trunc(7), 33).set(p.wide.trunc(33));
    });
    p.combined.set(p.x);
    p.combined.slice(p.i, 3).set(p.v.trunc(3));
    p.combined.bitAt(p.v.trunc(4)).set(p.go);
    p.marks.set(marks);
    p.written.set(written);
    p.sliced.set(signed);
    p.elements.set(elements);
    p.flag.set(flag);
    p.nested.set(nested);
    p.vast.set(big);
  }
}

/** Bits `lo` to `lo + n − 1` of `x`, of `size` bits, replaced where they exist. */
function put(x: bigint, lo: number, n: number, value: bigint, size: number): bigint {
  let bits = x;
  for (let i = 0; i < n; i++) {
    if (lo + i >= size) continue;
    const at = 2n ** BigInt(lo + i);
    bits = bits - ((bits / at) % 2n) * at + ((value / 2n ** BigInt(i)) % 2n) * at;
  }
  return bits;
}

describe('parts that a signal chooses', () => {
  it('are read and written, as far as they exist', () => {
    const { inputs, outputs, problems } = everywhere(Parts, undefined as never, {
      cycles: 150,
      verilator: true,
      drive: (t) => (t % 2 ? { wide: BigInt(t % 75) } : {}),
    });
    expect(problems).toBe('');
    const state = { marks: 0n, written: 0n, signed: 0n, elements: [0n, 0n, 0n], flag: [0n, 0n], nested: 0n, big: 0n };
    const low = (x: bigint, n: number): bigint => BigInt.asUintN(n, x);
    for (const [t, out] of outputs.entries()) {
      const { x, s, i: chosen, wide, v, go } = inputs[t] as unknown as { readonly [port in 'x' | 's' | 'i' | 'wide' | 'v' | 'go']: bigint };
      const i = Number(chosen);
      const combined = put(put(x, i, 3, v, 13), Number(low(v, 4)), 1, go, 13);
      if (t > 0)
        expect(out, `${t}`).toEqual({
          bit: (x >> chosen) & 1n,
          signBit: (low(s, 9) >> chosen) & 1n,
          farBit: wide > 13n ? 0n : (x >> wide) & 1n,
          onlyBit: x & 1n,
          part: low(x >> chosen, 5),
          all: x >> chosen,
          nothing: 0n,
          combined,
          marks: state.marks,
          written: state.written,
          sliced: BigInt.asIntN(9, state.signed),
          elements: state.elements,
          flag_bits: state.flag,
          nested: state.nested,
          vast: state.big,
        });
      if (t === 0 || go === 0n) continue;
      state.marks = put(state.marks, i, 1, 1n, 13);
      state.written = put(put(state.written, i, 5, v, 13), 0, 2, 3n, 13);
      state.signed = put(state.signed, i, 3, v, 9);
      const e = i % 4;
      if (e < 3) state.elements[e] = put(put(state.elements[e] as bigint, Number(v % 8n), 4, x, 8), 6, 2, v, 8);
      state.flag[i % 2] = put(state.flag[i % 2] as bigint, 3, 1, x, 6);
      const f = (i >> 1) % 2;
      state.flag[f] = put(state.flag[f] as bigint, Number(v % 8n), 1, x >> 1n, 6);
      state.nested = (state.nested & ~0xff0n) | (put((state.nested >> 4n) & 0xffn, i, 3, v, 8) << 4n);
      state.big = put(state.big, Number(low(wide, 7)), 33, wide, 70);
    }
  });
});

const One = enumeration('One', ['only']);

class Leaf extends Module {
  readonly p = this.io({ in: input(uint(0)), x: input(uint(3)), out: output(uint(0)), y: output(uint(3)) });
  constructor() {
    super();
    this.p.out.set(this.p.in);
    this.p.y.set(this.p.x.addw(1));
  }
}

/** Every construct with values that have no bits. */
class Nothing extends Module {
  readonly p = this.io({
    u: input(uint(0)),
    s: input(sint(0)),
    v: input(vec(uint(0), 3)),
    b: input(bundle({ empty: uint(0), data: uint(4) })),
    x: input(uint(4)),
    go: input(bool),
    one: input(One),
    lanes: input(vec(uint(3), 4)),
    qu: output(uint(0)),
    qs: output(sint(0)),
    qv: output(vec(uint(0), 3)),
    qb: output(bundle({ empty: uint(0), data: uint(4) })),
    all: output(bool),
    any: output(bool),
    odd: output(bool),
    joined: output(uint(4)),
    sum: output(uint(5)),
    product: output(uint(4)),
    quotient: output(uint(4)),
    same: output(bool),
    less: output(bool),
    shifted: output(uint(4)),
    picked: output(uint(4)),
    muxed: output(uint(4)),
    word: output(uint(4)),
    late: output(uint(4)),
    only: output(bool),
    state: output(bool),
    fromMesh: output(vec(uint(3), 4)),
    element: output(uint(0)),
    negative: output(sint(1)),
    inner: output(uint(3)),
  });
  readonly reg0 = this.reg(uint(0), { reset: 0 });
  readonly regs = this.reg(vec(uint(0), 3));
  readonly wire0 = this.wire(uint(0));
  readonly member = this.reg(One, { reset: 'only' });
  readonly ram = this.memory(uint(4), 1, { init: [9] });
  readonly empty = this.memory(uint(0), 4);
  constructor() {
    super();
    const { p, reg0, regs, wire0, member, ram, empty } = this;
    wire0.set(p.u);
    when(p.go, () => reg0.set(wire0));
    when(p.go, () => regs.at(p.x.trunc(2)).set(p.u));
    when(p.go, () => member.set(p.one));
    p.qu.set(reg0);
    p.qs.set(p.s);
    p.qv.set(regs);
    p.qb.set(p.b);
    p.all.set(p.u.andR());
    p.any.set(p.u.orR());
    p.odd.set(p.s.xorR());
    p.joined.set(cat(p.u, p.x, p.s));
    p.sum.set(p.x.add(p.u));
    p.product.set(p.x.mul(p.u));
    p.quotient.set(p.x.div(p.u));
    p.same.set(p.u.eq(p.u.extend(3)));
    p.less.set(p.u.lt(p.x));
    p.shifted.set(p.x.dshr(p.u).dshl(p.u));
    p.picked.set(mux(p.go, p.u.extend(4), p.x));
    p.muxed.set(mux(p.go, p.u, p.x));
    when(p.go, () => ram.write(p.u, p.x));
    empty.write(p.x.trunc(2), p.u);
    p.word.set(
      ram
        .readNow(p.u)
        .add(empty.readNow(p.x.trunc(2)))
        .trunc(4),
    );
    p.late.set(cat(p.x, this.delay(p.u, 3)).trunc(4));
    p.only.set(p.one.eq('only'));
    p.state.set(member.is('only'));
    const mesh = this.mesh(Leaf, [4]);
    mesh.shift([1], { from: 'out', to: 'in', enter: p.u });
    mesh.feed('x', [0], p.lanes);
    p.fromMesh.set(mesh.collect('y'));
    p.element.set(p.v.at(p.x.trunc(2)));
    p.negative.set(p.u.neg());
    const child = this.inst(Leaf);
    child.in.set(p.u);
    child.x.set(cat(p.u, p.x.trunc(3)));
    p.inner.set(child.y.add(child.out).trunc(3));
  }
}

describe('values without bits', () => {
  const design = elaborate(Nothing);

  it('are 0 in every place, on every engine', () => {
    const { inputs, outputs, problems } = everywhere(Nothing, undefined as never, { cycles: 60, drive: () => ({ one: 0n }) });
    expect(problems).toBe('');
    let word = 9n;
    for (const [t, out] of outputs.entries()) {
      const { x, go, lanes, b_data: data } = inputs[t] as unknown as { x: bigint; go: bigint; lanes: bigint[]; b_data: bigint };
      if (t > 0)
        expect(out, `${t}`).toEqual({
          qu: 0n,
          qs: 0n,
          qv: [0n, 0n, 0n],
          qb_empty: 0n,
          qb_data: data,
          all: 1n,
          any: 0n,
          odd: 0n,
          joined: x,
          sum: x,
          product: 0n,
          quotient: 0n,
          same: 1n,
          less: x > 0n ? 1n : 0n,
          shifted: x,
          picked: go === 1n ? 0n : x,
          muxed: go === 1n ? 0n : x,
          word,
          late: x,
          only: 1n,
          state: 1n,
          fromMesh: lanes.map((lane) => (lane + 1n) % 8n),
          element: 0n,
          negative: 0n,
          inner: ((x % 8n) + 1n) % 8n,
        });
      if (go === 1n) word = x;
    }
  });

  it('never reach the Verilog', () => {
    const text = emitVerilog(design)
      .map((f) => f.text)
      .join('\n');
    expect(text).not.toMatch(/\[-1:0\]|\b0'|\{0\{|qu\b|qv\b|reg0|regs\b|wire0/);
  });
});
