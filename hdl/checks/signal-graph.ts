// Who depends on whom combinationally, signal by signal: the fast, conservative half of the loop check.
//
// Invariant: the work is in proportion to the source, not to array sizes: a child counts by the summary of its ports, a mesh by the
// port graph of its element.

import { count, type Definition, type Mesh, ports, type Signal, type Stmt } from '../ir/nodes.ts';
import { indexExprs, signalsRead } from '../ir/visit.ts';
import { findCycle, reach } from './graph.ts';

/** Input ports that an output port depends on within the same cycle. */
export type Summary = ReadonlyMap<Signal, ReadonlySet<Signal>>;

export interface SignalGraph {
  /** By signal id: the ids that it depends on. */
  readonly edges: number[][];
  readonly summary: Summary;
}

/** With `resets`, state depends on its asynchronous reset. */
export function signalGraph(definition: Definition, summaries: ReadonlyMap<Definition, Summary>, resets = false): SignalGraph {
  const edges: number[][] = definition.signals.map(() => []);
  const depend = (to: Signal, from: Signal): void => {
    edges[to.id]?.push(from.id);
  };
  addStatements(definition.body, [], depend, edges);
  for (const { definition: child, pins } of definition.instances) {
    for (const [out, ins] of summaries.get(child) ?? []) for (const i of ins) depend(pins.get(out) as Signal, pins.get(i) as Signal);
  }
  for (const mesh of definition.meshes) addMesh(mesh, summaries.get(mesh.definition) ?? new Map(), depend);
  for (const memory of definition.memories) for (const r of memory.reads) if (!r.registered) depend(r.data, r.address);
  for (const delay of definition.delays) if (hasWire(delay.first, delay.step, delay.input)) depend(delay.output, delay.input);
  if (resets) for (const [state, reset] of asyncResets(definition)) depend(state, reset);
  return { edges, summary: summarise(definition, edges) };
}

/** What an asynchronous reset acts on within the cycle, and that reset. */
export function asyncResets({ signals, delays }: Definition): [state: Signal, reset: Signal][] {
  const pairs: [Signal, Signal][] = [];
  for (const s of signals) if (s.register?.reset?.async) pairs.push([s, s.register.reset.signal]);
  for (const d of delays) if (d.reset?.async) pairs.push([d.output, d.reset.signal]);
  return pairs;
}

/** Whether some lane of a delay has depth 0. */
export function hasWire(first: number, step: number, input: Signal): boolean {
  return first === 0 || first + step * ((input.dims[0] ?? 1) - 1) === 0;
}

function addStatements(stmts: readonly Stmt[], conditions: readonly Signal[], depend: (to: Signal, from: Signal) => void, edges: number[][]): void {
  for (const stmt of stmts) {
    if (stmt.kind === 'when') {
      const inner = [...conditions, ...signalsRead([stmt.cond])];
      addStatements(stmt.then, inner, depend, edges);
      addStatements(stmt.else, inner, depend, edges);
      continue;
    }
    const { signal, path, bits } = stmt.target;
    if (signal.role === 'reg') continue;
    // An unconditional assignment of the whole signal replaces all before it.
    if (conditions.length === 0 && path.length === 0 && !bits) edges[signal.id] = [];
    for (const s of [...conditions, ...signalsRead([stmt.value, ...indexExprs(stmt.target)])]) depend(signal, s);
  }
}

/** What an output of an external module depends on: every input but the clocks, unless it is said to be registered. */
export function externalInputs(definition: Definition, output: Signal): Signal[] {
  if (!definition.external || definition.external.registered.has(output)) return [];
  return definition.signals.filter((s) => s.role === 'input' && s.type.kind !== 'clock');
}

function summarise(definition: Definition, edges: number[][]): Summary {
  const summary = new Map<Signal, Set<Signal>>();
  for (const port of ports(definition)) {
    if (port.role !== 'output') continue;
    if (definition.external) {
      summary.set(port, new Set(externalInputs(definition, port)));
      continue;
    }
    const reached = [...reach(edges, port.id)].map((id) => definition.signals[id] as Signal);
    summary.set(port, new Set(reached.filter((s) => s.role === 'input')));
  }
  return summary;
}

