// Every operator at the widths where representations change, against bigint arithmetic written here.

import { describe, expect, test } from 'vitest';
import { bool, cat, elaborate, input, Module, mux, output, sint, uint } from '../../hdl/index.ts';
import type { Expr, Signal } from '../../hdl/ir/nodes.ts';
import { simulateDesign } from '../../sim/index.ts';
import { evaluate, inRange } from './reference.ts';

const WIDTHS = [0, 1, 2, 7, 8, 31, 32, 33, 51, 52, 53, 64, 65];
type Config = { readonly kind: 'uint' | 'sint'; readonly a: number; readonly b: number };

class Operators extends Module<Config> {
  readonly p;
  constructor(cfg: Config) {
    super(cfg);
    const make = cfg.kind === 'uint' ? uint : sint;
    this.p = this.io({
      a: input(make(cfg.a)),
      b: input(make(cfg.b)),
      n: input(uint(6)),
      m: input(uint(5)),
      w: input(uint(70)),
      c: input(bool),
      x: output(bool),
    });
    const { c, n, m, w, x } = this.p;
    // The operators are methods of both kinds; the kind is chosen by the configuration.
    const { a, b } = this.p as unknown as { a: Any; b: Any };
    const { name } = {
      name: (_: string, v: Any) => {
        v.named(_);
      },
    };
    for (const op of ['add', 'sub', 'addw', 'subw', 'mul', 'div', 'rem', 'and', 'or', 'xor', 'eq', 'ne', 'lt', 'le', 'gt', 'ge'])
      name(`q_${op}`, a[op](b));
    for (const op of ['not', 'neg', 'andR', 'orR', 'xorR']) name(`q_${op}`, a[op]());
    name('q_shl', a.shl(3));
    name('q_shl0', a.shl(0));
    for (const k of [0, 1, 7, 32, 40, 70]) name(`q_shr${k}`, a.shr(k));
    name('q_dshl', a.dshl(m));
    name('q_dshl6', a.dshl(n));
    name('q_dshr', a.dshr(n));
    name('q_dshr5', a.dshr(m));
    name('q_dshrw', a.dshr(w));
    name('q_cat', cat(a, b, c, a));
    name('q_mux', (mux as Any)(c, a, b));
    name('q_uint', a.asUInt());
    name('q_sint', a.asSInt());
    for (const k of [0, 1, 5, 32, 34, 53]) if (k <= cfg.a) name(`q_trunc${k}`, a.trunc(k));
    for (const k of [0, 3, 32, 40]) name(`q_extend${k}`, a.extend(cfg.a + k));
    for (const [hi, lo] of [
      [0, 0],
      [5, 2],
      [6, 6],
      [31, 0],
      [32, 1],
      [50, 18],
      [51, 30],
      [63, 0],
      [64, 64],
    ] as const)
      if (hi < cfg.a) name(`q_bits${hi}_${lo}`, a.bits(hi, lo));
    // Wrapping of a wider intermediate.
    for (const k of [1, 8, 32]) if (k <= Math.max(cfg.a, cfg.b)) for (const op of ['add', 'sub', 'mul']) name(`q_low_${op}${k}`, a[op](b).trunc(k));
    for (const op of ['add', 'sub']) name(`q_halved_${op}`, a[op](b).shr(1));
    x.set(c);
  }
}
// biome-ignore lint/suspicious/noExplicitAny: one text for both kinds
type Any = any;

function samples(width: number, signed: boolean): bigint[] {
  if (width === 0) return [0n];
  const top = 1n << BigInt(width - 1);
  const all = (1n << BigInt(width)) - 1n;
  const patterns = [0n, 1n, all, top, top - 1n, all / 3n, (all / 3n) * 2n, 0x9e3779b97f4a7c15f39cn & all];
  return [...new Set(patterns.map((p) => (signed ? BigInt.asIntN(width, p & all) : p & all)))];
}

describe.each(['uint', 'sint'] as const)('operators of %s', (kind) => {
  test.each(WIDTHS)('at width %i', (a) => {
    for (const b of WIDTHS) {
      const design = elaborate(Operators, { kind, a, b });
      const sim = simulateDesign(design);
      const driver = new Map<Signal, Expr>(design.top.body.flatMap((s) => (s.kind === 'assign' ? [[s.target.signal, s.value] as const] : [])));
      const signal = (name: string): Signal => design.top.signals.find((s) => s.name === name) as Signal;
      let shift = 0n;
      const others = samples(b, kind === 'sint');
      for (const [i, va] of samples(a, kind === 'sint').entries()) {
        for (const vb of others.filter((_, j) => (i + j) % 3 === 0)) {
          shift = (shift * 5n + 3n) % 64n;
          const wide = shift % 3n === 0n ? 1n << 69n : shift;
          const inputs = { a: va, b: vb, n: shift, m: shift % 32n, w: wide, c: shift & 1n };
          const env = new Map(Object.entries(inputs).map(([name, v]) => [signal(name), v]));
          for (const [name, v] of Object.entries(inputs)) sim.poke(name, v);
          for (const [target, value] of driver) {
            if (!target.name.startsWith('q_')) continue;
            const want = inRange(evaluate(value, env) as bigint, target.type);
            const got = BigInt(sim.value(target.name));
            if (got !== want)
              expect.fail(`${target.name} of ${kind} ${a} and ${b}: ${JSON.stringify(inputs, (_, v) => String(v))}: ${got}, expected ${want}`);
          }
        }
      }
    }
  });
});
