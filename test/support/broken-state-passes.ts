// Passes that lose something of memories, properties, domains or external modules, to see that the proof refuses them.

import type { Definition, Design, Expr, Memory, Property, RegisterInfo, Signal, Stmt } from '../../hdl/ir/nodes.ts';
import { mapDefinitions } from '../../hdl/ir/rewrite.ts';
import { optimise } from '../../hdl/passes/index.ts';
import type { Broken } from './broken-passes.ts';

const memories = (change: (memory: Memory) => Partial<Memory>) => (design: Design) =>
  mapDefinitions(design, (d) => ({ ...d, memories: d.memories.map((m) => ({ ...m, ...change(m) })) }));

const properties = (change: (property: Property) => Property | undefined) => (design: Design) =>
  mapDefinitions(design, (d) => ({ ...d, properties: d.properties.map(change).filter((p) => p !== undefined) }));

/** In a copy of the design, whose registers may be changed in place. */
const registers = (change: (register: RegisterInfo, signal: Signal, all: readonly Signal[]) => Partial<RegisterInfo>) => (design: Design) => {
  const copy = optimise(design, { passes: ['share'] });
  for (const { signals } of copy.definitions) {
    const before = signals.filter((s) => s.register).map((s) => ({ ...s }));
    for (const s of signals) if (s.register) (s as { register: RegisterInfo }).register = { ...s.register, ...change(s.register, s, before) };
  }
  return copy;
};

/** What drives some signals becomes true. */
function alwaysTrue(definition: Definition, signals: ReadonlySet<Signal>): Definition {
  const drive = (stmts: readonly Stmt[]): Stmt[] =>
    stmts.map((s): Stmt => {
      if (s.kind === 'when') return { ...s, then: drive(s.then), else: drive(s.else) };
      return signals.has(s.target.signal) ? { ...s, value: { op: 'const', value: 1n, type: s.value.type, dims: [], args: [] } as Expr } : s;
    });
  return { ...definition, body: drive(definition.body) };
}

const enables = (of: (d: Definition) => readonly (Signal | undefined)[]) => (design: Design) =>
  mapDefinitions(design, (d) => alwaysTrue(d, new Set(of(d).filter((s) => s !== undefined))));

/** Another register of the same type. */
const twin = (signal: Signal, all: readonly Signal[]): Signal | undefined =>
  all.find((s) => s.id !== signal.id && s.type.width === signal.type.width && s.type.kind === signal.type.kind && `${s.dims}` === `${signal.dims}`);

const swapped = <T>(list: readonly T[]): T[] => [...list.slice(0, -2), ...list.slice(-2).reverse()];

export const BROKEN_STATE: readonly Broken[] = [
  { what: 'memory: the enable of its writes is lost', run: enables((d) => d.memories.flatMap((m) => m.writes.map((w) => w.enable))) },
  { what: 'memory: the enable of its reads is lost', run: enables((d) => d.memories.flatMap((m) => m.reads.map((r) => r.registered?.enable))) },
  { what: 'memory: the first of two write ports wins', run: memories((m) => ({ writes: swapped(m.writes) })) },
  { what: 'memory: the mask of its writes is lost', run: memories((m) => ({ writes: m.writes.map(({ mask: _, ...w }) => w) })) },
  {
    what: 'memory: a read gives what is being written',
    run: memories((m) => ({ reads: m.reads.map((r) => (r.registered ? { ...r, registered: { ...r.registered, underWrite: 'new' } } : r)) })),
  },
  { what: 'memory: its contents are in another order', run: memories(({ init }) => (init ? { init: [...init].reverse() } : {})) },
  { what: 'property: assertions are lost', run: properties((p) => (p.kind === 'assert' ? undefined : p)) },
  { what: 'property: covers are lost', run: properties((p) => (p.kind === 'cover' ? undefined : p)) },
  { what: 'property: an assumption becomes an assertion', run: properties((p) => (p.kind === 'assume' ? { ...p, kind: 'assert' } : p)) },
  { what: 'property: what is asked is always so', run: enables((d) => d.properties.map((p) => p.condition)) },
  { what: 'property: it is asked in reset, too', run: properties(({ reset: _, ...p }) => p) },
  {
    what: 'domain: registers of two clocks are one',
    run: registers(({ clock }, _, all) => ({ clock: all.map((s) => s.register?.clock).find((c) => c && c !== clock) ?? clock })),
  },
  {
    what: 'domain: registers of two reset values are one',
    run: registers(({ reset }, signal, all) => {
      const value = twin(signal, all)?.register?.reset?.value;
      return reset && value ? { reset: { ...reset, value } } : {};
    }),
  },
  { what: 'domain: an asynchronous reset waits for the clock', run: registers(({ reset }) => (reset ? { reset: { ...reset, async: false } } : {})) },
  { what: 'domain: the enable is lost', run: registers(({ enable: _ }) => ({ enable: undefined as never })) },
  {
    what: 'external module: another parameter',
    run: (design) =>
      mapDefinitions(design, (d) =>
        d.external ? { ...d, external: { ...d.external, parameters: new Map([...d.external.parameters.keys()].map((p) => [p, 7])) } } : d,
      ),
  },
  {
    what: 'external module: lost',
    run: (design) => mapDefinitions(design, (d) => ({ ...d, instances: d.instances.filter((i) => !i.definition.external) })),
  },
];
