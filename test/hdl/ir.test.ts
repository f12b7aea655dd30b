// What elaboration makes: one definition for each distinct module, a size that does not depend on the shape of an array, names, and no loops.

import { describe, expect, it } from 'vitest';
import {
  type Bool,
  bool,
  bundle,
  cat,
  type Design,
  dumpDesign,
  elaborate,
  enumeration,
  fill,
  HdlError,
  type HwType,
  input,
  Module,
  mux,
  output,
  sint,
  type UInt,
  uint,
  vec,
  when,
} from '../../hdl/index.ts';
import type { Definition, Expr } from '../../hdl/ir/nodes.ts';
import { ownExprs, visitExprs, visitStmts } from '../../hdl/ir/visit.ts';
import type { AnyValue } from '../../hdl/value-types.ts';
import { emitVerilog } from '../../hdl/verilog/index.ts';

/** A module whose constructor is given, with ports to work on and its tools made public. */
class Bench extends Module<(m: Bench) => unknown> {
  readonly p = this.io({ a: input(uint(8)), go: input(bool), q: output(uint(8)), ok: output(bool), list: output(vec(uint(8), 4)) });
  readonly make = {
    wire: <T extends HwType>(type: T) => this.wire(type),
    reg: <T extends HwType>(type: T) => this.reg(type),
    inst: <M extends Module>(cls: new () => M) => this.inst<M>(cls as never, ...([] as never)) as unknown as { readonly [port: string]: never },
    cells: (shape: readonly number[]) => this.mesh(Cell, shape, { cross: false, registered: false }),
    ram: () => this.memory(uint(8), 16),
    delay: (value: UInt, depth: number) => this.delay(value, depth),
  };
  constructor(body: (m: Bench) => unknown) {
    super(body);
    this.p.q.set(0);
    this.p.ok.set(false);
    for (const x of [0, 1, 2, 3]) this.p.list.at(x).set(0);
    body(this);
  }
}

const bench = (body: (m: Bench) => unknown): Design => elaborate(Bench, body, { name: 'bench' });
const namesOf = (d: Definition): string[] => d.signals.map((s) => s.name);
const definitionsOf = (design: Design, name: string): number => design.definitions.filter((d) => d.name.startsWith(name)).length;

/** Everything that a design is made of, counted. */
function sizeOf(design: Design): number {
  let size = 0;
  for (const d of design.definitions) {
    size += d.signals.length + d.instances.length + d.delays.length + d.memories.length;
    for (const m of d.meshes) size += 1 + m.links.length;
    const seen = new Set<Expr>();
    visitStmts(d.body, (stmt) => {
      size++;
      visitExprs(ownExprs(stmt), () => size++, seen);
    });
  }
  return size;
}

