// Statements: the part of a definition's statements that concerns some signals, as a Verilog procedure.

import { binary, constant, ground, widthOf } from '../ir/build.ts';
import { type Arm, type Assign, count, type Expr, type Signal, type Stmt, type Target, type When } from '../ir/nodes.ts';
import type { VExpr, VStmt, VTarget } from './ast.ts';
import * as v from './expr.ts';
import { constantOf } from './known-bits.ts';
import { constantIndex, elementBase, exact, hoisted, indexBits, reachesBeyond, sized } from './lower-expr.ts';
import type { StatementScope } from './scope.ts';

/** Assignments to `signals` with the conditions around them, in source order; empty branches are dropped. */
export function lowerStmts(p: StatementScope, stmts: readonly Stmt[], signals: ReadonlySet<Signal>): VStmt[] {
  const lowered: VStmt[] = [];
  for (const stmt of stmts) {
    if (stmt.kind === 'assign') {
      if (signals.has(stmt.target.signal) && stmt.target.signal.type.width > 0)
        lowered.push(...lowerAssign(p, stmt).map((set) => ({ ...set, ...p.noted([stmt]) })));
      continue;
    }
    const chosen = stmt.arm && lowerSwitch(p, stmt, signals);
    if (chosen) {
      lowered.push(...chosen);
      continue;
    }
    const [yes, no] = [lowerStmts(p, stmt.then, signals), lowerStmts(p, stmt.else, signals)];
    if (yes.length === 0 && no.length === 0) continue;
    p.sink = `${[...signals][0]?.name}_when`;
    const cond = exact(p, stmt.cond);
    // Tools prune a branch that is never taken, and what it reads with it: the printed procedure says what is left.
    const known = constantOf(cond);
    if (known !== undefined) {
      lowered.push(...(known === 1n ? yes : no));
      continue;
    }
    const beside = p.noted([shell(stmt)]);
    lowered.push(
      yes.length > 0 ? { k: 'if', cond, then: yes, else: no, ...beside } : { k: 'if', cond: v.unary('!', cond), then: no, else: [], ...beside },
    );
  }
  return mergeNeighbours(lowered);
}

/** The conditional without its branches, whose sections stand inside. */
function shell(stmt: When): When {
  return { ...stmt, then: [], else: [] };
}

/** A switch as a case statement, when it has several arms that exclude each other; on a constant, what stands in the arm that it matches. */
function lowerSwitch(p: StatementScope, first: When, signals: ReadonlySet<Signal>): readonly VStmt[] | undefined {
  const arms: { readonly patterns: Arm['patterns']; readonly then: readonly Stmt[] }[] = [];
  const subject = (first.arm as Arm).subject;
  let rest: readonly Stmt[] = [first];
  for (let next = rest[0]; rest.length === 1 && next?.kind === 'when' && next.arm?.subject === subject; next = rest[0]) {
    arms.push({ patterns: next.arm.patterns, then: next.then });
    rest = next.else;
  }
  const all = arms.flatMap((a) => a.patterns);
  const disjoint = all.every((a, i) => all.slice(0, i).every((b) => ((a.value ^ b.value) & a.mask & b.mask) !== 0n));
  if (arms.length < 2 || !disjoint) return undefined;
  p.sink = `${[...signals][0]?.name}_switch`;
  const { width, enumeration } = subject.type;
  const full = v.ones(width);
  const label = ({ value, mask }: Arm['patterns'][number]): VExpr => {
    const member = enumeration && p.member(enumeration, value, width);
    if (member) return v.net(member);
    return mask === full ? v.literal(value, width) : { k: 'pattern', value, mask, width, signed: false };
  };
  const value = exact(p, subject);
  // `proc_clean` of Yosys 0.23 takes the default of a `casez` on a constant where an item with `?` matches.
  const known = constantOf(value);
  if (known !== undefined) {
    const taken = arms.find((a) => a.patterns.some((pattern) => (known & pattern.mask) === pattern.value));
    return lowerStmts(p, taken?.then ?? rest, signals);
  }
  const chosen: VStmt = {
    k: 'case',
    subject: value,
    default: lowerStmts(p, rest, signals),
    arms: arms.map(({ patterns, then }) => ({ labels: patterns.map(label), body: lowerStmts(p, then, signals) })),
  };
  return chosen.default.length > 0 || chosen.arms.some((a) => a.body.length > 0) ? [{ ...chosen, ...p.noted([shell(first)]) }] : [];
}

