// What the modules of a design are called in its outputs.

import type { Definition, Design } from '../ir/nodes.ts';
import { legalName } from './names.ts';

/** The top keeps its name and external modules theirs; every other module takes the top's name as a prefix. */
export function moduleNames({ top, definitions }: Design): Map<Definition, string> {
  const names = new Map<Definition, string>([[top, top.name]]);
  const taken = new Set([top.name]);
  for (const { external } of definitions) if (external) taken.add(external.name);
  for (const definition of definitions) {
    if (definition === top) continue;
    if (definition.external) {
      names.set(definition, definition.external.name);
      continue;
    }
    const own = legalName(definition.name).replace(new RegExp(`^${top.name}_`), '');
    let name = `${top.name}_${own}`;
    for (let i = 1; taken.has(name); i++) name = `${top.name}_${own}_${i}`;
    taken.add(name);
    names.set(definition, name);
  }
  return names;
}
