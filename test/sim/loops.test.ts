// Designs whose signals depend on each other in a circle though their bits do not.

import { expect, test } from 'vitest';
import { bool, input, Module, mux, output, uint, vec, when } from '../../hdl/index.ts';
import type { Definition, Design, Expr, Signal } from '../../hdl/ir/nodes.ts';
import { simulate, simulateDesign } from '../../sim/index.ts';

class Chain extends Module<{ readonly n: number; readonly upwards: boolean }> {
  readonly p = this.io({ a: input(uint(this.cfg.n)), b: input(uint(this.cfg.n)), sum: output(uint(this.cfg.n)), parity: output(uint(this.cfg.n)) });
  readonly carry = this.wire(vec(bool, this.cfg.n + 1));
  readonly word = this.wire(uint(this.cfg.n));

  constructor(cfg: Chain['cfg']) {
    super(cfg);
    const { carry, word } = this;
    const { a, b, sum, parity } = this.p;
    carry.at(0).set(false);
    const order = Array.from({ length: cfg.n }, (_, i) => (cfg.upwards ? i : cfg.n - 1 - i));
    for (const i of order) {
      const [x, y, c] = [a.bit(i), b.bit(i), carry.at(i)];
      carry.at(i + 1).set(x.and(y).or(c.and(x.xor(y))));
      sum.bit(i).set(x.xor(y).xor(c));
      word.bit(i).set(i === 0 ? x : x.xor(word.bit(i - 1)));
    }
    parity.set(word);
  }
}

test.each([
  [8, true],
  [8, false],
  [40, false],
  [60, true],
])('a carry chain of %i in an array, written upwards: %s', (n, upwards) => {
  const sim = simulate(Chain, { n, upwards });
  const mask = (1n << BigInt(n)) - 1n;
  for (const [a, b] of [
    [0n, 0n],
    [1n, mask],
    [mask, mask],
    [0x123456789abcdefn & mask, 0xfedcba987654321n & mask],
    [0n, 5n],
  ] as const) {
    sim.poke('a', a);
    sim.poke('b', b);
    sim.expect('sum', (a + b) & mask);
    let parity = 0n;
    for (let i = 0; i < n; i++) parity |= BigInt((a & ((2n << BigInt(i)) - 1n)).toString(2).replaceAll('0', '').length % 2) << BigInt(i);
    sim.expect('parity', parity);
  }
});

// Each half of one side's output depends on the other half of the other side's.
class Half extends Module {
  readonly p = this.io({ x: input(uint(8)), own: input(uint(4)), y: output(uint(8)) });
  constructor() {
    super();
    this.p.y.bits(3, 0).set(this.p.own);
    this.p.y.bits(7, 4).set(this.p.x.bits(3, 0).addw(1));
  }
}
class Crossed extends Module {
  readonly p = this.io({ a: input(uint(4)), b: input(uint(4)), left: output(uint(8)), right: output(uint(8)) });
  readonly one = this.inst(Half);
  readonly two = this.inst(Half);
  constructor() {
    super();
    const { one, two, p } = this;
    one.own.set(p.a);
    two.own.set(p.b);
    one.x.set(two.y);
    two.x.set(one.y);
    p.left.set(one.y);
    p.right.set(two.y);
  }
}

test('two instances that read halves of each other', () => {
  const sim = simulate(Crossed);
  for (let a = 0; a < 16; a++) {
    for (let b = 0; b < 16; b++) {
      sim.poke('a', a);
      sim.poke('b', b);
      sim.expect('left', (((b + 1) & 15) << 4) | a);
      sim.expect('right', (((a + 1) & 15) << 4) | b);
    }
  }
});

class Picks extends Module {
  readonly p = this.io({ pick: input(bool), v: input(uint(8)), q: output(vec(uint(8), 20)) });
  readonly w = this.wire(vec(uint(8), 20));
  constructor() {
    super();
    const { pick, v, q } = this.p;
    const { w } = this;
    // A default that is overridden must not be seen by readers of the same array.
    for (let i = 0; i < 20; i++) w.at(i).set(0);
    for (let i = 19; i > 0; i--) when(pick, () => w.at(i).set(w.at(i - 1).addw(1))).otherwise(() => w.at(i).set(mux(pick, v, v.addw(i))));
    w.at(0).set(v);
    q.set(w);
  }
}

test('defaults within a circular array stay unseen', () => {
  const sim = simulate(Picks);
  for (const pick of [1, 0, 1]) {
    sim.poke('pick', pick);
    sim.poke('v', 100 + pick);
    sim.expect(
      'q',
      Array.from({ length: 20 }, (_, i) => 100 + pick + i),
    );
  }
});

test('a true loop, which elaboration would refuse, is an error and no hang', () => {
  const type = { kind: 'uint', width: 8 } as const;
  const at = undefined as never;
  const definition: Definition = {
    name: 'looped',
    doc: '',
    signals: [],
    instances: [],
    meshes: [],
    delays: [],
    memories: [],
    properties: [],
    body: [],
    at,
  };
  const signal = (name: string, role: Signal['role']): Signal => {
    const made: Signal = { id: definition.signals.length, name, role, type, dims: [], owner: definition, at, named: true };
    definition.signals.push(made);
    return made;
  };
  const w = signal('w', 'wire');
  const self: Expr = { op: 'ref', type, dims: [], args: [], signal: w };
  const one: Expr = { op: 'const', type, dims: [], args: [], value: 1n };
  definition.body.push({ kind: 'assign', target: { signal: w, path: [] }, value: { op: 'addw', type, dims: [], args: [self, one] }, at });
  const design: Design = { top: definition, definitions: [definition] };
  expect(() => simulateDesign(design).peek('w')).toThrow(/SIM-E010: the combinational signals w do not settle/);
});
