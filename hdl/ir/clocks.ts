// Which clock a pin carries. Clocks are inputs that are handed on, so one step back is enough.

import type { Definition, Signal } from './nodes.ts';

/** The clock input behind each pin of a child that takes a clock. */
export function clockSources({ body }: Definition): Map<Signal, Signal> {
  const sources = new Map<Signal, Signal>();
  for (const s of body)
    if (s.kind === 'assign' && s.target.signal.type.kind === 'clock' && s.value.op === 'ref') sources.set(s.target.signal, s.value.signal);
  return sources;
}

/** The clock inputs of a definition, in order of declaration. */
export function clockInputs({ signals }: Definition): Signal[] {
  return signals.filter((s) => s.role === 'input' && s.type.kind === 'clock');
}
