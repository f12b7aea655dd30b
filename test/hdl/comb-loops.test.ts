// Combinational loops: what is one and what only looks like one, bit by bit, through hierarchy and meshes.

import { describe, expect, it } from 'vitest';
import { bool, cat, elaborate, HdlError, input, Module, mux, output, type UInt, uint, vec, when } from '../../hdl/index.ts';
import { type Bench, bench, Cells, type CellsConfig, Swap } from '../support/bench-module.ts';

/** The path of the loop that a design is refused for, or undefined when it is accepted. */
function loopOf(build: () => unknown): string | undefined {
  try {
    build();
    return undefined;
  } catch (error) {
    if (!(error instanceof HdlError)) throw error;
    const [loop, ...others] = error.diagnostics;
    expect(others).toEqual([]);
    expect(loop?.code).toBe('HDL-L001');
    return loop?.message.replace('combinational loop: ', '');
  }
}
const loopIn = (body: (m: Bench) => unknown): string | undefined => loopOf(() => bench(body));
/** The signals along a path, without bits. */
const along = (path: string | undefined): string[] | undefined =>
  path === undefined ? undefined : [...new Set(path.split(' → ').map((name) => name.replace(/\[.*/, '')))].sort();

class SwapTwice extends Module {
  readonly p = this.io({ x: input(uint(8)), y: output(uint(8)) });
  constructor() {
    super();
    const [first, second] = [this.inst(Swap), this.inst(Swap)];
    first.x.set(this.p.x);
    second.x.set(first.y);
    this.p.y.set(second.y);
  }
}
class Held extends Module {
  readonly p = this.io({ x: input(uint(8)), y: output(uint(8)) });
  constructor() {
    super();
    this.p.y.set(this.reg(uint(8), { next: this.p.x }));
  }
}

describe('combinational loops', () => {
  /** A wire of 8 bits whose halves are driven by functions of it. */
  const halves = (high: (w: UInt<8>, m: Bench) => UInt, low: (w: UInt<8>, m: Bench) => UInt) => (m: Bench) => {
    const w = m.make.wire(uint(8)).named('w');
    w.bits(7, 4).set(high(w, m));
    w.bits(3, 0).set(low(w, m));
    m.p.q.set(w);
  };
  const input4 = (_: UInt, m: Bench): UInt => m.p.a.bits(3, 0);

  it.each<[string, (m: Bench) => unknown]>([
    ['between bits of one signal', halves((w) => w.bits(3, 0), input4)],
    ['through the low bits of a sum, whose carries go up', halves((w, m) => w.addw(m.p.a).bits(3, 0), input4)],
    ['through the low bits of a difference', halves((w, m) => m.p.a.sub(w).bits(3, 0), input4)],
    ['through the low bits of a product', halves((w, m) => w.mul(m.p.a).bits(3, 0), input4)],
    ['through a shift', halves((w) => w.shl(4).bits(7, 4), input4)],
    ['through a concatenation', halves((w, m) => cat(m.p.a, w).bits(3, 0), input4)],
    ['through a cast and an extension', halves((w) => w.asSInt().extend(16).bits(3, 0), input4)],
    ['through logic', halves((w, m) => w.xor(m.p.a).not().bits(3, 0), input4)],
    ['through a choice', halves((w, m) => mux(m.p.go, w, m.p.a).bits(3, 0), input4)],
    [
      'between elements of one vector',
      (m) => {
        const v = m.make.wire(vec(uint(8), 3));
        v.at(2).set(v.at(1));
        v.at(1).set(v.at(0).addw(1));
        v.at(0).set(m.p.a);
        m.p.q.set(v.at(2));
      },
    ],
    [
      'through an instance, by bits',
      (m) => {
        const swap = m.make.inst(Swap) as unknown as { x: { bits(hi: number, lo: number): { set(v: unknown): void } }; y: UInt };
        swap.x.bits(3, 0).set(m.p.a.bits(3, 0));
        swap.x.bits(7, 4).set(swap.y.bits(7, 4));
        m.p.q.set(swap.y.trunc(8));
      },
    ],
    [
      'through an instance with a register',
      (m) => {
        const held = m.make.inst(Held) as unknown as { x: { set(v: unknown): void }; y: UInt };
        held.x.set(held.y);
        m.p.q.set(held.y.trunc(8));
      },
    ],
    [
      'that a later assignment replaces',
      (m) => {
        const w = m.make.wire(uint(8));
        w.set(w.addw(1));
        w.set(m.p.a);
        m.p.q.set(w);
      },
    ],
    [
      'that a later assignment of the same bits replaces',
      (m) => {
        const v = m.make.wire(vec(uint(8), 2)).named('v');
        v.at(0).set(v.at(0).addw(1));
        v.at(0).set(m.p.a);
        v.at(1).set(v.at(0));
        m.p.q.set(v.at(1));
      },
    ],
    [
      'through a registered read of a memory, beside what looks like a loop',
      (m) => {
        const w = m.make.wire(uint(8)).named('w');
        w.bits(3, 0).set(m.make.ram().read(w.bits(7, 4)).trunc(4));
        w.bits(7, 4).set(w.bits(3, 0));
        m.p.q.set(w);
      },
    ],
    [
      'through a registered read of a memory',
      (m) => {
        const ram = m.make.ram();
        const w = m.make.wire(uint(8));
        w.set(ram.read(w.trunc(4)));
        m.p.q.set(w);
      },
    ],
    [
      'through a write and a read in the same cycle, since the read sees the old word',
      (m) => {
        const ram = m.make.ram();
        const word = ram.readNow(m.p.a.trunc(4));
        ram.write(word.trunc(4), word.addw(1));
        m.p.q.set(word);
      },
    ],
    [
      'through a delay',
      (m) => {
        const w = m.make.wire(uint(8));
        w.set(m.make.delay(w.addw(1), 1));
        m.p.q.set(w);
      },
    ],
    [
      'through a register',
      (m) => {
        const r = m.make.reg(uint(8));
        r.set(r.addw(1));
        m.p.q.set(r);
      },
    ],
  ])('are none %s', (_, body) => expect(loopIn(body)).toBeUndefined());

  it.each<[string, (m: Bench) => unknown, readonly string[]]>([
    ['of one signal', (m) => m.p.q.set(m.p.q.xor(m.p.a).trunc(8)), ['q']],
    [
      'between halves',
      halves(
        (w) => w.bits(3, 0),
        (w) => w.bits(7, 4),
      ),
      ['w'],
    ],
    ['through the carries of a sum', halves(input4, (w, m) => w.addw(m.p.a).bits(7, 4)), ['w']],
    ['through a comparison', halves(input4, (w, m) => w.lt(m.p.a).asUInt()), ['w']],
    ['through a shift by a signal', halves((w, m) => m.p.a.dshr(w).bits(3, 0), input4), ['w']],
    [
      'of three',
      (m) => {
        const x = m.make.wire(uint(8)).named('x');
        const y = m.make.wire(uint(8)).named('y');
        const z = m.make.wire(uint(8)).named('z');
        x.set(y);
        y.set(z.addw(m.p.a));
        z.set(x.not());
        m.p.q.set(x);
      },
      ['x', 'y', 'z'],
    ],
    [
      'through a condition',
      (m) => {
        const busy = m.make.wire(bool).named('busy');
        busy.set(m.p.go);
        when(busy, () => busy.set(false));
        m.p.ok.set(busy);
      },
      ['busy'],
    ],
    [
      'through an index',
      (m) => {
        const v = m.make.wire(vec(uint(2), 4)).named('v');
        for (const i of [0, 1, 2, 3]) v.at(i).set(m.p.a.bits(1, 0));
        v.at(0).set(v.at(v.at(3)));
        v.at(3).set(v.at(0));
        m.p.q.set(v.at(0));
      },
      ['v'],
    ],
    [
      'through an instance',
      (m) => {
        const swap = m.make.inst(Swap) as unknown as { x: { bits(hi: number, lo: number): { set(v: unknown): void } }; y: UInt };
        swap.x.bits(3, 0).set(m.p.a.bits(3, 0));
        swap.x.bits(7, 4).set(swap.y.bits(3, 0));
        m.p.q.set(swap.y.trunc(8));
      },
      ['u_swap_x', 'u_swap_y'],
    ],
    [
      'through two levels of instances',
      (m) => {
        const twice = m.make.inst(SwapTwice) as unknown as { x: { set(v: unknown): void }; y: UInt };
        twice.x.set(twice.y);
        m.p.q.set(twice.y.trunc(8));
      },
      ['u_swap_twice_x', 'u_swap_twice_y'],
    ],
    [
      'through a combinational read of a memory',
      (m) => {
        const ram = m.make.ram();
        const w = m.make.wire(uint(8)).named('w');
        w.set(ram.readNow(w.bits(7, 4)).addw(1));
        ram.write(m.p.a.trunc(4), m.p.a);
        m.p.q.set(w);
      },
      ['memory_read_address', 'memory_read_data', 'w'],
    ],
    [
      'through the data of a combinational read that makes its address',
      (m) => {
        const address = m.make.wire(uint(4)).named('address');
        const word = m.make.ram().readNow(address);
        address.set(word.trunc(4));
        m.p.q.set(word);
      },
      ['address', 'memory_read_address', 'word'],
    ],
  ])('are found %s', (_, body, signals) => {
    const path = loopIn(body);
    expect(along(path)).toEqual(signals);
    const steps = path?.split(' → ') ?? [];
    expect(steps[0]).toBe(steps.at(-1));
  });

  it('name the signals in the order of the data', () => {
    const path = loopIn((m) => {
      const [x, y, z] = ['x', 'y', 'z'].map((name) => m.make.wire(bool).named(name)) as [Bench['p']['ok'], Bench['p']['ok'], Bench['p']['ok']];
      x.set(z);
      y.set(x.not());
      z.set(y.and(m.p.go));
      m.p.ok.set(z);
    });
    expect(`${path} → ${path?.split(' → ').slice(1).join(' → ')}`).toContain('x → y → z → x');
  });

  const mesh = (cfg: CellsConfig) => loopOf(() => elaborate(Cells, cfg));
  it.each<[string, CellsConfig]>([
    ['one direction', { shape: [4], x: [1], y: [1] }],
    ['two axes', { shape: [3, 4], x: [0, 1], y: [1, 0] }],
    ['two axes backwards', { shape: [3, 4], x: [0, -1], y: [-1, 0] }],
    ['three axes', { shape: [2, 3, 4], x: [0, 1, 0], y: [0, 0, -1] }],
    ['opposite directions that do not meet', { shape: [4], x: [1], y: [-1], cross: false }],
    ['opposite directions of one element', { shape: [1], x: [1], y: [-1] }],
    ['opposite directions across an axis of length 1', { shape: [1, 4], x: [1, 0], y: [-1, 0] }],
    ['a ring with a register', { shape: [4], x: [1], y: [1], registered: true, back: true }],
    ['a large mesh', { shape: [1024, 1024], x: [0, 1], y: [1, 0] }],
  ])('are none in a mesh: %s', (_, cfg) => expect(mesh(cfg)).toBeUndefined());

  it.each<[string, CellsConfig, RegExp]>([
    ['opposite directions', { shape: [4], x: [1], y: [-1] }, /^cells\[\d\]\.(x|y)(Out)?\[\d\] → .*cells\[\d\]\.yOut/],
    ['opposite directions of two elements', { shape: [2], x: [1], y: [-1] }, /cells\[0\].*cells\[1\]/],
    ['opposite directions along one of two axes', { shape: [2, 3], x: [0, 1], y: [0, -1] }, /cells\[\d\]\[\d\]\./],
    ['opposite directions, one registered for x alone', { shape: [3], x: [1], y: [-1], registered: false }, /xOut/],
    ['a ring', { shape: [4], x: [1], y: [1], back: true }, /leaving/],
    ['a ring without coupling', { shape: [4], x: [1], y: [1], cross: false, back: true }, /leaving/],
  ])('are found in a mesh: %s', (_, cfg, path) => expect(mesh(cfg)).toMatch(path));

  it('end at a register in one of two opposite directions', () => expect(mesh({ shape: [4], x: [1], y: [-1], registered: true })).toBeUndefined());
});
