// Fixed point in hardware: every operator, rounding and overflow against exact fractions, on every engine.

import { describe, expect, it } from 'vitest';
import {
  bool,
  decode,
  type FixedType,
  fixed,
  input,
  lit,
  Module,
  mux,
  nearest,
  output,
  type Rounding,
  sint,
  ufixed,
  uint,
  vec,
  when,
} from '../../hdl/index.ts';
import { everywhere, type PortValues } from '../support/engines.ts';

/** A fraction: integer · 2^−point. */
interface Exact {
  readonly n: bigint;
  readonly point: number;
}
const at = (x: Exact, point: number): bigint => x.n * 2n ** BigInt(point - x.point);
const both = (a: Exact, b: Exact, f: (x: bigint, y: bigint) => bigint): Exact => {
  const point = Math.max(a.point, b.point);
  return { n: f(at(a, point), at(b, point)), point };
};

type Shape = readonly [width: number, fraction: number];
/** Points inside of the bits, at their ends and outside; no bits at all. */
const SHAPES: readonly Shape[] = [
  [8, 4],
  [8, 0],
  [6, 6],
  [5, 8],
  [5, -3],
  [1, 0],
  [0, 2],
  [34, 16],
];

interface Pair {
  readonly a: Shape;
  readonly b: Shape;
}
const PAIRS: readonly Pair[] = SHAPES.flatMap((a, i) => [0, 3, 5].map((k) => ({ a, b: SHAPES[(i + k) % SHAPES.length] as Shape })));

/** Both kinds under one static type; the run-time one is `signed`'s. */
const point = (signed: boolean, [width, fraction]: Shape): FixedType =>
  signed ? fixed(width, fraction) : (ufixed(width, fraction) as unknown as FixedType);
const sumOf = ({ a, b }: Pair): Shape => [Math.max(a[0] - a[1], b[0] - b[1]) + Math.max(a[1], b[1]) + 1, Math.max(a[1], b[1])];

function portsOf(pair: Pair, signed: boolean) {
  const { a, b } = pair;
  const [width, fraction] = sumOf(pair);
  return {
    c: input(bool),
    a: input(point(signed, a)),
    b: input(point(signed, b)),
    add: output(point(signed, [width, fraction])),
    sub: output(fixed(width, fraction)),
    mul: output(point(signed, [a[0] + b[0], a[1] + b[1]])),
    neg: output(fixed(a[0] + 1, a[1])),
    scaled: output(point(signed, [a[0], a[1] - 3])),
    chosen: output(point(signed, [width - 1, fraction])),
    wide: output(point(signed, [a[0] + 5, a[1] + 2])),
    eq: output(bool),
    ne: output(bool),
    lt: output(bool),
    le: output(bool),
    gt: output(bool),
    ge: output(bool),
    bits: output(uint(a[0])),
  };
}

/** Every operator on every pair. */
class Operators extends Module<{ readonly signed: boolean }> {
  readonly p = this.io(Object.fromEntries(PAIRS.map((pair, i) => [`p${i}`, portsOf(pair, this.cfg.signed)])));
  constructor(cfg: { readonly signed: boolean }) {
    super(cfg);
    for (const p of Object.values(this.p)) {
      p.add.set(p.a.add(p.b));
      p.sub.set(p.a.sub(p.b));
      p.mul.set(p.a.mul(p.b));
      p.neg.set(p.a.neg());
      p.scaled.set(p.a.scale(3));
      p.chosen.set(mux(p.c, p.a, p.b));
      p.wide.set(p.a);
      p.eq.set(p.a.eq(p.b));
      p.ne.set(p.a.ne(p.b));
      p.lt.set(p.a.lt(p.b));
      p.le.set(p.a.le(p.b));
      p.gt.set(p.a.gt(p.b));
      p.ge.set(p.a.ge(p.b));
      p.bits.set(p.a.asBits());
    }
  }
}

