// Properties as immediate assertions in clocked procedures, the only kind that Yosys, Icarus and Verilator all read.
//
// `formal` puts them, and the nets that only they read, into one `ifdef FORMAL; `sv` gives each a text for the simulator.

import type { Property, Signal } from '../ir/nodes.ts';
import type { Net, VExpr, VItem } from './ast.ts';
import { lowerReset } from './registers.ts';

export type PropertyStyle = 'formal' | 'sv';
export type VChecks = Extract<VItem, { readonly k: 'checks' }>;

/** What the preparation of a module gives to them. */
interface PropertyScope {
  readonly items: VItem[];
  sink: string;
  net(signal: Signal): Net;
  whole(signal: Signal): VExpr;
  made(hint: string, width: number): Net;
}

/** One group for each clock and reset, in order of declaration. */
export function lowerProperties(p: PropertyScope, properties: readonly Property[]): VChecks['groups'] {
  const groups: { clock: Net; reset: VExpr | undefined; key: string; list: VChecks['groups'][number]['list'][number][] }[] = [];
  for (const property of properties) {
    const { name, condition, clock, reset } = property;
    p.sink = condition.name;
    const cond = p.whole(condition);
    const key = `${clock.id} ${reset?.id}`;
    let group = groups.find((g) => g.key === key);
    if (!group)
      groups.push((group = { clock: p.net(clock), reset: reset && lowerReset(p, { signal: reset, ...reset.type.reset }).cond, key, list: [] }));
    group.list.push({ property, label: p.made(name, 1), cond });
  }
  return groups;
}
