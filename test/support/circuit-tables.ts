// Circuits written out by hand: a table of expressions, or statements with state.

import type { Circuit, Expr, Item, Register, Stmt, Variable } from './circuit/data.ts';
import { set } from './circuit/data.ts';
import type { Type } from './reference.ts';

export const variable = (name: string, type: Type): Variable => ({ name, type });

/** A circuit that puts each expression on an output of its own. */
export function table(inputs: readonly Variable[], exprs: readonly Expr[]): Circuit {
  const outputs = exprs.map((e, i) => variable(`q${i}`, e.type));
  return { inputs, outputs, registers: [], items: [{ kind: 'block', wires: [], body: outputs.map((o, i) => set(o, exprs[i] as Expr)) }], order: [0] };
}

export function sequential(
  inputs: readonly Variable[],
  outputs: readonly Variable[],
  registers: readonly Register[],
  body: readonly Stmt[],
  items: readonly Item[] = [],
): Circuit {
  return {
    inputs,
    outputs,
    registers,
    items: [...items, { kind: 'block', wires: [], body }],
    order: [...items.flatMap((item, i) => (item.kind === 'block' || item.kind === 'instance' ? [i] : [])), items.length],
  };
}
