// Assignments, registers, delays, meshes and names, printed to Verilog and simulated, against a model.

import { describe, expect, it } from 'vitest';
import { type Bool, bool, elaborate, input, lit, Module, output, sint, uint, vec, vecOf } from '../../hdl/index.ts';
import { emitVerilog } from '../../hdl/verilog/index.ts';
import { simulateDesign } from '../../sim/index.ts';
import { problems } from '../support/check-circuit.ts';
import {
  at,
  type Circuit,
  type Expr,
  filled,
  type Item,
  literal,
  named,
  prim,
  type Register,
  ref,
  type Stmt,
  set,
  type Variable,
  withLiteral,
  zeroOf,
} from '../support/circuit/data.ts';
import { CircuitModule } from '../support/circuit/module.ts';
import { sequential, variable } from '../support/circuit-tables.ts';
import { BOOL, sintT, type Type, uintT, vecT } from '../support/reference.ts';
import { lint, verilogText } from '../support/verilog-tools.ts';

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

describe('comparisons', () => {
  it('that cannot differ are not printed, through operands that change nothing', () => {
    class Constant extends Module {
      readonly p = this.io({ x: input(bool), y: input(sint(4)), above: output(vec(bool, 10)) });

      constructor() {
        super();
        const { x, y, above } = this.p;
        const wide = x.asUInt().extend(2);
        const terms = [wide.add(0).le(1), wide.sub(0).gt(1), wide.mul(1).lt(2), wide.div(1).ge(2), lit(uint(2), 1).mul(wide).le(1), y.add(0).lt(8)];
        terms.push(wide.lt(wide.xor(0)), wide.le(wide.and(3).or(0)), y.asUInt().ne(y.asUInt().xor(0)), lit(sint(4), 1).mul(-1).lt(y.sub(y)));
        above.set(vecOf(...(terms as [Bool, ...Bool[]])));
      }
    }
    const design = elaborate(Constant);
    expect(lint(emitVerilog(design), 'constant')).toBe('');
    const sim = simulateDesign(design);
    const seen = [0, 1].map((x) => {
      sim.poke('x', x);
      return [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((i) => Number(sim.peek(`above[${i}]`)));
    });
    expect(seen).toEqual([1, 2].map(() => [1, 0, 1, 0, 1, 1, 0, 1, 0, 1]));
  });
});

describe('the harness itself', () => {
  it('sees what the tools refuse', () => {
    expect(lint([verilogText('bad', 'input wire [3:0] a, output wire [2:0] y', 'assign y = a;')], 'bad')).toContain('WIDTH');
    expect(lint([verilogText('bad', 'input wire a, output wire y', 'assign y = b;')], 'bad')).toMatch(/iverilog.*yosys|yosys.*iverilog/s);
    expect(lint([verilogText('good', 'input wire a, output wire y', 'assign y = a;')], 'good')).toBe('');
  });
});
