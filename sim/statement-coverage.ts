// Statement coverage, as covers that the simulator adds to a design: one for each block of statements under a condition.
//
//     when (go) { q = 1 }        becomes        when (go) { q = 1; block0 = true }, and `cover (block0)`
//
// Invariants: equal in behaviour; every engine counts it as it counts the user's covers. Blocks of arms that stand alone in an `else` count with their
// own condition. Not counted: modules without a clock, statements under no condition (they run always).

import { BOOL, constant } from '../hdl/ir/build.ts';
import { clockInputs } from '../hdl/ir/clocks.ts';
import type { Definition, Design, Property, Signal, Stmt } from '../hdl/ir/nodes.ts';
import { mapDefinitions } from '../hdl/ir/rewrite.ts';

const added = new WeakSet<Property>();

/** Whether a cover stands for a block of statements. */
export function isStatementCover(property: Property): boolean {
  return added.has(property);
}

export function withStatementCovers(design: Design): Design {
  return mapDefinitions(design, (definition) => (definition.external || clockInputs(definition).length === 0 ? definition : instrument(definition)));
}

function instrument(definition: Definition): Definition {
  const clock = clockInputs(definition)[0] as Signal;
  const signals = [...definition.signals];
  const properties = [...definition.properties];
  const defaults: Stmt[] = [];
  const assign = (signal: Signal, value: bigint): Stmt => ({
    kind: 'assign',
    target: { signal, path: [] },
    value: constant(BOOL, value),
    at: signal.at,
  });
  const block = (stmts: readonly Stmt[]): Stmt[] => {
    const [first] = stmts;
    if (!first) return [];
    const inside = mark(stmts);
    // An `else when` is covered by its own blocks.
    if (stmts.length === 1 && first.kind === 'when') return inside;
    const name = `coveredBlock${properties.length}`;
    const signal: Signal = { id: signals.length, name, role: 'sink', type: BOOL, dims: [], owner: definition, at: first.at, named: false };
    signals.push(signal);
    defaults.push(assign(signal, 0n));
    const property: Property = { kind: 'cover', name, message: `statements at ${first.at.text() ?? '?'}`, condition: signal, clock, at: first.at };
    added.add(property);
    properties.push(property);
    return [...inside, assign(signal, 1n)];
  };
  const mark = (stmts: readonly Stmt[]): Stmt[] => stmts.map((s) => (s.kind === 'assign' ? s : { ...s, then: block(s.then), else: block(s.else) }));
  const body = mark(definition.body);
  return { ...definition, signals, properties, body: [...defaults, ...body] };
}
