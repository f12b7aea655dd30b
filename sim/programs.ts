// What designs compile to, kept for the next simulation of an equal one: a test file simulates the same few modules again and again.
//
// Invariant: what is kept knows storages and delays by their numbers only, which are the same in all layouts of one digest. Those used last are kept;
// very large ones are not, since they would keep their memory with them.

import { digestDefinition } from '../hdl/ir/dump.ts';
import type { Definition, Design } from '../hdl/ir/nodes.ts';
import type { Layout } from './layout.ts';

const MOST = 48;
/** Bytes of code. */
const LARGEST = 1 << 20;

const kept = new Map<string, Sized>();

/** Compiles anew from now on, as a process does that has simulated nothing: for benchmarks. */
export function forgetPrograms(): void {
  kept.clear();
}

interface Sized {
  /** Bytes or characters of code. */
  readonly size: number;
}

/** Equal for designs that behave the same and whose layouts have the same numbers. */
export function digestOf(design: Design): string {
  const numbers = new Map<Definition, number>(design.definitions.map((d, i) => [d, i]));
  const parts = design.definitions.map((d) => {
    const children = [...d.instances, ...d.meshes].map((c) => numbers.get(c.definition));
    return `${digestDefinition(d)} ${children.join()}`;
  });
  return `${parts.join(' ')} ${numbers.get(design.top)}`;
}

/** What `make` gives, or gave for a layout of the same digest; `what` tells apart the ways to compile it. */
export function compiledOnce<T extends Sized>({ digest }: Layout, what: string, make: () => T): T {
  const key = `${digest} ${what}`;
  const known = kept.get(key) as T | undefined;
  const made = known ?? make();
  if (made.size > LARGEST) return made;
  // The order of a map is that of insertion: the first is the one that was used longest ago.
  kept.delete(key);
  kept.set(key, made);
  if (kept.size > MOST) kept.delete(kept.keys().next().value as string);
  return made;
}
