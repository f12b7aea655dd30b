// Which signals of a definition become nets, and in which form.
//
// A sink that one unconditional assignment drives needs no net: its value stands in the connection. A source that is only passed on to a wire
// or an output takes that one's net. An array that is only ever used element by element stays an array; others are packed.

import { count, type Definition, type Expr, type Signal, type Stmt } from '../ir/nodes.ts';
import { ownExprs, visitExprs, visitStmts } from '../ir/visit.ts';
import type { Net } from './ast.ts';

export interface NetPlan {
  /** Value of each sink that needs no net. */
  readonly inline: ReadonlyMap<Signal, Expr>;
  /** Signal whose net a source takes. */
  readonly takes: ReadonlyMap<Signal, Signal>;
  /** Assignments that need no code, with their order. */
  readonly dropped: ReadonlyMap<Stmt, number>;
  /** Those among them that write or read a signal alone. */
  readonly droppedAt: ReadonlyMap<Signal, readonly Stmt[]>;
  readonly unpacked: ReadonlySet<Signal>;
  /** Number of places that use an expression. */
  readonly uses: ReadonlyMap<Expr, number>;
}

/** `kept` are sinks that need a net all the same. */
export function planNets(definition: Definition, kept: ReadonlySet<Signal> = new Set()): NetPlan {
  const drivers = new Map<Signal, Stmt[]>();
  visitStmts(definition.body, (stmt, conditions) => {
    if (stmt.kind !== 'assign') return;
    const list = drivers.get(stmt.target.signal) ?? [];
    // A condition makes the signal's value more than this statement.
    list.push(stmt, ...conditions.map(() => stmt));
    drivers.set(stmt.target.signal, list);
  });
  const inline = new Map<Signal, Expr>();
  const takes = new Map<Signal, Signal>();
  const dropped = new Map<Stmt, number>();
  for (const [signal, stmts] of drivers) {
    const [only] = stmts;
    if (stmts.length !== 1 || only?.kind !== 'assign' || only.target.path.length > 0 || only.target.bits) continue;
    if (signal.role === 'sink' && !kept.has(signal)) {
      inline.set(signal, only.value);
      dropped.set(only, dropped.size);
    } else if (signal.role !== 'reg' && only.value.op === 'ref' && only.value.signal.role === 'source' && !takes.has(only.value.signal)) {
      takes.set(only.value.signal, signal);
      dropped.set(only, dropped.size);
    }
  }
  return { inline, takes, dropped, droppedAt: bySignal(dropped.keys()), unpacked: unpackedArrays(definition), uses: countUses(definition) };
}

function bySignal(stmts: Iterable<Stmt>): Map<Signal, Stmt[]> {
  const found = new Map<Signal, Stmt[]>();
  for (const stmt of stmts) {
    if (stmt.kind !== 'assign') continue;
    const { target, value } = stmt;
    for (const s of [target.signal, ...(value.op === 'ref' ? [value.signal] : [])]) {
      const list = found.get(s);
      if (list) list.push(stmt);
      else found.set(s, [stmt]);
    }
  }
  return found;
}

function countUses(definition: Definition): Map<Expr, number> {
  const uses = new Map<Expr, number>();
  const use = (e: Expr): void => {
    uses.set(e, (uses.get(e) ?? 0) + 1);
  };
  const roots: Expr[] = [];
  visitStmts(definition.body, (stmt) => roots.push(...ownExprs(stmt)));
  for (const root of roots) use(root);
  visitExprs(roots, (e) => e.args.forEach(use));
  return uses;
}

function unpackedArrays(definition: Definition): Set<Signal> {
  const found = new Set(
    definition.signals.filter((s) => (s.role === 'wire' || s.role === 'reg') && s.dims.length === 1 && (s.dims[0] as number) > 1 && s.type.width > 0),
  );
  const roots: Expr[] = [];
  visitStmts(definition.body, (stmt) => {
    roots.push(...ownExprs(stmt));
    if (stmt.kind === 'assign' && stmt.target.path.length === 0) found.delete(stmt.target.signal);
  });
  const asElement = new Set<Expr>();
  visitExprs(roots, (e) => {
    for (const [i, arg] of e.args.entries()) if (arg.op === 'ref' && !(e.op === 'element' && i === 0)) found.delete(arg.signal);
    if (e.op === 'element' && e.args[0]) asElement.add(e.args[0]);
  });
  for (const root of roots) if (root.op === 'ref') found.delete(root.signal);
  // A reset writes the whole array, and a child or a delay reads it whole through a pin (which is a ref above).
  for (const s of definition.signals) if (s.register?.reset && s.dims.length > 0) found.delete(s);
  // Combinational arrays would make procedures sensitive to every word.
  for (const s of found) if (s.role === 'wire') found.delete(s);
  return found;
}

/** A net for a signal, not yet named. */
export function makeNet(signal: Signal, unpacked: boolean, beside: Pick<Net, 'notes' | 'locator' | 'attributes'>): Net {
  const { width, kind } = signal.type;
  const scalar = signal.dims.length === 0 || unpacked;
  return {
    hint: signal.name,
    origin: signal.role === 'input' || signal.role === 'output' ? 'port' : signal.named ? 'user' : 'made',
    width: unpacked ? width : width * count(signal.dims),
    signed: scalar && kind === 'sint',
    ...(unpacked && { words: signal.dims[0] as number }),
    variable: signal.role === 'reg',
    name: '',
    ...beside,
  };
}
