// An outside yardstick: the facts of CIRCT's list of width inference (test/Dialect/FIRRTL/infer-widths.mlir and its list of errors), as tables.
//
// What CIRCT infers for an undeclared signal is here the least width that its declaration may have: one bit less is refused. Where this language
// decides otherwise on purpose, the row says what CIRCT has and what stands here. Not in the lists of this language: analog, partial connects, probes.

import { describe, expect, it } from 'vitest';
import { asReset, bool, bundle, cat, clock, elaborate, HdlError, input, lit, Module, mux, output, sint, uint, vec, when } from '../../hdl/index.ts';
import { call, type Dyn } from '../support/dynamic.ts';

type Shape = `${'u' | 's'}${number}` | 'bool';
const typeOf = (shape: Shape) => (shape === 'bool' ? bool : shape.startsWith('u') ? uint(Number(shape.slice(1))) : sint(Number(shape.slice(1))));
const shapeOf = (x: Dyn): string => (x.kind === 'bool' ? 'bool' : `${x.kind[0]}${x.width}`);

/** Runs a body within a module that can make anything; the codes that elaboration reports. */
function codes(body: (m: Maker) => void): string[] {
  try {
    elaborate(Maker, body, { name: 'maker', onWarning: () => undefined });
    return [];
  } catch (error) {
    if (!(error instanceof HdlError)) throw error;
    return error.diagnostics.map((d) => d.code);
  }
}

class Maker extends Module<(m: Maker) => void> {
  readonly p = this.io({ clkB: input(clock), go: input(bool), q: output(bool) });
  constructor(body: (m: Maker) => void) {
    super(body);
    this.p.q.set(this.p.go);
    body(this);
  }
  /** A value of a shape. */
  of(shape: Shape): Dyn {
    const wire = this.wire(typeOf(shape)) as unknown as Dyn;
    wire.set(shape === 'bool' ? false : 0);
    return wire;
  }
  make(type: unknown): Dyn {
    return this.wire(type as never) as unknown as Dyn;
  }
  register(type: unknown, options: object = {}): Dyn {
    return this.reg(type as never, options as never) as unknown as Dyn;
  }
  child(cls: unknown, cfg: unknown): { readonly [port: string]: Dyn } {
    return this.inst(cls as never, cfg as never) as never;
  }
  ram(type: unknown, depth: number): { read(a: unknown): Dyn; readNow(a: unknown): Dyn; write(a: unknown, v: unknown): void } {
    return this.memory(type as never, depth) as never;
  }
}

type Row = readonly [what: string, operands: readonly Shape[], of: (...x: readonly Dyn[]) => unknown, result: string];
const op =
  (name: string, ...more: readonly unknown[]) =>
  (a: Dyn, ...b: readonly Dyn[]): Dyn =>
    call(a, name, ...b, ...more);

