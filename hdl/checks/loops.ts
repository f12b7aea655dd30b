// Combinational loops, through the whole hierarchy and through meshes.
//
// Two steps. The signal graph of each definition is fast and conservative: if it has no cycle there is no loop. Only where it has one is
// the definition looked at bit by bit, which decides and gives the path.

import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { messages } from '../diagnostics/messages.ts';
import type { Definition, Design } from '../ir/nodes.ts';
import { BitGraph } from './bit-graph.ts';
import { findCycle } from './graph.ts';
import { meshMayLoop, nearOrigin, type Summary } from './mesh-loops.ts';
import { signalGraph } from './signal-graph.ts';

export function checkLoops(design: Design): Diagnostic[] {
  const summaries = new Map<Definition, Summary>();
  const found: Diagnostic[] = [];
  for (const definition of design.definitions) {
    const { edges, summary } = signalGraph(definition, summaries, true);
    summaries.set(definition, summary);
    const cycle = findCycle(edges);
    const suspicious = cycle ?? definition.meshes.some((m) => meshMayLoop(m, summaries.get(m.definition) ?? new Map()));
    if (suspicious) found.push(...exactLoop(definition, cycle ?? []));
  }
  return found;
}

function exactLoop(definition: Definition, suspected: readonly number[]): Diagnostic[] {
  // Most loops of a large mesh are there in a small part of it.
  const parts = suspected.length === 0 ? new BitGraph(meshesNearOrigin(definition)) : undefined;
  const near = parts && findCycle(parts.edges);
  const graph = near ? parts : new BitGraph(definition);
  const bits = near ?? findCycle(graph.edges);
  if (!bits && graph.complete) return [];
  const names = bits ? [...new Set(bits.flatMap((node) => graph.labels[node] ?? []))] : suspected.map((id) => definition.signals[id]?.name ?? '');
  // Dependencies were followed backwards; data flows the other way.
  const path = names.reverse();
  const first = definition.signals.find((s) => path.some((p) => p.split(/[[.]/)[0] === s.name));
  const notes = definition.signals
    .filter((s) => s !== first && path.some((p) => p.split(/[[.]/)[0] === s.name))
    .slice(0, 4)
    .map((s) => ({ text: `\`${s.name}\` is declared`, at: s.at }));
  const mesh = definition.meshes.find((m) => path.some((p) => p.startsWith(`${m.name}[`)));
  return [messages.loop({ at: first?.at ?? mesh?.at ?? definition.at, module: definition.name }, [...path, ...path.slice(0, 1)], notes)];
}

/** Only what meshes do within themselves. */
function meshesNearOrigin(definition: Definition): Definition {
  return { ...definition, signals: [], instances: [], delays: [], memories: [], body: [], meshes: definition.meshes.map(nearOrigin) };
}
