// Two ports must not become one name in the output: ports keep their names, so a collision cannot be solved by renaming.

import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { messages } from '../diagnostics/messages.ts';
import { type Definition, type Design, ports, type Signal } from '../ir/nodes.ts';
import { snakeCase } from '../naming.ts';
import { isReserved } from '../verilog/reserved.ts';

/**
 * Ports of the top keep their names, and so does the top: the two must differ, since a port would hide its module. A name that Verilog, SystemVerilog or
 * C++ reserves is changed, which those who connect to the top must know.
 */
export function checkTopName({ top }: Design): Diagnostic[] {
  return ports(top).flatMap((port) => {
    const [name, place] = [snakeCase(port.name), { at: port.at, module: top.name }];
    if (name === top.name) return [messages.namedAsModule(place, port.name)];
    return isReserved(name) && !top.external ? [messages.reservedPort(place, port.name, `${name}_`)] : [];
  });
}

export function checkPortNames(definition: Definition): Diagnostic[] {
  if (definition.external) return [];
  const seen = new Map<string, Signal>();
  const found: Diagnostic[] = [];
  for (const port of ports(definition)) {
    const legal = snakeCase(port.name);
    const first = seen.get(legal);
    const place = { at: port.at, module: definition.name };
    if (!/^[a-z_]\w*$/.test(legal)) found.push(messages.badName(place, port.name));
    if (first) found.push(messages.nameTaken(place, port.name, legal, first.name, first.at));
    else seen.set(legal, port);
  }
  return found;
}
