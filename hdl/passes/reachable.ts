// Definitions that the top still uses.

import type { Definition, Design } from '../ir/nodes.ts';

/** The design without definitions that nothing instantiates any more; the order stays. */
export function reachable({ top, definitions }: Design): Design {
  const used = new Set<Definition>([top]);
  for (const d of [...definitions].reverse()) {
    if (used.has(d)) for (const child of [...d.instances, ...d.meshes]) used.add(child.definition);
  }
  return { top, definitions: definitions.filter((d) => used.has(d)) };
}
