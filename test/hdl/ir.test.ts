// What elaboration makes: one definition for each distinct module, a size that does not depend on the shape of an array, names, and no loops.

import { describe, expect, it } from 'vitest';
import {
  bool,
  bundle,
  type Design,
  dumpDesign,
  elaborate,
  enumeration,
  type HwType,
  input,
  Module,
  output,
  type UInt,
  uint,
  vec,
  when,
} from '../../hdl/index.ts';
import type { Definition, Expr } from '../../hdl/ir/nodes.ts';
import { ownExprs, visitExprs, visitStmts } from '../../hdl/ir/visit.ts';
import { emitVerilog } from '../../hdl/verilog/index.ts';
import { type Bench, bench, Cells, definitionsOf, namesOf } from '../support/bench-module.ts';
import { Tree } from '../support/tree.ts';

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

  it('stand for a hierarchy of 10,000 irregular instances', () => {
    Tree.children = 0;
    const design = elaborate(Tree, { size: 10_000, seed: 1 });
    const total = new Map<Definition, number>();
    for (const d of design.definitions) total.set(d, 1 + d.instances.reduce((sum, i) => sum + (total.get(i.definition) as number), 0));
    expect(total.get(design.top)).toBe(10_000);
    expect(design.definitions.length).toBeGreaterThan(100);
    // Only what is new was constructed.
    expect(Tree.children).toBeLessThan(5 * design.definitions.length);
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
