// Dead code: signals, registers, children, delays and memory ports that reach no output, and assignments that a later one always replaces.
//
//     before:  spare <= add(a, b); q <= a; q <= b      after:  q <= b
//
// Ports stay, as a module's interface is its contract. With `keepNames` (the default) so does all that the user named, and children, which hold
// names of their own; without it only what reaches an output of the module, a property or an external module: what those do nobody here knows.

import type { Definition, Design, Mesh, MeshLink, Signal, Stmt, When } from '../ir/nodes.ts';
import { type Copied, copyInto, emptyLike, mapStmts } from '../ir/rewrite.ts';
import { onlyWhen } from '../ir/visit.ts';
import { Liveness } from './liveness.ts';
import type { PassOptions } from './options.ts';
import { reachable } from './reachable.ts';

/** Outputs equal in every bit. */
export function dce(design: Design, { keepNames = true }: PassOptions = {}): Design {
  const copied = new Map<Definition, Copied>();
  const acting = new Set<Definition>();
  for (const definition of design.definitions) {
    const children = [...definition.instances, ...definition.meshes];
    const acts = definition.external !== undefined || definition.properties.length > 0;
    if (acts || children.some((c) => acting.has(c.definition))) acting.add(definition);
    const made = emptyLike(definition);
    const signals = copyInto(made, liveOf(definition, keepNames, acting), { children: copied });
    copied.set(definition, { definition: made, signals });
  }
  const of = (d: Definition): Definition => (copied.get(d) as Copied).definition;
  return reachable({ top: of(design.top), definitions: design.definitions.map(of) });
}

/** `acting` are the definitions that hold a property or an external module somewhere below, or are one. */
function liveOf(source: Definition, keepNames: boolean, acting: ReadonlySet<Definition>): Definition {
  const definition = { ...source, body: withoutReplaced(source.body) };
  const live = new Liveness(definition);
  const { signals, instances, meshes, delays, memories, properties, body } = definition;
  const isPort = (s: Signal): boolean => s.role === 'input' || s.role === 'output';
  for (const s of signals) if (isPort(s) || (keepNames && s.named)) live.mark(s);
  for (const p of properties) for (const s of [p.condition, p.clock, ...(p.reset ? [p.reset] : [])]) live.mark(s);
  for (const child of [...instances, ...meshes]) if (keepNames || acting.has(child.definition)) live.mark(child);
  if (keepNames) {
    for (const part of [...delays, ...memories]) if (part.named) live.mark(part);
    for (const d of delays) if (live.has(d)) live.mark(d.output);
  }
  return {
    ...definition,
    signals: signals.filter((s) => live.has(s)),
    instances: instances.filter((i) => live.has(i)),
    meshes: meshes.filter((m) => live.has(m)).map((m) => withLiveLinks(m, live)),
    delays: delays.filter((d) => live.has(d)),
    memories: memories.filter((m) => live.has(m)).map((m) => ({ ...m, reads: m.reads.filter((r) => live.has(r.data)) })),
    body: liveStmts(body, live),
  };
}

function withLiveLinks(mesh: Mesh, live: Liveness): Mesh {
  const links = mesh.links.flatMap((link): MeshLink[] => {
    if (link.kind === 'collect') return live.has(link.pin) ? [link] : [];
    if (link.kind !== 'shift' || !link.leave || live.has(link.leave)) return [link];
    const { leave: _, ...rest } = link;
    return [rest];
  });
  return { ...mesh, links };
}

function liveStmts(stmts: readonly Stmt[], live: Liveness): Stmt[] {
  const kept = (list: readonly Stmt[]): Stmt[] => list.filter((s) => s.kind === 'when' || live.has(s.target.signal));
  const change = {
    expr: <T>(e: T): T => e,
    when: (s: When): Stmt[] => {
      const made = { ...s, then: kept(s.then), else: kept(s.else) };
      return made.then.length + made.else.length > 0 ? [made] : [];
    },
  };
  return kept(mapStmts(stmts, change));
}

/**
 * Without assignments to a signal that a later statement of the same list assigns as a whole: nothing sees what they assigned. `replaced` holds the
 * signals that statements behind this list replace.
 */
function withoutReplaced(stmts: readonly Stmt[], replaced: Set<Signal> = new Set()): Stmt[] {
  const added: Signal[] = [];
  const kept: Stmt[] = [];
  for (const stmt of [...stmts].reverse()) {
    if (stmt.kind === 'when') {
      kept.push(branchesWithoutReplaced(stmt, replaced));
      continue;
    }
    const { signal, path, bits } = stmt.target;
    if (replaced.has(signal)) continue;
    if (path.length === 0 && !bits) {
      replaced.add(signal);
      added.push(signal);
    }
    kept.push(stmt);
  }
  for (const s of added) replaced.delete(s);
  return kept.reverse();
}

function branchesWithoutReplaced(stmt: When, replaced: Set<Signal>): When {
  const chain: When[] = [];
  for (let next: When | undefined = stmt; next; next = onlyWhen(next.else)) chain.push(next);
  let rest = withoutReplaced((chain.at(-1) as When).else, replaced);
  for (const link of chain.reverse()) rest = [{ ...link, then: withoutReplaced(link.then, replaced), else: rest }];
  return rest[0] as When;
}
