// Removes properties and what only they need.
//
//     before:  assert (count <= 4)          after:  nothing
//              past(x) read by properties           nothing
//
// Signals that the user named stay, read or not. A ghost delay that something else reads stays.

import type { Definition, Design, Signal, Stmt } from '../ir/nodes.ts';
import { mapDefinitions } from '../ir/rewrite.ts';
import { ownExprs, signalsRead, visitStmts } from '../ir/visit.ts';

/** Equal in behaviour; designs without properties are passed on as they are. */
export function dropProperties(design: Design): Design {
  if (design.definitions.every((d) => d.properties.length === 0 && !d.delays.some((delay) => delay.ghost))) return design;
  return mapDefinitions(design, withoutProperties);
}

function withoutProperties(definition: Definition): Definition {
  let current = remove(definition, new Set(definition.properties.map((p) => p.condition)));
  // A ghost may be there for another ghost only.
  for (;;) {
    const read = new Set<Signal>();
    visitStmts(current.body, (stmt) => {
      for (const s of signalsRead(ownExprs(stmt))) read.add(s);
    });
    const dead = current.delays.filter((d) => d.ghost && !read.has(d.output));
    if (dead.length === 0) return { ...current, properties: [] };
    const pins = dead.flatMap((d) => [d.input, d.output, ...(d.enable ? [d.enable] : [])]);
    current = { ...remove(current, new Set(pins)), delays: current.delays.filter((d) => !dead.includes(d)) };
  }
}

/** The definition without some signals and their assignments. */
function remove(definition: Definition, signals: ReadonlySet<Signal>): Definition {
  const keep = (stmts: readonly Stmt[]): Stmt[] =>
    stmts.flatMap((stmt): Stmt[] => {
      if (stmt.kind === 'assign') return signals.has(stmt.target.signal) ? [] : [stmt];
      return [{ ...stmt, then: keep(stmt.then), else: keep(stmt.else) }];
    });
  return { ...definition, signals: definition.signals.filter((s) => !signals.has(s)), body: keep(definition.body) };
}
