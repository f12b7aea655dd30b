// Rewriting: the one place that knows every field of the IR which holds an expression, a signal or a child.
//
// Invariants: nothing is changed in place; what is shared stays shared; depth of operators and of `elsewhen`s costs no stack.

import type { Definition, Delay, Design, Expr, Instance, Memory, Mesh, MeshLink, Property, Signal, Stmt, When } from './nodes.ts';
import { onlyWhen, visitExprs } from './visit.ts';

/** The expression with other operands; itself when they are the same. */
export function withArgs(expr: Expr, args: readonly Expr[]): Expr {
  return args.every((a, i) => a === expr.args[i]) ? expr : ({ ...expr, args } as Expr);
}

/** Applies `change` to each distinct expression once, to operands before operators. */
export function exprMapper(change: (expr: Expr) => Expr): (root: Expr) => Expr {
  const done = new Map<Expr, Expr>();
  const seen = new Set<Expr>();
  return (root) => {
    visitExprs(
      [root],
      (e) =>
        done.set(
          e,
          change(
            withArgs(
              e,
              e.args.map((a) => done.get(a) as Expr),
            ),
          ),
        ),
      seen,
    );
    return done.get(root) as Expr;
  };
}

export interface StmtChange {
  readonly expr: (expr: Expr) => Expr;
  readonly signal?: (signal: Signal) => Signal;
  /** What becomes of a conditional whose parts have been mapped. */
  readonly when?: (stmt: When) => readonly Stmt[];
}

export function mapStmts(stmts: readonly Stmt[], change: StmtChange): Stmt[] {
  const { expr, signal = (s) => s, when = (s) => [s] } = change;
  return stmts.flatMap((stmt): readonly Stmt[] => {
    if (stmt.kind === 'assign') {
      const { target } = stmt;
      const path = target.path.map((p) => (typeof p === 'number' ? p : expr(p)));
      return [{ ...stmt, target: { ...target, signal: signal(target.signal), path }, value: expr(stmt.value) }];
    }
    const chain: When[] = [];
    for (let next: When | undefined = stmt; next; next = onlyWhen(next.else)) chain.push(next);
    let rest = mapStmts((chain.at(-1) as When).else, change);
    for (const link of chain.reverse()) {
      const arm = link.arm && { arm: { ...link.arm, subject: expr(link.arm.subject) } };
      rest = [...when({ ...link, cond: expr(link.cond), then: mapStmts(link.then, change), else: rest, ...arm })];
    }
    return rest;
  });
}

/** Maps every definition, leaves first; `change` sees it with its children mapped. Signals of ports must stay the same objects. */
export function mapDefinitions(design: Design, change: (definition: Definition) => Definition): Design {
  const replaced = new Map<Definition, Definition>();
  const definitions = design.definitions.map((definition) => {
    const made = change(withChildren(definition, replaced));
    replaced.set(definition, made);
    return made;
  });
  return { top: replaced.get(design.top) as Definition, definitions };
}

/** The definition with its children replaced; children come first in a design, so they are known. */
export function withChildren(definition: Definition, replaced: ReadonlyMap<Definition, Definition>): Definition {
  const current = <T extends { readonly definition: Definition }>(child: T): T => ({
    ...child,
    definition: replaced.get(child.definition) ?? child.definition,
  });
  return { ...definition, instances: definition.instances.map(current), meshes: definition.meshes.map(current) };
}

/** What a definition became, and its signals. */
export interface Copied {
  readonly definition: Definition;
  readonly signals: ReadonlyMap<Signal, Signal>;
}

export interface CopyOptions {
  /** What each definition became; one that is missing stays. */
  readonly children: ReadonlyMap<Definition, Copied>;
  /** Signals that need no copy. */
  readonly given?: ReadonlyMap<Signal, Signal>;
  /** Stands before every name, with an underscore. */
  readonly prefix?: string;
  readonly change?: (signal: Signal) => Partial<Pick<Signal, 'role' | 'name' | 'named'>>;
}

/** A definition without content, like another in all else. */
export function emptyLike(definition: Definition): Definition {
  return { ...definition, signals: [], instances: [], meshes: [], delays: [], memories: [], properties: [], body: [] };
}

