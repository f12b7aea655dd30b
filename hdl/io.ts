// Ports: one typed record for each module, seen from inside or from outside.
//
// Invariant: `Inside` and `Outside` of one record differ only in which leaves can be assigned.

import type { Builder } from './builder.ts';
import { type AnyPort, type PortRecord, portMarker } from './io-types.ts';
import * as build from './ir/build.ts';
import type { Arrival, Role, Signal } from './ir/nodes.ts';
import { typeLeaves } from './leaves.ts';
import { Origin } from './source.ts';
import type { HwType } from './value-types.ts';
import { type HwValue, makeValue } from './values.ts';

/** Visits the ports of a record; the name of a nested one is the path joined with `_`. */
export function forEachPort(
  record: PortRecord,
  visit: (name: string, direction: 'input' | 'output', type: HwType, port: AnyPort) => HwValue,
  prefix = '',
): Record<string, unknown> {
  const view: Record<string, unknown> = Array.isArray(record) ? ([] as never) : {};
  for (const [key, entry] of Object.entries(record)) {
    if (!entry) continue;
    const name = prefix + key;
    view[key] =
      portMarker in entry
        ? visit(name, (entry as AnyPort).direction, (entry as AnyPort).type, entry as AnyPort)
        : forEachPort(entry as PortRecord, visit, `${name}_`);
  }
  return view;
}

/** How a value is declared; `named` when the user chose the name, `at` the present line unless given. */
interface DeclareOptions {
  readonly assignable: boolean;
  readonly named?: boolean;
  readonly arrival?: Arrival | undefined;
  readonly at?: Origin;
}

/** Declares one signal for each leaf of a type, in a role, and gives the value made of them. */
export function declareValue(
  builder: Builder,
  type: HwType,
  role: Role,
  name: string,
  { assignable, named = true, arrival, at = Origin.here() }: DeclareOptions,
): { readonly value: HwValue; readonly signals: Signal[] } {
  const signals: Signal[] = [];
  const leaves = typeLeaves(type, (ground, dims, path) => {
    const signal = builder.declare({ role, type: ground, dims, name: [name, ...path].join('_'), named, at, ...(arrival && { arrival }) });
    signals.push(signal);
    return { expr: build.ref(signal), target: assignable ? { signal, path: [] } : undefined };
  });
  return { value: makeValue(type, leaves), signals };
}
