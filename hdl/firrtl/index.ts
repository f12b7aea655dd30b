// FIRRTL text of a design, for CIRCT's firtool and what builds on it.
//
// Statements stay as they are: FIRRTL has the language's `when` and last connect. Arrays are vectors; meshes of rank 2 and more become rows as in the
// Verilog, and each row its elements. Refused: power-on contents of a memory that is written, for which FIRRTL has no words (HDL-O001).

import { HdlError } from '../diagnostics/diagnostic.ts';
import { messages } from '../diagnostics/messages.ts';
import type { Assign, Definition, Design, Expr, Signal, Stmt } from '../ir/nodes.ts';
import { ports } from '../ir/nodes.ts';
import { ownExprs, visitStmts } from '../ir/visit.ts';
import { dropProperties } from '../passes/drop-properties.ts';
import { splitMeshes } from '../passes/split-meshes.ts';
import { moduleNames } from '../verilog/module-names.ts';
import { delay, instance, loosePins, memory, mesh, portName, resetText } from './children.ts';
import { at, cat, Exprs, positions } from './exprs.ts';
import { Scope, typeText } from './scope.ts';

/**
 * FIRRTL 3.0 of a design: one circuit, leaves first. Modules and ports have the names that they have in Verilog; a vector is a vector port, bit for bit what
 * `firtool --preserve-aggregate=all` packs. Properties are left out. Throws HDL-O001 for a memory that is written and has contents.
 */
export function emitFirrtl(design: Design): string {
  const problems = design.definitions.flatMap((d) =>
    d.memories
      .filter((m) => m.init && m.writes.length > 0)
      .map((m) => messages.noFirrtl({ at: m.at, module: d.name }, `the power-on contents of memory \`${m.name}\``)),
  );
  if (problems.length > 0) throw new HdlError(problems);
  const split = splitMeshes(dropProperties(design));
  const names = moduleNames(split);
  const name = (d: Definition): string => names.get(d) as string;
  const modules = split.definitions.flatMap((d) => new ModulePrinter(d, name).lines());
  return ['FIRRTL version 3.0.0', `circuit ${design.top.name} :`, ...modules.map((l) => (l ? `  ${l}` : l)), ''].join('\n');
}

class ModulePrinter {
  readonly #definition: Definition;
  readonly #scope = new Scope();
  readonly #exprs: Exprs;
  readonly #moduleName: (d: Definition) => string;
  /** Bits of signals that are assigned bit by bit, as vectors of their own. */
  readonly #bits = new Map<Signal, string>();

  constructor(definition: Definition, moduleName: (d: Definition) => string) {
    this.#definition = definition;
    this.#moduleName = moduleName;
    const roots: Expr[] = [];
    visitStmts(definition.body, (stmt) => roots.push(...ownExprs(stmt)));
    for (const s of definition.signals) if (s.register?.reset) roots.push(s.register.reset.value);
    this.#exprs = new Exprs(this.#scope, roots);
  }

  lines(): string[] {
    const { signals, instances, meshes, delays, memories, body } = this.#definition;
    const scope = this.#scope;
    for (const port of ports(this.#definition)) scope.call(port, scope.unique(port.name));
    const declared = [...signals.filter((s) => s.role === 'wire'), ...loosePins(this.#definition)];
    for (const s of declared) scope.call(s, scope.wire(s.name, s.type, s.dims));
    for (const s of signals) if (s.role === 'reg') scope.call(s, scope.unique(s.name));
    for (const child of instances) instance(scope, child, this.#moduleName);
    this.#registers(signals.filter((s) => s.role === 'reg'));
    this.#splitBits();
    for (const child of meshes) mesh(scope, child, this.#moduleName);
    for (const child of delays) delay(scope, child);
    scope.body.push(...this.#statements(body));
    for (const child of memories) memory(scope, this.#exprs, child);
    this.#joinBits();
    const list = ports(this.#definition).map((p) => `  ${p.role} ${portName(p)} : ${typeText(p.type, p.dims)}`);
    const lines = [...scope.head, ...scope.body].map((l) => `  ${l}`);
    return [`module ${this.#moduleName(this.#definition)} :`, ...list, '', ...(lines.length > 0 ? lines : ['  skip']), ''];
  }

  #registers(registers: readonly Signal[]): void {
    const scope = this.#scope;
    for (const r of registers) {
      const { clock, reset } = r.register as NonNullable<Signal['register']>;
      const head = `${scope.name(r)} : ${typeText(r.type, r.dims)}, ${scope.name(clock)}`;
      if (!reset) {
        scope.head.push(`reg ${head}`);
        continue;
      }
      const value = r.dims.length === 0 ? this.#exprs.text(reset.value) : scope.wire(`${r.name}_reset`, r.type, r.dims);
      if (r.dims.length > 0) for (const i of positions(r.dims)) scope.body.push(`connect ${at(value, i)}, ${this.#exprs.text(reset.value, i)}`);
      scope.head.push(`regreset ${head}, ${resetText(scope, reset)}, ${value}`);
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
      const { width, kind } = signal.type;
      for (const i of positions(signal.dims)) {
        const all = cat(
          [...Array(width).keys()].map((bit) => at(name, [...i, width - 1 - bit])),
          width,
        );
        this.#scope.body.push(`connect ${at(this.#scope.name(signal), i)}, ${kind === 'sint' ? `asSInt(${all})` : all}`);
      }
    }
  }

  #statements(stmts: readonly Stmt[]): string[] {
    return stmts.flatMap((stmt) => {
      if (stmt.kind === 'assign') return this.#assign(stmt);
      const [yes, no] = [this.#statements(stmt.then), this.#statements(stmt.else)];
      const inner = (lines: readonly string[]): string[] => (lines.length > 0 ? lines : ['skip']).map((l) => `  ${l}`);
      return [`when ${this.#exprs.text(stmt.cond)} :`, ...inner(yes), ...(no.length > 0 ? ['else :', ...inner(no)] : [])];
    });
  }

  #assign({ target: { signal, path, bits }, value }: Assign): string[] {
    const guards: string[] = [];
    const place = path.map((p, axis) => {
      if (typeof p === 'number') return p;
      const inside = this.#exprs.inside(p, signal.dims[axis] as number);
      if (inside) guards.push(inside);
      return this.#exprs.text(p);
    });
    const split = this.#bits.get(signal);
    const [hi, lo] = bits ? [bits.hi, bits.lo] : [signal.type.width - 1, 0];
    const lines = positions(value.dims).flatMap((i) => {
      const text = this.#exprs.text(value, i);
      if (split === undefined) return [`connect ${at(this.#scope.name(signal), [...place, ...i])}, ${text}`];
      return [...Array(hi - lo + 1).keys()].map((bit) => `connect ${at(split, [...place, ...i, lo + bit])}, bits(${text}, ${bit}, ${bit})`);
    });
    return guards.length === 0 ? lines : [`when ${guards.reduce((a, b) => `and(${a}, ${b})`)} :`, ...lines.map((l) => `  ${l}`)];
  }
}