describe('operators are exact', () => {
  it.each([true, false])('with points inside of the bits, at their ends and outside, signed %s', (signed) => {
    const { inputs, outputs, problems } = everywhere(Operators, { signed }, { cycles: 24 });
    expect(problems).toBe('');
    for (const [t, out] of outputs.entries())
      for (const [i, { a, b }] of PAIRS.entries()) {
        const [given, got] = [inputs[t] as PortValues, (port: string) => out[`p${i}_${port}`]];
        const x = { n: given[`p${i}_a`] as bigint, point: a[1] };
        const y = { n: given[`p${i}_b`] as bigint, point: b[1] };
        const order = both(x, y, (m, n) => (m < n ? -1n : m > n ? 1n : 0n)).n;
        const names = ['add', 'sub', 'mul', 'neg', 'scaled', 'chosen', 'wide', 'eq', 'ne', 'lt', 'le', 'gt', 'ge', 'bits'];
        expect(names.map(got), `${a} ${b} ${x.n} ${y.n}`).toEqual([
          both(x, y, (m, n) => m + n).n,
          both(x, y, (m, n) => m - n).n,
          x.n * y.n,
          -x.n,
          x.n,
          at(given[`p${i}_c`] === 1n ? x : y, Math.max(a[1], b[1])),
          x.n * 4n,
          ...[order === 0n, order !== 0n, order < 0n, order <= 0n, order > 0n, order >= 0n].map((c) => (c ? 1n : 0n)),
          BigInt.asUintN(a[0], x.n),
        ]);
      }
  });
});

const ROUNDINGS: readonly Rounding[] = ['truncate', 'halfUp', 'halfEven', 'halfAwayFromZero', 'up', 'towardsZero'];
const OVERFLOWS = ['wrap', 'saturate'] as const;
const TARGETS: readonly Shape[] = [
  [9, 5],
  [8, 3],
  [4, 1],
  [3, 0],
  [2, -1],
  [0, 0],
  [4, -9],
];

/** The integer nearest to n / d by the rule. */
function divide(n: bigint, d: bigint, rounding: Rounding): bigint {
  const floor = (n - (((n % d) + d) % d)) / d;
  const rest = n - floor * d;
  const up = floor + (rest > 0n ? 1n : 0n);
  const nearest = (tie: bigint): bigint => (rest * 2n === d ? tie : rest * 2n > d ? up : floor);
  switch (rounding) {
    case 'truncate':
      return floor;
    case 'up':
      return up;
    case 'towardsZero':
      return n < 0n ? up : floor;
    case 'halfUp':
      return nearest(up);
    case 'halfEven':
      return nearest(floor % 2n === 0n ? floor : up);
    case 'halfAwayFromZero':
      return nearest(n < 0n ? floor : up);
  }
}

const name = (r: string, o: string, i: number): string => `${r}_${o}_${i}`.toLowerCase();

class Narrowings extends Module<{ readonly signed: boolean }> {
  readonly p = this.io({
    x: input(point(this.cfg.signed, [8, 4])),
    q: Object.fromEntries(
      ROUNDINGS.flatMap((r) => OVERFLOWS.flatMap((o) => TARGETS.map((t, i) => [name(r, o, i), output(point(this.cfg.signed, t))] as const))),
    ),
  });
  constructor(cfg: { readonly signed: boolean }) {
    super(cfg);
    for (const rounding of ROUNDINGS)
      for (const overflow of OVERFLOWS)
        for (const [i, t] of TARGETS.entries()) this.p.q[name(rounding, overflow, i)]?.set(this.p.x.toFixed(...t, { rounding, overflow }));
  }
}

describe('toFixed', () => {
  it.each([true, false])('rounds and overflows by its rules for every value, signed %s', (signed) => {
    const drive = (t: number) => ({ x: signed ? BigInt.asIntN(8, BigInt(t)) : BigInt(t) });
    const { inputs, outputs, problems } = everywhere(Narrowings, { signed }, { cycles: 256, drive, verilator: signed });
    expect(problems).toBe('');
    for (const [t, out] of outputs.entries()) {
      const { x } = inputs[t] as { readonly x: bigint };
      for (const rounding of ROUNDINGS)
        for (const [i, [width, fraction]] of TARGETS.entries()) {
          const rounded = fraction >= 4 ? x * 2n ** BigInt(fraction - 4) : divide(x, 2n ** BigInt(4 - fraction), rounding);
          const [min, max] =
            width === 0 ? [0n, 0n] : signed ? [-(2n ** BigInt(width - 1)), 2n ** BigInt(width - 1) - 1n] : [0n, 2n ** BigInt(width) - 1n];
          const wrapped = signed ? BigInt.asIntN(width, rounded) : BigInt.asUintN(width, rounded);
          expect(out[`q_${name(rounding, 'wrap', i)}`], `${x} ${rounding} ${i}`).toBe(wrapped);
          expect(out[`q_${name(rounding, 'saturate', i)}`], `${x} ${rounding} ${i}`).toBe(rounded < min ? min : rounded > max ? max : rounded);
        }
    }
  });
});

