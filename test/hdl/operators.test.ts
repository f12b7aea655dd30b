// Every operator at the widths where things go wrong, printed to Verilog and simulated, against exact integers.

import { describe, expect, it } from 'vitest';
import { elaborate } from '../../hdl/index.ts';
import { emitVerilog } from '../../hdl/verilog/index.ts';
import { problems } from '../support/check-circuit.ts';
import {
  asBools,
  at,
  type Circuit,
  choose,
  concat,
  type Expr,
  field,
  filled,
  type Item,
  literal,
  named,
  pack,
  prim,
  type Register,
  ref,
  reversed,
  type Stmt,
  set,
  type Variable,
  vecFrom,
  withLiteral,
  zeroOf,
} from '../support/circuit/data.ts';
import { CircuitModule } from '../support/circuit/module.ts';
import { BOOL, type Ground, sintT, type Type, uintT, vecT } from '../support/reference.ts';
import { lint, verilogText } from '../support/verilog-tools.ts';

const WIDTHS = [0, 1, 2, 3, 7, 8, 9, 31, 32, 33, 63, 64, 65];
const variable = (name: string, type: Type): Variable => ({ name, type });

/** A circuit that puts each expression on an output of its own. */
function table(inputs: readonly Variable[], exprs: readonly Expr[]): Circuit {
  const outputs = exprs.map((e, i) => variable(`q${i}`, e.type));
  return { inputs, outputs, registers: [], items: [{ kind: 'block', wires: [], body: outputs.map((o, i) => set(o, exprs[i] as Expr)) }], order: [0] };
}

function sequential(
  inputs: readonly Variable[],
  outputs: readonly Variable[],
  registers: readonly Register[],
  body: readonly Stmt[],
  items: readonly Item[] = [],
): Circuit {
  return {
    inputs,
    outputs,
    registers,
    items: [...items, { kind: 'block', wires: [], body }],
    order: [...items.flatMap((item, i) => (item.kind === 'block' || item.kind === 'instance' ? [i] : [])), items.length],
  };
}

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

