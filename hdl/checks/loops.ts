// Combinational loops, through the whole hierarchy and through meshes.
//
// Two steps. The signal graph of each definition is fast and conservative: if it has no cycle there is no loop. Only where it has one is
// the definition looked at bit by bit, which decides and gives the path.
//
// Invariant: loops that share no signal are all reported, up to MOST in a definition; of those that share one, the first.

import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { messages } from '../diagnostics/messages.ts';
import type { Definition, Design } from '../ir/nodes.ts';
import { BitGraph } from './bit-graph.ts';
import { findCycle } from './graph.ts';
import { meshMayLoop, nearOrigin, type Summary } from './mesh-loops.ts';
import { signalGraph } from './signal-graph.ts';

/** Loops reported in one definition: what comes behind so many is seldom news. */
const MOST = 8;

export function checkLoops(design: Design): Diagnostic[] {
  const summaries = new Map<Definition, Summary>();
  const found: Diagnostic[] = [];
  for (const definition of design.definitions) {
    const { edges, summary } = signalGraph(definition, summaries, true);
    summaries.set(definition, summary);
    const cycle = findCycle(edges);
    const suspicious = cycle ?? definition.meshes.some((m) => meshMayLoop(m, summaries.get(m.definition) ?? new Map()));
    if (suspicious) found.push(...exactLoops(definition, cycle ?? []));
  }
  return found;
}

function exactLoops(definition: Definition, suspected: readonly number[]): Diagnostic[] {
  // Most loops of a large mesh are there in a small part of it.
  const parts = suspected.length === 0 ? new BitGraph(meshesNearOrigin(definition)) : undefined;
  const near = parts && findCycle(parts.edges);
  const graph = near ? parts : new BitGraph(definition);
  const first = near ?? findCycle(graph.edges);
  if (!first)
    return graph.complete
      ? []
      : [
          loopAlong(
            definition,
            suspected.map((id) => definition.signals[id]?.name ?? ''),
          ),
        ];
  const found: Diagnostic[] = [];
  for (let cycle: readonly number[] | undefined = first; cycle && found.length < MOST; cycle = findCycle(graph.edges)) {
    const bits = [...new Set(cycle.flatMap((node) => graph.labels[node] ?? []))];
    found.push(loopAlong(definition, bits));
    // Every loop passes a signal, so that without these signals this one is gone, and those of its other bits.
    const owners = new Set(bits.map(ownerOf));
    for (const [node, label] of graph.labels.entries()) if (label !== undefined && owners.has(ownerOf(label))) graph.edges[node] = [];
  }
  return found;
}

/** The signal, mesh or instance port that a label of a bit begins with. */
function ownerOf(label: string): string {
  return label.split(/[[.]/)[0] as string;
}

/** `names` in the order in which dependencies were followed: data flows the other way. */
function loopAlong(definition: Definition, names: readonly string[]): Diagnostic {
  const path = [...names].reverse();
  const owners = new Set(path.map(ownerOf));
  const along = definition.signals.filter((s) => owners.has(s.name));
  const notes = along.slice(1, 5).map((s) => ({ text: `\`${s.name}\` is declared`, at: s.at }));
  const mesh = definition.meshes.find((m) => owners.has(m.name));
  return messages.loop({ at: along[0]?.at ?? mesh?.at ?? definition.at, module: definition.name }, [...path, ...path.slice(0, 1)], notes);
}

/** Only what meshes do within themselves. */
function meshesNearOrigin(definition: Definition): Definition {
  return { ...definition, signals: [], instances: [], delays: [], memories: [], body: [], meshes: definition.meshes.map(nearOrigin) };
}
