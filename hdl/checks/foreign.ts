// A signal is read and written only in the module that declares it; others go through ports.

import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { messages } from '../diagnostics/messages.ts';
import type { Definition, Signal } from '../ir/nodes.ts';
import { ownExprs, signalsRead, visitStmts } from '../ir/visit.ts';

export function checkForeign(definition: Definition): Diagnostic[] {
  const found: Diagnostic[] = [];
  visitStmts(definition.body, (stmt) => {
    const used: Signal[] = [...signalsRead(ownExprs(stmt))];
    if (stmt.kind === 'assign') used.push(stmt.target.signal);
    for (const signal of used) {
      if (signal.owner !== definition)
        found.push(messages.foreign({ at: stmt.at, module: definition.name }, signal.name, signal.owner.name, signal.at));
    }
  });
  return found;
}