describe('assignment', () => {
  const [c, d, x, y, i, j] = [
    variable('c', BOOL),
    variable('d', BOOL),
    variable('x', uintT(8)),
    variable('y', sintT(5)),
    variable('i', uintT(3)),
    variable('j', uintT(2)),
  ];
  const ins = [c, d, x, y, i, j];
  const [C, D, X, Y, I, J] = ins.map(ref) as [Expr, Expr, Expr, Expr, Expr, Expr];
  const whenElse = (cond: Expr, then: readonly Stmt[], otherwise?: readonly Stmt[]): Stmt => ({
    kind: 'when',
    arms: [{ cond, body: then }],
    ...(otherwise && { otherwise }),
  });

  it('extends by the value’s own sign, takes the last, writes parts', () => {
    const wide = variable('wide', sintT(12));
    const parts = variable('parts', uintT(12));
    const list = variable('list', vecT(uintT(9), 3));
    const grid = variable('grid', vecT(vecT(sintT(5), 3), 2));
    const one = variable('one', vecT(BOOL, 1));
    const record = variable('record', { kind: 'bundle', fields: { valid: BOOL, data: uintT(9) } });
    const records = variable('records', vecT(record.type, 3));
    const body = [
      set(wide, Y),
      set(wide, prim('neg', [Y])),
      set(parts, X),
      set(parts, Y.type.kind === 'sint' ? prim('asUInt', [Y]) : Y, [], parts.type, [11, 7]),
      set(parts, C, [], parts.type, [0, 0]),
      set(parts, J, [], parts.type, [4, 1]),
      set(list, filled(3, prim('extend', [X], 9))),
      set(list, X, [J], uintT(9)),
      set(list, C, [I], uintT(9), [8, 8]),
      set(list, J, [1], uintT(9), [5, 3]),
      set(grid, zeroOf(grid.type)),
      set(grid, Y, [J, I], sintT(5)),
      set(grid, J, [1, J], sintT(5), [3, 2]),
      whenElse(C, [set(grid, filled(3, Y), [I], vecT(sintT(5), 3))]),
      set(one, filled(1, C)),
      set(one, D, [I], BOOL),
      set(record, zeroOf(record.type)),
      whenElse(C, [set(record, X, ['data'], uintT(9))], [set(record, D, ['valid'], BOOL)]),
      set(records, filled(3, zeroOf(record.type))),
      set(records, X, [J, 'data'], uintT(9)),
      set(records, D, [J, 'valid'], BOOL),
      whenElse(D, [set(records, zeroOf(record.type), [I], record.type)]),
    ];
    expect(problems(sequential(ins, [wide, parts, list, grid, one, record, records], [], body), { cycles: 60 })).toBe('');
  });

  it('follows when, elsewhen and otherwise, nested; named values inside a branch hold outside of it', () => {
    const q = variable('q', uintT(9));
    const r = variable('r', uintT(9));
    const sum = named(prim('add', [X, J]), 'branchSum');
    const body: Stmt[] = [
      {
        kind: 'when',
        arms: [
          { cond: C, body: [set(q, sum)] },
          { cond: prim('lt', [I, J]), body: [whenElse(D, [set(q, X)], [set(q, I)])] },
          { cond: D, body: [set(q, zeroOf(uintT(3)))] },
        ],
        otherwise: [set(q, sum)],
      },
      set(r, X),
      whenElse(C, [set(r, I), whenElse(D, [set(r, J, [], r.type, [8, 7])])]),
      whenElse(prim('eq', [I, prim('extend', [J], 3)]), [set(r, literal(uintT(9), 300n))]),
      { kind: 'when', arms: [1, 2, 3, 4, 5, 6].map((k) => ({ cond: withLiteral('eq', I, BigInt(k)), body: [set(r, X, [], r.type, [7, 0])] })) },
    ];
    expect(problems(sequential(ins, [q, r], [], body), { cycles: 80 })).toBe('');
  });

  it('registers: reset wins, values hold, parts and elements update', () => {
    const count: Register = { ...variable('count', uintT(8)), reset: 200n };
    const negative: Register = { ...variable('negative', sintT(8)), reset: -128n };
    const flags: Register = { ...variable('flags', vecT(BOOL, 5)), reset: [1n, 0n, 1n, 1n, 0n] };
    const words: Register = { ...variable('words', vecT(sintT(9), 3)), reset: [-1n, 0n, 255n] };
    const free = variable('free', uintT(8));
    const outs = [
      variable('qCount', count.type),
      variable('qNegative', negative.type),
      variable('qFlags', flags.type),
      variable('qWords', words.type),
      variable('qFree', free.type),
      variable('qWord', sintT(9)),
    ];
    const body = [
      set(count, prim('addw', [ref(count), literal(uintT(8), 3n)])),
      whenElse(C, [set(negative, prim('shr', [ref(negative)], 1))]),
      whenElse(D, [set(flags, C, [I], BOOL)]),
      set(words, Y, [J], sintT(9)),
      whenElse(prim('and', [C, D]), [set(words, J, [1], sintT(9), [8, 7])]),
      set(free, prim('xor', [X, ref(count)])),
      ...[count, negative, flags, words, free].map((r, k) => set(outs[k] as Variable, ref(r))),
      set(outs[5] as Variable, at(ref(words), J)),
    ];
    expect(problems(sequential(ins, outs, [count, negative, flags, words, free], body), { cycles: 80, from: 3, reset: 2 })).toBe('');
  });

  it('a procedure that reads nothing runs all the same', () => {
    // Icarus runs one that reads a constant net, but never one that reads no net.
    const q = variable('q', vecT(BOOL, 4));
    expect(problems(sequential(ins, [q], [], [set(q, zeroOf(q.type)), set(q, literal(BOOL, 1n), [1], BOOL)]))).toBe('');
  });

  it('a procedure runs where everything that it reads is constant', () => {
    const tied = variable('tied', uintT(3));
    const q = variable('q', vecT(BOOL, 4));
    const child = sequential([tied], [q], [], [set(q, zeroOf(q.type)), set(q, literal(BOOL, 1n), [ref(tied)], BOOL)]);
    const out = variable('out', q.type);
    const items: Item[] = [{ kind: 'instance', name: 'u', module: child, body: [set(variable('u.tied', tied.type), literal(uintT(3), 2n))] }];
    expect(
      problems(sequential([c], [out, variable('k', BOOL)], [], [set(out, ref(variable('u.q', q.type))), set(variable('k', BOOL), C)], items)),
    ).toBe('');
  });
});

