// Ports: one typed record for each module, seen from inside or from outside.
//
// Invariant: `Inside` and `Outside` of one record differ only in which leaves can be assigned.

import type { Builder } from './builder.ts';
import { type AnyPort, type PortRecord, portMarker } from './io-types.ts';
import * as build from './ir/build.ts';
import type { Arrival, Role, Signal } from './ir/nodes.ts';
import { leafName, typeLeaves } from './leaves.ts';
import { Origin } from './source.ts';
import type { HwType } from './value-types.ts';
import { type HwValue, makeValue } from './values.ts';

/** Visits the ports of a record, each with its path; the name of a nested one is the path joined with `_`. */
export function forEachPort(
  record: PortRecord,
  visit: (path: readonly string[], direction: 'input' | 'output', type: HwType, port: AnyPort) => HwValue,
  prefix: readonly string[] = [],
): Record<string, unknown> {
  const view: Record<string, unknown> = Array.isArray(record) ? ([] as never) : {};
  for (const [key, entry] of Object.entries(record)) {
    if (!entry) continue;
    const path = [...prefix, key];
    view[key] =
      portMarker in entry
        ? visit(path, (entry as AnyPort).direction, (entry as AnyPort).type, entry as AnyPort)
        : forEachPort(entry as PortRecord, visit, path);
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

/** Declares one signal for each leaf of a type, in a role, and gives the value made of them; `names` are those of the groups that it is in, and its own. */
export function declareValue(
  builder: Builder,
  type: HwType,
  role: Role,
  names: readonly string[],
  { assignable, named = true, arrival, at = Origin.here() }: DeclareOptions,
): { readonly value: HwValue; readonly signals: Signal[] } {
  const signals: Signal[] = [];
  const leaves = typeLeaves(type, (ground, dims, path) => {
    const signal = builder.declare({ role, type: ground, dims, ...leafName([...names, ...path]), named, at, ...(arrival && { arrival }) });
    signals.push(signal);
    return { expr: build.ref(signal), target: assignable ? { signal, path: [] } : undefined };
  });
  return { value: makeValue(type, leaves), signals };
}
