// The frame of passes that change definitions one by one.

import type { Definition, Design } from '../ir/nodes.ts';

/** A design of changed definitions; children come first in a design, so those of each definition are replaced before it is changed. */
export function replaceDefinitions({ top, definitions }: Design, change: (definition: Definition) => Definition): Design {
  const replaced = new Map<Definition, Definition>();
  const current = <T extends { readonly definition: Definition }>(child: T): T => ({
    ...child,
    definition: replaced.get(child.definition) ?? child.definition,
  });
  const made = definitions.map((definition) => {
    const result = change({ ...definition, instances: definition.instances.map(current), meshes: definition.meshes.map(current) });
    replaced.set(definition, result);
    return result;
  });
  return { top: replaced.get(top) as Definition, definitions: made };
}
