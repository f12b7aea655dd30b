// The graphs of Yosys's cells that proofs use, against Yosys's own mapping to ands and inverters: every kind of cell, widths and signs that differ.
//
// Where Verilog leaves the value open (division by zero, a part-select outside of its word) there is nothing to compare.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Aig, FALSE, type Lit, TRUE } from '../support/aig.ts';
import { blast } from '../support/blast.ts';
import type { Bit, Cell, Module } from '../support/netlist.ts';

const UNARY = ['$pos', '$not', '$neg', '$logic_not', '$reduce_and', '$reduce_or', '$reduce_xor', '$reduce_bool'];
const BINARY = [
  ...['$and', '$or', '$xor', '$xnor', '$add', '$sub', '$mul', '$div', '$mod', '$logic_and', '$logic_or'],
  ...['$eq', '$ne', '$eqx', '$nex', '$lt', '$le', '$ge', '$gt', '$shl', '$sshl', '$shr', '$sshr', '$shift', '$shiftx'],
];
/** Of A, B and Y. */
const WIDTHS = [
  [1, 1, 1],
  [3, 2, 6],
  [2, 4, 5],
  [5, 3, 2],
] as const;

interface Case {
  readonly name: string;
  readonly cell: Cell;
}

const binary = (value: number): string => value.toString(2).padStart(32, '0');

function make(type: string, inputs: { readonly [port: string]: number }, y: number, parameters: { readonly [name: string]: number }): Case {
  let next = 2;
  const bits = (n: number): Bit[] => Array.from({ length: n }, () => next++);
  const connections = Object.fromEntries([...Object.entries(inputs), ['Y', y] as const].map(([port, width]) => [port, bits(width)]));
  const port_directions = Object.fromEntries(Object.keys(connections).map((p) => [p, p === 'Y' ? 'output' : 'input']));
  const name = `${type} ${JSON.stringify({ ...inputs, y, ...parameters })}`;
  return {
    name,
    cell: { type, port_directions, connections, parameters: Object.fromEntries(Object.entries(parameters).map(([k, v]) => [k, binary(v)])) },
  };
}

function cases(): Case[] {
  const list: Case[] = [];
  for (const [a, b, y] of WIDTHS) {
    for (const signed of [0, 1]) {
      for (const type of UNARY) list.push(make(type, { A: a }, y, { A_SIGNED: signed, A_WIDTH: a, Y_WIDTH: y }));
      for (const type of BINARY) {
        // The amount of a shift has a sign of its own; of the plain ones it is unsigned.
        const signs = type === '$shift' || type === '$shiftx' ? [0, 1] : /sh[lr]/.test(type) ? [0] : [signed];
        for (const other of signs)
          list.push(
            make(type, { A: a, B: b }, y, { A_SIGNED: type === '$shiftx' ? 0 : signed, B_SIGNED: other, A_WIDTH: a, B_WIDTH: b, Y_WIDTH: y }),
          );
      }
    }
    list.push(make('$mux', { A: a, B: a, S: 1 }, a, { WIDTH: a }));
    list.push(make('$pmux', { A: a, B: a * b, S: b }, a, { WIDTH: a, S_WIDTH: b }));
  }
  return list;
}

/** Each cell alone in a module, as Yosys maps it. */
function mapped(dir: string, list: readonly Case[]): Module[] {
  const modules = list.map(({ cell }, i) => {
    const ports = Object.entries(cell.connections).map(([port, bits]) => [port, { direction: port === 'Y' ? 'output' : 'input', bits }]);
    return [`c${i}`, { ports: Object.fromEntries(ports), cells: { it: { hide_name: 0, attributes: {}, ...cell } }, netnames: {} }];
  });
  writeFileSync(join(dir, 'cells.json'), JSON.stringify({ modules: Object.fromEntries(modules) }));
  const { status, stderr } = spawnSync('yosys', ['-q', '-p', 'read_json cells.json; techmap; simplemap; aigmap; write_json mapped.json'], {
    cwd: dir,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  const result = JSON.parse(readFileSync(join(dir, 'mapped.json'), 'utf8')).modules as { readonly [name: string]: Module };
  return list.map((_, i) => result[`c${i}`] as Module);
}

/** The output bits of a mapped module. */
function graph(g: Aig, module: Module, inputs: ReadonlyMap<string, readonly Lit[]>): Lit[] {
  const values = new Map<Bit, Lit>([
    ['0', 0],
    ['1', 1],
    ['x', 0],
  ]);
  for (const [port, { direction, bits }] of Object.entries(module.ports))
    if (direction === 'input') bits.forEach((bit, i) => values.set(bit, (inputs.get(port) as readonly Lit[])[i] as Lit));
  const drivers = new Map<Bit, Cell>(Object.values(module.cells).map((c) => [(c.connections['Y'] as readonly Bit[])[0] as Bit, c]));
  const literal = (bit: Bit): Lit => {
    const known = values.get(bit);
    if (known !== undefined) return known;
    const { type, connections } = drivers.get(bit) as Cell;
    const a = literal((connections['A'] as readonly Bit[])[0] as Bit);
    const value = type === '$_NOT_' ? a ^ 1 : g.and(a, literal((connections['B'] as readonly Bit[])[0] as Bit));
    values.set(bit, value);
    return value;
  };
  return (module.ports['Y'] as Module['ports'][string]).bits.map(literal);
}

/** Whether a bit of the output has a value in Verilog. */
function isDefined(g: Aig, { type, connections }: Cell, b: readonly Lit[], bit: number): Lit {
  if (type === '$div' || type === '$mod') return b.reduce((x, y) => g.or(x, y), FALSE);
  if (type !== '$shiftx') return TRUE;
  const fits = (connections['A'] as readonly Bit[]).flatMap((_, k) =>
    k < bit ? [] : [b.reduce((all, lit, n) => g.and(all, ((k - bit) >> n) & 1 ? lit : lit ^ 1), (k - bit) >> b.length === 0 ? TRUE : FALSE)],
  );
  return fits.reduce((x, y) => g.or(x, y), FALSE);
}

it('are those of Yosys', () => {
  const dir = mkdtempSync(join(tmpdir(), 'systole-blast-'));
  try {
    const list = cases();
    const modules = mapped(dir, list);
    const g = new Aig();
    const pairs: (readonly [Lit, Lit])[] = [];
    const labels: string[] = [];
    list.forEach(({ name, cell }, i) => {
      const inputs = new Map(
        Object.entries(cell.connections).flatMap(([port, bits]) => (port === 'Y' ? [] : [[port, bits.map(() => g.input())] as const])),
      );
      const ours = blast(g, cell, (port) => inputs.get(port) as readonly Lit[]);
      graph(g, modules[i] as Module, inputs).forEach((theirs, k) => {
        const defined = isDefined(g, cell, inputs.get('B') ?? [], k);
        pairs.push([g.and(ours[k] as Lit, defined), g.and(theirs, defined)]);
        labels.push(`${name} bit ${k}`);
      });
    });
    const simulated = g.simulate(1);
    expect(labels.filter((_, k) => simulated((pairs[k] as readonly [Lit, Lit])[0]) !== simulated((pairs[k] as readonly [Lit, Lit])[1]))).toEqual([]);
    expect(g.proves(pairs, dir, 60)).toBe(true);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
});
