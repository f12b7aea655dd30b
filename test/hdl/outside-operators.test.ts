// An outside yardstick: Amaranth's matrix of operators, as tables: the shapes of its language guide and of tests/test_hdl_ast.py, the values of tests/test_sim.py.
//
// There mixed signs extend to a common shape, division rounds down, and an index beyond the end takes the last element; here signs do not mix, division rounds
// towards zero as Verilog does, and what is beyond the end reads zero. Those rows say both.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bool, cat, elaborate, HdlError, input, Module, mux, output, sint, switchOn, uint, vec } from '../../hdl/index.ts';
import { abs, fillBits, rotateLeft, rotateRight } from '../../hdl/std/index.ts';
import { simulate } from '../../sim/index.ts';
import { call, type Dyn } from '../support/dynamic.ts';

const typeOf = (shape: string) => (shape.startsWith('u') ? uint(Number(shape.slice(1))) : sint(Number(shape.slice(1))));
const words = (text: string): string[] => text.split(' ').filter(Boolean);
const op =
  (name: string, ...more: readonly unknown[]) =>
  (a: Dyn, ...b: readonly Dyn[]): Dyn =>
    call(a, name, ...b, ...more);
const asAny = (f: unknown) => f as (...x: readonly unknown[]) => Dyn;
const bit = (x: Dyn): Dyn => call(x, 'orR');

/** Two operators on operands of given shapes: the shape that both languages give, in bits (a bool is one). */
const SHAPES: readonly (readonly [what: string, operands: string, of: (...x: readonly Dyn[]) => Dyn, result: string])[] = [
  ...(['add', 'sub'] as const).flatMap((name) => [
    [name, 'u4 u6', op(name), 'u7'] as const,
    [`${name}, signed`, 's4 s6', op(name), 's7'] as const,
    // The literal 10 has four bits, as it has there.
    [`${name} with 10`, 'u4', (a: Dyn) => call(a, name, 10), 'u5'] as const,
  ]),
  ['mul', 'u4 u6', op('mul'), 'u10'],
  ['mul, signed', 's4 s6', op('mul'), 's10'],
  ['mul with 10', 'u4', (a) => call(a, 'mul', 10), 'u8'],
  ['div', 'u4 u6', op('div'), 'u4'],
  ['div, signed: the least by -1 needs a bit more', 's4 s6', op('div'), 's5'],
  ['neg', 'u4', op('neg'), 's5'],
  ['neg, signed', 's4', op('neg'), 's5'],
  ['not', 'u4', op('not'), 'u4'],
  ...(['and', 'or', 'xor'] as const).map((name) => [name, 'u4 u6', op(name), 'u6'] as const),
  ['dshl by three bits', 'u4 u3', op('dshl'), 'u11'],
  ['dshr by three bits', 'u4 u3', op('dshr'), 'u4'],
  ...(['lt', 'le', 'gt', 'ge', 'eq', 'ne'] as const).map((name) => [name, 'u4 u6', op(name), 'bool'] as const),
  ['mux', 'u4 u6', (a, b) => mux(a.bit(0) as never, a as never, b as never) as never, 'u6'],
  ['mux, signed', 's4 s6', (a, b) => mux(a.bit(0) as never, a as never, b as never) as never, 's6'],
  ['as signed', 'u4', op('asSInt'), 's4'],
  ['as unsigned', 's4', op('asUInt'), 'u4'],
  ['is any bit set', 'u4', op('orR'), 'bool'],
  ['are all bits set', 'u3', op('andR'), 'bool'],
  ['is the number of set bits odd', 'u3', op('xorR'), 'bool'],
  ['a slice', 'u8', op('bits', 3, 2), 'u2'],
  ['a slice at a signal', 'u8 u3', op('slice', 2), 'u2'],
  ['a slice of nothing', 'u8 u3', op('slice', 0), 'u0'],
  ['cat of nothing', '', () => asAny(cat)(), 'u0'],
  ['cat of three', 'u4 u1 u1', (...x) => asAny(cat)(...x), 'u6'],
  ['three copies', 'u4', (a) => asAny(fillBits)(a, 3), 'u12'],
  ['no copy', 'u4', (a) => asAny(fillBits)(a, 0), 'u0'],
];

