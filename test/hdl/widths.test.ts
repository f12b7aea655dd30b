// Result widths of every operator, as FIRRTL has them, for all pairs of small widths: the table of the guide as formulas.

import { describe, expect, it } from 'vitest';
import { bool, cat, elaborate, input, Module, mux, output, sint, type UInt, uint } from '../../hdl/index.ts';

/** All operators that both kinds have, as if of uint. */
type Both = UInt;
type Shape = readonly [kind: string, width: number];
const WIDTHS = [0, 1, 2, 3, 7, 8, 9, 64];
const shape = (x: { readonly kind: string; readonly width: number }): Shape => [x.kind, x.width];

const BINARY: { readonly [op: string]: (a: number, b: number, kind: 'uint' | 'sint') => Shape } = {
  add: (a, b, kind) => [kind, Math.max(a, b) + 1],
  sub: (a, b, kind) => [kind, Math.max(a, b) + 1],
  addw: (a, b, kind) => [kind, Math.max(a, b)],
  subw: (a, b, kind) => [kind, Math.max(a, b)],
  mul: (a, b, kind) => [kind, a + b],
  div: (a, _b, kind) => [kind, kind === 'sint' ? a + 1 : a],
  rem: (a, b, kind) => [kind, Math.min(a, b)],
  and: (a, b) => ['uint', Math.max(a, b)],
  or: (a, b) => ['uint', Math.max(a, b)],
  xor: (a, b) => ['uint', Math.max(a, b)],
  ...Object.fromEntries(['eq', 'ne', 'lt', 'le', 'gt', 'ge'].map((op) => [op, (): Shape => ['bool', 1]])),
};

/** Runs `look` on a value of each width, within a module. */
function within(kind: 'uint' | 'sint', look: (values: readonly Both[]) => void): void {
  class Probe extends Module {
    readonly p = this.io({ go: input(bool), q: output(bool) });
    readonly values = WIDTHS.map((w) => this.wire(kind === 'uint' ? uint(w) : sint(w)));
    constructor() {
      super();
      for (const value of this.values) value.set(0);
      look(this.values as never);
      this.p.q.set(this.p.go);
    }
  }
  elaborate(Probe, undefined, { onWarning: () => undefined });
}

describe.each(['uint', 'sint'] as const)('%s', (kind) => {
  it.each(Object.entries(BINARY))('%s', (op, rule) =>
    within(kind, (values) => {
      for (const a of values)
        for (const b of values) {
          const result = (a as unknown as { [op: string]: (x: unknown) => UInt })[op]?.(b) as UInt;
          expect([a.width, b.width, ...shape(result)]).toEqual([a.width, b.width, ...rule(a.width, b.width, kind)]);
        }
    }),
  );

  it('one operand, shifts, mux and cat', () =>
    within(kind, (values) => {
      for (const a of values) {
        const w = a.width;
        expect(shape(a.neg())).toEqual(['sint', w + 1]);
        expect(shape(a.not())).toEqual(['uint', w]);
        for (const x of [a.andR(), a.orR(), a.xorR()]) expect(shape(x)).toEqual(['bool', 1]);
        for (const n of [0, 1, 5, 80]) {
          expect(shape(a.shl(n))).toEqual([kind, w + n]);
          expect(shape(a.shr(n))).toEqual([kind, Math.max(w - n, kind === 'sint' ? Math.min(1, w) : 0)]);
        }
        for (const s of values.filter((v) => kind === 'uint' && v.width <= 8)) {
          expect(shape(a.dshl(s))).toEqual([kind, w + 2 ** s.width - 1]);
          expect(shape(a.dshr(s))).toEqual([kind, w]);
        }
        for (const b of values) {
          expect(shape(mux(a.orR(), a as UInt, b as UInt))).toEqual([kind, Math.max(w, b.width)]);
          expect(shape(cat(a, b))).toEqual(['uint', w + b.width]);
        }
      }
    }));
});
