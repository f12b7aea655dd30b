// Passes with a mistake of the kind that each could make, to see that the proof refuses them.

import { extend } from '../../hdl/ir/build.ts';
import type { Definition, Design, Expr, Instance, Signal, Stmt } from '../../hdl/ir/nodes.ts';
import { exprMapper, mapDefinitions, mapStmts } from '../../hdl/ir/rewrite.ts';
import { ALL_PASSES, optimise } from '../../hdl/passes/index.ts';

export interface Broken {
  readonly what: string;
  readonly run: (design: Design) => Design;
}

const replacing =
  (change: (e: Expr) => Expr) =>
  (design: Design): Design =>
    mapDefinitions(design, (d) => ({ ...d, body: mapStmts(d.body, { expr: exprMapper(change) }) }));

const editing = (change: (d: Definition) => Partial<Definition>) => (design: Design) => mapDefinitions(design, (d) => ({ ...d, ...change(d) }));

/** The first register of a definition is never assigned, as if nothing read it. */
function withoutRegister({ signals, body }: Definition): Partial<Definition> {
  const lost = signals.find((s) => s.role === 'reg');
  const keep = (stmts: readonly Stmt[]): Stmt[] =>
    stmts.flatMap((s): Stmt[] => {
      if (s.kind === 'assign') return s.target.signal === lost ? [] : [s];
      return [{ ...s, then: keep(s.then), else: keep(s.else) }];
    });
  return { body: keep(body) };
}

/** Expressions of one operator, type and operands are taken for equal whatever shift, range or element they name. */
function mergingUnequal(): (e: Expr) => Expr {
  const known = new Map<string, Expr>();
  const numbers = new Map<Expr, number>();
  const number = (e: Expr): number => numbers.get(e) ?? (numbers.set(e, numbers.size).get(e) as number);
  return (e) => {
    if (!['bits', 'shr', 'element'].includes(e.op) || e.args.length !== 1) return e;
    const key = `${e.op} ${e.type.kind}${e.type.width} ${e.dims} ${e.args.map(number)}`;
    const found = known.get(key) ?? e;
    known.set(key, found);
    return found;
  };
}

/** Two input pins of equal type change places. */
function swapped(instance: Instance): Instance {
  const pins = [...instance.pins];
  const like = ([a]: readonly [Signal, Signal], [b]: readonly [Signal, Signal]): boolean =>
    a !== b &&
    a.role === 'input' &&
    b.role === 'input' &&
    a.type.kind === b.type.kind &&
    a.type.width === b.type.width &&
    `${a.dims}` === `${b.dims}`;
  const first = pins.findIndex((p) => pins.some((q) => like(p, q)));
  if (first < 0) return instance;
  const second = pins.findIndex((q) => like(pins[first] as [Signal, Signal], q));
  const [p, q] = [pins[first] as [Signal, Signal], pins[second] as [Signal, Signal]];
  pins[first] = [p[0], q[1]];
  pins[second] = [q[0], p[1]];
  return { ...instance, pins: new Map(pins) };
}

/** The value of a wire that a conditional may replace is taken for its only one. */
function firstAssignmentOnly({ signals, body }: Definition): Partial<Definition> {
  const first = new Set<Signal>();
  const wires = new Set(signals.filter((s) => s.role === 'wire' || s.role === 'output'));
  const keep = (stmts: readonly Stmt[], top: boolean): Stmt[] =>
    stmts.flatMap((s): Stmt[] => {
      if (s.kind === 'when') return [{ ...s, then: keep(s.then, false), else: keep(s.else, false) }];
      const { signal, path, bits } = s.target;
      if (first.has(signal)) return [];
      if (top && path.length === 0 && !bits && wires.has(signal)) first.add(signal);
      return [s];
    });
  return { body: keep(body, true) };
}

/** The second instance takes the definition of the first, whose ports have the same names. */
function secondAsFirst({ instances }: Definition): Partial<Definition> {
  const [one, two] = instances;
  if (!one || !two) return {};
  const ports = new Map(one.definition.signals.map((s) => [s.name, s]));
  const pins = [...two.pins].map(([port, pin]): [Signal | undefined, Signal] => [ports.get(port.name), pin]);
  if (pins.length !== one.pins.size || pins.some(([port, pin]) => !port || port.type.width !== pin.type.width)) return {};
  return { instances: [one, { ...two, definition: one.definition, pins: new Map(pins as [Signal, Signal][]) }, ...instances.slice(2)] };
}

export const BROKEN: readonly Broken[] = [
  { what: 'folding: x − y is x', run: replacing((e) => (e.op === 'sub' ? extend(e.args[0] as Expr, e.type.width) : e)) },
  { what: 'folding: x < y is x <= y', run: replacing((e) => (e.op === 'lt' ? { ...e, op: 'le' } : e)) },
  {
    what: 'folding: an arm of a mux for the other',
    run: replacing((e) => (e.op === 'mux' ? { ...e, args: [0, 2, 1].map((i) => e.args[i] as Expr) } : e)),
  },
  { what: 'dead code: a register that lives is lost', run: editing(withoutRegister) },
  { what: 'common subexpressions: unequal ones are one', run: (design) => replacing(mergingUnequal())(optimise(design, { passes: ['cse'] })) },
  {
    what: 'inlining: two ports change places',
    run: (design) => optimise(editing((d) => ({ instances: d.instances.map(swapped) }))(design), { passes: ['inline'] }),
  },
  { what: 'propagation: a value that is replaced later', run: editing(firstAssignmentOnly) },
  { what: 'sharing: modules of unequal content are one', run: editing(secondAsFirst) },
  {
    what: 'all, and a mistake at the end',
    run: (design) => replacing((e) => (e.op === 'xor' ? { ...e, op: 'or' } : e))(optimise(design, { passes: ALL_PASSES })),
  },
];
