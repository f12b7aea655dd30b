// The computations of a flattened design: which storages each reads and writes.
//
// Invariant: a storage is written by at most one combinational node. Reads are those of final values: an assignment never sees an
// intermediate one, so the statements that drive one signal are one node, wherever they stand.

import type { Definition, Delay, Expr, Mesh, ShiftLink, Signal, Stmt } from '../hdl/ir/nodes.ts';
import { ownExprs, signalsRead } from '../hdl/ir/visit.ts';
import { type Domain, type Layout, type Scope, type Storage, type View, viewOf } from './layout.ts';
import { heldBy, nextState, shownState } from './lower-domains.ts';

interface Common {
  readonly scope: Scope;
  readonly domain: Domain;
  readonly reads: ReadonlySet<Storage>;
  readonly writes: Storage;
}
/** Everything that drives one signal of a scope. */
export interface AssignNode extends Common {
  readonly kind: 'assign';
  readonly signal: Signal;
  readonly body: readonly Stmt[];
}
/** Inputs of a mesh's elements from their neighbours and the edge. */
export interface ShiftNode extends Common {
  readonly kind: 'shift';
  readonly mesh: Mesh;
  readonly link: ShiftLink;
  readonly inner: Scope;
}
/** What runs out of a mesh. */
export interface LeaveNode extends Common {
  readonly kind: 'leave';
  readonly mesh: Mesh;
  readonly link: ShiftLink;
  readonly inner: Scope;
  readonly pin: View;
}
/** The outputs of a bank of shift registers. */
export interface DelayNode extends Common {
  readonly kind: 'delay';
  readonly delay: Delay;
}
export type CombNode = AssignNode | ShiftNode | LeaveNode | DelayNode;

/** The next value of one register, its clock, enable and reset included. */
export interface RegNode extends Common {
  readonly signal: Signal;
  readonly body: readonly Stmt[];
}
/** Whether a register ever takes another value than that of the start. */
export function changes({ signal, body }: RegNode): boolean {
  return body.length > 0 || signal.register?.reset !== undefined;
}

export interface DelayState {
  readonly scope: Scope;
  readonly delay: Delay;
}

export interface Nodes {
  readonly comb: readonly CombNode[];
  readonly regs: readonly RegNode[];
  readonly delays: readonly DelayState[];
}

/** The statements of a definition that drive each signal, with the conditions around them. */
export function drivers(definition: Definition): Map<Signal, Stmt[]> {
  const found = new Map<Signal, Stmt[]>();
  for (const stmt of definition.body) {
    for (const [signal, part] of split(stmt)) append(found, signal, part);
  }
  return found;
}

function append(lists: Map<Signal, Stmt[]>, signal: Signal, stmt: Stmt): void {
  const list = lists.get(signal);
  if (list) list.push(stmt);
  else lists.set(signal, [stmt]);
}

function split(stmt: Stmt): Map<Signal, Stmt> {
  if (stmt.kind === 'assign') return new Map([[stmt.target.signal, stmt]]);
  const branches = [stmt.then, stmt.else].map((branch) => {
    const lists = new Map<Signal, Stmt[]>();
    for (const inner of branch) for (const [signal, part] of split(inner)) append(lists, signal, part);
    return lists;
  });
  const [yes, no] = branches as [Map<Signal, Stmt[]>, Map<Signal, Stmt[]>];
  const result = new Map<Signal, Stmt>();
  for (const signal of new Set([...yes.keys(), ...no.keys()])) {
    result.set(signal, { ...stmt, then: yes.get(signal) ?? [], else: no.get(signal) ?? [] });
  }
  return result;
}

/** All expressions that stand in a list of statements. */
export function rootsOf(stmts: readonly Stmt[], into: Expr[] = []): Expr[] {
  for (const s of stmts) {
    into.push(...ownExprs(s));
    if (s.kind === 'assign') continue;
    rootsOf(s.then, into);
    rootsOf(s.else, into);
  }
  return into;
}

interface Driven {
  readonly signal: Signal;
  /** What it shows, unless it is a register that shows its state. */
  readonly body?: readonly Stmt[];
  readonly reads: ReadonlySet<Signal>;
  /** What its state becomes, for registers. */
  readonly next?: { readonly body: readonly Stmt[]; readonly reads: ReadonlySet<Signal> };
  /** Where the state lies, when it is not what is shown. */
  readonly held?: Signal;
}

