// Every operator at the widths where things go wrong, printed to Verilog and simulated, against exact integers.

import { describe, expect, it } from 'vitest';
import { problems } from '../support/check-circuit.ts';
import {
  asBools,
  at,
  choose,
  concat,
  type Expr,
  field,
  filled,
  literal,
  pack,
  prim,
  ref,
  reversed,
  type Variable,
  vecFrom,
  withLiteral,
  zeroOf,
} from '../support/circuit/data.ts';
import { table, variable } from '../support/circuit-tables.ts';
import { BOOL, type Ground, sintT, type Type, uintT, vecT } from '../support/reference.ts';

const WIDTHS = [0, 1, 2, 3, 7, 8, 9, 31, 32, 33, 63, 64, 65];

describe.each(['uint', 'sint'] as const)('%s', (kind) => {
  const typed = (width: number): Ground => ({ kind, width });
  const [as, bs] = ['a', 'b'].map((name) => WIDTHS.map((w) => variable(`${name}${w}`, typed(w)))) as [Variable[], Variable[]];

  it.each([
    ['add', 'sub', 'addw', 'subw', 'mul'],
    ['and', 'or', 'xor'],
    ['eq', 'ne', 'lt', 'le', 'gt', 'ge'],
  ])('%s … at all pairs of widths', (...ops) => {
    const exprs = as.flatMap((a) => bs.flatMap((b) => ops.map((op) => prim(op, [ref(a), ref(b)]))));
    expect(problems(table([...as, ...bs], exprs), { cycles: 24 })).toBe('');
  });

  it('one operand: negation, reductions, constant shifts, resizing, bits, casts', () => {
    const exprs = as.flatMap((a): Expr[] => {
      const { width } = a.type as Ground;
      const amounts = [...new Set([0, 1, 2, width - 1, width, width + 5])].filter((n) => n >= 0);
      return [
        ...['not', 'neg', 'andR', 'orR', 'xorR', kind === 'uint' ? 'asSInt' : 'asUInt'].map((op) => prim(op, [ref(a)])),
        ...amounts.flatMap((n) => [prim('shl', [ref(a)], n), prim('shr', [ref(a)], n)]),
        ...amounts.filter((n) => n <= width).map((n) => prim('trunc', [ref(a)], n)),
        ...[width, width + 1, width + 40].map((n) => prim('extend', [ref(a)], n)),
        ...amounts
          .filter((n) => n < width)
          .flatMap((n) => [prim('bit', [ref(a)], n), prim('bits', [ref(a)], width - 1, n), prim('bits', [ref(a)], n, 0)]),
      ];
    });
    expect(problems(table(as, exprs))).toBe('');
  });

  it('shifts by a signal, far beyond the width too', () => {
    const amounts = [0, 1, 2, 3, 5, 7].map((w) => variable(`n${w}`, uintT(w)));
    const exprs = as.flatMap((a) =>
      amounts.flatMap((n) => [...((n.type as Ground).width < 6 ? [prim('dshl', [ref(a), ref(n)])] : []), prim('dshr', [ref(a), ref(n)])]),
    );
    expect(problems(table([...as, ...amounts], exprs))).toBe('');
  });

  it('literal operands: 0, ±1, the largest, the smallest and their neighbours', () => {
    const exprs = as.flatMap((a): Expr[] => {
      const { width } = a.type as Ground;
      const top = 2n ** BigInt(kind === 'sint' ? Math.max(width - 1, 0) : width);
      const values = [...new Set(kind === 'sint' ? [0n, 1n, -1n, top - 1n, -top, top, -128n, -129n] : [0n, 1n, top - 1n, top, 255n, 256n])];
      return values.flatMap((v) => ['add', 'subw', 'mul', 'xor', 'eq', 'lt', 'ge'].map((op) => withLiteral(op, ref(a), v)));
    });
    expect(problems(table(as, exprs))).toBe('');
  });

  it('mux takes the wider of two', () => {
    const c = variable('c', BOOL);
    const exprs = as.flatMap((a) => bs.map((b) => choose(ref(c), ref(a), ref(b))));
    expect(problems(table([c, ...as, ...bs], exprs), { cycles: 16 })).toBe('');
  });
});