describe('CIRCT: result widths of operators', () => {
  const rows: readonly Row[] = [
    ['add', ['u2', 'u3'], op('add'), 'u4'],
    ['sub of what was added', ['u2', 'u4'], op('sub'), 'u5'],
    ['mul', ['u3', 'u2'], op('mul'), 'u5'],
    ['div', ['u3', 'u2'], op('div'), 'u3'],
    ['div, signed', ['s3', 's2'], op('div'), 's4'],
    ['rem', ['u3', 'u2'], op('rem'), 'u2'],
    ...(['and', 'or', 'xor'] as const).map((name): Row => [name, ['u2', 'u3'], op(name), 'u3']),
    // One bit there, a bool here.
    ...(['le', 'lt', 'ge', 'gt', 'eq', 'ne'] as const).map((name): Row => [name, ['u2', 'u3'], op(name), 'bool']),
    ...(['andR', 'orR', 'xorR'] as const).map((name): Row => [name, ['u16'], op(name), 'bool']),
    ['cat', ['u2', 'u3'], (a, b) => cat(a as never, b as never), 'u5'],
    ['cat of signed', ['s2', 's3'], (a, b) => cat(a as never, b as never), 'u5'],
    ['dshl', ['u3', 'u3'], op('dshl'), 'u10'],
    ['dshl, signed', ['s3', 'u3'], op('dshl'), 's10'],
    ['dshlw: the low bits of dshl', ['u3', 'u3'], (a, b) => call(a as Dyn, 'dshl', b).trunc(3), 'u3'],
    ['dshlw, signed', ['s3', 'u3'], (a, b) => call(a as Dyn, 'dshl', b).trunc(3), 's3'],
    ['dshr', ['u3', 'u3'], op('dshr'), 'u3'],
    ['dshr, signed', ['s3', 'u3'], op('dshr'), 's3'],
    ['asSInt', ['u2'], op('asSInt'), 's2'],
    ['asUInt', ['s3'], op('asUInt'), 'u3'],
    ['cvt of unsigned: one bit more, signed', ['u2'], (a) => (a as Dyn).extend(3).asSInt(), 's3'],
    ['cvt of signed: itself', ['s3'], (a) => a, 's3'],
    ['neg', ['u2'], op('neg'), 's3'],
    ['neg, signed', ['s3'], op('neg'), 's4'],
    ['not', ['u2'], op('not'), 'u2'],
    ['not, signed', ['s3'], op('not'), 'u3'],
    ['bits', ['u42'], op('bits', 3, 1), 'u3'],
    ['bits, signed', ['s42'], op('bits', 3, 1), 'u3'],
    ['head 5', ['u42'], op('bits', 41, 37), 'u5'],
    ['head 5, signed', ['s42'], op('bits', 41, 37), 'u5'],
    ['tail 30', ['u42'], op('trunc', 12), 'u12'],
    ['tail 30, signed', ['s42'], op('bits', 11, 0), 'u12'],
    ['pad 99', ['u42'], op('extend', 99), 'u99'],
    ['pad 99, signed', ['s42'], op('extend', 99), 's99'],
    ['mux', ['bool', 'u2', 'u3'], (c, a, b) => mux(c as never, a as never, b as never), 'u3'],
    ['shl 3', ['u5'], op('shl', 3), 'u8'],
    ['shl 3, signed', ['s5'], op('shl', 3), 's8'],
    ['shr 3', ['u5'], op('shr', 3), 'u2'],
    ['shr 3, signed', ['s5'], op('shr', 3), 's2'],
    ['shr by more than there is, signed', ['s5'], op('shr', 9), 's1'],
    // One bit in that list; here nothing is left, as the width says.
    ['shr by more than there is: not one bit but none', ['u5'], op('shr', 9), 'u0'],
    ['asSInt of the constant 4232', [], () => lit(uint(13), 4232).asSInt(), 's13'],
  ];

  it.each(rows)('%s', (_, operands, of, result) => {
    expect(codes((m) => expect(shapeOf(of(...operands.map((s) => m.of(s))) as Dyn)).toBe(result))).toEqual([]);
  });

  it.each([
    [0, 'sint', 1],
    [200, 'uint', 8],
    [200, 'sint', 9],
    [-200, 'sint', 9],
    // One bit in that list: zero needs none.
    [0, 'uint', 0],
  ] as const)('the literal %d as %s has %d bits', (value, kind, width) => {
    // Beside an operand without bits, bitwise logic is as wide as the literal.
    expect(codes((m) => expect(call(m.of(kind === 'uint' ? 'u0' : 's0'), 'xor', value).width).toBe(width))).toEqual([]);
  });

  it.each<[string, (m: Maker) => unknown, string]>([
    ['pad to less than there is, which leaves the value there', (m) => m.of('u42').extend(13), 'HDL-W004'],
    ['a clock as uint', (m) => m.make(uint(1)).set(call(m.p.clkB as unknown as Dyn, 'asUInt')), 'HDL-K011'],
    ['arithmetic of mixed signs', (m) => call(m.of('u2'), 'add', m.of('s3')), 'HDL-S001'],
    ['logic of mixed signs', (m) => call(m.of('s2'), 'and', m.of('u3')), 'HDL-S001'],
  ])('refused here: %s', (_, body, code) => expect(codes(body)).toEqual([code]));

  it('a level becomes a reset on purpose', () => expect(codes((m) => expect(asReset(m.p.go, { async: true }).width).toBe(1))).toEqual([]));
});

class Doubled extends Module<{ from: number; to: number }> {
  readonly p = this.io({ in: input(uint(this.cfg.from)), out: output(uint(this.cfg.to)) });
  constructor(cfg: { from: number; to: number }) {
    super(cfg);
    this.p.out.set(this.p.in.add(this.p.in) as never);
  }
}
/** An instance of it with an input that is driven, and its output. */
function doubled(m: Maker, from: number, to = from + 1): Dyn {
  const { in: a, out } = m.child(Doubled, { from, to }) as { readonly in: Dyn; readonly out: Dyn };
  a.set(m.of(`u${from}`));
  return out;
}

