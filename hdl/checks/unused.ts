// Inputs and registers that nothing reads: a warning, since a spare input may be meant.

import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { messages } from '../diagnostics/messages.ts';
import { type Definition, linkPins, type Signal } from '../ir/nodes.ts';
import { ownExprs, signalsRead, visitStmts } from '../ir/visit.ts';

/** Everything that some statement, child or register of a definition reads. */
export function readSignals(definition: Definition): Set<Signal> {
  const read = new Set<Signal>();
  visitStmts(definition.body, (stmt) => {
    for (const s of signalsRead(ownExprs(stmt))) read.add(s);
  });
  for (const s of definition.signals) {
    if (!s.register) continue;
    read.add(s.register.clock);
    if (s.register.reset) read.add(s.register.reset.signal);
    if (s.register.enable) read.add(s.register.enable);
  }
  for (const i of definition.instances) for (const pin of i.pins.values()) read.add(pin);
  for (const m of definition.meshes) for (const link of m.links) for (const [pin] of linkPins(link)) read.add(pin);
  for (const m of definition.memories) for (const port of [...m.writes, ...m.reads.flatMap((r) => r.registered ?? [])]) read.add(port.clock);
  for (const { clock, reset } of definition.properties) {
    read.add(clock);
    if (reset) read.add(reset);
  }
  for (const d of definition.delays) {
    read.add(d.clock);
    if (d.reset) read.add(d.reset.signal);
  }
  return read;
}

export function checkUnused(definition: Definition): Diagnostic[] {
  if (definition.external) return [];
  const read = readSignals(definition);
  return definition.signals
    .filter((s) => (s.role === 'input' || s.role === 'reg' || s.role === 'wire') && !read.has(s))
    .map((s) => messages.unused({ at: s.at, module: definition.name }, s.role === 'reg' ? 'register' : s.role, s.name));
}
