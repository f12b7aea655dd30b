// Collects one definition while its module's constructor runs.
//
// Invariant: exactly one builder is current at a time; free functions such as `when` reach it through `currentBuilder`. Problems
// are collected, not thrown, so that a design's mistakes are reported together.

import { type Diagnostic, HdlError } from './diagnostics/diagnostic.ts';
import { messages } from './diagnostics/messages.ts';
import type { Domain } from './domain.ts';
import { binary, ground, ref, resetType } from './ir/build.ts';
import type {
  Annotations,
  Arrival,
  Assign,
  Definition,
  Dims,
  Expr,
  GroundType,
  RegisterInfo,
  Remark,
  ResetStyle,
  Role,
  Signal,
  Stmt,
  When,
} from './ir/nodes.ts';
import { localName, Origin } from './source.ts';

let current: Builder | undefined;

/** The builder of the module under construction. Throws HDL-E001 when there is none. */
export function currentBuilder(what: string): Builder {
  if (!current) throw new HdlError([messages.outsideElaboration({ at: Origin.here() }, what)]);
  return current;
}

export interface Declaration {
  readonly role: Role;
  readonly type: GroundType;
  readonly dims: Dims;
  readonly name: string;
  readonly named: boolean;
  readonly at: Origin;
  readonly register?: RegisterInfo;
  readonly arrival?: Arrival;
  readonly crossing?: boolean;
}

/** What a module without a domain of its own finds around it: the names and kinds of the ports that it is clocked and reset by. */
export interface Surroundings {
  readonly clock: string;
  readonly reset: ResetStyle & { readonly name: string };
  /** Whether there is an enable. */
  readonly enabled: boolean;
}

/** The ports that whoever instantiates a module connects to its own domain. */
export interface DomainPorts {
  clock?: Signal;
  reset?: Signal;
  enable?: Signal;
}

/** Something that takes its name from the field or the local constant that holds its handle. */
export interface Nameable {
  readonly at: Origin;
  rename(name: string): void;
}

/** What the handles of children, memories and modules stand for, and the module that made them. */
const handles = new WeakMap<object, { readonly thing: { annotations?: Annotations }; readonly madeBy: Definition }>();

/** What a handle of any module stands for. */
export function thingOf(handle: object): object | undefined {
  return handles.get(handle)?.thing;
}

export class Builder {
  readonly definition: Definition;
  readonly diagnostics: Diagnostic[] = [];
  /** The record given to `io()`. */
  portRecord: object | undefined;
  readonly #nameables = new Map<object, Nameable>();
  readonly #atEnd: (() => void)[] = [];
  #statements: Stmt[];
  /** Of the next statement, and where it was said. */
  #remark: { readonly remark: Remark; readonly at: Origin } | undefined;
  readonly domainPorts: DomainPorts = {};
  readonly #surroundings: Surroundings;
  #domain: Domain | undefined;

  constructor(name: string, surroundings: Surroundings) {
    this.#surroundings = surroundings;
    this.definition = {
      name,
      doc: '',
      signals: [],
      instances: [],
      meshes: [],
      delays: [],
      memories: [],
      properties: [],
      body: [],
      at: Origin.here(),
    };
    this.#statements = this.definition.body;
  }

  /** Makes this builder the current one; gives the one to which `leave` returns. A pair of calls rather than a body, since modules nest as deep as the stack lasts. */
  enter(): Builder | undefined {
    const outer = current;
    current = this;
    return outer;
  }

  leave(outer: Builder | undefined): void {
    current = outer;
  }

  report(diagnostic: Diagnostic): void {
    this.diagnostics.push({ module: this.definition.name, ...diagnostic });
  }

  /** Where a misuse is reported: the user's present line. */
  here(): { readonly at: Origin; readonly module: string } {
    return { at: Origin.here(), module: this.definition.name };
  }

  declare(declaration: Declaration): Signal {
    const signal: Signal = { id: this.definition.signals.length, owner: this.definition, ...declaration };
    this.definition.signals.push(signal);
    return signal;
  }

  assign(statement: Omit<Assign, 'kind'>): void {
    this.#statements.push({ kind: 'assign', ...statement, ...this.#takeRemark() });
  }

  /** Drives a signal that the language made, in every cycle: also when the user wrote the expression inside a `when`. */
  define(signal: Signal, value: Expr, at: Origin): void {
    this.definition.body.push({ kind: 'assign', target: { signal, path: [] }, value, at });
  }

  /** The value of a signal that the language made, until an assignment in some branch says otherwise. */
  defineDefault(signal: Signal, value: Expr, at: Origin): void {
    this.definition.body.unshift({ kind: 'assign', target: { signal, path: [] }, value, at });
  }

