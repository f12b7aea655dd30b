// Why a signal has its value: a tree of what drives it now, with places in the source and present values.
//
// Invariant: of an assignment under conditions, of `mux` and of `and`/`or` only what decides is followed, by present values. What differs between runs of the same
// commands with other start values is unknown (X); of an unknown signal only unknown drivers are followed, down to the state that started at random.

import { relative } from 'node:path';
import { expressionText } from '../../hdl/ir/describe.ts';
import { childNames, signalName, signalNames } from '../../hdl/ir/names.ts';
import type { Assign, Expr, Instance, Mesh, Signal, Stmt } from '../../hdl/ir/nodes.ts';
import { evaluate } from '../../hdl/passes/evaluate.ts';
import type { Simulation, Value } from '../../sim/index.ts';
import type { Scope } from '../../sim/layout.ts';
import { standsFor } from '../../sim/lower-memories.ts';

export interface Reason {
  readonly path: string;
  /** As waveforms show it. */
  readonly value: string;
  /** Whether another start gives another value. */
  readonly unknown: boolean;
  /** What drives it. */
  readonly how: string;
  /** `file:line`, where the user wrote it. */
  readonly at?: string;
  readonly drivers: readonly Reason[];
  /** Whether drivers were left out, being deeper than asked for. */
  readonly cut: boolean;
}

/** A scope with the indices of its element, from the top inwards. */
type Place = readonly { readonly scope: Scope; readonly child?: Instance | Mesh; readonly prefix: string; readonly indices: readonly number[] }[];
interface Driver {
  readonly place: Place;
  readonly signal: Signal;
}
interface Found {
  readonly how: string;
  readonly at?: string;
  readonly drivers: readonly Driver[];
}

/** Most elements of an array that are shown. */
const SHOWN = 8;

export class Tracer {
  readonly #sim: Simulation;
  readonly #others: readonly Simulation[];
  readonly #cwd: string;

  /**
   * @param others the same run from other start values
   * @param cwd what paths of sources are shown from
   */
  constructor(sim: Simulation, others: readonly Simulation[], cwd: string) {
    this.#cwd = cwd;
    this.#sim = sim;
    this.#others = others;
  }

