// Designs with one mistake each, to see whether a property notices.
//
// A mutant differs in one operator of one definition, or in the sense of one condition. Expressions that only properties read are left alone.

import { unary } from '../../hdl/ir/build.ts';
import type { BinaryOp, Definition, Design, Expr, Stmt } from '../../hdl/ir/nodes.ts';
import { exprMapper, mapDefinitions, mapStmts } from '../../hdl/ir/rewrite.ts';
import { ownExprs, visitExprs, visitStmts } from '../../hdl/ir/visit.ts';

export interface Mutant {
  /** `fifo 3: eq for ne` */
  readonly what: string;
  readonly design: Design;
}

/** What stands in place of an operator; result types are the same. */
const OTHER: { readonly [op in BinaryOp]?: BinaryOp } = {
  ...{ and: 'or', or: 'and', xor: 'or', eq: 'ne', ne: 'eq', lt: 'le', le: 'lt', gt: 'ge', ge: 'gt', addw: 'subw', subw: 'addw', add: 'sub' },
};

/** All mutants of one definition of the design. */
export function mutants(design: Design, name: string): Mutant[] {
  const definition = design.definitions.find((d) => d.name === name) as Definition;
  const sinks = new Set(definition.properties.map((p) => p.condition));
  const wanted = (stmt: Stmt): boolean => stmt.kind === 'when' || !sinks.has(stmt.target.signal);
  const roots: Expr[] = [];
  const conditions: Expr[] = [];
  visitStmts(definition.body, (stmt) => {
    if (!wanted(stmt)) return;
    roots.push(...ownExprs(stmt));
    if (stmt.kind === 'when') conditions.push(stmt.cond);
  });
  const changes: { readonly from: Expr; readonly to: Expr; readonly what: string }[] = conditions.map((cond) => ({
    ...{ from: cond, to: unary('not', cond), what: 'a condition inverted' },
  }));
  visitExprs(roots, (e) => {
    const to = changed(e);
    if (to) changes.push({ from: e, to, what: to.op === e.op ? `${e.op} turned around` : `${to.op} for ${e.op}` });
  });
  return changes.map(({ from, to, what }, i) => ({
    what: `${name} ${i}: ${what}`,
    design: mapDefinitions(design, (d) => {
      if (d.name !== name) return d;
      const expr = exprMapper((e) => (e === from ? to : e));
      return { ...d, body: mapStmts(d.body, { expr }) };
    }),
  }));
}

function changed(e: Expr): Expr | undefined {
  const other = OTHER[e.op as BinaryOp];
  if (other) return { ...e, op: other } as Expr;
  const [condition, whenTrue, whenFalse] = e.args;
  return e.op === 'mux' && whenTrue !== whenFalse ? { ...e, args: [condition, whenFalse, whenTrue] as Expr[] } : undefined;
}
