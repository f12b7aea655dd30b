// Memories: what their style asks for must be something that a RAM can give, and what is read must have been written.

import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { messages } from '../diagnostics/messages.ts';
import type { Definition, Memory } from '../ir/nodes.ts';

export function checkMemories(definition: Definition): Diagnostic[] {
  return definition.memories.flatMap((memory) => {
    const place = { at: memory.at, module: definition.name };
    const why = impossible(memory);
    return [
      ...(why ? [messages.badMemoryStyle(place, memory.name, memory.style, why)] : []),
      ...(memory.reads.length > 0 && memory.writes.length === 0 && !memory.init ? [messages.unwritten(place, memory.name)] : []),
      ...(memory.reads.length === 0 ? [messages.unused(place, 'memory', memory.name)] : []),
    ];
  });
}

/** Why no RAM of the style that was asked for has these ports; more reads than it has ports are no reason, since each can have a copy. */
function impossible({ style, reads, writes }: Memory): string | undefined {
  if (style === 'block' && reads.some((read) => !read.registered)) return 'is read in the same cycle, .readNow()';
  const most = { block: 2, distributed: 1, registers: Infinity, auto: Infinity }[style];
  return writes.length > most ? `has ${writes.length} ports that write` : undefined;
}