  /** Throws SIM-E001 and SIM-E002 for an unknown path. */
  why(path: string, depth: number): Reason {
    this.#sim.peek(path);
    const parts = path
      .split('.')
      .map((part) => ({ name: part.replace(/\[.*/, ''), indices: [...part.matchAll(/\[(\d+)\]/g)].map((m) => Number(m[1])) }));
    const last = parts.pop();
    const top = this.#sim.engine.layout.top;
    let place: Place = [{ scope: top, prefix: '', indices: [] }];
    for (const { name, indices } of parts) {
      const { scope } = place.at(-1) as Place[0];
      const child = [...scope.children.keys()].find((c) => childNames(scope.definition).get(c) === name);
      // The name of the top may stand in front.
      if (child) place = into(place, child, indices);
    }
    const signal = signalNames((place.at(-1) as Place[0]).scope.definition).get(last?.name ?? '') as Signal;
    return this.#reason({ place, signal }, depth, new Set(), path);
  }

  #reason(driver: Driver, depth: number, seen: Set<string>, asked?: string): Reason {
    const path = asked ?? pathTo(driver);
    const unknown = this.#isUnknown(path);
    const { how, at, drivers } = this.#found(driver);
    const next = new Set([...seen, pathTo(driver)]);
    const followed = drivers.filter((d) => !next.has(pathTo(d)) && (!unknown || this.#isUnknown(pathTo(d))));
    return {
      path,
      value: this.#shown(path),
      unknown,
      how,
      ...(at !== undefined && { at: relative(this.#cwd, at) }),
      drivers: depth > 0 ? followed.map((d) => this.#reason(d, depth - 1, next)) : [],
      cut: depth === 0 && followed.length > 0,
    };
  }

  #values(sim: Simulation, path: string): readonly Value[] {
    const value = sim.peek(path);
    return Array.isArray(value) ? value : [value as Value];
  }

  #isUnknown(path: string): boolean {
    const own = this.#values(this.#sim, path);
    return this.#others.some((other) => this.#values(other, path).some((v, i) => v !== own[i]));
  }

  #shown(path: string): string {
    const values = this.#values(this.#sim, path);
    const text = this.#sim.shown(path, values.slice(0, SHOWN));
    return values.length > SHOWN ? `${text.replace(/\]$/, '')}, … ${values.length} in all]` : text;
  }

  #found({ place, signal }: Driver): Found {
    const { scope } = place.at(-1) as Place[0];
    const { definition } = scope;
    if (signal.role === 'input') return place.length === 1 ? { how: 'input of the top', ...lineOf(signal), drivers: [] } : fromParent(place, signal);
    if (signal.role === 'source') {
      const child = fromChild(place, signal);
      if (child) return child;
    }
    const delay = definition.delays.find((d) => d.output === signal);
    if (delay)
      return {
        how: `${delay.input.name}, ${delay.first}${delay.step === 0 ? '' : ` and more by ${delay.step} a lane`} cycles ago${delay.reset ? '' : '; no reset: stages start at random'}`,
        ...lineOf(delay),
        drivers: [{ place, signal: delay.input }],
      };
    return this.#assigned(place, signal);
  }

  #assigned(place: Place, signal: Signal): Found {
    const { definition } = (place.at(-1) as Place[0]).scope;
    const all = assignments(definition.body, signal);
    const active = all.filter(({ conditions }) => conditions.every(({ expr, holds }) => this.#evaluate(expr, place) !== (holds ? 0n : 1n)));
    // The last one of the whole signal hides those before it.
    const from = active.findLastIndex(({ stmt }) => stmt.target.path.length === 0 && !stmt.target.bits);
    const counted = active.slice(Math.max(from, 0));
    const reads = new Set<Signal>();
    for (const { stmt, conditions } of counted) {
      for (const { expr } of conditions) this.#decides(expr, place, reads);
      this.#decides(stmt.value, place, reads);
      for (const index of stmt.target.path) if (typeof index !== 'number') this.#decides(index, place, reads);
    }
    const last = counted.at(-1);
    const text = last && expressionText(last.stmt.value);
    const held = last?.conditions.filter(({ holds }) => holds).map(({ expr }) => expressionText(expr)) ?? [];
    const when = held.length > 0 ? ` when ${held.join(' and ')}` : last && last.conditions.length > 0 ? ' otherwise' : '';
    const drivers = [...reads].map((s) => ({ place, signal: s }));
    if (signal.role !== 'reg') return { how: last ? `${text}${when}` : 'nothing assigns it now', ...lineOf(last?.stmt ?? signal), drivers };
    const { reset, initial } = signal.register ?? {};
    const kind = 'depth' in (standsFor.get(signal) ?? {}) ? 'memory' : 'register';
    const start = reset
      ? `${kind}, reset by ${reset.signal.name}`
      : initial
        ? `${kind} with a start value`
        : `${kind} without ${kind === 'memory' ? 'contents' : 'reset'}: it starts at random`;
    return { how: `${start}; ${last ? `takes ${text}${when} at the next edge` : 'holds at the next edge'}`, ...lineOf(signal), drivers };
  }

  /** The value of an expression now; undefined for arrays. */
  #evaluate(expr: Expr, place: Place): bigint | undefined {
    if (expr.op === 'ref') {
      if (expr.signal.dims.length > 0) return undefined;
      const value = this.#sim.peek(pathTo({ place, signal: expr.signal }));
      return Array.isArray(value) ? undefined : BigInt(value as Value);
    }
    const args = expr.args.map((arg) => this.#evaluate(arg, place));
    return args.includes(undefined) ? undefined : evaluate(expr, args as bigint[]);
  }

  /** Signals that an expression's value hangs on, as the others are now. */
  #decides(expr: Expr, place: Place, into: Set<Signal>): void {
    if (expr.op === 'ref') {
      into.add(expr.signal);
      return;
    }
    const [first, second, third] = expr.args as [Expr, Expr, Expr];
    if (expr.op === 'mux') {
      const value = this.#evaluate(first, place);
      this.#decides(first, place, into);
      if (value !== 0n) this.#decides(second, place, into);
      if (value !== 1n) this.#decides(third, place, into);
      return;
    }
    if ((expr.op === 'and' || expr.op === 'or') && expr.type.width === 1) {
      const enough = expr.op === 'and' ? 0n : 1n;
      const alone = expr.args.find((arg) => this.#evaluate(arg, place) === enough);
      if (alone) {
        this.#decides(alone, place, into);
        return;
      }
    }
    for (const arg of expr.args) this.#decides(arg, place, into);
  }
}

function into(place: Place, child: Instance | Mesh, indices: readonly number[]): Place {
  const { scope, prefix } = place.at(-1) as Place[0];
  const name = `${childNames(scope.definition).get(child)}${indices.map((i) => `[${i}]`).join('')}`;
  return [...place, { scope: scope.children.get(child) as Scope, child, prefix: `${prefix}${name}.`, indices }];
}

function pathTo({ place, signal }: Driver): string {
  const { scope, prefix } = place.at(-1) as Place[0];
  return `${prefix}${signalName(scope.definition, signal)}`;
}

function lineOf({ at }: { readonly at: Signal['at'] }): { readonly at?: string } {
  const location = at.location();
  return location ? { at: `${location.file}:${location.line}` } : {};
}

/** What drives an input of a child. */
function fromParent(place: Place, signal: Signal): Found {
  const { child, indices } = place.at(-1) as Place[0];
  const parent = place.slice(0, -1);
  const at = lineOf(child as Instance);
  if (child && 'pins' in child) return { how: 'input, from outside', ...at, drivers: [{ place: parent, signal: child.pins.get(signal) as Signal }] };
  const mesh = child as Mesh;
  const link = mesh.links.find((l) => l.kind !== 'collect' && l.to === signal);
  if (link?.kind === 'feed') return { how: 'fed from outside of the mesh', ...at, drivers: [{ place: parent, signal: link.pin }] };
  if (link?.kind === 'index') return { how: 'a number made of the indices of the element', ...at, drivers: [] };
  if (link?.kind !== 'shift') return { how: 'input', ...at, drivers: [] };
  const before = indices.map((i, axis) => i - (link.vector[axis] ?? 0));
  const isInside = indices.length === mesh.shape.length && before.every((i, axis) => i >= 0 && i < (mesh.shape[axis] as number));
  if (isInside) return { how: 'from the neighbour', ...at, drivers: [{ place: into(parent, mesh, before), signal: link.from }] };
  const pins = [...new Set(link.enters.map((e) => e.pin))].map((pin) => ({ place: parent, signal: pin }));
  const whole = indices.length === mesh.shape.length ? [] : [{ place: into(parent, mesh, []), signal: link.from }];
  return { how: 'enters the mesh here', ...at, drivers: [...whole, ...pins] };
}

/** The output of a child that a pin shows. */
function fromChild(place: Place, pin: Signal): Found | undefined {
  const { scope } = place.at(-1) as Place[0];
  for (const child of scope.children.keys()) {
    const name = childNames(scope.definition).get(child);
    if ('pins' in child) {
      const port = [...child.pins].find(([, p]) => p === pin)?.[0];
      if (port) return { how: `output of ${name}`, ...lineOf(child), drivers: [{ place: into(place, child, []), signal: port }] };
      continue;
    }
    for (const link of child.links) {
      const isTaken = (link.kind === 'collect' && link.pin === pin) || (link.kind === 'shift' && link.leave === pin);
      if (isTaken) return { how: `outputs of ${name}`, ...lineOf(child), drivers: [{ place: into(place, child, []), signal: link.from }] };
    }
  }
  return undefined;
}

interface Conditional {
  readonly stmt: Assign;
  readonly conditions: readonly { readonly expr: Expr; readonly holds: boolean }[];
}

/** Assignments of a signal in order, with what must hold. */
function assignments(stmts: readonly Stmt[], signal: Signal, conditions: Conditional['conditions'] = []): Conditional[] {
  return stmts.flatMap((stmt) => {
    if (stmt.kind === 'assign') return stmt.target.signal === signal ? [{ stmt, conditions }] : [];
    const under = (branch: readonly Stmt[], holds: boolean) => assignments(branch, signal, [...conditions, { expr: stmt.cond, holds }]);
    return [...under(stmt.then, true), ...under(stmt.else, false)];
  });
}

/** The tree as text. */
export function reasonText({ path, value, unknown, how, at, drivers, cut }: Reason, indent = ''): string {
  const line = `${indent}${path} = ${value}${unknown ? ' X' : ''}  ${how}${at ? ` (${at})` : ''}${cut ? ' …' : ''}`;
  return [line, ...drivers.map((d) => reasonText(d, `${indent}  `))].join('\n');
}
