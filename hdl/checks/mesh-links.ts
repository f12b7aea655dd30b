// Every input of a mesh's element is linked by exactly one rule. Constant time in the number of elements.

import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { messages } from '../diagnostics/messages.ts';
import { type Definition, ports, type Signal } from '../ir/nodes.ts';

export function checkMeshLinks(definition: Definition): Diagnostic[] {
  const found: Diagnostic[] = [];
  for (const mesh of definition.meshes) {
    const linked = new Map<Signal, Signal>();
    for (const link of mesh.links) {
      if (link.kind === 'collect') continue;
      const pin = link.kind === 'shift' ? link.enter : link.pin;
      const first = linked.get(link.to);
      if (first) found.push(messages.doublyDriven({ at: pin.at, module: definition.name }, `${mesh.name}.${link.to.name}`, first.at));
      else linked.set(link.to, pin);
    }
    for (const port of ports(mesh.definition)) {
      if (port.role === 'input' && !linked.has(port)) {
        found.push(messages.unlinked({ at: mesh.at, module: definition.name }, mesh.name, port.name));
      }
    }
  }
  return found;
}