/** Shapes that differ on purpose: what later tests there have, and what stands here. */
const OTHER_SHAPES: typeof SHAPES = [
  // u6 there: the remainder is less than the divisor, and no more than the dividend.
  ['rem', 'u4 u6', op('rem'), 'u4'],
  ['rem, signed', 's4 s6', op('rem'), 's4'],
  // s6 there; bits have no sign here.
  ['and, signed', 's4 s6', op('and'), 'u6'],
  ['or, signed', 's4 s6', op('or'), 'u6'],
  ['xor, signed', 's4 s6', op('xor'), 'u6'],
  ['not, signed', 's4', op('not'), 'u4'],
];

interface ValueRow {
  readonly what: string;
  readonly of: (...x: readonly Dyn[]) => Dyn;
  /** Operands by value and shape, the result by value and width. */
  readonly cases: readonly string[];
}
/** In order of the tests there; the result is compared in as many bits as there. */
const VALUES: readonly ValueRow[] = [
  {
    what: 'not',
    of: op('not'),
    cases: ['0:u4 -> 15:4', '10:u4 -> 5:4'],
  },
  {
    what: 'neg',
    of: op('neg'),
    cases: ['0:u4 -> 0:4', '1:u4 -> 15:4', '10:u4 -> 6:4', '1:u4 -> -1:4', '5:u4 -> -5:4'],
  },
  {
    what: 'is any bit set',
    of: bit,
    cases: ['0:u4 -> 0:1', '1:u4 -> 1:1', '2:u4 -> 1:1', '0:u2 -> 0:1', '3:u2 -> 1:1'],
  },
  {
    what: 'as unsigned',
    of: (a, b) => call(a.asUInt(), 'eq', b),
    cases: ['1:s2 1:u4 -> 1:1', '-1:s2 3:u4 -> 1:1'],
  },
  {
    what: 'as signed',
    of: (a, b) => call(a.asSInt(), 'eq', b),
    cases: ['1:u2 1:s4 -> 1:1', '3:u2 -1:s4 -> 1:1'],
  },
  {
    what: 'as signed, extended',
    of: (a) => a.asSInt().extend(4),
    cases: ['1:u2 -> 1:4', '3:u2 -> 15:4'],
  },
  {
    what: 'andR',
    of: op('andR'),
    cases: ['0:u2 -> 0:1', '1:u2 -> 0:1', '2:u2 -> 0:1', '3:u2 -> 1:1'],
  },
  {
    what: 'xorR',
    of: op('xorR'),
    cases: ['0:u2 -> 0:1', '1:u2 -> 1:1', '2:u2 -> 1:1', '3:u2 -> 0:1'],
  },
  {
    what: 'add',
    of: op('add'),
    cases: ['0:u4 1:u4 -> 1:4', '-5:s4 -5:s4 -> -10:5'],
  },
  {
    what: 'sub',
    of: op('sub'),
    cases: ['2:u4 1:u4 -> 1:4', '0:u4 1:u4 -> -1:4', '0:u4 10:u4 -> -10:5'],
  },
  {
    what: 'mul',
    of: op('mul'),
    cases: ['2:u4 1:u4 -> 2:8', '2:u4 2:u4 -> 4:8', '7:u4 7:u4 -> 49:8'],
  },
  {
    what: 'div',
    of: op('div'),
    cases: ['2:u4 1:u4 -> 2:4', '2:u4 2:u4 -> 1:4', '7:u4 2:u4 -> 3:4'],
  },
  {
    what: 'div of equal signs',
    of: op('div'),
    cases: ['-5:s4 -2:s4 -> 2:5', '5:s4 2:s4 -> 2:5'],
  },
  // Down there: -3 both.
  {
    what: 'div of different signs, towards zero',
    of: op('div'),
    cases: ['-5:s4 2:s4 -> -2:5', '5:s4 -2:s4 -> -2:5'],
  },
  {
    what: 'rem',
    of: op('rem'),
    cases: ['2:u4 0:u4 -> 0:4', '2:u4 1:u4 -> 0:4', '2:u4 2:u4 -> 0:4', '7:u4 2:u4 -> 1:4'],
  },
  {
    what: 'rem of equal signs',
    of: op('rem'),
    cases: ['-5:s4 -3:s4 -> -2:4', '5:s4 3:s4 -> 2:4'],
  },
  // With the sign of the divisor there: 1 and -1.
  {
    what: 'rem of different signs, with the sign of the dividend',
    of: op('rem'),
    cases: ['-5:s4 3:s4 -> -2:4', '5:s4 -3:s4 -> 2:4'],
  },
  { what: 'and', of: op('and'), cases: ['12:u4 10:u4 -> 8:4'] },
  { what: 'or', of: op('or'), cases: ['12:u4 10:u4 -> 14:4'] },
  { what: 'xor', of: op('xor'), cases: ['12:u4 10:u4 -> 6:4'] },
  {
    what: 'dshl',
    of: op('dshl'),
    cases: ['9:u4 0:u1 -> 9:5', '9:u4 3:u2 -> 72:7'],
  },
  {
    what: 'dshr',
    of: op('dshr'),
    cases: ['9:u4 0:u1 -> 9:4', '9:u4 2:u2 -> 2:4'],
  },
  ...(
    [
      ['eq', 1, 0, 0],
      ['ne', 0, 1, 1],
      ['lt', 0, 1, 0],
      ['ge', 1, 0, 1],
      ['gt', 0, 0, 1],
      ['le', 1, 1, 0],
    ] as const
  ).map(
    ([name, same, less, more]): ValueRow => ({
      what: name,
      of: op(name),
      cases: [`0:u4 0:u4 -> ${same}:1`, `0:u4 1:u4 -> ${less}:1`, `1:u4 0:u4 -> ${more}:1`],
    }),
  ),
  {
    what: 'mux',
    of: (a, b, c) => asAny(mux)(c.asBool(), a, b),
    cases: ['2:u4 3:u4 0:u1 -> 3:4', '2:u4 3:u4 1:u1 -> 2:4'],
  },
  {
    what: 'mux of a turned condition',
    of: (a, b, c) => asAny(mux)(call(c.asBool(), 'not'), a, b),
    cases: ['2:u4 3:u4 0:u1 -> 2:4', '2:u4 3:u4 1:u1 -> 3:4'],
  },
  {
    what: 'mux of a wide condition, reduced on purpose',
    of: (a, b, c) => asAny(mux)(bit(c), a, b),
    cases: ['2:u4 3:u4 0:u2 -> 3:4', '2:u4 3:u4 1:u2 -> 2:4', '2:u4 3:u4 2:u2 -> 2:4'],
  },
  {
    what: 'abs',
    of: asAny(abs),
    cases: ['3:s8 -> 3:8', '-3:s8 -> 3:8'],
  },
  { what: 'a bit', of: op('bit', 2), cases: ['0b10110100:u8 -> 1:1'] },
  { what: 'a slice', of: op('bits', 3, 2), cases: ['0b10110100:u8 -> 1:2'] },
  {
    what: 'bits at a signal',
    of: op('slice', 3),
    cases: ['0b10110100:u8 0:u3 -> 4:3', '0b10110100:u8 2:u3 -> 5:3', '0b10110100:u8 3:u3 -> 6:3'],
  },
  {
    what: 'words at a signal',
    of: (a, b) => call(a, 'slice', call(b, 'mul', 3), 3),
    cases: ['0b10110100:u8 0:u2 -> 4:3', '0b10110100:u8 1:u2 -> 6:3', '0b10110100:u8 2:u2 -> 2:3'],
  },
  // Its first operand is the lowest there, the highest here.
  { what: 'cat', of: (a, b) => asAny(cat)(b, a), cases: ['2:u2 1:u2 -> 6:4'] },
  { what: 'copies', of: (a) => asAny(fillBits)(a, 3), cases: ['2:u2 -> 0b101010:6'] },
  { what: 'shl by a constant', of: op('shl', 4), cases: ['0b10100010:u8 -> 0b101000100000:12'] },
  { what: 'shr by a constant', of: op('shr', 4), cases: ['0b10100010:u8 -> 10:4'] },
  ...(
    [
      ['left', 1, 0b1001000, 0b0010001],
      ['left', 5, 0b1000001, 0b0110000],
      ['left', 7, 0b1000001, 0b1000001],
      ['left', 9, 0b1000001, 0b0000110],
      ['right', 1, 0b1001000, 0b0100100],
      ['right', 5, 0b1000001, 0b0000110],
      ['right', 9, 0b1000000, 0b0010000],
    ] as const
  ).map(
    ([way, n, from, to]): ValueRow => ({
      what: `rotate ${way} by ${n}`,
      of: (a) => asAny(way === 'left' ? rotateLeft : rotateRight)(a, n),
      cases: [`${from}:u7 -> ${to}:7`],
    }),
  ),
];

