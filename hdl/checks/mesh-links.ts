// Every input of a mesh's element is linked by exactly one rule. Constant time in the number of elements.

import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { messages } from '../diagnostics/messages.ts';
import { type Definition, linkPins, ports, type Signal } from '../ir/nodes.ts';
import type { Origin } from '../source.ts';

export function checkMeshLinks(definition: Definition): Diagnostic[] {
  const found: Diagnostic[] = [];
  for (const mesh of definition.meshes) {
    const linked = new Map<Signal, Origin>();
    for (const link of mesh.links) {
      if (link.kind === 'collect') continue;
      const at = link.kind === 'index' ? link.at : linkPins(link)[0]?.[0].at;
      if (!at) continue;
      const first = linked.get(link.to);
      if (first) found.push(messages.doublyDriven({ at, module: definition.name }, `${mesh.name}.${link.to.name}`, first));
      else linked.set(link.to, at);
    }
    for (const port of ports(mesh.definition)) {
      if (port.role === 'input' && !linked.has(port)) {
        found.push(messages.unlinked({ at: mesh.at, module: definition.name }, mesh.name, port.name));
      }
    }
  }
  return found;
}
