// Comments and attributes: what the user says of a thing to the reader of the output and to the tools that take it.
//
// Invariant: the circuit is the same without them. Refused: handles of computed values, which have no declaration; names and values that Verilog cannot write.

import { type Builder, currentBuilder } from './builder.ts';
import { messages } from './diagnostics/messages.ts';
import type { Annotations, AttributeValue } from './ir/nodes.ts';
import { leavesOf } from './leaves.ts';
import { Origin } from './source.ts';
import { describeType } from './types.ts';
import { HwValue } from './values.ts';

type Annotated = { annotations?: Annotations };

/**
 * A comment above the declaration in the Verilog; a second one adds a line. The handle is a port, wire, register, record of ports, instance, mesh, memory or
 * the module itself (`this`). Reports HDL-A001 on a computed value: `.named(…)` gives it a declaration.
 */
export function comment(handle: object, text: string): void {
  const builder = currentBuilder('comment()');
  // One line for all fields of a bundle.
  const [first] = annotated(builder, 'comment', handle);
  if (!first) return;
  const before = first.annotations?.comment;
  first.annotations = { ...first.annotations, comment: before === undefined ? text : `${before}\n${text}` };
}

/**
 * An attribute `(* name = value *)` at the declaration; `true` is written `"true"`. Same handles as `comment`; on a bundle each field takes it.
 * Reports HDL-A001 on a computed value, HDL-A002 on a name or a value that Verilog cannot write.
 */
export function attribute(handle: object, name: string, value: AttributeValue): void {
  const builder = currentBuilder('attribute()');
  const fault = attributeFault(name, value);
  if (fault) {
    builder.report(messages.badAttribute(builder.here(), name, fault));
    return;
  }
  for (const thing of annotated(builder, 'attribute', handle))
    thing.annotations = { ...thing.annotations, attributes: new Map([...(thing.annotations?.attributes ?? []), [name, value]]) };
}

/** A comment above the statement that follows. Reports HDL-A003 where none follows in the same branch. */
export function section(text: string): void {
  currentBuilder('section()').section({ text }, Origin.here());
}

function annotated(builder: Builder, what: string, handle: object): Annotated[] {
  const child = builder.held(handle);
  if (child) return [child];
  const values = valuesIn(handle);
  const found = values.flatMap((value) =>
    leavesOf(value.leaves).map(({ leaf: { expr } }) => (expr.op === 'ref' && expr.signal.owner === builder.definition ? expr.signal : undefined)),
  );
  if (found.length > 0 && found.every((s) => s !== undefined && s.role !== 'sink' && s.role !== 'source')) return found as Annotated[];
  const [only] = values;
  const got = values.length === 1 && only ? `a computed ${describeType(only.hwType)} value, or one of another module,` : 'this';
  builder.report(messages.notAnnotatable(builder.here(), what, got));
  return [];
}

/** The value itself, or those of a record or list of ports. */
function valuesIn(handle: unknown): HwValue[] {
  if (handle instanceof HwValue) return [handle];
  if (typeof handle !== 'object' || handle === null) return [];
  if (!Array.isArray(handle) && Object.getPrototypeOf(handle) !== Object.prototype) return [];
  return Object.values(handle).flatMap(valuesIn);
}

function attributeFault(name: string, value: unknown): string | undefined {
  if (!/^[A-Za-z_]\w*$/.test(name)) return 'is not a name';
  // Verilator looks for the end of an attribute and for macros in its strings too.
  if (typeof value === 'string') return /^[ -~]*$/.test(value) && !/`|\*\)/.test(value) ? undefined : `has the value ${JSON.stringify(value)}`;
  if (value === true || (typeof value === 'number' && Number.isInteger(value) && Math.abs(value) < 2 ** 31)) return undefined;
  return `has the value ${String(value)}`;
}
