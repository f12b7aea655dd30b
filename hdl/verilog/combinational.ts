// Combinational signals: a continuous assignment wherever one can say it, a procedure where it cannot.
//
// A continuous assignment is preferred because it needs no sensitivity list: `always @*` never runs when nothing that it reads changes,
// not even once at the start.

import { binary, mux, unary } from '../ir/build.ts';
import type { Assign, Expr, Signal, Stmt } from '../ir/nodes.ts';
import { ownExprs, signalsRead, visitStmts } from '../ir/visit.ts';
import type { Net, VExpr, VStmt } from './ast.ts';
import * as v from './expr.ts';
import { exact } from './lower-expr.ts';
import { lowerStmts, lowerTarget } from './lower-stmts.ts';
import type { StatementScope } from './scope.ts';

/** Operators whose Verilog is never just that of an operand. */
const OF_ITS_OWN = new Set<string>(['mux', 'add', 'addw', 'sub', 'subw', 'and', 'or', 'xor']);
/** More leaves than this read better as if/else. */
const MOST_LEAVES = 6;

/** `driving` are the statements in which the signal is assigned. */
export function combinational(p: StatementScope, driving: readonly Stmt[], signal: Signal): void {
  if (signal.type.width === 0 || p.plan.inline.has(signal)) return;
  const own = slice(driving, signal).filter((s) => !p.plan.dropped.has(s));
  if (own.length === 0) return;
  p.sink = signal.name;
  const parts = separateParts(own);
  if (parts) {
    for (const part of parts)
      p.items.push({ k: 'assign', target: lowerTarget(p, part.target).place, value: whole(p, part.value), ...p.noted([part]) });
    return;
  }
  const tree = wholeValue(own, undefined);
  if (tree && leaves(tree, MOST_LEAVES) <= MOST_LEAVES) {
    p.items.push({ k: 'assign', target: v.net(p.net(signal)), value: whole(p, withoutConstants(tree)), ...p.noted(own) });
    return;
  }
  const procedure = lowerStmts(p, own, new Set([signal]));
  p.net(signal).variable = true;
  // A register changes sooner or later; anything else may be tied to a constant, here or by a parent.
  const start = readsRegister(p, own, procedure) ? undefined : p.start();
  p.items.push({ k: 'comb', body: procedure, ...(start && { start }) });
}

/** The value of an assignment, which takes bits as they are: Icarus says of `assign output = $unsigned(input)` that it makes an inout of the output. */
function whole(p: StatementScope, e: Expr): VExpr {
  const value = unshared(p, e);
  return value.k === 'call' ? value.arg : value;
}

/** However large a value is, it needs no net of its own beside the one that it is assigned to. */
function unshared(p: StatementScope, e: Expr): VExpr {
  const value = exact(p, e);
  const last = p.items.at(-1);
  if (value.k !== 'net' || last?.k !== 'define' || last.net !== value.net || p.uses(e) > 1) return value;
  // The net may be an operand's or another signal's, which others read.
  if (!OF_ITS_OWN.has(e.op)) return value;
  const isNet = (operand: Expr): boolean => {
    const known = p.memo.get(operand);
    return known?.k === 'net' && known.net === value.net;
  };
  if (e.args.some(isNet)) return value;
  p.items.pop();
  return last.value;
}

/** Whether a procedure names a register itself; what it reads through other nets may have become a constant. */
function readsRegister(p: StatementScope, own: readonly Stmt[], procedure: readonly VStmt[]): boolean {
  const registers = new Set<Net>();
  visitStmts(own, (stmt) => {
    for (const s of signalsRead(ownExprs(stmt))) if (s.role === 'reg' && s.type.width > 0) registers.add(p.net(s));
  });
  let found = false;
  const read = (e: VExpr): void =>
    v.readsOf(e, (net) => {
      found ||= registers.has(net);
    });
  const walk = (stmts: readonly VStmt[]): void => {
    for (const s of stmts) {
      if (s.k === 'case') {
        read(s.subject);
        for (const arm of s.arms) walk(arm.body);
        walk(s.default);
        continue;
      }
      read(s.k === 'if' ? s.cond : s.value);
      if (s.k === 'if') [s.then, s.else].forEach(walk);
    }
  };
  walk(procedure);
  return found;
}

