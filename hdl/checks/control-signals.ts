// Clocks and resets are no data: a clock is an input that is handed on, a reset is computed only by casts that the user wrote.

import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { messages } from '../diagnostics/messages.ts';
import type { Definition, Expr, Signal } from '../ir/nodes.ts';
import { ownExprs, signalsRead, visitExprs, visitStmts } from '../ir/visit.ts';

const ROLES = {
  input: 'an input',
  output: 'an output',
  wire: 'a wire',
  reg: 'a register',
  sink: 'an input of a child',
  source: 'an output of a child',
};

export function checkControlSignals(definition: Definition): Diagnostic[] {
  const module = definition.name;
  const found = definition.signals.flatMap((s) => checkRole(s, module));
  const clocks = definition.signals.filter((s) => s.role === 'input' && s.type.kind === 'clock').map((s) => s.name);
  for (const { arrival, name, at } of definition.signals)
    if (arrival && 'clock' in arrival && !clocks.includes(arrival.clock))
      found.push(messages.unknownClock({ at, module }, name, arrival.clock, clocks));
  const seen = new Set<Expr>();
  visitStmts(definition.body, (stmt) => {
    visitExprs(
      ownExprs(stmt),
      (e) => {
        for (const arg of e.args) {
          if (!isControl(arg) || isLevel(e, arg)) continue;
          const [signal] = signalsRead([arg]);
          found.push(messages.controlAsData({ at: stmt.at, module }, arg.type.kind, signal?.name ?? 'reset'));
        }
      },
      seen,
    );
  });
  return found;
}

function isControl({ type }: Pick<Expr, 'type'>): boolean {
  return type.kind === 'clock' || type.kind === 'reset';
}

/** `.asBool()` of a reset. */
function isLevel(e: Expr, arg: Expr): boolean {
  return e.op === 'cast' && e.type.kind === 'bool' && arg.type.kind === 'reset';
}

function checkRole({ type, role, name, at }: Signal, module: string): Diagnostic[] {
  const refused = type.kind === 'clock' ? role === 'output' || role === 'wire' || role === 'reg' : type.kind === 'reset' && role === 'reg';
  return refused ? [messages.controlRole({ at, module }, type.kind, name, ROLES[role])] : [];
}