describe('delays', () => {
  const data = variable('data', sintT(5));
  const lanes = variable('lanes', vecT(uintT(3), 4));
  const go = variable('go', BOOL);
  const both = variable('both', { kind: 'bundle', fields: { valid: BOOL, data: uintT(9) } });

  it.each([
    [false, false],
    [true, false],
    [false, true],
    [true, true],
  ])('reset %s, enable %s', (reset, enabled) => {
    const enable = enabled ? { enable: ref(go) } : {};
    const plans = [0, 1, 2, 5]
      .map((first) => ({ value: data, first, step: 0 }))
      .concat([
        { value: both, first: 2, step: 0 },
        { value: lanes, first: 3, step: 0 },
        { value: lanes, first: 0, step: 1 },
        { value: lanes, first: 1, step: 2 },
        { value: lanes, first: 3, step: -1 },
        { value: lanes, first: 7, step: -2 },
        { value: lanes, first: 0, step: 3 },
      ]);
    const items = plans.map(
      ({ value, first, step }, k): Item => ({ kind: 'delay', name: `d${k}`, value: ref(value), first, step, reset, ...enable }),
    );
    const outs = plans.map(({ value }, k) => variable(`q${k}`, value.type));
    const circuit = sequential(
      [data, lanes, go, both],
      outs,
      [],
      outs.map((o, k) => set(o, ref(variable(`d${k}`, o.type)))),
      items,
    );
    // Without reset the contents show only when they have left; with an enable that takes longer.
    expect(problems(circuit, { cycles: 120, from: reset ? 1 : 60, reset: reset ? 1 : 0 })).toBe('');
  });
});