describe('the dump', () => {
  const here = (() => {
    class Adder extends Module {
      readonly p = this.io({ a: input(uint(8)), q: output(uint(9)) });
      readonly last = this.reg(uint(8), { reset: 3, next: this.p.a });
      constructor() {
        super();
        this.p.q.set(this.p.a.add(this.last));
      }
    }
    return Adder;
  })();
  const there = (() => {
    class Adder extends Module {
      readonly p = this.io({
        a: input(uint(8)),
        q: output(uint(9)),
      });

      readonly last = this.reg(uint(8), { reset: 3, next: this.p.a });

      constructor() {
        super();
        const { a, q } = this.p;
        q.set(a.add(this.last));
      }
    }
    return Adder;
  })();

  it('is the same every time', () => expect(dumpDesign(elaborate(here))).toBe(dumpDesign(elaborate(here))));
  it('does not depend on where the source stands', () => expect(dumpDesign(elaborate(there))).toBe(dumpDesign(elaborate(here))));

  it('shows whatever behaviour depends on', () => {
    const short = enumeration('Op', ['add', 'sub']);
    const long = enumeration('Op', ['add', 'sub', 'mul']);
    const enumerated = (m: Bench, ...widths: number[]) => {
      for (const width of widths) m.make.wire(width === 1 ? short : long).set('add');
    };
    const variants: ((m: Bench) => unknown)[] = [
      () => {},
      (m) => m.p.q.set(1),
      (m) => m.p.q.set(m.p.a),
      (m) => m.p.q.set(m.p.a.addw(1)),
      (m) => m.p.q.set(m.p.a.subw(1)),
      (m) => m.p.q.set(m.p.a.addw(2)),
      (m) => m.p.q.set(m.p.a.shr(1)),
      (m) => m.p.q.set(m.p.a.shr(2)),
      (m) => m.p.q.set(m.p.a.bits(3, 0)),
      (m) => m.p.q.set(m.p.a.bits(4, 1)),
      (m) => m.p.q.bits(3, 0).set(m.p.a.bits(4, 1)),
      (m) => m.p.q.set(m.p.a.asSInt().extend(9).asUInt().trunc(8)),
      (m) => m.p.q.set(m.p.a.extend(9).trunc(8)),
      (m) => when(m.p.go, () => m.p.q.set(1)),
      (m) => when(m.p.go.not(), () => m.p.q.set(1)),
      (m) => when(m.p.go, () => m.p.q.set(1)).otherwise(() => m.p.q.set(2)),
      (m) => m.p.list.at(1).set(1),
      (m) => m.p.list.at(2).set(1),
      (m) => m.p.list.at(m.p.a.trunc(2)).set(1),
      (m) => m.p.q.set(m.make.delay(m.p.a, 1)),
      (m) => m.p.q.set(m.make.delay(m.p.a, 2)),
      (m) => m.p.q.set(m.make.ram().read(m.p.a.trunc(4))),
      (m) => m.p.q.set(m.make.ram().readNow(m.p.a.trunc(4))),
      (m) => enumerated(m, 1, 2, 1),
      (m) => enumerated(m, 1, 2, 2),
    ];
    const texts = variants.map((body) => dumpDesign(bench(body)));
    expect(new Set(texts).size).toBe(variants.length);
  });

  it('grows with the graph, not with its paths', () => {
    const doubled = (n: number) =>
      dumpDesign(
        bench((m) => {
          let x: UInt = m.p.a;
          for (let i = 0; i < n; i++) x = x.addw(x);
          m.p.q.set(x.trunc(8));
        }),
      ).length;
    expect(doubled(60) - doubled(50)).toBeLessThan(1000);
  });

  it('and the checks take expressions of any depth', () => {
    const deep = bench((m) => {
      const w = m.make.wire(uint(8));
      let x: UInt = w;
      for (let i = 0; i < 50_000; i++) x = x.xor(i % 256);
      // Looks like a loop until it is looked at bit by bit.
      w.bits(7, 1).set(m.p.a.bits(7, 1));
      w.bit(0).set(x.bit(1));
      m.p.q.set(x.trunc(8));
    });
    expect(sizeOf(deep)).toBeGreaterThan(100_000);
    expect(dumpDesign(deep).length).toBeLessThan(5_000_000);
  });
});