/** Every case of every row, beside each other in one module. */
const CASES = VALUES.flatMap(({ what, of, cases }, row) =>
  cases.map((text, i) => {
    const [operands = '', result = ''] = text.split(' -> ');
    const [value = '', width = ''] = result.split(':');
    const inputs = words(operands).map((operand, o) => {
      const [number, shape = ''] = operand.split(':');
      return { port: `i${row}_${i}_${o}`, value: Number(number), type: typeOf(shape) };
    });
    return { name: `${what}: ${text}`, of, inputs, port: `o${row}_${i}`, value: BigInt.asUintN(Number(width), BigInt(value)), width: Number(width) };
  }),
);
class Matrix extends Module {
  readonly p = this.io(
    Object.fromEntries<ReturnType<typeof input> | ReturnType<typeof output>>(
      CASES.flatMap(({ inputs, port, width }) => [...inputs.map((i) => [i.port, input(i.type)] as const), [port, output(uint(width))] as const]),
    ),
  ) as unknown as { readonly [port: string]: Dyn };
  constructor() {
    super();
    for (const { of, inputs, port, width } of CASES) {
      const result = of(...inputs.map((i) => this.p[i.port] as Dyn)).asUInt();
      this.p[port]?.set(result.width > width ? result.trunc(width) : result);
    }
  }
}

