// Random circuits before and after passes, as pairs for a proof.

import { type Design, elaborate } from '../../hdl/index.ts';
import { emitVerilog } from '../../hdl/verilog/index.ts';
import { CircuitModule } from './circuit.ts';
import type { Pair, Side } from './equivalence.ts';
import { randomCircuit } from './random-circuit.ts';

/** One pair; `change` is what is to be proven. Elaborated for each side, so that modules get names of their own. */
export function passPair(seed: number, change: (design: Design) => Design, label = ''): Pair {
  const circuit = randomCircuit(seed, { depth: 2, items: 2 + (seed % 5) });
  const side = (top: string, edit: (design: Design) => Design): Side => ({
    top,
    files: emitVerilog(edit(elaborate(CircuitModule as never, circuit as never, { name: top } as never))),
  });
  return { name: `seed ${seed} ${label}`.trim(), before: side(`before${seed}${label}`, (d) => d), after: side(`after${seed}${label}`, change) };
}