describe('definitions', () => {
  interface LeafConfig {
    readonly width: number;
    readonly note?: unknown;
  }
  let built = 0;
  class Leaf extends Module<LeafConfig> {
    readonly p = this.io({ x: input(uint(this.cfg.width)), y: output(uint(this.cfg.width)) });
    constructor(cfg: LeafConfig) {
      super(cfg);
      built++;
      this.p.y.set(this.p.x.not());
    }
  }
  class Chain extends Module<readonly LeafConfig[]> {
    readonly p = this.io({ x: input(uint(1)), y: output(uint(1)) });
    constructor(leaves: readonly LeafConfig[]) {
      super(leaves);
      let value: UInt = this.p.x;
      for (const leaf of leaves) {
        const one = this.inst(Leaf, leaf);
        one.x.set(value.trunc(1));
        value = one.y;
      }
      this.p.y.set(value.bits(0, 0));
    }
  }
  /** Definitions of the leaf, and how often its constructor ran. */
  const leavesFor = (...cfgs: LeafConfig[]): readonly [definitions: number, runs: number] => {
    built = 0;
    return [definitionsOf(elaborate(Chain, cfgs), 'leaf'), built];
  };

  it('are made once for 10,000 instances of one configuration', () => {
    expect(leavesFor(...Array.from({ length: 10_000 }, () => ({ width: 4 })))).toEqual([1, 1]);
  });
  it('are two for two configurations', () => expect(leavesFor({ width: 4 }, { width: 5 }, { width: 4 })).toEqual([2, 2]));
  it('that come out equal are one', () => expect(leavesFor({ width: 4, note: 'a' }, { width: 4, note: 'b' })).toEqual([1, 2]));
  it('are shared whatever the order of the configuration, which the module cannot tell', () => {
    expect(leavesFor({ width: 4, note: 1 }, { note: 1, width: 4 })[0]).toBe(1);
  });
  it('are built anew, but shared, for configurations that are no plain data', () => {
    expect(leavesFor({ width: 4, note: () => 1 }, { width: 4, note: () => 1 })).toEqual([1, 2]);
  });

  it.each<[string, unknown, unknown]>([
    ['a bigint and its text', 5n, '5n'],
    ['infinity and null', Number.POSITIVE_INFINITY, null],
    ['not a number and null', Number.NaN, null],
    ['two infinities', Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
    ['a hole and null', [undefined], [null]],
    ['a number and its text', 5, '5'],
    ['a list and a record', ['x'], { 0: 'x' }],
  ])('tell %s apart', (_, a, b) => expect(leavesFor({ width: 4, note: a }, { width: 4, note: b })).toEqual([1, 2]));

  class Pass extends Module<{ readonly type: HwType }> {
    readonly p = this.io({ x: input(this.cfg.type), y: output(this.cfg.type) });
    constructor(cfg: { readonly type: HwType }) {
      super(cfg);
      this.p.y.set(this.p.x as never);
    }
  }
  /** Passes a value of each type through an instance of its own. */
  const passes = (...types: readonly HwType[]): Design => {
    class Passes extends Module {
      readonly p = this.io(
        Object.fromEntries(
          types.flatMap((t, i) => [
            [`x${i}`, input(t)],
            [`y${i}`, output(t)],
          ]),
        ),
      );
      constructor() {
        super();
        const ports = this.p as unknown as { readonly [port: string]: never };
        types.forEach((type, i) => {
          const pass = this.inst(Pass, { type }) as unknown as { readonly x: { set(v: unknown): void }; readonly y: unknown };
          pass.x.set(ports[`x${i}`]);
          (ports[`y${i}`] as unknown as { set(v: unknown): void }).set(pass.y);
        });
      }
    }
    return elaborate(Passes);
  };

  it("are two when a bundle's fields are in another order", () => {
    const design = passes(bundle({ a: uint(8), b: bool }), bundle({ b: bool, a: uint(8) }), bundle({ a: uint(8), b: bool }));
    expect(design.definitions.filter((d) => /^pass(_\d+)?$/.test(d.name)).map((d) => namesOf(d))).toEqual([
      ['x_a', 'x_b', 'y_a', 'y_b'],
      ['x_b', 'x_a', 'y_b', 'y_a'],
    ]);
  });
  it('are two for two enumerations of one name', () => {
    const design = passes(enumeration('Op', ['add', 'sub']), enumeration('Op', ['add', 'sub', 'mul']));
    expect(design.definitions.filter((d) => /^pass(_\d+)?$/.test(d.name)).map((d) => d.signals[0]?.type.width)).toEqual([1, 2]);
  });
  it('fit the very enumeration that they were asked for', () => {
    expect(() => passes(enumeration('Op', ['add', 'sub']), enumeration('Op', ['add', 'sub']))).not.toThrow();
  });
  it('keep the state names of each machine', () => {
    class Machine extends Module<{ readonly other: string }> {
      readonly p = this.io({ go: input(bool), busy: output(bool) });
      constructor(cfg: { readonly other: string }) {
        super(cfg);
        const machine = this.fsm(['idle', cfg.other]);
        when(this.p.go, () => machine.goto(cfg.other));
        this.p.busy.set(machine.is(cfg.other));
      }
    }
    class Two extends Module {
      readonly p = this.io({ go: input(bool), busy: output(vec(bool, 2)) });
      constructor() {
        super();
        for (const [i, other] of ['running', 'walking'].entries()) {
          const one = this.inst(Machine, { other });
          one.go.set(this.p.go);
          this.p.busy.at(i).set(one.busy);
        }
      }
    }
    const text = emitVerilog(elaborate(Two))
      .map((f) => f.text)
      .join('\n');
    expect(text).toMatch(/running/i);
    expect(text).toMatch(/walking/i);
  });

  interface TreeConfig {
    readonly size: number;
    readonly seed: number;
  }
  let instances = 0;
  class Tree extends Module<TreeConfig> {
    readonly p = this.io({ x: input(uint(16)), y: output(uint(16)) });
    constructor(cfg: TreeConfig) {
      super(cfg);
      let value: UInt<16> = this.p.x;
      let left = cfg.size - 1;
      for (let i = 0; left > 0; i++) {
        const size = i === 2 ? left : Math.min(left, 1 + Math.floor((left * ((cfg.seed + 3 * i) % 7)) / 10));
        const child = this.inst(Tree, { size, seed: (cfg.seed * 5 + i * 11 + size) % 97 });
        instances++;
        child.x.set(value);
        value = child.y.addw(cfg.seed);
        left -= size;
      }
      this.p.y.set(value);
    }
  }
  it('stand for a hierarchy of 10,000 irregular instances', () => {
    instances = 0;
    const design = elaborate(Tree, { size: 10_000, seed: 1 });
    const total = new Map<Definition, number>();
    for (const d of design.definitions) total.set(d, 1 + d.instances.reduce((sum, i) => sum + (total.get(i.definition) as number), 0));
    expect(total.get(design.top)).toBe(10_000);
    expect(design.definitions.length).toBeGreaterThan(100);
    // Only what is new was constructed.
    expect(instances).toBeLessThan(5 * design.definitions.length);
    expect(new Set(design.definitions.map((d) => d.name)).size).toBe(design.definitions.length);
    expect(emitVerilog(design)).toHaveLength(design.definitions.length);
  });
  it('nest 1,000 deep', () => {
    class Nest extends Module<{ readonly depth: number }> {
      readonly p = this.io({ x: input(bool), y: output(bool) });
      constructor(cfg: { readonly depth: number }) {
        super(cfg);
        if (cfg.depth === 0) {
          this.p.y.set(this.p.x);
          return;
        }
        const inner = this.inst(Nest, { depth: cfg.depth - 1 });
        inner.x.set(this.p.x);
        this.p.y.set(inner.y.not());
      }
    }
    expect(elaborate(Nest, { depth: 1000 }).definitions).toHaveLength(1001);
  });
});

/** Two directions through an element; `cross` couples them within the cycle, `registered` breaks the first one. */
class Cell extends Module<{ readonly cross: boolean; readonly registered: boolean }> {
  readonly p = this.io({ x: input(uint(8)), y: input(uint(8)), xOut: output(uint(8)), yOut: output(uint(8)) });
  constructor(cfg: { readonly cross: boolean; readonly registered: boolean }) {
    super(cfg);
    const { x, y, xOut, yOut } = this.p;
    const sum = cfg.cross ? x.addw(y) : x;
    xOut.set(cfg.registered ? this.reg(uint(8), { next: sum }) : sum);
    yOut.set(cfg.cross ? y.xor(x) : y);
  }
}
interface CellsConfig {
  readonly shape: readonly number[];
  /** Where x and y go. */
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly cross?: boolean;
  readonly registered?: boolean;
  /** What x leaves with comes in again. */
  readonly back?: boolean;
}
class Cells extends Module<CellsConfig> {
  readonly p = this.io({ a: input(uint(8)), q: output(uint(8)) });
  constructor(cfg: CellsConfig) {
    super(cfg);
    const { shape, x, y, cross = true, registered = false, back = false } = cfg;
    const cells = this.mesh(Cell, shape, { cross, registered });
    const edge = (vector: readonly number[]) => shape.filter((_, i) => vector[i] === 0);
    const filled = (vector: readonly number[]) => edge(vector).reduceRight<AnyValue>((value, n) => fill(n, value), this.p.a);
    const leaving = this.wire(edge(x).reduceRight<HwType>((type, n) => vec(type, n), uint(8)));
    cells.shift(x, { from: 'xOut', to: 'x', enter: back ? leaving : filled(x), leave: leaving });
    cells.shift(y, { from: 'yOut', to: 'y', enter: filled(y) });
    const first = edge(x).reduce<unknown>((value) => (value as { at(i: number): unknown }).at(0), leaving);
    this.p.q.set(first as UInt<8>);
  }
}

describe('a mesh', () => {
  const shaped = (...shape: number[]): number =>
    sizeOf(elaborate(Cells, { shape, x: shape.map((_, i) => +(i === 0)), y: shape.map((_, i) => +(i === 0)) }));
  it('has the same size in every shape', () => {
    expect(shaped(256, 256)).toBe(shaped(2, 2));
    expect(shaped(1024, 1)).toBe(shaped(2, 2));
    expect(shaped(1024, 1024)).toBe(shaped(3, 5));
    expect(shaped(4096)).toBe(shaped(2));
  });
  it('is counted at all', () => expect(shaped(2, 2)).toBeGreaterThan(shaped(2)));
});

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

class Swap extends Module {
  readonly p = this.io({ x: input(uint(8)), y: output(uint(8)) });
  constructor() {
    super();
    this.p.y.set(cat(this.p.x.bits(3, 0), this.p.x.bits(7, 4)));
  }
}
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

describe('names', () => {
  class Named extends Module {
    readonly p = this.io({
      a: input(uint(8)),
      beat: input(bundle({ valid: bool, data: uint(8) })),
      nested: { ready: output(bool) },
      q: output(uint(8)),
      word: output(uint(8)),
    });
    readonly count = this.reg(uint(8), { reset: 0 });
    readonly stages = [this.reg(uint(8)), this.reg(uint(8))];
    readonly group = { left: this.wire(bool), deep: { right: this.wire(bool) } };
    readonly pending = this.reg(bundle({ valid: bool, data: uint(8) }));
    readonly #secret = this.reg(sint(4), { reset: -1 });
    readonly child = this.inst(Swap);
    readonly cells = this.mesh(Cell, [2], { cross: false, registered: false });
    readonly table = this.memory(uint(8), 16);

    constructor() {
      super();
      const { a, beat, nested, q, word } = this.p;
      const local = this.wire(uint(8));
      const typed: UInt = this.wire(uint(8));
      (typed as typeof local).set(a);
      local.set(typed);
      const late = this.delay(a, 2);
      const looked = this.table.readNow(a.bits(3, 0));
      this.table.write(a.bits(3, 0), late);
      this.count.set(this.count.addw(local.xor(1)).trunc(8));
      const [first, second] = this.stages as [typeof this.count, typeof this.count];
      first.set(a);
      second.set(first);
      this.group.left.set(beat.valid);
      this.group.deep.right.set(this.group.left);
      this.pending.set(beat);
      this.#secret.set(this.#secret.not().asSInt());
      this.child.x.set(this.count);
      this.cells.shift([1], { from: 'xOut', to: 'x', enter: a });
      this.cells.broadcast('y', second);
      const carried = a.add(second).named('carried');
      const alias = this.child.y.named('alias');
      const renamed = this.wire(uint(8)).named('chosen');
      renamed.set(this.pending.data);
      nested.ready.set(this.group.deep.right.and(this.pending.valid).and(this.#secret.lt(0)));
      q.set(carried.bits(8, 1));
      word.set(looked.xor(alias).xor(renamed).trunc(8));
    }
  }
  const design = elaborate(Named);
  const names = new Set(namesOf(design.top));

  it.each([
    ['ports', ['a', 'beat_valid', 'beat_data', 'nested_ready', 'q']],
    ['fields', ['count']],
    ['private fields', ['secret']],
    ['arrays', ['stages_0', 'stages_1']],
    ['records', ['group_left', 'group_deep_right']],
    ['bundles', ['pending_valid', 'pending_data']],
    ['local constants', ['local', 'typed', 'late', 'looked']],
    ['pins', ['child_x', 'child_y', 'cells_x', 'cells_y', 'table_write_data']],
    ['.named()', ['carried', 'alias', 'chosen']],
  ])('of %s', (_, wanted) => expect(wanted.filter((name) => !names.has(name))).toEqual([]));

  it('of instances, meshes and memories', () => {
    const { instances, meshes, memories, delays } = design.top;
    expect([instances, meshes, memories, delays].map((list) => list[0]?.name)).toEqual(['child', 'cells', 'table', 'late_delay']);
  });

  it('that the user gave stand in the Verilog', () => {
    const text = emitVerilog(design).find((f) => f.name === design.top.name)?.text as string;
    const given = design.top.signals.filter((s) => s.named && s.role !== 'input' && s.role !== 'output').map((s) => s.name);
    expect(given.length).toBeGreaterThanOrEqual(15);
    expect([...given, 'child', 'cells', 'table'].filter((name) => !new RegExp(`\\b${name}_?\\b`).test(text))).toEqual([]);
  });

  it.each<[string, (m: Bench, a: UInt<8>, go: Bool) => unknown]>([
    ['an alias of an input', (m, a) => m.p.q.set(a.named('kept'))],
    ['a renamed value, under its last name', (m, a) => m.p.q.set(a.named('lost').named('kept'))],
    ['a constant', (m) => m.p.q.set(m.p.a.and(0).named('kept').trunc(8))],
    ['a value that is used once', (m, a) => m.p.q.set(a.addw(1).named('kept'))],
    [
      'a value that is used twice',
      (m, a) => {
        const x = a.addw(1).named('kept');
        m.p.q.set(x.xor(x).trunc(8));
      },
    ],
    ['a value that nothing uses', (_, a) => a.addw(1).named('kept')],
    ['a value of which one bit is used', (m, a) => m.p.ok.set(a.addw(1).named('kept').bit(3))],
    ['a wire that nothing uses', (m, a) => m.make.wire(uint(8)).named('kept').set(a)],
    [
      'a wire that is passed on',
      (m, a) => {
        const w = m.make.wire(uint(8)).named('kept');
        w.set(a);
        m.p.q.set(w);
      },
    ],
    [
      'a wire that a child drives',
      (m, a) => {
        const swap = m.make.inst(Swap) as unknown as { x: { set(v: unknown): void }; y: UInt<8> };
        swap.x.set(a);
        m.p.q.set(swap.y.named('kept'));
      },
    ],
    [
      'a wire that goes into a child',
      (m, a) => {
        const swap = m.make.inst(Swap) as unknown as { x: { set(v: unknown): void }; y: UInt<8> };
        swap.x.set(a.named('kept'));
        m.p.q.set(swap.y);
      },
    ],
    [
      'a word of a memory',
      (m, a) => {
        const ram = m.make.ram();
        m.p.q.set(ram.read(a.trunc(4)).named('kept'));
        ram.write(a.trunc(4), a);
      },
    ],
    ['a register that nothing uses', (m, a) => m.make.reg(uint(8)).named('kept').set(a)],
    ['a condition', (m, a) => when(a.eq(3).named('kept'), () => m.p.q.set(1))],
    ['a constant condition', (m, a) => when(a.and(0).eq(1).named('kept'), () => m.p.q.set(1))],
    [
      'a vector',
      (m) => {
        const w = m.make.wire(vec(uint(8), 4)).named('kept');
        for (const i of [0, 1, 2, 3]) w.at(i).set(m.p.a);
        m.p.list.set(w);
      },
    ],
    [
      'a vector of one',
      (m) => {
        const w = m.make.wire(vec(uint(8), 1)).named('kept');
        w.at(0).set(m.p.a);
        m.p.q.set(w.at(0));
      },
    ],
    [
      'a reserved word',
      (m, a) => {
        const w = m.make.wire(uint(8)).named('kept');
        w.set(a);
        m.p.q.set(w);
      },
    ],
  ])('never vanish: %s', (_, body) => {
    const text = emitVerilog(bench((m) => body(m, m.p.a, m.p.go))).find((f) => f.name === 'bench')?.text as string;
    expect(text).toMatch(/\b(wire|reg)\b[^;]*\bkept\b/);
  });
});