describe('Amaranth: shapes of operators', () => {
  it.each([...SHAPES, ...OTHER_SHAPES])('%s', (_, operands, of, result) => {
    class Probe extends Module {
      readonly p = this.io({ q: output(bool) });
      constructor() {
        super();
        this.p.q.set(false);
        const x = of(
          ...words(operands).map((shape) => {
            const wire = this.wire(typeOf(shape)) as unknown as Dyn;
            wire.set(0);
            return wire;
          }),
        );
        expect(x.kind === 'bool' ? 'bool' : `${x.kind[0]}${x.width}`).toBe(result);
      }
    }
    elaborate(Probe, undefined, { onWarning: () => undefined });
  });
});

/** What a body on an a of u4, a b of s4 and an index is refused with. */
function refusal(body: (a: Dyn, b: Dyn) => unknown): string | undefined {
  class Probe extends Module {
    readonly p = this.io({ a: input(uint(4)), b: input(sint(4)), q: output(bool) });
    constructor() {
      super();
      this.p.q.set(false);
      body(this.p.a as never, this.p.b as never);
    }
  }
  try {
    elaborate(Probe, undefined, { onWarning: () => undefined });
    return undefined;
  } catch (error) {
    if (error instanceof HdlError) return error.diagnostics[0]?.code;
    throw error;
  }
}

