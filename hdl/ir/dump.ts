// The intermediate representation as text: stable, complete, free of source places.
//
// Invariant: two definitions with the same text behave the same; the order is that of declaration.

import { createHash } from 'node:crypto';
import { describe, describeGround } from './describe.ts';
import type {
  Annotations,
  Definition,
  Design,
  EnumInfo,
  Expr,
  Memory,
  Mesh,
  MeshEnter,
  MeshLink,
  ParameterValue,
  ResetStyle,
  Signal,
  Stmt,
  Target,
} from './nodes.ts';
import { ownExprs, visitExprs, visitStmts } from './visit.ts';

/** The whole design, leaves first. */
export function dumpDesign(design: Design): string {
  return `${design.definitions.map((d) => `module ${d.name}\n${dumpDefinition(d)}`).join('\n')}top ${design.top.name}\n`;
}

const digests = new WeakMap<Definition, string>();

/** A hash of a definition's text, taken once; `text` where it is known already. */
export function digestDefinition(definition: Definition, text?: string): string {
  let digest = digests.get(definition);
  if (digest === undefined) {
    digest = createHash('sha256')
      .update(text ?? dumpDefinition(definition))
      .digest('base64');
    digests.set(definition, digest);
  }
  return digest;
}

/** One definition without its name. */
export function dumpDefinition(definition: Definition): string {
  const lines: string[] = [];
  const shared = sharedExpressions(definition.body);
  const text = new Printer(shared, lines);
  if (definition.doc) lines.push(`  doc ${JSON.stringify(definition.doc)}`);
  if (definition.annotations) lines.push(`  module${annotationText(definition)}`);
  if (definition.external) {
    const { name, parameters, files, registered } = definition.external;
    const values = [...parameters].map(([p, value]) => ` ${p}=${parameterText(value)}`);
    lines.push(`  external ${name}${values.join('')} registered [${[...registered].map(signalName).join(' ')}] files ${JSON.stringify(files)}`);
  }
  for (const e of enumerationsOf(definition)) lines.push(`  enum ${e.name}: ${[...e.members].map(([name, code]) => `${name}=${code}`).join(' ')}`);
  for (const s of definition.signals)
    lines.push(
      `  ${s.role} ${signalName(s)}: ${describe(s)}${s.type.kind === 'enum' ? ` u${s.type.width}` : ''}${registerText(s, text)}${arrivalText(s)}${annotationText(s)}`,
    );
  for (const i of definition.instances)
    lines.push(
      `  inst ${i.name}: ${i.definition.name} (${[...i.pins].map(([port, pin]) => `${port.name}=${signalName(pin)}`).join(', ')})${annotationText(i)}`,
    );
  for (const m of definition.meshes) dumpMesh(m, lines);
  for (const d of definition.delays) {
    const enable = d.enable ? ` enable ${signalName(d.enable)}` : '';
    const reset = d.reset ? resetText(d.reset, String(d.reset.value)) : '';
    lines.push(
      `  delay ${d.name}: ${signalName(d.input)} -> ${signalName(d.output)} by ${d.first}+${d.step}i clock ${signalName(d.clock)}${enable}${reset}`,
    );
  }
  for (const m of definition.memories) dumpMemory(m, lines);
  for (const { kind, name, message, condition, clock, reset } of definition.properties)
    lines.push(
      `  ${kind} ${name}: ${signalName(condition)} clock ${signalName(clock)}${reset ? ` unless ${signalName(reset)}` : ''} ${JSON.stringify(message)}`,
    );
  for (const s of definition.body) dumpStatement(s, '  ', lines, text);
  return `${lines.join('\n')}\n`;
}

function parameterText(value: ParameterValue): string {
  if (typeof value === 'object') return `${value.width}'${value.value}`;
  return typeof value === 'bigint' ? `${value}n` : JSON.stringify(value);
}

/** In the order of the first signal of each. */
function enumerationsOf(definition: Definition): Set<EnumInfo> {
  return new Set(definition.signals.flatMap((s) => s.type.enumeration ?? []));
}

function signalName(signal: Signal): string {
  return `${signal.name}#${signal.id}`;
}

function registerText(signal: Signal, text: Printer): string {
  if (!signal.register) return '';
  const { clock, enable, reset, initial } = signal.register;
  const first = initial ? ` initial [${initial.join(' ')}]` : '';
  return ` clock ${signalName(clock)}${enable ? ` enable ${signalName(enable)}` : ''}${reset ? resetText(reset, text.expr(reset.value)) : ''}${first}`;
}

function resetText({ signal, async, activeLow }: ResetStyle & { readonly signal: Signal }, value: string): string {
  return ` ${async ? 'async ' : ''}${activeLow ? 'low ' : ''}reset ${signalName(signal)}=${value}`;
}

/** What the check of clock crossings is told about a signal. */
function arrivalText({ arrival, crossing }: Signal): string {
  const whose = !arrival ? '' : 'clock' in arrival ? ` of ${arrival.clock}` : ' asynchronous';
  return `${whose}${crossing ? ' crossing' : ''}`;
}

function dumpMesh(mesh: Mesh, lines: string[]): void {
  lines.push(`  mesh ${mesh.name}: ${mesh.definition.name} [${mesh.shape.join(', ')}]${annotationText(mesh)}`);
  for (const link of mesh.links) lines.push(`    ${linkText(link)}`);
}

