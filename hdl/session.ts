// One elaboration: which definitions exist already.
//
// Invariant: a definition is elaborated once for each (class, configuration), and two that come out equal in everything but their
// place are one. The configuration must be plain data for sharing; anything else is elaborated anew.

import { Builder } from './builder.ts';
import { type Diagnostic, HdlError } from './diagnostics/diagnostic.ts';
import { messages } from './diagnostics/messages.ts';
import { dumpDefinition } from './ir/dump.ts';
import type { Definition } from './ir/nodes.ts';
import { snakeCase } from './naming.ts';
import { Origin } from './source.ts';

/** An elaborated module: its definition and the record of ports that it declared. */
export interface Elaborated {
  readonly definition: Definition;
  readonly portRecord: object;
}

export type AnyModuleClass = new (cfg: never) => object;

export class Session {
  /** From the leaves to the top. */
  readonly definitions: Definition[] = [];
  readonly diagnostics: Diagnostic[] = [];
  readonly #byConfig = new Map<AnyModuleClass, Map<string, Elaborated>>();
  readonly #byText = new Map<string, Elaborated>();
  readonly #names = new Map<string, number>();
  readonly #open = new Set<string>();

  elaborate(cls: AnyModuleClass, cfg: unknown): Elaborated {
    const key = configKey(cfg);
    let known = this.#byConfig.get(cls);
    if (!known) this.#byConfig.set(cls, (known = new Map()));
    const found = key === undefined ? undefined : known.get(key);
    if (found) return found;

    const opening = `${cls.name} ${key}`;
    if (key !== undefined && this.#open.has(opening)) throw new HdlError([messages.recursion({ at: Origin.here() }, cls.name)]);
    this.#open.add(opening);
    const made = this.#share(cls, this.#construct(cls, cfg));
    this.#open.delete(opening);
    if (key !== undefined) known.set(key, made);
    return made;
  }

  #construct(cls: AnyModuleClass, cfg: unknown): Elaborated {
    const builder = new Builder(snakeCase(cls.name));
    return builder.run(() => {
      const module = new cls(cfg as never);
      builder.takeNames(module);
      builder.finish();
      if (!builder.portRecord) builder.report(messages.ioMissing({ at: builder.definition.at }, cls.name));
      this.diagnostics.push(...builder.diagnostics);
      return { definition: builder.definition, portRecord: builder.portRecord ?? {} };
    });
  }

  #share(cls: AnyModuleClass, made: Elaborated): Elaborated {
    const text = `${cls.name}\n${dumpDefinition(made.definition)}`;
    const twin = this.#byText.get(text);
    if (twin) return twin;
    this.#byText.set(text, made);
    const { definition } = made;
    const uses = this.#names.get(definition.name) ?? 0;
    this.#names.set(definition.name, uses + 1);
    if (uses > 0) definition.name += `_${uses}`;
    this.definitions.push(definition);
    return made;
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

/** A key that is equal for equal plain data, or undefined when the configuration holds anything else. */
function configKey(cfg: unknown): string | undefined {
  let plain = true;
  const text = JSON.stringify(cfg, (_, value: unknown) => {
    if (typeof value === 'bigint') return `${value}n`;
    if (typeof value === 'function' || typeof value === 'symbol') plain = false;
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      if (Object.getPrototypeOf(value) !== Object.prototype && Object.getPrototypeOf(value) !== null) plain = false;
    }
    return value;
  });
  return plain ? (text ?? 'undefined') : undefined;
}
