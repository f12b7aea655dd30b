// From a module class to a checked design.

import type { Surroundings } from './builder.ts';
import { runChecks } from './checks/index.ts';
import { type Diagnostic, HdlError } from './diagnostics/diagnostic.ts';
import { messages } from './diagnostics/messages.ts';
import { resetType } from './ir/build.ts';
import type { Definition, Design, ResetStyle } from './ir/nodes.ts';
import type { Module, ModuleClass } from './module.ts';
import { Session, withSession } from './session.ts';
import { Origin } from './source.ts';
import { legalName } from './verilog/names.ts';

/** Modules in each other that always fit the stack. */
const DEEP = 300;

/** How a design is elaborated. */
export interface ElaborateOptions {
  /** Name of the top definition, a legal identifier; the class name in snake case when absent (`stack_` for a reserved word). */
  readonly name?: string;
  /** Name of the clock of modules without a domain of their own; `clk` when absent. */
  readonly clock?: string;
  /** Name and kind of their reset; when absent `rst`, synchronous and active high. */
  readonly reset?: ResetStyle & { readonly name?: string };
  /** Receives warnings; they are dropped when absent. */
  readonly onWarning?: (warning: Diagnostic) => void;
}

/**
 * Elaborates and checks a module and everything below it.
 * Throws `HdlError` with all problems of the design at once.
 */
export function elaborate<M extends Module<unknown>>(
  cls: ModuleClass<M>,
  ...args: M['cfg'] extends void ? [cfg?: undefined, options?: ElaborateOptions] : [cfg: M['cfg'], options?: ElaborateOptions]
): Design {
  const [cfg, options = {}] = args;
  const session = new Session();
  const top = construct(session, () => session.elaborate(cls as never, cfg, surroundings(options)).definition, cls.name);
  top.name = options.name ?? legalName(cls.name);
  giveWay(top, session.definitions);
  const design: Design = { top, definitions: session.definitions };
  const found = [...session.diagnostics, ...runChecks(design, session.diagnostics)];
  const errors = found.filter((d) => d.severity === 'error');
  if (errors.length > 0) throw new HdlError(errors);
  for (const warning of found) options.onWarning?.(warning);
  return design;
}

/** Runs the constructors. Throws HDL-E006 where they nest until the stack is used up. */
function construct(session: Session, body: () => Definition, name: string): Definition {
  try {
    return withSession(session, body);
  } catch (error) {
    // Fewer levels are no reason: a constructor calls itself for ever.
    if (error instanceof RangeError && session.deepest > DEEP) throw new HdlError([messages.nestedTooDeep({ at: Origin.here() }, name)]);
    throw error;
  }
}

function surroundings({ clock = 'clk', reset = {} }: ElaborateOptions): Surroundings {
  const { async, activeLow } = resetType(reset).reset ?? {};
  const name = reset.name ?? (activeLow ? 'rst_n' : 'rst');
  return { clock, reset: { name, ...(async !== undefined && { async }), ...(activeLow !== undefined && { activeLow }) }, enabled: false };
}

/** A module below the top that has its name, of a class that instantiates itself, takes a number. */
function giveWay(top: Definition, definitions: readonly Definition[]): void {
  const names = new Set(definitions.map((d) => d.name));
  for (const definition of definitions) {
    if (definition === top || definition.name !== top.name) continue;
    for (let i = 1; names.has(definition.name); i++) definition.name = `${top.name}_${i}`;
    names.add(definition.name);
  }
}
