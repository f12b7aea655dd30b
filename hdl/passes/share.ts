// Sharing: definitions of one structure become one, whatever their unnamed parts are called.
//
//     before:  inst a: adder; inst b: adder_1      after:  inst a: adder; inst b: adder      (adder_1 was equal)
//
// Elaboration shares definitions of equal text; this pass also shares those that other passes made equal, and those that differ in the names of
// unnamed things. With `keepNames` (the default) only modules of one class, which differ in the number behind their name; without it the names of
// modules and of what is in them count for nothing, but for those of ports. External modules stay as they are.

import { dumpDefinition } from '../ir/dump.ts';
import type { Definition, Design, Signal } from '../ir/nodes.ts';
import { type Copied, copyInto, emptyLike } from '../ir/rewrite.ts';
import type { PassOptions } from './options.ts';
import { reachable } from './reachable.ts';

/** Behaviour of every instance is unchanged; the first of equal definitions stays, and the top is nobody's twin. */
export function share(design: Design, { keepNames = true }: PassOptions = {}): Design {
  const copied = new Map<Definition, Copied>();
  const byText = new Map<string, Definition>();
  const definitions: Definition[] = [];
  for (const definition of design.definitions) {
    const made = emptyLike(definition);
    const signals = copyInto(made, definition, { children: copied });
    const text = `${keepNames ? definition.name.replace(/_\d+$/, '') : ''}\n${nameless(definition, copied, keepNames)}`;
    const twin = definition === design.top || definition.external ? undefined : byText.get(text);
    if (!twin) {
      byText.set(text, made);
      definitions.push(made);
    }
    // Equal texts declare the same signals in the same order.
    const twins = new Map([...signals].map(([from, to]): [Signal, Signal] => [from, twin?.signals[to.id] ?? to]));
    copied.set(definition, { definition: twin ?? made, signals: twins });
  }
  return reachable({ top: (copied.get(design.top) as Copied).definition, definitions });
}

/** The definition's text without the names that the language made up, or without any. */
function nameless(definition: Definition, children: ReadonlyMap<Definition, Copied>, keepNames: boolean): string {
  const made = emptyLike(definition);
  const isPort = ({ role }: Signal): boolean => role === 'input' || role === 'output';
  copyInto(made, definition, { children, change: (s) => ((keepNames && s.named) || isPort(s) ? {} : { name: '' }) });
  const blank = <T extends { readonly named: boolean; readonly name: string }>(thing: T): T =>
    keepNames && thing.named ? thing : { ...thing, name: '' };
  const { instances, meshes, delays, memories } = made;
  return dumpDefinition({
    ...made,
    instances: instances.map(blank),
    meshes: meshes.map(blank),
    delays: delays.map(blank),
    memories: memories.map(blank),
  });
}