/** From what leaves a mesh to what enters it, whatever the element: which ports can reach which along links and through elements. */
function addMesh(mesh: Mesh, summary: Summary, depend: (to: Signal, from: Signal) => void): void {
  const { edges, id } = portGraph(mesh, summary);
  const entering = mesh.links.flatMap((l) =>
    l.kind === 'shift' ? [{ port: l.to, pin: l.enter }] : l.kind === 'feed' ? [{ port: l.to, pin: l.pin }] : [],
  );
  for (const link of mesh.links) {
    const pin = link.kind === 'shift' ? link.leave : link.kind === 'collect' ? link.pin : undefined;
    if (!pin || link.kind === 'feed') continue;
    const reached = reach(edges, id(link.from));
    for (const { port, pin: source } of entering) if (reached.has(id(port))) depend(pin, source);
  }
}

/** The element's ports as a graph: outputs depend on inputs by the summary, inputs on their neighbour's outputs by the links. */
export function portGraph(
  mesh: Mesh,
  summary: Summary,
): { readonly edges: number[][]; readonly id: (port: Signal) => number; readonly list: readonly Signal[] } {
  const list = ports(mesh.definition);
  const ids = new Map(list.map((port, i) => [port, i]));
  const id = (port: Signal): number => ids.get(port) as number;
  const edges: number[][] = list.map(() => []);
  for (const [out, ins] of summary) for (const i of ins) edges[id(out)]?.push(id(i));
  for (const link of mesh.links) if (link.kind === 'shift' && isLinked(mesh, link.vector)) edges[id(link.to)]?.push(id(link.from));
  return { edges, id, list };
}

/** A shift along an axis of length 1 links no two elements. */
export function isLinked(mesh: Mesh, vector: readonly number[]): boolean {
  return vector.every((v, axis) => v === 0 || (mesh.shape[axis] as number) > 1);
}

/**
 * Whether a mesh may have a loop inside. A closed walk through ports is a loop only if its shifts add up to nothing, so a linear
 * function of the index that every cycle strictly raises rules loops out; the lexicographic orders of the axes are tried.
 */
export function meshMayLoop(mesh: Mesh, summary: Summary): boolean {
  const { edges, id, list } = portGraph(mesh, summary);
  if (!findCycle(edges)) return false;
  const shifts = mesh.links.flatMap((l) =>
    l.kind === 'shift' && isLinked(mesh, l.vector) ? [{ from: id(l.from), to: id(l.to), vector: l.vector }] : [],
  );
  const inner = [...summary].flatMap(([out, ins]) => [...ins].map((i) => ({ from: id(i), to: id(out), weight: 0 })));
  return !orders(mesh.shape.length).some((order) => {
    const weighted = [
      ...inner,
      ...shifts.map(({ from, to, vector }) => ({ from, to, weight: vector.reduce((sum, v, axis) => sum + v * (order[axis] as number), 0) })),
    ];
    return allCyclesPositive(list.length, weighted);
  });
}

/** Linear functions whose axes have weights ±1, ±1000, ±10^6 … in every order. */
function orders(rank: number): number[][] {
  const permute = (left: readonly number[]): number[][] =>
    left.length === 0 ? [[]] : left.flatMap((axis) => permute(left.filter((a) => a !== axis)).map((rest) => [axis, ...rest]));
  return permute([...Array(rank).keys()]).flatMap((permutation) =>
    [...Array(2 ** rank).keys()].map((signs) => permutation.map((place, axis) => (signs & (1 << axis) ? -1 : 1) * 1000 ** place)),
  );
}

/** Bellman-Ford: with every weight lowered by a little, a cycle of weight 0 or less becomes a negative one. */
function allCyclesPositive(nodes: number, edges: readonly { readonly from: number; readonly to: number; readonly weight: number }[]): boolean {
  const little = 1 / (nodes + 1);
  const distance = new Float64Array(nodes);
  for (let round = 0; round <= nodes; round++) {
    let changed = false;
    for (const { from, to, weight } of edges) {
      const d = (distance[from] as number) + weight - little;
      if (d < (distance[to] as number) - 1e-9) {
        distance[to] = d;
        changed = true;
      }
    }
    if (!changed) return true;
  }
  return false;
}

/** Bits of all elements of a signal. */
export function bitCount(signal: Signal): number {
  return signal.type.width * count(signal.dims);
}