describe('CIRCT: the width inferred is the least that a declaration may have', () => {
  const rows: readonly (readonly [what: string, least: number, body: (m: Maker, width: number) => void])[] = [
    ['an output of an input', 2, (m, w) => m.make(uint(w)).set(m.of('u2'))],
    ['a wire of a constant', 3, (m, w) => m.make(uint(w)).set(lit(uint(3), 2))],
    ['a wire of a signed constant', 9, (m, w) => m.make(sint(w)).set(200)],
    ['a wire of an operator', 4, (m, w) => m.make(uint(w)).set(call(m.of('u2'), 'add', m.of('u3')))],
    [
      'a wire assigned under a condition and otherwise',
      5,
      (m, w) => {
        const [wire, a, b] = [m.make(uint(w)), m.of('u4'), m.of('u5')];
        when(m.p.go, () => wire.set(a)).otherwise(() => wire.set(b));
      },
    ],
    ['a register', 6, (m, w) => m.register(uint(w)).set(m.of('u6'))],
    [
      'a register of logic on itself',
      6,
      (m, w) => {
        const r = m.register(uint(w));
        r.set(call(r, 'xor', m.of('u6')));
      },
    ],
    [
      'a register of itself shifted right',
      6,
      (m, w) => {
        const r = m.register(uint(w));
        r.set(m.of('u6'));
        when(m.p.go, () => r.set(call(r, 'shr', 3)));
      },
    ],
    [
      'a register of itself shifted left and right again',
      6,
      (m, w) => {
        const r = m.register(uint(w));
        r.set(m.of('u6'));
        when(m.p.go, () => r.set(call(call(r, 'shl', 3), 'shr', 3)));
      },
    ],
    ['a register with a reset that is narrower', 6, (m, w) => m.register(uint(w), { reset: 0 }).set(m.of('u6'))],
    ['a register with a reset of 17 bits', 17, (m, w) => m.register(uint(w), { reset: 2 ** 17 - 1 }).set(m.of('u6'))],
    ['the input of an instance', 42, (m, w) => m.child(Doubled, { from: w, to: w + 1 })['in']?.set(m.of('u42'))],
    ['the output of a module of an operator', 43, (m, w) => void doubled(m, 42, w)],
    [
      'what takes the output of an instance, added to itself',
      44,
      (m, w) => {
        const out = doubled(m, 42);
        m.make(uint(w)).set(call(out, 'add', out));
      },
    ],
    // One definition there, as wide as the widest instance; here one for each width.
    ['logic of two instances', 43, (m, w) => m.make(uint(w)).set(call(doubled(m, 17), 'xor', doubled(m, 42)))],
    ['a field of a bundle', 3, (m, w) => (m.make(bundle({ a: uint(w) }))['a'] as Dyn).set(m.of('u3'))],
    ['a field of a register', 3, (m, w) => (m.register(bundle({ a: uint(w) }))['a'] as Dyn).set(m.of('u3'))],
    [
      'an element of a vector',
      4,
      (m, w) => {
        const v = m.make(vec(uint(w), 2));
        v.at(0).set(m.of('u4'));
        v.at(1).set(0);
      },
    ],
    [
      'an element that a signal chooses',
      4,
      (m, w) =>
        m
          .register(vec(uint(w), 10))
          .at(m.of('u32'))
          .set(m.of('u4')),
    ],
    [
      'a word of a memory with a narrow and a wide write',
      7,
      (m, w) => {
        const ram = m.ram(uint(w), 8);
        ram.write(m.of('u3'), m.of('u5'));
        ram.write(m.of('u3'), m.of('u7'));
      },
    ],
    ['what takes a word of a memory', 7, (m, w) => m.make(uint(w)).set(m.ram(uint(7), 8).read(m.of('u3')))],
    // Truncated there: `y <= x` of 9 bits into 4.
    ['an output of 4 bits of 9 that are signed', 9, (m, w) => m.make(sint(w)).set(m.of('s9'))],
  ];

  it.each(rows)('%s: %d', (_, least, body) => {
    expect(codes((m) => body(m, least))).toEqual([]);
    expect(codes((m) => body(m, least + 1))).toEqual([]);
    const [first, ...others] = codes((m) => body(m, least - 1));
    expect([first, others.every((code) => code === first)]).toEqual([expect.stringMatching(/^HDL-W00[13]$/), true]);
  });

  it('no width is inferred to nothing', () => expect(codes((m) => m.make(uint(0)).set(m.of('u0')))).toEqual([]));

  it.each([1, 6, 64])('a register that would have to be wider than itself is refused at any width: %d', (w) => {
    const body = (m: Maker): void => {
      const r = m.register(uint(w));
      r.set(call(r, 'mul', call(call(r, 'shl', 3), 'shl', 1)));
    };
    expect(codes(body)).toEqual(['HDL-W003']);
  });

  it('whole bundles and vectors take only their own type', () => {
    const types = [bundle({ a: uint(2), b: uint(3) }), vec(uint(4), 2)];
    for (const type of types)
      expect(
        codes((m) => {
          const held = m.register(type);
          m.register(type).set(held);
        }),
      ).toEqual([]);
    expect(codes((m) => m.register(vec(uint(4), 3)).set(m.register(vec(uint(4), 2))))).toEqual(['HDL-W007']);
  });
});
