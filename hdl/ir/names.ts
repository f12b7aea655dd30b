// Names of what a definition holds, as paths spell them: the user's own, numbered where several things would share one.
//
// Invariant: within a definition each child and each signal has one name, and no signal has the name of a child.

import type { Definition, Instance, Mesh, Signal } from './nodes.ts';

const childNamesOf = new WeakMap<Definition, Map<Instance | Mesh, string>>();
const signalNamesOf = new WeakMap<Definition, Map<string, Signal>>();
const namesOfSignals = new WeakMap<Definition, Map<Signal, string>>();

/** Gives a stem that is taken the next free number: `stage_1`. The last number of each stem is kept, so that ten thousand of one name take linear time. */
export function numbering(isTaken: (name: string) => boolean): (stem: string, wanted?: string) => string {
  const numbers = new Map<string, number>();
  return (stem, wanted = stem) => {
    let name = wanted;
    for (let n = (numbers.get(stem) ?? 0) + 1; isTaken(name); n++) {
      name = `${stem}_${n}`;
      numbers.set(stem, n);
    }
    return name;
  };
}

/** Instances and meshes with their names, in order of declaration: `stage`, `stage_1`. */
export function childNames(definition: Definition): ReadonlyMap<Instance | Mesh, string> {
  let names = childNamesOf.get(definition);
  if (!names) {
    childNamesOf.set(definition, (names = new Map()));
    const taken = new Set<string>();
    const free = numbering((name) => taken.has(name));
    for (const child of [...definition.instances, ...definition.meshes]) {
      const name = free(child.name);
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
  const free = numbering((name) => names.has(name) || taken.has(name));
  const rank = (s: Signal): number => (s.role === 'input' || s.role === 'output' ? 0 : s.named ? 1 : 2);
  for (const signal of [...definition.signals].sort((a, b) => rank(a) - rank(b) || a.id - b.id)) names.set(free(signal.name || 'unnamed'), signal);
  signalNamesOf.set(definition, names);
  return names;
}

/** The name of a signal of a definition; undefined for one of another. */
export function signalName(definition: Definition, signal: Signal): string | undefined {
  let names = namesOfSignals.get(definition);
  if (!names) namesOfSignals.set(definition, (names = new Map([...signalNames(definition)].map(([name, s]) => [s, name]))));
  return names.get(signal);
}
