// FIRRTL text of a design, for CIRCT's firtool and what builds on it.
//
// Statements stay as they are: FIRRTL has the language's `when` and last connect. Arrays are vectors; meshes of rank 2 and more become rows as in the
// Verilog, and each row its elements. Refused: power-on contents of a memory that is written, for which FIRRTL has no words (HDL-O001).

import { HdlError } from '../diagnostics/diagnostic.ts';
import { messages } from '../diagnostics/messages.ts';
import { BOOL } from '../ir/build.ts';
import type { Assign, Definition, Design, Expr, Signal, Stmt, When } from '../ir/nodes.ts';
import { ports } from '../ir/nodes.ts';
import { onlyWhen, ownExprs, visitStmts } from '../ir/visit.ts';
import { splitMeshes } from '../passes/split-meshes.ts';
import { moduleNames } from '../verilog/module-names.ts';
import { extmodule, instance, loosePins, type ModuleName, mesh, portName } from './children.ts';
import { asKind, at, cat, Exprs, literal, positions } from './exprs.ts';
import { memory } from './memories.ts';
import { activeText, delay, registers, takeNext } from './registers.ts';
import { Scope, typeText } from './scope.ts';

export interface FirrtlOptions {
  /** `@[path line:column]` behind ports, registers, statements and instances; the path is relative to the project's root. */
  readonly locators?: boolean;
}

/**
 * FIRRTL 3.0 of a design: one circuit, leaves first. Modules and ports have the names that they have in Verilog; a vector is a vector port, bit for bit what
 * `firtool --preserve-aggregate=all` packs. Clocks are `Clock`, synchronous resets `UInt<1>`, asynchronous ones `AsyncReset`; properties are `assert`, `assume`
 * and `cover`. Throws HDL-O001 for a memory that is written and has contents.
 */
export function emitFirrtl(design: Design, { locators = false }: FirrtlOptions = {}): string {
  const problems = design.definitions.flatMap((d) =>
    d.memories
      .filter((m) => m.init && m.writes.length > 0)
      .map((m) => messages.noFirrtl({ at: m.at, module: d.name }, `the power-on contents of memory \`${m.name}\``)),
  );
  if (problems.length > 0) throw new HdlError(problems);
  const split = splitMeshes(design);
  const names = circuitNames(split);
  const name = (d: Definition): string => names.get(d) as string;
  const modules = split.definitions.flatMap((d) => (d.external ? extmodule(name(d), d) : new ModulePrinter(d, name, locators).lines()));
  return ['FIRRTL version 3.0.0', `circuit ${design.top.name} :`, ...modules.map((l) => (l ? `  ${l}` : l)), ''].join('\n');
}

/** As in Verilog; but an external module is one for each set of its parameters. */
function circuitNames(design: Design): Map<Definition, string> {
  const names = moduleNames(design);
  const taken = new Set<string>();
  for (const [definition, stem] of names) {
    let name = stem;
    for (let i = 1; taken.has(name); i++) name = `${stem}_${i}`;
    taken.add(name);
    names.set(definition, name);
  }
  return names;
}

class ModulePrinter {
  readonly #definition: Definition;
  readonly #scope: Scope;
  readonly #exprs: Exprs;
  readonly #moduleName: ModuleName;
  /** Bits of signals that are assigned bit by bit, as vectors of their own. */
  readonly #bits = new Map<Signal, string>();
  /** Where assignments to a register with an enable go. */
  readonly #next = new Map<Signal, string>();

  constructor(definition: Definition, moduleName: ModuleName, locators: boolean) {
    this.#definition = definition;
    this.#moduleName = moduleName;
    this.#scope = new Scope(locators);
    const roots: Expr[] = [];
    visitStmts(definition.body, (stmt) => roots.push(...ownExprs(stmt)));
    for (const s of definition.signals) if (s.register?.reset) roots.push(s.register.reset.value);
    this.#exprs = new Exprs(this.#scope, roots);
  }

