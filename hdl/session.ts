// One elaboration: which definitions exist already.
//
// Invariant: a definition is elaborated once for each (class, configuration, kind of domain around it), and two that come out equal in everything but their
// place are one. The configuration must be plain data for sharing; anything else is elaborated anew.

import { boundDepth } from './bound-depth.ts';
import { Builder, type DomainPorts, type Surroundings } from './builder.ts';
import { type Diagnostic, HdlError } from './diagnostics/diagnostic.ts';
import { messages } from './diagnostics/messages.ts';
import { digestDefinition, dumpDefinition } from './ir/dump.ts';
import { type Definition, type EnumInfo, ports, type Signal } from './ir/nodes.ts';
import { snakeCase } from './naming.ts';
import { Origin } from './source.ts';

/** An elaborated module: its definition and the record of ports that it declared. */
export interface Elaborated {
  readonly definition: Definition;
  readonly portRecord: object;
  /** Ports that are not in the record, since the parent's domain is connected to them. */
  readonly domainPorts: DomainPorts;
}

export type AnyModuleClass = new (cfg: never) => object;

export class Session {
  /** From the leaves to the top. */
  readonly definitions: Definition[] = [];
  readonly diagnostics: Diagnostic[] = [];
  /** Most modules that were under construction at a time, each by the one before. */
  deepest = 0;
  #depth = 0;
  /** By configuration; undefined while its constructor runs. */
  readonly #byConfig = new Map<AnyModuleClass, Map<string, Elaborated | undefined>>();
  readonly #byText = new Map<string, Elaborated>();
  readonly #names = new Map<string, number>();
  readonly #enumerations = new Map<EnumInfo, number>();

  /** `surroundings` are part of the configuration: a module is clocked and reset as its parent is, there where it is instantiated. */
  elaborate(cls: AnyModuleClass, cfg: unknown, surroundings: Surroundings): Elaborated {
    const known = this.#known(cls);
    const key = keyOf(cfg, surroundings);
    if (key !== undefined && known.has(key)) return found(cls, known.get(key));
    // Here and in its callers is little on the stack: what a child instantiates is elaborated on top of it.
    const builder = new Builder(snakeCase(cls.name), surroundings);
    const outer = builder.enter();
    if (key !== undefined) known.set(key, undefined);
    this.deepest = Math.max(this.deepest, ++this.#depth);
    try {
      const made = this.#complete(cls, builder, new cls(cfg as never));
      if (key !== undefined) known.set(key, made);
      return made;
    } finally {
      this.#depth--;
      builder.leave(outer);
    }
  }

  #known(cls: AnyModuleClass): Map<string, Elaborated | undefined> {
    let known = this.#byConfig.get(cls);
    if (!known) this.#byConfig.set(cls, (known = new Map()));
    return known;
  }

  #complete(cls: AnyModuleClass, builder: Builder, module: object): Elaborated {
    builder.takeNames(module);
    builder.finish();
    boundDepth(builder);
    if (!builder.portRecord) builder.report(messages.ioMissing({ at: builder.definition.at }, cls.name));
    this.diagnostics.push(...builder.diagnostics);
    return this.#share(cls, { definition: builder.definition, portRecord: builder.portRecord ?? {}, domainPorts: builder.domainPorts });
  }

  #share(cls: AnyModuleClass, made: Elaborated): Elaborated {
    const own = Object.values(made.domainPorts).map((s: Signal) => s.name);
    const { definition } = made;
    const dump = dumpDefinition(definition);
    const text = `${cls.name}\n${own}\n${this.#portEnumerations(definition)}\n${dump}`;
    // Two models cannot be compared.
    const twin = definition.external ? undefined : this.#byText.get(text);
    if (twin) return twin;
    this.#byText.set(text, made);
    const uses = this.#names.get(definition.name) ?? 0;
    this.#names.set(definition.name, uses + 1);
    if (uses > 0) definition.name += `_${uses}`;
    this.definitions.push(definition);
    digestDefinition(definition, dump);
    return made;
  }

  /** Which enumerations the ports have: a value of another one, though it looks the same, could not be connected. */
  #portEnumerations(definition: Definition): string {
    const numbers = ports(definition).map(({ type: { enumeration } }) => {
      if (!enumeration) return '';
      const number = this.#enumerations.get(enumeration) ?? this.#enumerations.size;
      this.#enumerations.set(enumeration, number);
      return number;
    });
    return numbers.join();
  }
}

let open: Session | undefined;

/** The elaboration in progress. Throws HDL-E001 when there is none. */
export function currentSession(what: string): Session {
  if (!open) throw new HdlError([messages.outsideElaboration({ at: Origin.here() }, what)]);
  return open;
}

/** Runs `body` in an elaboration of its own. */
export function withSession<T>(session: Session, body: () => T): T {
  const outer = open;
  open = session;
  try {
    return body();
  } finally {
    open = outer;
  }
}

function found(cls: AnyModuleClass, known: Elaborated | undefined): Elaborated {
  if (!known) throw new HdlError([messages.recursion({ at: Origin.here() }, cls.name)]);
  return known;
}

function keyOf(cfg: unknown, surroundings: Surroundings): string | undefined {
  const plain = configKey(cfg);
  return plain === undefined ? undefined : `${configKey(surroundings)} ${plain}`;
}

/** A key that is equal for equal plain data, or undefined when the configuration holds anything else. */
function configKey(cfg: unknown): string | undefined {
  let plain = true;
  const text = JSON.stringify(cfg, (_, value: unknown) => {
    switch (typeof value) {
      case 'string':
        return `"${value}`;
      // What JSON does not have, or does not tell from null.
      case 'bigint':
        return `${value}n`;
      case 'number':
        return Object.is(value, -0) ? '-0' : Number.isFinite(value) ? value : String(value);
      case 'undefined':
        return 'undefined';
      case 'object':
        if (value !== null && !Array.isArray(value) && ![Object.prototype, null].includes(Object.getPrototypeOf(value))) plain = false;
        return value;
      case 'boolean':
        return value;
      default:
        plain = false;
        return value;
    }
  });
  return plain ? text : undefined;
}
