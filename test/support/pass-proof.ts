// Random circuits before and after passes, as pairs for a proof.

import { type Design, elaborate } from '../../hdl/index.ts';
import { emitVerilog } from '../../hdl/verilog/index.ts';
import type { Circuit } from './circuit/data.ts';
import { CircuitModule } from './circuit/module.ts';
import type { Pair, Side } from './equivalence.ts';
import { randomCircuit } from './random-circuit/index.ts';

type Change = (design: Design) => Design;

/** The circuit of a seed; small ones have one level of hierarchy. One clock, a synchronous reset and no memories: what the proof knows. */
export function passCircuit(seed: number, small = false): Circuit {
  return randomCircuit(seed, { ...(small ? { depth: 1, items: 2 + (seed % 3) } : { depth: 2, items: 2 + (seed % 5) }), plain: true });
}

/** One pair; `change` is what is to be proven. */
export function passPair(seed: number, change: Change, label = '', small = false): Pair {
  const circuit = passCircuit(seed, small);
  return designPair(`seed ${seed}`, (name) => elaborate(CircuitModule as never, circuit as never, { name } as never), change, label);
}

/** Elaborated for each side, so that modules get names of their own. */
export function designPair(name: string, elaborated: (top: string) => Design, change: Change, label = ''): Pair {
  const plain = `${name}${label}`.replaceAll(/\W+/g, '');
  const side = (top: string, edit: Change): Side => ({ top, files: emitVerilog(edit(elaborated(top))) });
  return { name: `${name} ${label}`.trim(), before: side(`before${plain}`, (d) => d), after: side(`after${plain}`, change) };
}
