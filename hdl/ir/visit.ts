// Walking statements and expressions.

import type { Expr, Signal, Stmt, Target } from './nodes.ts';

/** Visits each distinct expression once, operands before operators. */
export function visitExprs(roots: Iterable<Expr>, visit: (expr: Expr) => void, seen: Set<Expr> = new Set()): void {
  for (const root of roots) {
    if (seen.has(root)) continue;
    seen.add(root);
    visitExprs(root.args, visit, seen);
    visit(root);
  }
}

/** Statements in source order with the conditions that enclose them. */
export function visitStmts(stmts: readonly Stmt[], visit: (stmt: Stmt, conditions: readonly Expr[]) => void, conditions: readonly Expr[] = []): void {
  for (const stmt of stmts) {
    visit(stmt, conditions);
    if (stmt.kind !== 'when') continue;
    const inner = [...conditions, stmt.cond];
    visitStmts(stmt.then, visit, inner);
    visitStmts(stmt.else, visit, inner);
  }
}

/** The expressions that a target's indices read. */
export function indexExprs(target: Target): Expr[] {
  return target.path.filter((p): p is Expr => typeof p !== 'number');
}

/** The expressions that stand directly in a statement. */
export function ownExprs(stmt: Stmt): Expr[] {
  return stmt.kind === 'when' ? [stmt.cond] : [stmt.value, ...indexExprs(stmt.target)];
}

/** Signals that expressions read. */
export function signalsRead(roots: Iterable<Expr>): Set<Signal> {
  const read = new Set<Signal>();
  visitExprs(roots, (e) => {
    if (e.op === 'ref') read.add(e.signal);
  });
  return read;
}
