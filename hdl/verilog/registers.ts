// Registers as clocked procedures: one for all that share clock, reset and enable, those with a reset first.

import type { Definition, Expr, ResetStyle, Signal, Stmt } from '../ir/nodes.ts';
import type { AsyncEdge, VExpr, VStmt } from './ast.ts';
import * as v from './expr.ts';
import { exact } from './lower-expr.ts';
import { lowerStmts } from './lower-stmts.ts';
import type { StatementScope } from './scope.ts';

export function lowerRegisters(p: StatementScope, { signals, body }: Definition): void {
  const registers = signals.filter((s) => s.role === 'reg' && s.type.width > 0);
  const clocks = [...new Set(registers.map((r) => r.register?.clock as Signal))];
  for (const clock of clocks) {
    const own = registers.filter((r) => r.register?.clock === clock);
    const groups = [...grouped(own.filter((r) => r.register?.reset)), ...grouped(own.filter((r) => !r.register?.reset))];
    for (const group of groups) lowerGroup(p, body, clock, group);
  }
}

/** By reset and enable, in the order of the first of each. */
function grouped(registers: readonly Signal[]): Signal[][] {
  const groups: Signal[][] = [];
  const same = (a: Signal, b: Signal): boolean => {
    const [x, y] = [a.register, b.register];
    return x?.enable === y?.enable && x?.reset?.signal === y?.reset?.signal;
  };
  for (const r of registers) {
    const group = groups.find(([first]) => same(first as Signal, r));
    if (group) group.push(r);
    else groups.push([r]);
  }
  return groups;
}

function lowerGroup(p: StatementScope, body: readonly Stmt[], clock: Signal, group: readonly Signal[]): void {
  const { enable, reset } = (group[0] as Signal).register as NonNullable<Signal['register']>;
  const updates = lowerStmts(p, body, new Set(group));
  const held: VStmt[] = enable && updates.length > 0 ? [{ k: 'if', cond: p.whole(enable), then: updates, else: [] }] : updates;
  if (!reset) {
    if (held.length > 0) p.items.push({ k: 'clocked', clock: p.net(clock), body: held });
    return;
  }
  const clears: VStmt[] = group.map((r) => ({ k: 'set', target: v.net(p.net(r)), value: exact(p, r.register?.reset?.value as Expr) }));
  const { cond, also } = lowerReset(p, reset);
  p.items.push({ k: 'clocked', clock: p.net(clock), body: [{ k: 'if', cond, then: clears, else: held }], ...(also && { also }) });
}

/** Whether a reset is active, and the edge at which it becomes so when it is asynchronous. */
export function lowerReset(
  p: Pick<StatementScope, 'whole' | 'net'>,
  { signal, async, activeLow }: ResetStyle & { readonly signal: Signal },
): { readonly cond: VExpr; readonly also?: AsyncEdge } {
  const level = p.whole(signal);
  const cond = activeLow ? v.unary('!', level) : level;
  return async ? { cond, also: { net: p.net(signal), edge: activeLow ? 'negedge' : 'posedge' } } : { cond };
}