  lines(): string[] {
    const { signals, instances, meshes, delays, memories, body, at: place } = this.#definition;
    const scope = this.#scope;
    const ofRole = (role: Signal['role']): Signal[] => signals.filter((s) => s.role === role);
    for (const port of ports(this.#definition)) scope.call(port, scope.unique(port.name));
    for (const s of [...ofRole('wire'), ...loosePins(this.#definition)]) scope.call(s, scope.wire(s.name, s.type, s.dims));
    for (const s of ofRole('reg')) scope.call(s, scope.unique(s.name));
    for (const child of instances) instance(scope, child, this.#moduleName);
    const enabled = registers(scope, this.#exprs, ofRole('reg'));
    for (const { register, next } of enabled) this.#next.set(register, next);
    this.#splitBits();
    for (const child of meshes) mesh(scope, child, this.#moduleName);
    for (const child of delays) delay(scope, child);
    scope.body.push(...this.#statements(body));
    for (const child of memories) memory(scope, this.#exprs, child);
    this.#joinBits();
    takeNext(scope, enabled);
    this.#properties();
    const list = ports(this.#definition).map((p) => `  ${p.role} ${portName(p, this.#definition)} : ${typeText(p.type, p.dims)}${scope.info(p.at)}`);
    const lines = [...scope.head, ...scope.body].map((l) => `  ${l}`);
    return [`module ${this.#moduleName(this.#definition)} :${scope.info(place)}`, ...list, '', ...(lines.length > 0 ? lines : ['  skip']), ''];
  }

  /** Looked at before each edge while the reset is inactive. */
  #properties(): void {
    const scope = this.#scope;
    for (const { kind, name, message, condition, clock, reset, at: place } of this.#definition.properties) {
      const enable = reset ? `not(${activeText(scope, reset)})` : literal(BOOL, 1n);
      // The message is a format.
      const text = JSON.stringify(message.replaceAll('%', '%%'));
      scope.body.push(`${kind}(${scope.name(clock)}, ${scope.name(condition)}, ${enable}, ${text}) : ${scope.unique(name)}${scope.info(place)}`);
    }
  }

  #splitBits(): void {
    visitStmts(this.#definition.body, (stmt) => {
      if (stmt.kind !== 'assign' || !stmt.target.bits || this.#bits.has(stmt.target.signal)) return;
      const { signal } = stmt.target;
      const name = this.#scope.wire(`${signal.name}_bits`, { kind: 'uint', width: 1 }, [...signal.dims, signal.type.width]);
      this.#bits.set(signal, name);
      if (signal.role !== 'reg') return;
      for (const i of positions(signal.dims))
        for (let bit = 0; bit < signal.type.width; bit++)
          this.#scope.body.push(`connect ${at(name, [...i, bit])}, bits(${at(this.#scope.name(signal), i)}, ${bit}, ${bit})`);
    });
  }

  #joinBits(): void {
    for (const [signal, name] of this.#bits) {
      const { width } = signal.type;
      for (const i of positions(signal.dims)) {
        const all = cat(
          [...Array(width).keys()].map((bit) => at(name, [...i, width - 1 - bit])),
          width,
        );
        this.#scope.body.push(`connect ${at(this.#place(signal), i)}, ${asKind(all, signal.type)}`);
      }
    }
  }

  /** What an assignment to a signal writes. */
  #place(signal: Signal): string {
    return this.#next.get(signal) ?? this.#scope.name(signal);
  }

  #statements(stmts: readonly Stmt[]): string[] {
    return stmts.flatMap((stmt) => (stmt.kind === 'assign' ? this.#assign(stmt) : this.#when(stmt)));
  }

  #when(stmt: When): string[] {
    const lines: string[] = [];
    const inner = (body: readonly string[]): string[] => (body.length > 0 ? body : ['skip']).map((l) => `  ${l}`);
    let last: When = stmt;
    for (let next: When | undefined = stmt; next; next = onlyWhen(next.else)) {
      const head = `${next === stmt ? 'when' : 'else when'} ${this.#exprs.text(next.cond)} :${this.#scope.info(next.at)}`;
      lines.push(head, ...inner(this.#statements(next.then)));
      last = next;
    }
    const rest = this.#statements(last.else);
    return [...lines, ...(rest.length > 0 ? ['else :', ...inner(rest)] : [])];
  }

  #assign({ target: { signal, path, bits }, value, at: place }: Assign): string[] {
    const guards: string[] = [];
    const indices = path.map((p, axis) => {
      if (typeof p === 'number') return p;
      if (p.type.width === 0) return 0;
      const inside = this.#exprs.inside(p, signal.dims[axis] as number);
      if (inside) guards.push(inside);
      return this.#exprs.within(p, inside);
    });
    const split = this.#bits.get(signal);
    const [hi, lo] = bits ? [bits.hi, bits.lo] : [signal.type.width - 1, 0];
    const info = this.#scope.info(place);
    const lines = positions(value.dims).flatMap((i) => {
      const text = this.#exprs.text(value, i);
      if (split === undefined) return [`connect ${at(this.#place(signal), [...indices, ...i])}, ${text}${info}`];
      return [...Array(hi - lo + 1).keys()].map((bit) => `connect ${at(split, [...indices, ...i, lo + bit])}, bits(${text}, ${bit}, ${bit})${info}`);
    });
    return guards.length === 0 ? lines : [`when ${guards.reduce((a, b) => `and(${a}, ${b})`)} :`, ...lines.map((l) => `  ${l}`)];
  }
}
