// Walking statements and expressions.

import type { Expr, Signal, Stmt, Target, When } from './nodes.ts';

/** Visits each distinct expression once, operands before operators. Without recursion, since sums and shifts in a loop nest as deep as the loop is long. */
export function visitExprs(roots: Iterable<Expr>, visit: (expr: Expr) => void, seen: Set<Expr> = new Set()): void {
  for (const root of roots) {
    if (seen.has(root)) continue;
    seen.add(root);
    const path = [{ expr: root, next: 0 }];
    for (let top = path.at(-1); top; top = path.at(-1)) {
      const arg = top.expr.args[top.next++];
      if (!arg) {
        visit(top.expr);
        path.pop();
      } else if (!seen.has(arg)) {
        seen.add(arg);
        path.push({ expr: arg, next: 0 });
      }
    }
  }
}

/** The conditional that a branch consists of: chains of `elsewhen` nest in it as deep as they are long, and are walked in a loop. */
export function onlyWhen(branch: readonly Stmt[]): When | undefined {
  const [only] = branch;
  return branch.length === 1 && only?.kind === 'when' ? only : undefined;
}

/** Statements in source order with the conditions that enclose them. */
export function visitStmts(stmts: readonly Stmt[], visit: (stmt: Stmt, conditions: readonly Expr[]) => void, conditions: readonly Expr[] = []): void {
  for (const stmt of stmts) {
    visit(stmt, conditions);
    let inner = conditions;
    for (let next = stmt.kind === 'when' ? stmt : undefined; next; ) {
      inner = [...inner, next.cond];
      visitStmts(next.then, visit, inner);
      const last: When = next;
      next = onlyWhen(last.else);
      if (next) visit(next, inner);
      else visitStmts(last.else, visit, inner);
    }
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
