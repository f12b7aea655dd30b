// Who depends on whom combinationally, signal by signal: the fast, conservative half of the loop check.
//
// Invariant: the work is in proportion to the source, not to array sizes: a child counts by the summary of its ports, a mesh by the
// port graph of its element.

import { count, type Definition, linkPins, type Mesh, ports, type Signal, type Stmt } from '../ir/nodes.ts';
import { indexExprs, signalsRead } from '../ir/visit.ts';
import { reach } from './graph.ts';
import { portGraph, type Summary } from './mesh-loops.ts';

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
  const entering = mesh.links.flatMap(linkPins).filter(([, port]) => port.role === 'input');
  for (const link of mesh.links) {
    if (link.kind !== 'shift' && link.kind !== 'collect') continue;
    const pin = link.kind === 'shift' ? link.leave : link.pin;
    if (!pin) continue;
    const reached = reach(edges, id(link.from));
    for (const [source, port] of entering) if (reached.has(id(port))) depend(pin, source);
  }
}

/** Bits of all elements of a signal. */
export function bitCount(signal: Signal): number {
  return signal.type.width * count(signal.dims);
}
