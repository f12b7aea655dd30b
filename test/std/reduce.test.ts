// Reduction trees over vectors and meshes, on every engine against sums of the host.

import { describe, expect, it } from 'vitest';
import { elaborate, input, Module, mux, output, sint, uint, vec } from '../../hdl/index.ts';
import { reduceLatency, reduceMesh, reduceTree } from '../../hdl/std/index.ts';
import { emitVerilog } from '../../hdl/verilog/index.ts';
import { everywhere } from '../support/engines.ts';

const LENGTHS = [1, 2, 3, 5, 8, 13];

class Trees extends Module {
  readonly p = this.io(
    Object.fromEntries(
      LENGTHS.map((n) => [
        `n${n}`,
        {
          x: input(vec(sint(5), n)),
          u: input(vec(uint(3), n)),
          sum: output(sint(9)),
          late: output(sint(9)),
          parity: output(uint(3)),
          every: output(uint(3)),
          some: output(uint(3)),
          least: output(sint(5)),
          most: output(sint(5)),
          first: output(uint(3)),
        },
      ]),
    ),
  );
  constructor() {
    super();
    for (const p of Object.values(this.p)) {
      p.sum.set(reduceTree(p.x, 'add'));
      p.late.set(reduceTree(p.x, 'add', { every: 2 }));
      p.parity.set(reduceTree(p.u, 'xor'));
      p.every.set(reduceTree(p.u, 'and'));
      p.some.set(reduceTree(p.u, 'or'));
      p.least.set(reduceTree(p.x, 'min'));
      p.most.set(reduceTree(p.x, 'max'));
      // Associative, but not commutative.
      p.first.set(reduceTree(p.u, (a, b) => mux(a.eq(0), b, a)));
    }
  }
}

describe('over a vector', () => {
  const { inputs, outputs, problems } = everywhere(Trees, undefined, { cycles: 40, settle: 2 });
  it('engines agree and no tool warns', () => expect(problems).toBe(''));

  it.each(LENGTHS)('of %i', (n) => {
    inputs.forEach((values, t) => {
      const x = values[`n${n}_x`] as bigint[];
      const u = values[`n${n}_u`] as bigint[];
      const got = (name: string): unknown => outputs[t]?.[`n${n}_${name}`];
      const sum = (of: readonly bigint[]): bigint => of.reduce((s, v) => s + v, 0n);
      expect(got('sum')).toBe(sum(x));
      expect(got('parity')).toBe(u.reduce((s, v) => s ^ v));
      expect(got('every')).toBe(u.reduce((s, v) => s & v));
      expect(got('some')).toBe(u.reduce((s, v) => s | v));
      expect(got('least')).toBe(x.reduce((s, v) => (v < s ? v : s)));
      expect(got('most')).toBe(x.reduce((s, v) => (v > s ? v : s)));
      expect(got('first')).toBe(u.find((v) => v !== 0n) ?? 0n);
      const before = inputs[t - reduceLatency(n, 2)];
      if (before) expect(got('late')).toBe(sum(before[`n${n}_x`] as bigint[]));
    });
  });

  it('has a latency of one cycle for every so many levels', () => {
    expect(LENGTHS.map((n) => reduceLatency(n, 2))).toEqual([0, 0, 1, 1, 1, 2]);
    expect(LENGTHS.map((n) => reduceLatency(n))).toEqual(LENGTHS.map(() => 0));
  });
});

class Square extends Module {
  readonly p = this.io({ x: input(uint(4)), y: output(uint(8)) });
  constructor() {
    super();
    this.p.y.set(this.p.x.mul(this.p.x));
  }
}

class Grid extends Module<{ readonly shape: readonly [number, number, number] }> {
  readonly #dims = this.cfg.shape;
  readonly p = this.io({
    x: input(vec(vec(vec(uint(4), this.#dims[2]), this.#dims[1]), this.#dims[0])),
    total: output(uint(30)),
    late: output(uint(30)),
    along0: output(vec(vec(uint(8), this.#dims[2]), this.#dims[1])),
    along1: output(vec(vec(uint(8), this.#dims[2]), this.#dims[0])),
    along2: output(vec(vec(uint(8), this.#dims[1]), this.#dims[0])),
  });
  constructor(cfg: { readonly shape: readonly [number, number, number] }) {
    super(cfg);
    const { p } = this;
    const squares = this.mesh(Square, cfg.shape);
    squares.feed('x', [0, 1, 2], p.x);
    p.total.set(reduceMesh(squares, 'y', 'add'));
    p.late.set(reduceMesh(squares, 'y', 'add', { every: 1 }));
    p.along0.set(reduceMesh(squares, 'y', 'max', { axis: 0 }) as never);
    p.along1.set(reduceMesh(squares, 'y', 'max', { axis: 1 }) as never);
    p.along2.set(reduceMesh(squares, 'y', 'xor', { axis: 2 }) as never);
  }
}

describe('over a mesh', () => {
  const shape = [2, 3, 5] as const;
  const { inputs, outputs, problems } = everywhere(Grid, { shape }, { cycles: 30, settle: 6 });
  const squares = inputs.map(({ x }) => (x as bigint[]).map((v) => v * v));
  const sum = (of: readonly bigint[]): bigint => of.reduce((s, v) => s + v, 0n);

  it('engines agree and no tool warns', () => expect(problems).toBe(''));

  it('along all axes', () => {
    const latency = shape.reduce((s, n) => s + reduceLatency(n, 1), 0);
    outputs.forEach(({ total, late }, t) => {
      expect(total).toBe(sum(squares[t] as bigint[]));
      if (t >= latency) expect(late).toBe(sum(squares[t - latency] as bigint[]));
    });
  });

  it('along each axis', () => {
    const [planes, rows, cols] = shape;
    const range = (n: number): number[] => [...Array(n).keys()];
    outputs.forEach(({ along0, along1, along2 }, t) => {
      const at = (i: number, j: number, k: number): bigint => squares[t]?.[(i * rows + j) * cols + k] as bigint;
      const most = (of: readonly bigint[]): bigint => of.reduce((s, v) => (v > s ? v : s));
      expect(along0).toEqual(range(rows).flatMap((j) => range(cols).map((k) => most(range(planes).map((i) => at(i, j, k))))));
      expect(along1).toEqual(range(planes).flatMap((i) => range(cols).map((k) => most(range(rows).map((j) => at(i, j, k))))));
      expect(along2).toEqual(
        range(planes).flatMap((i) =>
          range(rows).map((j) =>
            range(cols)
              .map((k) => at(i, j, k))
              .reduce((s, v) => s ^ v),
          ),
        ),
      );
    });
  });

  it('has no other axes', () => {
    class Bad extends Module {
      readonly p = this.io({ x: input(uint(4)), y: output(uint(8)) });
      constructor() {
        super();
        const squares = this.mesh(Square, [3]);
        squares.broadcast('x', this.p.x);
        this.p.y.set(reduceMesh(squares, 'y', 'add', { axis: 1 }) as never);
      }
    }
    expect(() => elaborate(Bad)).toThrow(/a reduction along axis 1 of a 1-dimensional mesh/);
  });

  it('grows with the lengths of the axes, not with the number of elements', () => {
    const files = emitVerilog(elaborate(Grid, { shape: [40, 40, 40] }));
    expect(files.reduce((n, f) => n + f.text.split('\n').length, 0)).toBeLessThan(40 * 40);
  });
});
