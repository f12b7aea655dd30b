// Memories as array registers, which is all that an engine then needs to know.
//
// Invariant: equal to the IR's definition of a memory in every cycle; a word that a registered read finds "undefined" reads as the inverse of
// what stood there, so that a design which depends on it differs from itself on the next engine.

import { array, binary, cast, constant, element, ground, mux, ref, unary } from '../hdl/ir/build.ts';
import type { Definition, Design, Expr, Memory, MemoryRead, MemoryWrite, RegisterInfo, Signal, Stmt } from '../hdl/ir/nodes.ts';
import { mapDefinitions } from '../hdl/ir/rewrite.ts';

/** What a made register stands for: a memory, or what a registered read shows. */
export const standsFor = new WeakMap<Signal, Memory | Signal>();

/** Replaces the memories of every definition; designs without any are passed on. */
export function lowerMemories(design: Design): Design {
  if (design.definitions.every((d) => d.memories.length === 0)) return design;
  return mapDefinitions(design, (definition) => {
    const lowering = new Lowering(definition);
    for (const memory of definition.memories) lowering.add(memory);
    return { ...definition, signals: lowering.signals, body: lowering.body, memories: [] };
  });
}

class Lowering {
  readonly signals: Signal[];
  readonly body: Stmt[];
  readonly #owner: Definition;

  constructor(definition: Definition) {
    this.#owner = definition;
    this.signals = [...definition.signals];
    this.body = [...definition.body];
  }

  add(memory: Memory): void {
    const clock = [...memory.writes.map((w) => w.clock), ...memory.reads.flatMap((r) => r.registered?.clock ?? [])][0];
    // A table that nothing clocks never changes, whatever its clock.
    const info = { clock: clock as Signal, ...(memory.init && { initial: memory.init }) };
    const words = this.#register(memory, memory.name, [memory.depth, ...memory.lanes], info);
    standsFor.set(words, memory);
    for (const write of memory.writes) this.#write(words, write);
    for (const read of memory.reads) this.#read(memory, words, read);
  }

  #register(memory: Memory, name: string, dims: readonly number[], register: RegisterInfo): Signal {
    const signal: Signal = {
      id: this.signals.length,
      name,
      role: 'reg',
      type: memory.type,
      dims,
      owner: this.#owner,
      at: memory.at,
      named: true,
      register,
    };
    this.signals.push(signal);
    return signal;
  }

  #write(words: Signal, { address, data, enable, mask }: MemoryWrite): void {
    const at = words.at;
    const all: Stmt = { kind: 'assign', target: { signal: words, path: [ref(address)] }, value: ref(data), at };
    const lanes =
      mask &&
      [...Array(mask.dims[0]).keys()].map(
        (lane): Stmt => ({
          kind: 'when',
          cond: element(ref(mask), lane),
          else: [],
          at,
          then: [{ kind: 'assign', target: { signal: words, path: [ref(address), lane] }, value: element(ref(data), lane), at }],
        }),
      );
    this.body.push({ kind: 'when', cond: ref(enable), then: lanes ?? [all], else: [], at });
  }

  #read(memory: Memory, words: Signal, { address, data, registered }: MemoryRead): void {
    const at = memory.at;
    const stored = element(ref(words), ref(address));
    if (!registered) {
      this.body.push({ kind: 'assign', target: { signal: data, path: [] }, value: stored, at });
      return;
    }
    const { clock, enable, underWrite } = registered;
    const held = this.#register(memory, `${data.name}_held`, memory.lanes, { clock });
    standsFor.set(held, data);
    const value =
      underWrite === 'old'
        ? stored
        : memory.writes.reduce((before, write) => underWritten(memory, before, write, address, underWrite === 'new'), stored);
    this.body.push(
      { kind: 'when', cond: ref(enable), then: [{ kind: 'assign', target: { signal: held, path: [] }, value, at }], else: [], at },
      { kind: 'assign', target: { signal: data, path: [] }, value: ref(held), at },
    );
  }
}

/** What a read gives that meets a write: the new word, or the inverse of the old one. */
function underWritten(memory: Memory, before: Expr, write: MemoryWrite, address: Signal, isNew: boolean): Expr {
  const size = Math.max(1, memory.depth.toString(2).length);
  const inside = binary('lt', ref(address), constant(ground('uint', size), BigInt(memory.depth)));
  const meets = [ref(write.enable), binary('eq', ref(write.address), ref(address)), inside].reduce((a, b) => binary('and', a, b));
  const one = (old: Expr, data: Expr): Expr => (isNew ? data : cast(unary('not', old), memory.type.kind));
  const lane = (i: number): Expr => {
    const old = element(before, i);
    const next = one(old, element(ref(write.data), i));
    return write.mask ? mux(element(ref(write.mask), i), next, old) : next;
  };
  const [first, ...rest] = memory.lanes.length > 0 ? [...Array(memory.lanes[0]).keys()].map(lane) : [];
  return mux(meets, first ? array([first, ...rest]) : one(before, ref(write.data)), before);
}
