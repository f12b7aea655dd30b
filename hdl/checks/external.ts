// External modules: their names are printed as they are, so that a name which Verilog does not allow is an error.

import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { messages } from '../diagnostics/messages.ts';
import { type Definition, type Design, ports } from '../ir/nodes.ts';
import { isIdentifier } from '../verilog/reserved.ts';

export function checkExternal(definition: Definition): Diagnostic[] {
  const { external } = definition;
  if (!external) return [];
  const found: Diagnostic[] = [];
  const place = { at: definition.at, module: definition.name };
  if (!isIdentifier(external.name)) found.push(messages.externalName(place, 'module', external.name, external.name));
  const seen = new Set<string>();
  for (const port of ports(definition)) {
    const at = { ...place, at: port.at };
    if (!isIdentifier(port.name)) found.push(messages.externalName(at, 'port', port.name, external.name));
    if (seen.has(port.name)) found.push(messages.externalTwice(at, port.name, external.name));
    seen.add(port.name);
  }
  for (const [name, value] of external.parameters) {
    if (!isIdentifier(name)) found.push(messages.externalName(place, 'parameter', name, external.name));
    if (!isPrintable(value)) found.push(messages.externalParameter(place, name, value, external.name));
  }
  return found;
}

function isPrintable(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object' || value === null) return typeof value === 'string' || typeof value === 'bigint';
  const { width, value: whole } = value as { width?: unknown; value?: unknown };
  if (typeof width !== 'number' || !Number.isInteger(width) || width < 1 || !(typeof whole === 'bigint' || Number.isInteger(whole))) return false;
  const big = BigInt(whole as number | bigint);
  return BigInt.asUintN(width, big) === big || BigInt.asIntN(width, big) === big;
}

/** The names of a design's own modules are not known before they are printed, but the top's is. */
export function checkExternalTop({ top, definitions }: Design): Diagnostic[] {
  const at = (d: Definition) => ({ at: d.at, module: d.name });
  if (top.external) return [messages.externalTop(at(top), top.external.name)];
  return definitions.filter((d) => d.external?.name === top.name).map((d) => messages.externalNamedAsTop(at(d), top.name));
}