  /** Drives a signal that the language made: `value` while the conditions around the call hold, else `otherwise`. */
  defineHere(signal: Signal, value: Expr, otherwise: Expr, at: Origin): void {
    if (this.#statements !== this.definition.body) this.defineDefault(signal, otherwise, at);
    this.assign({ target: { signal, path: [] }, value, at });
  }

  /** Opens a conditional; the caller fills its branches with `branch`. */
  when(statement: When): void {
    this.#statements.push({ ...statement, ...this.#takeRemark() });
  }

  /** A comment on the next statement of the same branch. */
  section(remark: Remark, at: Origin): void {
    this.#lostRemark();
    this.#remark = { remark, at };
  }

  #takeRemark(): { remark?: Remark } {
    const taken = this.#remark && { remark: this.#remark.remark };
    this.#remark = undefined;
    return taken ?? {};
  }

  #lostRemark(): void {
    if (this.#remark) this.report(messages.emptySection({ at: this.#remark.at }, this.#remark.remark.text));
    this.#remark = undefined;
  }

  branch(statements: Stmt[], body: () => void): void {
    const outer = this.#statements;
    this.#statements = statements;
    try {
      body();
      this.#lostRemark();
    } finally {
      this.#statements = outer;
    }
  }

  /** Remembers what a handle stands for, so that it can be annotated and found. */
  holds(handle: object, thing: { annotations?: Annotations }): void {
    handles.set(handle, { thing, madeBy: this.definition });
  }

  /** What a handle of this module stands for. */
  held(handle: object): { annotations?: Annotations } | undefined {
    const held = handles.get(handle);
    return held?.madeBy === this.definition ? held.thing : undefined;
  }

  /** Remembers that the holder of `handle` may name it. */
  nameable(handle: object, entry: Nameable): void {
    this.#nameables.set(handle, entry);
  }

  /** Runs when the module is complete, before it is checked. */
  atEnd(check: () => void): void {
    this.#atEnd.push(check);
  }

  finish(): void {
    this.#lostRemark();
    for (const check of this.#atEnd) check();
  }

  /** Names what the module's own fields hold, arrays and records too, then what local constants hold. */
  takeNames(module: object): void {
    this.#walk(Object.entries(module), '');
    for (const { at, rename } of this.#nameables.values()) {
      const name = localName(at.location());
      if (name) rename(name);
    }
  }

  #walk(fields: readonly (readonly [string, unknown])[], prefix: string): void {
    for (const [key, value] of fields) {
      if (typeof value !== 'object' || value === null || (prefix === '' && (key === 'p' || key === 'cfg'))) continue;
      const entry = this.#nameables.get(value);
      if (entry) {
        entry.rename(prefix + key);
        this.#nameables.delete(value);
      } else if (Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype) {
        this.#walk(Object.entries(value), `${prefix}${key}_`);
      }
    }
  }

  /** What `body` makes belongs to a domain; to that around the module where none is given. */
  inDomain<T>(domain: Domain | undefined, body: () => T): T {
    const outer = this.#domain;
    this.#domain = domain;
    try {
      return body();
    } finally {
      this.#domain = outer;
    }
  }

  /** The clock of the present domain. */
  clock(): Signal {
    return this.#domain?.clock ?? this.defaultClock();
  }

  /** The clock that the module is instantiated with, an input that appears with its first use. */
  defaultClock(): Signal {
    this.domainPorts.clock ??= this.#domainInput(this.#surroundings.clock, ground('clock', 1));
    return this.domainPorts.clock;
  }

  /** The reset of the present domain. Reports HDL-K006 when it has none. */
  reset(): Signal {
    if (this.#domain?.reset) return this.#domain.reset;
    if (this.#domain && !this.#domain.around) this.report(messages.noReset(this.here(), this.#domain.clock.name));
    this.domainPorts.reset ??= this.#domainInput(this.#surroundings.reset.name, resetType(this.#surroundings.reset));
    return this.domainPorts.reset;
  }

  /** The reset of the present domain, if it has one. */
  resetIfAny(): Signal | undefined {
    return this.#domain && !this.#domain.around && !this.#domain.reset ? undefined : this.reset();
  }

  /** The enable of the present domain, if it has one. */
  enable(): Signal | undefined {
    if (this.#domain) return this.#domain.enable;
    if (!this.#surroundings.enabled) return undefined;
    this.domainPorts.enable ??= this.#domainInput('clk_en', ground('bool', 1));
    return this.domainPorts.enable;
  }

  /** `condition` while the present domain is enabled. */
  enabled(condition: Expr): Expr;
  enabled(condition: Expr | undefined): Expr | undefined;
  enabled(condition: Expr | undefined): Expr | undefined {
    const enable = this.enable();
    if (!enable) return condition;
    return condition ? binary('and', ref(enable), condition) : ref(enable);
  }

  /** What a child that is instantiated here finds around it. */
  surroundings(): Surroundings {
    if (!this.#domain) return this.#surroundings;
    const { clock, reset: own } = this.#surroundings;
    const style = this.#domain.reset?.type.reset ?? {};
    const same = !this.#domain.reset || (own.async === style.async && own.activeLow === style.activeLow);
    return { clock, reset: same ? own : { ...style, name: style.activeLow ? 'rst_n' : 'rst' }, enabled: this.#domain.enable !== undefined };
  }

  #domainInput(name: string, type: GroundType): Signal {
    return this.declare({ role: 'input', type, dims: [], name, named: true, at: this.definition.at });
  }
}