describe('Amaranth: what is refused', () => {
  it.each<[string, (a: Dyn, b: Dyn) => unknown, string]>([
    // A common shape there.
    ...(['add', 'sub', 'mul', 'div', 'rem', 'and', 'or', 'xor', 'eq', 'ne', 'lt', 'le', 'gt', 'ge'] as const).map(
      (name): [string, (a: Dyn, b: Dyn) => unknown, string] => [`${name} of mixed signs`, (a, b) => call(a, name, b), 'HDL-S001'],
    ),
    ['mux of mixed signs', (a, b) => asAny(mux)(a.bit(0), a, b), 'HDL-S001'],
    // Reduced to one bit there.
    ['a wide condition', (a) => asAny(mux)(a, a, a), 'HDL-S003'],
    // Refused in both.
    ['a shift by a signed value', (a, b) => call(a, 'dshl', b), 'HDL-W005'],
    ['a shift by a negative number', (a) => call(a, 'shl', -1), 'HDL-W005'],
    ['a slice beyond the end', (a) => a.bits(12, 0), 'HDL-W002'],
    ['a slice from above to below', (a) => a.bits(2, 4), 'HDL-W002'],
    ['a pattern of another width', (a) => asAny(switchOn)(a, { '0b1?': () => undefined, default: () => undefined }), 'HDL-T005'],
    ['a pattern that can never be', (a) => asAny(switchOn)(a, { 22: () => undefined, default: () => undefined }), 'HDL-T005'],
  ])('%s', (_, body, code) => expect(refusal(body)).toBe(code));
});

describe.each(['systole', 'icarus'] as const)('Amaranth: values of operators, on %s', (engine) => {
  let sim: { poke(port: string, value: number): void; peek(port: string): unknown; close(): void };
  beforeAll(() => {
    sim = simulate(Matrix, undefined, { engine });
    for (const { inputs } of CASES) for (const { port, value } of inputs) sim.poke(port, value);
  });
  afterAll(() => sim.close());
  it.each(CASES)('$name', ({ port, value }) => expect(BigInt(sim.peek(port) as number)).toBe(value));
});

/** A table, and three elements and eight bits of which some are written. */
class Arrays extends Module {
  readonly p = this.io({ i: input(uint(3)), d: input(uint(3)), q: output(uint(4)), all: output(uint(9)), part: output(uint(8)) });
  constructor() {
    super();
    const { i, d, q, all, part } = this.p;
    const constants = this.wire(vec(uint(4), 3));
    for (const [k, value] of [1, 4, 10].entries()) constants.at(k).set(value);
    q.set(constants.at(i));
    const elements = this.wire(vec(uint(3), 3));
    for (const [k, value] of [1, 4, 7].entries()) elements.at(k).set(value);
    elements.at(i).set(d);
    all.set(elements.asUInt());
    part.set(255);
    part.slice(i, 3).set(d);
  }
}

it('Amaranth: elements and bits at a signal, read and written', () => {
  const sim = simulate(Arrays);
  const at = (i: number, d = 0): number[] => {
    sim.poke('i', i);
    sim.poke('d', d);
    return [sim.value('q'), sim.value('all'), sim.value('part')].map(Number);
  };
  expect([0, 1, 2].map((i) => at(i)[0])).toEqual([1, 4, 10]);
  expect([at(0, 0)[1], at(1, 2)[1], at(2, 4)[1]]).toEqual([0b111100000, 0b111010001, 0b100100001]);
  expect([at(0, 4)[2], at(2, 5)[2], at(3, 6)[2]]).toEqual([0b11111100, 0b11110111, 0b11110111]);
  // The last element there; here zero is read, and nothing is written.
  expect([at(3)[0], at(4)[0]]).toEqual([0, 0]);
  expect([at(3, 1)[1], at(4, 2)[1]]).toEqual([0b111100001, 0b111100001]);
});
