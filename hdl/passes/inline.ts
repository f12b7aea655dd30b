// Inlining: instances of tiny modules, and of small modules that are used once, dissolve into their parent.
//
//     before:  inst low: adder (a=low_a, y=low_y)      after:  wire low_a; wire low_y; low_y <= add(low_a, 1:u1)
//
// Pins become wires, but for clocks and resets that are handed on; the child's own signals and children take the instance's name and an underscore in front of theirs. Elements of meshes stay, and
// so does what carries the user's comments or attributes, and definitions of kinds that this file does not know.

import type { Definition, Design, Signal } from '../ir/nodes.ts';
import { type Copied, copyInto, emptyLike } from '../ir/rewrite.ts';
import { ownExprs, visitExprs, visitStmts } from '../ir/visit.ts';
import { reachable } from './reachable.ts';

/** Operators, statements and parts of a module that is always inlined, and of one that is inlined where it is used once. */
const TINY = 8;
const SMALL = 80;

/** Behaviour of the top is unchanged; all state stays, under its new name. */
export function inline(design: Design): Design {
  const uses = new Map<Definition, number>();
  for (const d of design.definitions)
    for (const child of [...d.instances, ...d.meshes]) uses.set(child.definition, (uses.get(child.definition) ?? 0) + 1);
  const copied = new Map<Definition, Copied>();
  const dissolves = new Set<Definition>();
  for (const definition of design.definitions) {
    const made = withInlined(definition, copied, dissolves);
    copied.set(definition, made);
    const size = sizeOf(made.definition);
    if (!mayDissolve(definition)) continue;
    if (size <= TINY || (size <= SMALL && uses.get(definition) === 1)) dissolves.add(definition);
  }
  const of = (d: Definition): Definition => (copied.get(d) as Copied).definition;
  return reachable({ top: of(design.top), definitions: design.definitions.map(of) });
}

const KNOWN: ReadonlySet<string> = new Set<keyof Definition>([
  ...(['name', 'doc', 'at', 'annotations'] as const),
  ...(['signals', 'instances', 'meshes', 'delays', 'memories', 'properties', 'body'] as const),
]);

function mayDissolve(definition: Definition): boolean {
  return !definition.annotations && Object.keys(definition).every((key) => KNOWN.has(key));
}

function withInlined(source: Definition, children: ReadonlyMap<Definition, Copied>, dissolves: ReadonlySet<Definition>): Copied {
  const inlined = source.instances.filter((i) => dissolves.has(i.definition) && !i.annotations);
  const pins = new Set(inlined.flatMap((i) => [...i.pins.values()]));
  const domain = domainSources(source);
  const definition = emptyLike(source);
  const rest: Definition = { ...source, instances: source.instances.filter((i) => !inlined.includes(i)) };
  const change = (s: Signal): Partial<Pick<Signal, 'role' | 'named'>> =>
    pins.has(s) && (s.role === 'sink' || s.role === 'source') ? { role: 'wire', named: !domain.has(s) } : {};
  const signals = copyInto(definition, rest, { children, change });
  for (const { name, definition: child, pins: childPins } of inlined) {
    const { definition: body, signals: ports } = children.get(child) as Copied;
    const given = new Map(
      [...childPins].map(([port, pin]): [Signal, Signal] => [ports.get(port) as Signal, signals.get(domain.get(pin) ?? pin) as Signal]),
    );
    copyInto(definition, body, { children: new Map(), given, prefix: name });
  }
  return { definition, signals };
}

/** The clocks and resets that are handed on to pins: state below keeps them, since a clock is an input and no wire. */
function domainSources({ body }: Definition): Map<Signal, Signal> {
  const isDomain = ({ type }: Signal): boolean => type.kind === 'clock' || type.kind === 'reset';
  return new Map(
    body.flatMap((s) => (s.kind === 'assign' && isDomain(s.target.signal) && s.value.op === 'ref' ? [[s.target.signal, s.value.signal]] : [])),
  );
}

/** Rough size: distinct operators, statements and parts. */
function sizeOf({ instances, meshes, delays, memories, properties, body }: Definition): number {
  let size = properties.length + instances.length + meshes.length + delays.length + memories.length;
  const seen = new Set<never>();
  visitStmts(body, (stmt) => {
    size++;
    visitExprs(ownExprs(stmt), (e) => (size += e.args.length > 0 ? 1 : 0), seen);
  });
  return size;
}