/** Copies all of `source` into `target`, with signals of its own, numbered in their order. */
export function copyInto(target: Definition, source: Definition, options: CopyOptions): ReadonlyMap<Signal, Signal> {
  return new Copy(target, options).run(source);
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

class Copy {
  readonly #target: Definition;
  readonly #options: CopyOptions;
  readonly #signals: Map<Signal, Signal>;
  readonly #taken: Set<string>;
  readonly #expr = exprMapper((e) => (e.op === 'ref' ? { ...e, signal: this.#signal(e.signal) } : e));

  constructor(target: Definition, options: CopyOptions) {
    this.#target = target;
    this.#options = options;
    this.#signals = new Map(options.given);
    this.#taken = new Set(options.prefix === undefined ? [] : namesOf(target));
  }

  run(source: Definition): ReadonlyMap<Signal, Signal> {
    const target = this.#target;
    for (const s of source.signals) if (!this.#signals.has(s)) this.#declare(s);
    // A register's clock and reset may be declared behind it.
    for (const s of source.signals) if (s.register && !this.#options.given?.has(s)) this.#setRegister(s);
    target.instances.push(...source.instances.map((i) => this.#instance(i)));
    target.meshes.push(...source.meshes.map((m) => this.#mesh(m)));
    target.delays.push(...source.delays.map((d) => this.#delay(d)));
    target.memories.push(...source.memories.map((m) => this.#memory(m)));
    target.properties.push(...source.properties.map((p) => this.#property(p)));
    target.body.push(...mapStmts(source.body, { expr: this.#expr, signal: (s) => this.#signal(s) }));
    const { external } = source;
    if (external) target.external = { ...external, registered: new Set([...external.registered].map((s) => this.#signal(s))) };
    return this.#signals;
  }

  #declare(signal: Signal): void {
    const { change } = this.#options;
    const { register: _, ...rest } = signal;
    const made: Signal = { ...rest, id: this.#target.signals.length, name: this.#name(signal.name), owner: this.#target, ...change?.(signal) };
    this.#target.signals.push(made);
    this.#signals.set(signal, made);
  }

  #setRegister(signal: Signal): void {
    const { register } = signal;
    if (!register) return;
    const { clock, enable, reset } = register;
    const made: Writable<Signal> = this.#signal(signal);
    made.register = {
      ...register,
      clock: this.#signal(clock),
      ...(enable && { enable: this.#signal(enable) }),
      ...(reset && { reset: { ...reset, signal: this.#signal(reset.signal), value: this.#expr(reset.value) } }),
    };
  }

  #instance(instance: Instance): Instance {
    const child = this.#options.children.get(instance.definition);
    const pins = [...instance.pins].map(([port, pin]): [Signal, Signal] => [child?.signals.get(port) ?? port, this.#signal(pin)]);
    return { ...instance, name: this.#name(instance.name), definition: child?.definition ?? instance.definition, pins: new Map(pins) };
  }

  #mesh(mesh: Mesh): Mesh {
    const child = this.#options.children.get(mesh.definition);
    const port = (s: Signal): Signal => child?.signals.get(s) ?? s;
    const links = mesh.links.map((link): MeshLink => {
      switch (link.kind) {
        case 'shift': {
          const leave = link.leave && { leave: this.#signal(link.leave) };
          const enters = link.enters.map((e) => ({ ...e, pin: this.#signal(e.pin) }));
          return { ...link, from: port(link.from), to: port(link.to), enters, ...leave };
        }
        case 'feed':
          return { ...link, to: port(link.to), pin: this.#signal(link.pin) };
        case 'collect':
          return { ...link, from: port(link.from), pin: this.#signal(link.pin) };
        case 'index':
          return { ...link, to: port(link.to) };
      }
    });
    return { ...mesh, name: this.#name(mesh.name), definition: child?.definition ?? mesh.definition, links };
  }

  #delay(delay: Delay): Delay {
    const { input, output, enable, clock, reset } = delay;
    return {
      ...delay,
      name: this.#name(delay.name),
      input: this.#signal(input),
      output: this.#signal(output),
      clock: this.#signal(clock),
      ...(enable && { enable: this.#signal(enable) }),
      ...(reset && { reset: { ...reset, signal: this.#signal(reset.signal) } }),
    };
  }

  #memory(memory: Memory): Memory {
    const at = (s: Signal): Signal => this.#signal(s);
    return {
      ...memory,
      name: this.#name(memory.name),
      reads: memory.reads.map((r) => ({
        ...r,
        address: at(r.address),
        data: at(r.data),
        ...(r.registered && { registered: { ...r.registered, clock: at(r.registered.clock), enable: at(r.registered.enable) } }),
      })),
      writes: memory.writes.map((w) => ({
        ...w,
        address: at(w.address),
        data: at(w.data),
        enable: at(w.enable),
        clock: at(w.clock),
        ...(w.mask && { mask: at(w.mask) }),
      })),
    };
  }

  #property(property: Property): Property {
    const { name, condition, clock, reset } = property;
    return {
      ...property,
      name: this.#name(name),
      condition: this.#signal(condition),
      clock: this.#signal(clock),
      ...(reset && { reset: this.#signal(reset) }),
    };
  }

  #signal(signal: Signal): Signal {
    const made = this.#signals.get(signal);
    if (!made) throw new Error(`internal: ${signal.name} was not copied`);
    return made;
  }

  #name(name: string): string {
    const { prefix } = this.#options;
    if (prefix === undefined) return name;
    const wanted = `${prefix}_${name}`;
    let free = wanted;
    for (let i = 1; this.#taken.has(free); i++) free = `${wanted}_${i}`;
    this.#taken.add(free);
    return free;
  }
}

function namesOf({ signals, instances, meshes, delays, memories, properties }: Definition): string[] {
  return [...signals, ...instances, ...meshes, ...delays, ...memories, ...properties].map((thing) => thing.name);
}