function drivenSignals(definition: Definition, ticked: boolean): Driven[] {
  const found = drivers(definition);
  const held = heldBy(definition);
  for (const signal of definition.signals) if (signal.register && !found.has(signal) && !('holds' in signal)) found.set(signal, []);
  return [...found].map(([signal, body]) => {
    if (!signal.register) return { signal, body, reads: signalsRead(rootsOf(body)) };
    const moves = nextState(signal, body, ticked);
    const next = { body: moves, reads: signalsRead(rootsOf(moves)) };
    const state = held.get(signal);
    if (!state) return { signal, reads: new Set(), next };
    const shown = shownState(signal, state);
    return { signal, body: shown, reads: signalsRead(rootsOf(shown)), next, held: state };
  });
}

export function collectNodes(layout: Layout): Nodes {
  const nodes = { comb: [] as CombNode[], regs: [] as RegNode[], delays: [] as DelayState[] };
  const perDefinition = new Map<Definition, readonly Driven[]>();
  for (const scope of layout.scopes) {
    const { definition, domain } = scope;
    let driven = perDefinition.get(definition);
    if (!driven) perDefinition.set(definition, (driven = drivenSignals(definition, layout.ticked)));
    const storage = (signal: Signal): Storage => viewOf(scope, signal).storage;
    const storages = (signals: Iterable<Signal>): Set<Storage> => new Set([...signals].map(storage));
    for (const { signal, body, next, held, reads } of driven) {
      const common = { scope, domain };
      const state = held ?? signal;
      if (next) nodes.regs.push({ ...common, signal: state, body: next.body, reads: storages(next.reads), writes: storage(state) });
      if (body) nodes.comb.push({ kind: 'assign', ...common, signal, body, reads: storages(reads), writes: storage(signal) });
    }
    for (const mesh of definition.meshes) addLinks(nodes.comb, scope, mesh);
    for (const delay of definition.delays) {
      nodes.delays.push({ scope, delay });
      const wired = delay.first === 0 || delay.first + delay.step * ((delay.input.dims[0] ?? 1) - 1) === 0;
      nodes.comb.push({ kind: 'delay', scope, domain, delay, reads: new Set(wired ? [storage(delay.input)] : []), writes: storage(delay.output) });
    }
  }
  return nodes;
}

function addLinks(comb: CombNode[], scope: Scope, mesh: Mesh): void {
  const inner = scope.children.get(mesh) as Scope;
  for (const link of mesh.links) {
    if (link.kind !== 'shift') continue;
    const from = viewOf(inner, link.from).storage;
    const common = { scope, domain: scope.domain, mesh, link, inner };
    comb.push({
      kind: 'shift',
      ...common,
      reads: new Set([from, ...link.enters.map((e) => viewOf(scope, e.pin).storage)]),
      writes: viewOf(inner, link.to).storage,
    });
    if (!link.leave) continue;
    const pin = viewOf(scope, link.leave);
    comb.push({ kind: 'leave', ...common, pin, reads: new Set([from]), writes: pin.storage });
  }
}

/** The signal that a node computes, by its hierarchical name. */
export function nameOf(node: CombNode): string {
  const name =
    node.kind === 'assign'
      ? node.signal.name
      : node.kind === 'delay'
        ? node.delay.output.name
        : node.kind === 'shift'
          ? `${node.mesh.name}.${node.link.to.name}`
          : node.link.from.name;
  return node.scope.path === '' ? name : `${node.scope.path}.${name}`;
}

/**
 * Registers in an order in which arrays are read before they are written, as far as there is one; else as they were declared. What a memory gives is an array, too, when its words are. Scalars are
 * taken to be written later.
 */
export function readersFirst<Place>(
  nodes: readonly RegNode[],
  writes: (node: RegNode) => Place,
  reads: (node: RegNode) => Iterable<Place>,
): RegNode[] {
  const readers = new Map<Place, RegNode[]>(nodes.filter(({ signal }) => signal.dims.length > 0).map((node) => [writes(node), []]));
  for (const node of nodes) for (const place of new Set(reads(node))) readers.get(place)?.push(node);
  const seen = new Set<RegNode>();
  const order: RegNode[] = [];
  const visit = (node: RegNode): void => {
    if (seen.has(node)) return;
    seen.add(node);
    if (node.signal.dims.length > 0) readers.get(writes(node))?.forEach(visit);
    order.push(node);
  };
  nodes.forEach(visit);
  return order;
}