/** Two conditionals in a row on one condition become one. Their branches do not change the condition: a procedure assigns what it does not read. */
function mergeNeighbours(stmts: readonly VStmt[]): VStmt[] {
  const merged: VStmt[] = [];
  for (const stmt of stmts) {
    const last = merged[merged.length - 1];
    if (stmt.k === 'if' && last?.k === 'if' && stmt.cond === last.cond) {
      merged[merged.length - 1] = {
        ...last,
        ...(stmt.notes && { notes: [...(last.notes ?? []), ...stmt.notes] }),
        then: mergeNeighbours([...last.then, ...stmt.then]),
        else: mergeNeighbours([...last.else, ...stmt.else]),
      };
    } else {
      merged.push(stmt);
    }
  }
  return merged;
}

function lowerAssign(p: StatementScope, { target, value }: Assign): VStmt[] {
  p.sink = target.signal.name;
  const fixed = constantPath(p, target);
  if (!fixed) return [];
  const { place, guard } = lowerTarget(p, fixed);
  const set: VStmt = { k: 'set', target: place, value: sized(p, value, place.width) };
  return [guard ? { k: 'if', cond: guard, then: [set], else: [] } : set];
}

/** The target with those indices as numbers that are constant; undefined where one lies outside. */
function constantPath(p: StatementScope, target: Target): Target | undefined {
  const path = target.path.map((index) => (typeof index === 'number' ? index : (constantIndex(p, index) ?? index)));
  const inside = path.every((index, axis) => typeof index !== 'number' || index < (target.signal.dims[axis] as number));
  return inside ? { ...target, path } : undefined;
}

/** Where an assignment writes, and the condition under which an index chosen by a signal lies inside. */
export function lowerTarget(p: StatementScope, { signal, path: indices, bits }: Target): { readonly place: VTarget; readonly guard?: VExpr } {
  const net = p.net(signal);
  const inner = count(signal.dims.slice(indices.length)) * signal.type.width;
  const [hi, lo] = bits ? [bits.hi, bits.lo] : [inner - 1, 0];
  const width = hi - lo + 1;
  const guard = guardOf(p, signal, indices);
  // Where there is one element only, the guard has said all.
  const path = indices.map((index, axis) => (signal.dims[axis] === 1 ? 0 : index));
  const guarded = guard ? { guard } : {};
  if (net.words !== undefined) {
    const [index] = path as [number | Expr];
    const part = bits ? { hi, lo } : {};
    return {
      place: { k: 'word', net, index: typeof index === 'number' ? index : wordIndex(p, index, net.words), width, signed: false, ...part },
      ...guarded,
    };
  }
  if (path.every((i) => typeof i === 'number')) {
    const offset = path.reduce<number>((sum, i, axis) => sum + i * count(signal.dims.slice(axis + 1)), 0) * signal.type.width;
    return { place: v.part(net, offset + hi, offset + lo), ...guarded };
  }
  if (width === net.width) return { place: v.net(net), ...guarded };
  return { place: v.indexed(net, dynamicBase(p, { signal, path, bits: { hi, lo } }), width), ...guarded };
}

/** A signal as an index of exactly the bits that an array needs. */
export function wordIndex(p: StatementScope, index: Expr, words: number): VExpr {
  return v.asUnsigned(sized(p, index, indexBits(words)));
}

/** Bit offset of a target with indices that signals choose. */
function dynamicBase(p: StatementScope, { signal, path, bits }: Target): VExpr {
  const [only] = path;
  if (path.length === 1 && typeof only === 'object' && bits?.lo === 0)
    return elementBase(p, only, count(signal.dims.slice(1)) * signal.type.width, signal.dims[0] as number);
  const uint = (n: number): Expr => constant(ground('uint', Math.max(1, widthOf(BigInt(n), 'uint'))), BigInt(n));
  let sum: Expr = uint(bits?.lo ?? 0);
  for (const [axis, index] of path.entries()) {
    const size = count(signal.dims.slice(axis + 1)) * signal.type.width;
    sum = binary('add', sum, typeof index === 'number' ? uint(index * size) : binary('mul', index, uint(size)));
  }
  return hoisted(p, 'offset', sized(p, sum, indexBits(count(signal.dims) * signal.type.width)));
}

function guardOf(p: StatementScope, signal: Signal, path: Target['path']): VExpr | undefined {
  let guard: VExpr | undefined;
  for (const [axis, index] of path.entries()) {
    const length = signal.dims[axis] as number;
    if (typeof index === 'number' || !reachesBeyond(index, length)) continue;
    const inside = v.compare('<', exact(p, index), v.literal(BigInt(length), index.type.width));
    guard = guard ? v.binary('&', guard, inside) : inside;
  }
  return guard;
}