describe('bool and mixtures', () => {
  it('has its operators', () => {
    const [a, b, c] = ['a', 'b', 'c'].map((n) => variable(n, BOOL)) as [Variable, Variable, Variable];
    const [x, y, z] = [a, b, c].map(ref) as [Expr, Expr, Expr];
    const exprs = [
      ...['and', 'or', 'xor', 'eq', 'ne'].flatMap((op) => [prim(op, [x, y]), withLiteral(op, x, 1n), withLiteral(op, x, 0n)]),
      prim('not', [x]),
      prim('not', [prim('not', [prim('and', [x, prim('or', [y, z])])])]),
      choose(x, y, z),
      choose(x, choose(y, z, x), choose(z, y, x)),
      prim('asUInt', [x]),
      prim('asBool', [prim('asUInt', [x])]),
      literal(BOOL, 1n),
    ];
    expect(problems(table([a, b, c], exprs))).toBe('');
  });

  it('literals of every width and sign are sized', () => {
    const exprs = WIDTHS.flatMap((w): Expr[] => {
      const half = 2n ** BigInt(Math.max(0, w - 1));
      return [
        literal(uintT(w), 2n ** BigInt(w) - 1n),
        literal(uintT(w), 0n),
        ...(w > 0 ? [literal(sintT(w), -half), literal(sintT(w), half - 1n)] : []),
      ];
    });
    expect(problems(table([variable('a', BOOL)], [...exprs, ref(variable('a', BOOL))]), { cycles: 2 })).toBe('');
  });

  it('cat takes bits of any kind, zero width included', () => {
    const ins = [variable('a', uintT(3)), variable('b', sintT(5)), variable('c', BOOL), variable('d', uintT(0)), variable('e', sintT(65))];
    const [a, b, c, d, e] = ins.map(ref) as [Expr, Expr, Expr, Expr, Expr];
    const exprs = [
      concat([a, b, c, d, e]),
      concat([e, d]),
      concat([d]),
      concat([b]),
      concat([prim('add', [a, a]), prim('neg', [b])]),
      prim('bits', [concat([a, b, c]), a], 6, 2),
      prim('asSInt', [concat([c, b])]),
    ];
    expect(
      problems(
        table(
          ins,
          exprs.map((x) => (x.op === 'prim' && x.fn === 'bits' ? { ...x, args: [x.args[0] as Expr] } : x)),
        ),
      ),
    ).toBe('');
  });
});

describe('traps of Verilog', () => {
  const [u8, v8, s8, t8, u4, s4] = [
    variable('u8', uintT(8)),
    variable('v8', uintT(8)),
    variable('s8', sintT(8)),
    variable('t8', sintT(8)),
    variable('u4', uintT(4)),
    variable('s4', sintT(4)),
  ];
  const ins = [u8, v8, s8, t8, u4, s4];
  const [u, v, s, t, n, m] = ins.map(ref) as [Expr, Expr, Expr, Expr, Expr, Expr];

  it('keeps carries, signs and widths', () => {
    const sum = prim('addw', [u, v]);
    const exprs = [
      prim('shr', [prim('add', [u, v])], 1), // The carry survives the shift …
      prim('trunc', [prim('shr', [prim('add', [u, v])], 1)], 8),
      prim('trunc', [prim('dshr', [prim('add', [u, v]), n])], 4),
      prim('shr', [prim('addw', [u, v])], 1), // … and does not come back in a wide place.
      prim('extend', [prim('addw', [u, v])], 12),
      prim('extend', [prim('not', [n])], 8),
      prim('xor', [prim('asUInt', [prim('dshr', [s, prim('bits', [n], 1, 0)])]), literal(uintT(8), 0n)]), // Arithmetic although ^ 8'h00 is unsigned.
      prim('asUInt', [prim('shr', [s], 1)]),
      prim('dshr', [prim('asSInt', [u]), n]),
      prim('dshr', [prim('asUInt', [s]), n]),
      prim('lt', [prim('asSInt', [u]), s]),
      prim('lt', [u, prim('asUInt', [s])]),
      prim('ge', [m, s]),
      prim('lt', [prim('extend', [m], 8), s]),
      prim('eq', [m, s]),
      prim('eq', [n, u]),
      prim('eq', [s, literal(sintT(8), -128n)]),
      withLiteral('lt', s, -128n),
      withLiteral('gt', s, 127n),
      withLiteral('add', s, -128n),
      prim('neg', [literal(sintT(8), -128n)]),
      prim('bits', [prim('add', [u, v])], 8, 5),
      prim('bits', [prim('mul', [s, t])], 12, 3),
      prim('bit', [prim('sub', [u, v])], 8),
      prim('bits', [choose(prim('lt', [u, v]), u, v)], 6, 2),
      prim('bits', [prim('neg', [s])], 8, 8),
      prim('mul', [prim('add', [s, t]), prim('sub', [m, s])]),
      prim('mul', [prim('addw', [u, v]), prim('addw', [v, n])]),
      prim('trunc', [prim('mul', [prim('add', [s, t]), m])], 5),
      prim('mul', [s, prim('neg', [u])]),
      prim('extend', [prim('mul', [m, s])], 20),
      prim('mul', [s, prim('extend', [t], 20)]),
      prim('trunc', [prim('mul', [prim('extend', [s], 20), prim('extend', [m], 30)])], 9),
      prim('trunc', [prim('mul', [prim('extend', [s], 20), t])], 3),
      prim('add', [prim('mul', [s, t]), prim('extend', [s], 20)]),
      choose(prim('lt', [u, v]), choose(prim('gt', [u, n]), u, v), choose(prim('eq', [u, v]), n, v)),
      choose(choose(prim('lt', [s, t]), prim('bit', [u], 0), prim('bit', [v], 7)), s, prim('addw', [s, t])),
      prim('sub', [prim('sub', [u, v]), prim('sub', [v, u])]),
      prim('xor', [prim('xor', [u, prim('and', [v, n])]), prim('or', [n, v])]),
      prim('not', [prim('not', [u])]),
      prim('andR', [prim('not', [s])]),
      prim('xorR', [prim('mul', [u, v])]),
      prim('neg', [prim('neg', [s])]),
      prim('neg', [prim('not', [u])]),
      prim('lt', [prim('neg', [u]), s]),
      prim('dshl', [prim('add', [s, m]), prim('bits', [u], 2, 0)]),
      prim('dshr', [prim('mul', [s, t]), prim('addw', [n, n])]),
      prim('addw', [sum, sum]),
      prim('mul', [sum, sum]),
      prim('trunc', [sum], 3),
      prim('bits', [sum], 7, 4),
    ];
    expect(problems(table(ins, exprs), { cycles: 120 })).toBe('');
  });

  it('an index that comes from a sint is not negative in Verilog', () => {
    const one = variable('one', sintT(1));
    const two = variable('two', sintT(2));
    const list = variable('list', vecT(uintT(5), 4));
    const bits = variable('flags', vecT(BOOL, 2));
    const exprs = [at(ref(list), prim('asUInt', [ref(two)])), at(ref(list), prim('asUInt', [ref(one)])), at(ref(bits), prim('asUInt', [ref(one)]))];
    expect(problems(table([one, two, list, bits], exprs))).toBe('');
  });
});

