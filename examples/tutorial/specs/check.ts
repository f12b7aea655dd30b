// A design in the simulator against its specification.

import { type EngineName, simulateDesign } from 'systole/sim';
import { cyclesOf, type Subject } from './index.ts';
import type { PortValue, Values } from './specification.ts';

const text = (value: unknown): string => (Array.isArray(value) ? `[${value.join(' ')}]` : String(value));

/** The first output that is not what it must be, as text; undefined when there is none. */
export function firstDifference(subject: Subject, engine: EngineName = 'js', seed = 1): string | undefined {
  const sim = simulateDesign(subject.design, { engine });
  const has = (kind: string): boolean => subject.design.top.signals.some((s) => s.role === 'input' && s.type.kind === kind);
  const [clock, reset] = [has('clock'), has('reset')];
  try {
    if (reset) sim.reset();
    for (const [cycle, { inputs, outputs }] of cyclesOf(subject, seed).entries()) {
      const { rst, ...data }: Values = inputs;
      for (const [port, value] of Object.entries(data)) sim.poke(port, value);
      if (reset) sim.poke('rst', (rst ?? 0) as number);
      for (const [port, want] of Object.entries(outputs)) {
        if (want === undefined) continue;
        const got = [sim.peek(port)].flat();
        const due = [want as PortValue].flat();
        if (got.length !== due.length || got.some((g, i) => BigInt(g) !== BigInt(due[i] as number)))
          return `cycle ${cycle}, with ${Object.entries(inputs)
            .map(([p, v]) => `${p} = ${text(v)}`)
            .join(', ')}: \`${port}\` is ${text(got.length > 1 ? got : got[0])}, expected ${text(want)}`;
      }
      if (clock) sim.step();
    }
    return undefined;
  } finally {
    sim.close();
  }
}
