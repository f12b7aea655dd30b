// Names: every net gets a legal identifier that is unique within its module.
//
// Ports keep their names (two that collide were refused before), then what the user named, then what the language made. A name that is a
// reserved word in any of Verilog-2005 and SystemVerilog, in any case, takes a trailing underscore; a taken one takes a number.

import { snakeCase } from '../naming.ts';
import type { Net, VItem, VModule } from './ast.ts';
import { isReserved } from './reserved.ts';

/** Assigns `name` in every net of a module. */
export function assignNames(module: VModule): void {
  const taken = new Set<string>();
  const give = (net: Net): void => {
    if (net.name !== '') return;
    const base = legalName(net.hint);
    let name = base;
    for (let i = 1; taken.has(name); i++) name = `${base}_${i}`;
    taken.add(name);
    net.name = name;
  };
  for (const { net } of module.ports) give(net);
  for (const net of module.nets) if (net.origin === 'user') give(net);
  for (const net of module.nets) give(net);
  for (const item of module.items) for (const net of ownNets(item)) give(net);
  give(module.unusedNet);
}

/** A legal identifier for a name of the user's. */
export function legalName(hint: string): string {
  const snake = snakeCase(hint);
  return isReserved(snake) ? `${snake}_` : snake;
}

/** Nets that an item itself declares. */
function ownNets(item: VItem): readonly Net[] {
  switch (item.k) {
    case 'define':
      return [item.net];
    case 'instance':
      return [item.name];
    case 'mesh':
      return [item.block, item.genvar, item.element, ...item.chains.flatMap((c) => [c.to, c.from]), item.unused];
    case 'lanes':
      return [item.block, item.genvar, item.stages, item.next];
    case 'reverse':
      return [item.block, item.genvar];
    default:
      return [];
  }
}
