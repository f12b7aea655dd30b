// What of a definition reaches something that must stay, found by marking backwards.
//
// Invariant: each expression, conditional and signal is looked at once, whatever shares it.

import { type Definition, type Expr, type Instance, linkPins, type Memory, type Mesh, type Signal, type Stmt, type When } from '../ir/nodes.ts';
import { indexExprs, onlyWhen } from '../ir/visit.ts';

/** A child, a delay or a memory: something between pins. */
type Part = Definition['instances' | 'meshes' | 'delays' | 'memories'][number];

/** An assignment and the innermost conditional around it. */
interface Driver {
  readonly exprs: readonly Expr[];
  readonly guard: Guard | undefined;
}
interface Guard {
  readonly stmt: When;
  readonly outer: Guard | undefined;
}

export class Liveness {
  readonly #live = new Set<Signal | Expr | Guard | Part>();
  readonly #open: (Signal | Expr | Guard | Part)[] = [];
  readonly #drivers = new Map<Signal, Driver[]>();
  /** What drives a pin from its other side. */
  readonly #parts = new Map<Signal, Part>();
  readonly #inputs = new Map<Part, readonly Signal[]>();

  constructor(definition: Definition) {
    this.#readStmts(definition.body, undefined);
    for (const i of definition.instances) this.#addInstance(i);
    for (const m of definition.meshes) this.#addMesh(m);
    for (const d of definition.delays)
      this.#add(d, [d.output], [d.input, d.clock, ...(d.enable ? [d.enable] : []), ...(d.reset ? [d.reset.signal] : [])]);
    for (const m of definition.memories) this.#addMemory(m);
  }

  has(thing: Signal | Part): boolean {
    return this.#live.has(thing);
  }

  /** Marks a thing and all that it depends on. */
  mark(root: Signal | Part): void {
    this.#see(root);
    for (let next = this.#open.pop(); next; next = this.#open.pop()) this.#expand(next);
  }

  #see(thing: Signal | Expr | Guard | Part): void {
    if (this.#live.has(thing)) return;
    this.#live.add(thing);
    this.#open.push(thing);
  }

  #expand(thing: Signal | Expr | Guard | Part): void {
    if ('op' in thing) {
      for (const a of thing.args) this.#see(a);
      if (thing.op === 'ref') this.#see(thing.signal);
    } else if ('stmt' in thing) {
      this.#see(thing.stmt.cond);
      if (thing.stmt.arm) this.#see(thing.stmt.arm.subject);
      if (thing.outer) this.#see(thing.outer);
    } else if ('role' in thing) {
      this.#expandSignal(thing);
    } else {
      for (const s of this.#inputs.get(thing) ?? []) this.#see(s);
    }
  }

  #expandSignal(signal: Signal): void {
    for (const { exprs, guard } of this.#drivers.get(signal) ?? []) {
      for (const e of exprs) this.#see(e);
      if (guard) this.#see(guard);
    }
    const part = this.#parts.get(signal);
    if (part) this.#see(part);
    const { register } = signal;
    if (!register) return;
    this.#see(register.clock);
    if (register.enable) this.#see(register.enable);
    if (register.reset) this.#see(register.reset.signal);
    if (register.reset) this.#see(register.reset.value);
  }

  #readStmts(stmts: readonly Stmt[], outer: Guard | undefined): void {
    for (const stmt of stmts) {
      if (stmt.kind === 'assign') {
        const { signal } = stmt.target;
        const list = this.#drivers.get(signal) ?? [];
        list.push({ exprs: [stmt.value, ...indexExprs(stmt.target)], guard: outer });
        this.#drivers.set(signal, list);
        continue;
      }
      let guard = outer;
      for (let next: When | undefined = stmt; next; ) {
        guard = { stmt: next, outer: guard };
        this.#readStmts(next.then, guard);
        const last: When = next;
        next = onlyWhen(last.else);
        if (!next) this.#readStmts(last.else, guard);
      }
    }
  }

  #add(part: Part, outputs: readonly Signal[], inputs: readonly Signal[]): void {
    for (const s of outputs) this.#parts.set(s, part);
    this.#inputs.set(part, inputs);
  }

  #addInstance(instance: Instance): void {
    const pins = [...instance.pins];
    const of = (role: Signal['role']): Signal[] => pins.flatMap(([port, pin]) => (port.role === role ? [pin] : []));
    // Every port has its pin as long as there is an instance.
    this.#add(instance, of('output'), [...of('input'), ...of('output')]);
  }

  #addMesh(mesh: Mesh): void {
    const pins = mesh.links.flatMap(linkPins);
    const of = (role: Signal['role']): Signal[] => pins.flatMap(([pin, port]) => (port.role === role ? [pin] : []));
    this.#add(mesh, of('output'), of('input'));
  }

  #addMemory(memory: Memory): void {
    const written = memory.writes.flatMap((w) => [w.address, w.data, w.enable, w.clock, ...(w.mask ? [w.mask] : [])]);
    this.#inputs.set(memory, written);
    for (const { address, data, registered } of memory.reads) {
      // A read port lives by itself; what is written is read by all.
      this.#parts.set(data, memory);
      const needs = [address, ...(registered ? [registered.clock, registered.enable] : [])];
      const list = this.#drivers.get(data) ?? [];
      list.push({ exprs: needs.map((signal): Expr => ({ op: 'ref', type: signal.type, dims: signal.dims, args: [], signal })), guard: undefined });
      this.#drivers.set(data, list);
    }
  }
}
