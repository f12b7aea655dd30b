// The module under preparation, as the lowering of expressions and statements sees it.

import type { EnumInfo, Expr, Signal, Stmt } from '../ir/nodes.ts';
import type { Net, Noted, VExpr, VItem, VTable } from './ast.ts';
import type { NetPlan } from './nets.ts';

/** What the lowering of expressions needs. */
export interface Scope {
  /** The Verilog of a signal as a whole, packed. */
  whole(signal: Signal): VExpr;
  /** A new net that always equals the value, called `name` or else `<sink>_<what>`. */
  hoist(what: string, value: VExpr, signed?: boolean, name?: string): Net;
  /** The same for a division, which stands in a function. */
  divide(what: string, value: VExpr & { readonly k: 'binary' }): Net;
  /** The name of an enumeration's member. */
  member(enumeration: EnumInfo, value: bigint, width: number): Net | undefined;
  /** The function that looks up in an array of constants, by an index of so many bits. */
  table(array: Expr, indexWidth: number, entries: readonly bigint[]): VTable;
  /** Reversed copy of an array net. */
  reversed(source: Net, length: number): Net;
  /** How often the definition uses an expression. */
  uses(expr: Expr): number;
  /** Verilog of what has been lowered already. */
  readonly memo: Map<Expr, VExpr>;
}

/** What the lowering of statements needs besides. */
export interface StatementScope extends Scope {
  readonly plan: NetPlan;
  readonly items: VItem[];
  /** What made nets are named after at the moment. */
  sink: string;
  /** The module's variable that runs procedures once at the start. */
  start(): Net;
  /** What stands beside the Verilog of statements: sections that stand nowhere yet, the place of the first. */
  noted(stmts: readonly Stmt[]): Noted;
  /** Whether contents of memories stand in files of their own. */
  readonly contentsInFiles: boolean;
  /** The net that a signal became. */
  net(signal: Signal): Net;
}
