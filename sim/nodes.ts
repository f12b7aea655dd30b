// The computations of a flattened design: which storages each reads and writes.
//
// Invariant: a storage is written by at most one combinational node. Reads are those of final values: an assignment never sees an
// intermediate one, so the statements that drive one signal are one node, wherever they stand.

import type { Definition, Delay, Expr, Mesh, ShiftLink, Signal, Stmt } from '../hdl/ir/nodes.ts';
import { indexExprs, ownExprs, signalsRead } from '../hdl/ir/visit.ts';
import { type Domain, type Layout, type Scope, type Storage, type View, viewOf } from './layout.ts';

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

/** The next value of one register. */
export interface RegNode extends Common {
  readonly signal: Signal;
  readonly body: readonly Stmt[];
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
export function rootsOf(stmts: readonly Stmt[]): Expr[] {
  return stmts.flatMap((s) => (s.kind === 'assign' ? [s.value, ...indexExprs(s.target)] : [...ownExprs(s), ...rootsOf(s.then), ...rootsOf(s.else)]));
}

export function collectNodes(layout: Layout): Nodes {
  const nodes = { comb: [] as CombNode[], regs: [] as RegNode[], delays: [] as DelayState[] };
  const perDefinition = new Map<Definition, { readonly signal: Signal; readonly body: Stmt[]; readonly reads: readonly Signal[] }[]>();
  for (const scope of layout.scopes) {
    const { definition, domain } = scope;
    let driven = perDefinition.get(definition);
    if (!driven) {
      driven = [...drivers(definition)].map(([signal, body]) => ({ signal, body, reads: [...signalsRead(rootsOf(body))] }));
      for (const signal of definition.signals)
        if (signal.role === 'reg' && !driven.some((d) => d.signal === signal)) driven.push({ signal, body: [], reads: [] });
      perDefinition.set(definition, driven);
    }
    const storage = (signal: Signal): Storage => viewOf(scope, signal).storage;
    for (const { signal, body, reads } of driven) {
      const node = { scope, domain, signal, body, writes: storage(signal) };
      if (signal.register) {
        const { reset } = signal.register;
        nodes.regs.push({ ...node, reads: new Set([...reads, ...(reset ? [reset.signal] : [])].map(storage)) });
      } else {
        nodes.comb.push({ kind: 'assign', ...node, reads: new Set(reads.map(storage)) });
      }
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
    comb.push({ kind: 'shift', ...common, reads: new Set([from, viewOf(scope, link.enter).storage]), writes: viewOf(inner, link.to).storage });
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