describe('meshes', () => {
  const T = sintT(6);
  const [a, b, c, aOut, bOut, y] = [
    variable('a', T),
    variable('b', uintT(3)),
    variable('c', T),
    variable('aOut', T),
    variable('bOut', uintT(3)),
    variable('y', T),
  ];
  const held: Register = { ...variable('held', uintT(3)), reset: 5n };
  const element = sequential(
    [a, b, c],
    [aOut, bOut, y],
    [held],
    [
      set(aOut, prim('addw', [ref(a), ref(c)])),
      set(bOut, ref(held)),
      set(held, prim('addw', [ref(b), prim('asUInt', [prim('trunc', [ref(c)], 3)])])),
      set(y, prim('subw', [ref(a), prim('extend', [prim('asSInt', [ref(b)])], 6)])),
    ],
  );
  const over = (type: Type, shape: readonly number[]): Type => shape.reduceRight<Type>((t, n) => vecT(t, n), type);
  const shapes = [[1], [4], [1, 1], [3, 2], [1, 3], [3, 1], [2, 3, 2], [2, 1, 2]];

  it.each(shapes.map((s) => [s.join('×'), s] as const))('all directions, feeds, collects, open ends: %s', (_text, shape) => {
    const all = shape.map((_, axis) => axis);
    const items: Item[] = [];
    const ins: Variable[] = [];
    const outs: Variable[] = [];
    const body: Stmt[] = [];
    const show = (v: Variable): void => {
      const out = variable(`q${outs.length}`, v.type);
      outs.push(out);
      body.push(set(out, ref(v)));
    };
    for (const axis of all) {
      for (const sign of [1, -1]) {
        const rest = shape.filter((_, k) => k !== axis);
        const id = `${axis}${sign > 0 ? 'p' : 'n'}`;
        const vector = shape.map((_, k) => (k === axis ? sign : 0));
        // `b` moves against `a`, along another axis where there is one.
        const other = shape.length > 1 ? (axis + 1) % shape.length : axis;
        const back = shape.map((_, k) => (k === other ? -sign : 0));
        const enterA = variable(`ea${id}`, over(T, rest));
        const enterB = variable(
          `eb${id}`,
          over(
            uintT(3),
            shape.filter((_, k) => k !== other),
          ),
        );
        const feedAxes = sign > 0 ? [axis] : all;
        const feed = variable(
          `c${id}`,
          over(
            T,
            feedAxes.map((k) => shape[k] as number),
          ),
        );
        const [leaveA, leaveB] = [variable(`m${id}_a_end`, enterA.type), variable(`m${id}_b_end`, enterB.type)];
        ins.push(enterA, enterB, feed);
        items.push({
          kind: 'mesh',
          name: `m${id}`,
          module: element,
          shape,
          links: [
            { kind: 'shift', vector, from: 'aOut', to: 'a', enter: ref(enterA), leave: leaveA.name },
            { kind: 'shift', vector: back, from: 'bOut', to: 'b', enter: ref(enterB), ...(sign > 0 && { leave: leaveB.name }) },
            { kind: 'feed', to: 'c', axes: feedAxes, value: ref(feed) },
            { kind: 'collect', from: 'y', name: `m${id}_y` },
            ...(sign > 0
              ? [
                  { kind: 'collect' as const, from: 'aOut', name: `m${id}_a_all` },
                  { kind: 'collect' as const, from: 'bOut', name: `m${id}_b_all` },
                ]
              : []),
          ],
        });
        show(leaveA);
        if (sign > 0) [leaveB, variable(`m${id}_a_all`, over(T, shape)), variable(`m${id}_b_all`, over(uintT(3), shape))].forEach(show);
        show(variable(`m${id}_y`, over(T, shape)));
      }
    }
    expect(problems(sequential(ins, outs, [], body, items), { cycles: 30, from: 1, reset: 1 })).toBe('');
  });
});

describe('names', () => {
  it('that are reserved words in any case, or equal after translation, come out legal and distinct', () => {
    const words = [
      'Reg',
      'wire',
      'output',
      'logic',
      'Begin',
      'ALWAYS',
      'int',
      'list',
      'Queue',
      'switch',
      'rowCount',
      'row_count',
      'RowCount',
      'started',
      'i',
      'lane',
      '_unused_ok',
      'clkGate',
    ];
    const x = variable('x', uintT(4));
    const wires = words.map((name) => variable(name, uintT(4)));
    const outs = words.map((_, k) => variable(`q${k}`, uintT(4)));
    const circuit: Circuit = {
      inputs: [x],
      outputs: outs,
      registers: [],
      order: [0],
      items: [
        {
          kind: 'block',
          wires,
          body: [
            ...wires.map((w, k) => set(w, prim('xor', [ref(x), literal(uintT(4), BigInt(k % 16))]))),
            ...outs.map((o, k) => set(o, ref(wires[k] as Variable))),
          ],
        },
      ],
    };
    expect(problems(circuit)).toBe('');
    const [top] = emitVerilog(elaborate(CircuitModule as never, circuit as never, { name: 'top' } as never));
    for (const name of [
      'reg_',
      'wire_',
      'output_',
      'logic_',
      'begin_',
      'always_',
      'int_',
      'list_',
      'queue_',
      'switch_',
      'row_count',
      'row_count_1',
      'row_count_2',
    ])
      expect(top?.text).toMatch(new RegExp(`\\b${name}\\b`));
  });
});

describe('the harness itself', () => {
  it('sees what the tools refuse', () => {
    expect(lint([verilogText('bad', 'input wire [3:0] a, output wire [2:0] y', 'assign y = a;')], 'bad')).toContain('WIDTH');
    expect(lint([verilogText('bad', 'input wire a, output wire y', 'assign y = b;')], 'bad')).toMatch(/iverilog.*yosys|yosys.*iverilog/s);
    expect(lint([verilogText('good', 'input wire a, output wire y', 'assign y = a;')], 'good')).toBe('');
  });
});
