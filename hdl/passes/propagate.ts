// Propagation: a wire that always has one constant value is read as that constant, through ports too; a wire that only repeats a signal is read as
// that signal, unless the user named it and names are kept. What is read no more is left to dead code elimination.
//
//     before:  one <= 1:u4; q <= add(a, one)      after:  one <= 1:u4; q <= add(a, 1:u4)
//
// An input is constant when every instance of the module gives it the same constant; elements of a mesh are not looked into.

import type { Definition, Design, Expr, Signal, Stmt } from '../ir/nodes.ts';
import { exprMapper, mapDefinitions, mapStmts } from '../ir/rewrite.ts';
import { visitStmts } from '../ir/visit.ts';
import { simplify } from './identities.ts';
import type { PassOptions } from './options.ts';

/** What signals are known to equal. Signals are unique in a design, so one table serves all definitions. */
type Known = Map<Signal, Expr>;

/** A chain of wires that becomes constant one by one is followed this far in one run. */
const ROUNDS = 8;

/** Equal in every bit; no signal appears or vanishes. */
export function propagate(design: Design, { keepNames = true }: PassOptions = {}): Design {
  const known: Known = new Map();
  const settle = (d: Definition): Definition => settled(d, known, keepNames);
  // Upwards with the outputs, then downwards with the inputs.
  const upwards = mapDefinitions(design, (d) => {
    takeOutputs(d, known);
    return settle(d);
  });
  const bodies = new Map<Definition, Stmt[]>();
  const inputs = new InputConstants(upwards);
  for (const d of [...upwards.definitions].reverse()) {
    inputs.of(d, known);
    bodies.set(d, settle(d).body);
    inputs.see(d, known);
  }
  const order = upwards.definitions.map((d) => bodies.get(d) as Stmt[]);
  let next = 0;
  return mapDefinitions(upwards, (d) => ({ ...d, body: order[next++] as Stmt[] }));
}

/** The definition with everything known put in place of what reads it. */
function settled(definition: Definition, known: Known, keepNames: boolean): Definition {
  let { body } = definition;
  for (let round = 0; round < ROUNDS; round++) {
    const before = known.size;
    learn(body, known, keepNames);
    if (known.size === before && round > 0) break;
    const expr = exprMapper((e) => (e.op === 'ref' ? (known.get(e.signal) ?? e) : simplify(e)));
    body = mapStmts(body, { expr });
  }
  return { ...definition, body };
}

/** Adds the signals that one unconditional assignment drives to a constant, or a wire without a name to keep to another signal. */
function learn(body: readonly Stmt[], known: Known, keepNames: boolean): void {
  const assignments = new Map<Signal, number>();
  visitStmts(body, (stmt) => {
    if (stmt.kind === 'assign') assignments.set(stmt.target.signal, (assignments.get(stmt.target.signal) ?? 0) + 1);
  });
  for (const stmt of body) {
    if (stmt.kind !== 'assign') continue;
    const { signal, path, bits } = stmt.target;
    const whole = path.length === 0 && !bits && assignments.get(signal) === 1 && signal.role !== 'reg';
    if (!whole || known.has(signal)) continue;
    const mayVanish = signal.role === 'wire' && !(keepNames && signal.named) && !signal.crossing;
    if (isConstant(stmt.value) || (stmt.value.op === 'ref' && mayVanish)) known.set(signal, stmt.value);
  }
}

function isConstant(e: Expr): boolean {
  return e.op === 'const' || (e.op === 'fill' && e.args[0]?.op === 'const');
}

/** Pins that a child drives with a constant. */
function takeOutputs(definition: Definition, known: Known): void {
  for (const { pins } of definition.instances) {
    for (const [port, pin] of pins) {
      const value = port.role === 'output' ? known.get(port) : undefined;
      if (value && isConstant(value)) known.set(pin, value);
    }
  }
}

/** The constants that instances give to inputs, gathered from the top downwards. */
class InputConstants {
  /** By port; undefined where two instances differ, or something is not constant. */
  readonly #given = new Map<Signal, Expr | undefined>();
  readonly #elements: ReadonlySet<Definition>;
  readonly #top: Definition;

  constructor({ top, definitions }: Design) {
    this.#top = top;
    this.#elements = new Set(definitions.flatMap((d) => d.meshes.map((m) => m.definition)));
  }

  /** The values of a definition's instances. */
  see(definition: Definition, known: Known): void {
    for (const { pins } of definition.instances) {
      for (const [port, pin] of pins) {
        if (port.role !== 'input') continue;
        const value = known.get(pin);
        const constant = value && isConstant(value) ? value : undefined;
        const before = this.#given.get(port);
        this.#given.set(port, this.#given.has(port) && !(before && constant && sameConstant(before, constant)) ? undefined : constant);
      }
    }
  }

  /** Adds what is known of a definition's inputs when all that instantiate it have been seen. */
  of(definition: Definition, known: Known): void {
    if (definition === this.#top || this.#elements.has(definition)) return;
    for (const port of definition.signals) {
      const value = port.role === 'input' ? this.#given.get(port) : undefined;
      if (value) known.set(port, value);
    }
  }
}

function sameConstant(a: Expr, b: Expr): boolean {
  if (a.op === 'const' && b.op === 'const') return a.value === b.value;
  return a.op === 'fill' && b.op === 'fill' && sameConstant(a.args[0] as Expr, b.args[0] as Expr);
}