/** State, arrays, literals and conversions. */
class Filter extends Module {
  readonly p = this.io({
    x: input(fixed(8, 7)),
    u: input(ufixed(6, 2)),
    raw: input(sint(9)),
    go: input(bool),
    i: input(uint(2)),
    taps: output(vec(fixed(8, 7), 3)),
    y: output(fixed(18, 14)),
    above: output(bool),
    magnitude: output(ufixed(8, 7)),
    both: output(fixed(8, 3)),
    seen: output(fixed(9, 4)),
    constants: output(vec(fixed(8, 6), 2)),
    stored: output(fixed(8, 7)),
    late: output(fixed(8, 7)),
    picked: output(fixed(8, 7)),
  });
  readonly taps = this.reg(vec(fixed(8, 7), 3), { reset: -0.5 });
  readonly sum = this.reg(fixed(18, 14), { reset: 1.25 });
  readonly ram = this.memory(fixed(8, 7), 4, { init: [0.5, -1, 0, 0.25] });
  constructor() {
    super();
    const { p, taps, sum, ram } = this;
    when(p.go, () => {
      taps.at(0).set(p.x);
      taps.at(1).set(taps.at(0));
      taps.at(2).set(nearest(fixed(8, 7), 0.1));
      taps.at(p.i).set(p.x);
    });
    sum.set(
      taps
        .at(0)
        .mul(0.5)
        .add(taps.at(1).mul(nearest(fixed(8, 7), 0.3)))
        .toFixed(18, 14),
    );
    p.taps.set(taps);
    p.y.set(sum);
    p.above.set(p.x.gt(0.25));
    p.magnitude.set(p.x.abs());
    p.both.set(p.u.toSigned());
    p.seen.set(p.raw.asFixed(4));
    p.constants.at(0).set(lit(fixed(8, 6), -1.5));
    p.constants.at(1).set(0.75);
    when(p.go, () => ram.write(p.i, p.x));
    p.stored.set(ram.readNow(p.i));
    p.late.set(this.delay(p.x, 2, { reset: true }));
    p.picked.set(taps.at(p.i));
  }
}

describe('fixed point in state, arrays and memories', () => {
  it('is what its integers are', () => {
    const { inputs, outputs, problems } = everywhere(Filter as never, undefined, { cycles: 80, drive: (t) => (t < 3 ? { go: 0n } : {}) });
    expect(problems).toBe('');
    let taps = [-64n, -64n, -64n];
    let sum = 20480n;
    const ram = [64n, -128n, 0n, 32n];
    for (const [t, out] of outputs.entries()) {
      const { x, u, raw, go, i: index } = inputs[t] as unknown as { readonly [port in 'x' | 'u' | 'raw' | 'go' | 'i']: bigint };
      const i = Number(index);
      const { late: _, ...seen } = out;
      if (t > 0)
        expect(seen, `${t}`).toEqual({
          taps,
          y: sum,
          above: x > 32n ? 1n : 0n,
          magnitude: x < 0n ? -x : x,
          both: u * 2n,
          seen: raw,
          constants: [-96n, 48n],
          stored: ram[i],
          picked: taps[i] ?? 0n,
        });
      if (go === 1n) ram[i] = x;
      if (t === 0) continue;
      // 0.5 is 64 of 128ths, 0.3 rounds to 38.
      sum = (taps[0] as bigint) * 64n + (taps[1] as bigint) * 38n;
      if (go === 1n) {
        taps = [x, taps[0] as bigint, 13n];
        if (i < 3) taps[i] = x;
      }
    }
    expect(decode(fixed(18, 14), 20480n)).toBe(1.25);
  });
});
