// Names of what a definition holds, as paths spell them: the user's own, numbered where several things would share one.
//
// Invariant: within a definition each child and each signal has one name, and no signal has the name of a child.

import type { Definition, Instance, Mesh, Signal } from './nodes.ts';

const childNamesOf = new WeakMap<Definition, Map<Instance | Mesh, string>>();
const signalNamesOf = new WeakMap<Definition, Map<string, Signal>>();

/** Instances and meshes with their names, in order of declaration: `stage`, `stage_1`. */
export function childNames(definition: Definition): ReadonlyMap<Instance | Mesh, string> {
  let names = childNamesOf.get(definition);
  if (!names) {
    childNamesOf.set(definition, (names = new Map()));
    const taken = new Set<string>();
    for (const child of [...definition.instances, ...definition.meshes]) {
      let name = child.name;
      for (let n = 1; taken.has(name); n++) name = `${child.name}_${n}`;
      taken.add(name);
      names.set(child, name);
    }
  }
  return names;
}

/** Signals by their names: ports first, then names that the user gave, then made-up ones. */
export function signalNames(definition: Definition): ReadonlyMap<string, Signal> {
  const found = signalNamesOf.get(definition);
  if (found) return found;
  const names = new Map<string, Signal>();
  const taken = new Set(childNames(definition).values());
  const rank = (s: Signal): number => (s.role === 'input' || s.role === 'output' ? 0 : s.named ? 1 : 2);
  for (const signal of [...definition.signals].sort((a, b) => rank(a) - rank(b) || a.id - b.id)) {
    const stem = signal.name || 'unnamed';
    let name = stem;
    for (let n = 1; names.has(name) || taken.has(name); n++) name = `${stem}_${n}`;
    names.set(name, signal);
  }
  signalNamesOf.set(definition, names);
  return names;
}
