// Random stimulus of a circuit.

import { type Circuit, clocksOf, resetPorts } from '../circuit/data.ts';
import { Rng } from '../random.ts';
import { construct, type Value } from '../reference.ts';
import { WARM_BITS } from './types.ts';

/** Cycles of reset after which all state is defined: the longest way through state without reset, and every address of a memory. */
export const SETTLE = 32;

/** One step of a simulation: values, then edges. */
export interface Cycle {
  readonly values: readonly Value[];
  /** Whether the reset around is active, whatever its level. */
  readonly rst?: boolean;
  /** Own reset ports that are active. */
  readonly resets?: readonly string[];
  /** Clocks with an edge; all when absent. */
  readonly edges?: readonly string[];
}

/** Reset for `SETTLE` cycles with edges of all clocks, then now and then; of several clocks any have an edge at a time. */
export function randomStimulus(seed: number, circuit: Circuit, cycles: number): Cycle[] {
  const rng = new Rng(seed ^ 0x5eed);
  const [resets, clocks] = [resetPorts(circuit).map((r) => r.port), clocksOf(circuit)];
  return [...Array(SETTLE + cycles).keys()].map((t) => {
    const settling = t < SETTLE;
    const rst = settling || rng.once(12);
    const active = resets.filter(() => settling || rng.once(12));
    return {
      values: circuit.inputs.map(({ name, type }) => {
        if (!name.startsWith('warm')) return construct(type, (g) => rng.value(g));
        const top = 2n ** BigInt(WARM_BITS - 1);
        return (settling || rng.once(8) ? top : 0n) + (settling ? BigInt(t) % top : rng.bits(WARM_BITS - 1));
      }),
      rst,
      ...(resets.length > 0 && { resets: active }),
      ...(clocks.length > 1 && { edges: settling ? clocks : clocks.filter(() => rng.below(3) > 0) }),
    };
  });
}