describe('vectors and bundles', () => {
  const types: readonly Type[] = [uintT(1), uintT(5), sintT(9), BOOL, uintT(0)];

  it.each([1, 2, 3, 4, 5, 8])('elements by number and by signal, out of range zero: length %i', (length) => {
    const ins = types.map((type, i) => variable(`v${i}`, vecT(type, length)));
    const indices = [0, 1, 2, 3, 4].map((w) => variable(`i${w}`, uintT(w)));
    const exprs = ins.flatMap((v) => [
      ...indices.map((i) => at(ref(v), ref(i))),
      at(ref(v), 0),
      at(ref(v), length - 1),
      reversed(ref(v)),
      at(reversed(ref(v)), 0),
      reversed(reversed(ref(v))),
      pack(ref(v)),
      at(reversed(ref(v)), ref(indices[3] as Variable)),
      zeroOf(v.type),
      filled(3, at(ref(v), length - 1)),
      at(filled(2, ref(v)), 1),
    ]);
    const c = variable('c', BOOL);
    const muxes = ins.flatMap((v) => [choose(ref(c), ref(v), reversed(ref(v))), choose(ref(c), zeroOf(v.type), ref(v))]);
    expect(
      problems(table([...ins, ...indices, c], [...exprs, ...muxes, choose(ref(c), ref(indices[2] as Variable), ref(indices[3] as Variable))]), {
        cycles: 24,
      }),
    ).toBe('');
  });

  it('asBools, vecOf of different widths, nested vectors, vectors of bundles', () => {
    const x = variable('x', uintT(7));
    const y = variable('y', sintT(3));
    const nested = variable('nested', vecT(vecT(sintT(4), 3), 2));
    const beats = variable('beats', vecT({ kind: 'bundle', fields: { valid: BOOL, data: uintT(6), lanes: vecT(sintT(2), 3) } }, 3));
    const i = variable('i', uintT(2));
    const beat = at(ref(beats), ref(i));
    const exprs = [
      asBools(ref(x)),
      asBools(ref(y)),
      pack(asBools(ref(x))),
      vecFrom([ref(x), literal(uintT(2), 1n), prim('not', [ref(x)])]),
      vecFrom([ref(y), prim('neg', [ref(y)])]),
      at(vecFrom([ref(y), prim('neg', [ref(y)])]), ref(i)),
      at(ref(nested), ref(i)),
      at(at(ref(nested), ref(i)), ref(i)),
      at(at(ref(nested), 1), ref(i)),
      reversed(ref(nested)),
      at(reversed(at(ref(nested), 1)), 0),
      pack(ref(nested)),
      beat,
      field(beat, 'data'),
      at(field(beat, 'lanes'), ref(i)),
      reversed(ref(beats)),
      choose(field(beat, 'valid'), at(ref(beats), 0), beat),
    ];
    expect(problems(table([x, y, nested, beats, i], exprs))).toBe('');
  });
});