function dumpMemory(memory: Memory, lines: string[]): void {
  const init = memory.init ? ` init [${memory.init.join(' ')}]` : '';
  lines.push(
    `  memory ${memory.name}: ${describe({ type: memory.type, dims: memory.lanes })} x ${memory.depth} ${memory.style}${init}${annotationText(memory)}`,
  );
  for (const { address, data, enable, mask, clock } of memory.writes) {
    lines.push(
      `    write ${signalName(data)} at ${signalName(address)} enable ${signalName(enable)}${mask ? ` mask ${signalName(mask)}` : ''} clock ${signalName(clock)}`,
    );
  }
  for (const { address, data, registered } of memory.reads) {
    const how = registered
      ? ` enable ${signalName(registered.enable)} ${registered.underWrite} clock ${signalName(registered.clock)}`
      : ' combinational';
    lines.push(`    read ${signalName(data)} at ${signalName(address)}${how}`);
  }
}

function linkText(link: MeshLink): string {
  switch (link.kind) {
    case 'shift':
      return `shift [${link.vector.join(', ')}] ${link.from.name} -> ${link.to.name} ${link.enters.map(enterText).join(' ')}${link.leave ? ` leave ${signalName(link.leave)}` : ''}`;
    case 'feed':
      return `feed [${link.axes.join(', ')}] ${signalName(link.pin)} -> ${link.to.name}`;
    case 'collect':
      return `collect ${link.from.name} -> ${signalName(link.pin)}${link.axes.every((axis, i) => axis === i) ? '' : ` over [${link.axes.join(', ')}]`}`;
    case 'index':
      return `index ${link.first} + [${link.step.join(', ')}]e -> ${link.to.name}`;
  }
}

function enterText({ axis, pin, axes, first }: MeshEnter): string {
  return `enter ${signalName(pin)} across ${axis} over [${axes.join(', ')}]${first === 0 ? '' : ` from ${first}`}`;
}

/** Definitions that say different things of themselves are two. */
function annotationText({ annotations }: { readonly annotations?: Annotations }): string {
  const comment = annotations?.comment === undefined ? '' : ` comment ${JSON.stringify(annotations.comment)}`;
  return `${comment}${[...(annotations?.attributes ?? [])].map(([name, value]) => ` attribute ${name}=${JSON.stringify(value)}`).join('')}`;
}

function dumpStatement(stmt: Stmt, indent: string, lines: string[], text: Printer): void {
  if (stmt.remark) lines.push(`${indent}section ${JSON.stringify(stmt.remark.text)}`);
  if (stmt.kind === 'assign') {
    const value = text.expr(stmt.value);
    lines.push(`${indent}${text.target(stmt.target)} <= ${value}`);
    return;
  }
  lines.push(`${indent}${stmt.arm ? 'case' : 'when'} ${text.expr(stmt.cond)}`);
  for (const s of stmt.then) dumpStatement(s, `${indent}  `, lines, text);
  if (stmt.else.length > 0) lines.push(`${indent}else`);
  for (const s of stmt.else) dumpStatement(s, `${indent}  `, lines, text);
}

/** Longer texts get a number too: each operator copies the texts of its operands. */
const LONG = 500;

/** Prints shared expressions once, as numbered definitions, so that the text grows with the graph and not with its paths. */
class Printer {
  readonly #shared: ReadonlySet<Expr>;
  readonly #lines: string[];
  /** What stands for an expression: its text, or the number that it was given. */
  readonly #texts = new Map<Expr, string>();
  readonly #seen = new Set<Expr>();
  #numbered = 0;

  constructor(shared: ReadonlySet<Expr>, lines: string[]) {
    this.#shared = shared;
    this.#lines = lines;
  }

  target({ signal, path, bits }: Target): string {
    const indices = path.map((p) => `[${typeof p === 'number' ? p : this.expr(p)}]`).join('');
    return `${signalName(signal)}${indices}${bits ? `[${bits.hi}:${bits.lo}]` : ''}`;
  }

  expr(root: Expr): string {
    visitExprs([root], (e) => this.#texts.set(e, this.#define(e)), this.#seen);
    return this.#texts.get(root) as string;
  }

  #define(expr: Expr): string {
    const text = this.#text(expr);
    if (!this.#shared.has(expr) && text.length <= LONG) return text;
    const name = `%${this.#numbered++}`;
    this.#lines.push(`  let ${name} = ${text}`);
    return name;
  }

  #text(expr: Expr): string {
    const args = expr.args.map((a) => this.#texts.get(a) as string);
    const type = describeGround(expr.type);
    switch (expr.op) {
      case 'const':
        return `${expr.value}:${type}`;
      case 'ref':
        return signalName(expr.signal);
      case 'element':
        return `${args[0]}[${expr.index ?? args[1]}]`;
      case 'bits':
        return `${args[0]}[${expr.hi}:${expr.lo}]`;
      case 'shl':
      case 'shr':
        return `${expr.op}(${args[0]}, ${expr.amount})`;
      case 'extend':
      case 'trunc':
      case 'cast':
      case 'unpack':
      case 'fill':
        return `${expr.op}:${type}${expr.dims.map((d) => `[${d}]`).join('')}(${args.join(', ')})`;
      default:
        return `${expr.op}(${args.join(', ')})`;
    }
  }
}

/** Expressions that more than one place uses, leaves aside. */
function sharedExpressions(body: readonly Stmt[]): Set<Expr> {
  const seen = new Set<Expr>();
  const used = new Set<Expr>();
  const shared = new Set<Expr>();
  const use = (expr: Expr): void => {
    if (expr.args.length === 0) return;
    if (used.has(expr)) shared.add(expr);
    used.add(expr);
  };
  visitStmts(body, (stmt) => {
    const roots = ownExprs(stmt);
    roots.forEach(use);
    visitExprs(roots, (e) => e.args.forEach(use), seen);
  });
  return shared;
}