/** The statements that assign a signal, with their conditions. */
function slice(stmts: readonly Stmt[], signal: Signal): Stmt[] {
  return stmts.flatMap((stmt): Stmt[] => {
    if (stmt.kind === 'assign') return stmt.target.signal === signal ? [stmt] : [];
    const [yes, no] = [slice(stmt.then, signal), slice(stmt.else, signal)];
    return yes.length + no.length > 0 ? [{ ...stmt, then: yes, else: no }] : [];
  });
}

/** By signal, the outermost statements in which it is assigned. */
export function drivingStatements(body: readonly Stmt[]): ReadonlyMap<Signal, readonly Stmt[]> {
  const found = new Map<Signal, Stmt[]>();
  for (const outer of body) {
    const note = (stmt: Stmt): void => {
      if (stmt.kind !== 'assign') return;
      const list = found.get(stmt.target.signal);
      if (!list) found.set(stmt.target.signal, [outer]);
      else if (list.at(-1) !== outer) list.push(outer);
    };
    visitStmts([outer], note);
  }
  return found;
}

/** Unconditional assignments to parts that do not overlap, as they are; undefined for anything else. */
function separateParts(stmts: readonly Stmt[]): readonly Assign[] | undefined {
  let seen = 0n;
  for (const stmt of stmts) {
    if (stmt.kind !== 'assign' || stmt.target.path.some((i) => typeof i !== 'number')) return undefined;
    const mask = maskOf(stmt);
    if ((seen & mask) !== 0n) return undefined;
    seen |= mask;
  }
  return stmts as readonly Assign[];
}

function maskOf({ target: { signal, path, bits } }: Assign): bigint {
  let size = signal.dims.reduce((n, d) => n * d, 1);
  let offset = 0;
  for (const [axis, index] of path.entries()) {
    size /= signal.dims[axis] as number;
    offset += (index as number) * size;
  }
  const base = offset * signal.type.width;
  const [hi, lo] = bits ? [bits.hi, bits.lo] : [size * signal.type.width - 1, 0];
  return v.ones(hi - lo + 1) << BigInt(base + lo);
}

/** The signal's value as one expression of multiplexers, when every assignment is to the whole of it. */
function wholeValue(stmts: readonly Stmt[], before: Expr | undefined): Expr | undefined {
  let value = before;
  for (const stmt of stmts) {
    if (stmt.kind === 'assign') {
      if (stmt.target.path.length > 0 || stmt.target.bits) return undefined;
      value = stmt.value;
      continue;
    }
    const [yes, no] = [wholeValue(stmt.then, value), wholeValue(stmt.else, value)];
    if (!yes || !no) return undefined;
    value = mux(stmt.cond, yes, no);
  }
  return value;
}

/** Values that the multiplexers choose from; no more than one above `most` are counted, as a value may stand in very many places. */
function leaves(e: Expr, most: number): number {
  if (e.op !== 'mux') return 1;
  const first = leaves(e.args[1] as Expr, most);
  return first > most ? first : first + leaves(e.args[2] as Expr, most - first);
}

/** `c ? 1 : 0` as `c`, `c ? 0 : x` as `!c & x` and the like: what a person writes. */
function withoutConstants(e: Expr): Expr {
  if (e.op !== 'mux') return e;
  const [c, t, f] = e.args as readonly [Expr, Expr, Expr];
  const [yes, no] = [withoutConstants(t), withoutConstants(f)];
  if (e.type.kind !== 'bool' || e.dims.length > 0) return mux(c, yes, no);
  const not = (): Expr => unary('not', c);
  if (yes.op === 'const') return yes.value === 1n ? either(c, no) : both(not(), no);
  if (no.op === 'const') return no.value === 1n ? either(not(), yes) : both(c, yes);
  return mux(c, yes, no);
}

function both(a: Expr, b: Expr): Expr {
  if (b.op === 'const') return b.value === 1n ? a : b;
  return binary('and', a, b);
}

function either(a: Expr, b: Expr): Expr {
  if (b.op === 'const') return b.value === 1n ? b : a;
  return binary('or', a, b);
}
