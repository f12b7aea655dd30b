// A design as JSON, for scripts: the IR with names in place of objects and numbers in place of shared expressions.
//
// Invariant: the text depends on the design alone and grows with the source, not with the size of meshes; whole numbers that a double may not hold are strings.

import { clockSummaries } from '../checks/clock-crossings.ts';
import type { ClockSummary } from '../checks/clock-graph.ts';
import type {
  Annotations,
  Definition,
  Design,
  EnumInfo,
  Expr,
  GroundType,
  Memory,
  Mesh,
  MeshLink,
  ParameterValue,
  ResetStyle,
  Signal,
  Stmt,
  Target,
  When,
} from '../ir/nodes.ts';
import { ports } from '../ir/nodes.ts';
import { onlyWhen, visitExprs } from '../ir/visit.ts';
import { locator, type Origin } from '../source.ts';
import { moduleNames } from '../verilog/module-names.ts';
import { legalName } from '../verilog/names.ts';
import type { JsonDesign, JsonExpr, JsonLink, JsonMemory, JsonModule, JsonReset, JsonSignal, JsonStmt, JsonTarget, JsonType } from './schema.ts';

export interface JsonOptions {
  /** `at`, `path:line` from the project's root, on signals, children and statements. */
  readonly locators?: boolean;
}

/** The design as data of the form `systole-netlist`, version 1; see docs/json-netlist.md. */
export function jsonDesign(design: Design, { locators = false }: JsonOptions = {}): JsonDesign {
  const names = moduleNames(design);
  const summaries = clockSummaries(design.definitions);
  const modules = design.definitions.map((d) => new ModuleWriter(d, names, summaries.get(d) as ClockSummary, locators).module());
  return { format: 'systole-netlist', version: 1, top: design.top.name, modules };
}

/** The same as text: one line for each signal, child, expression and statement. */
export function emitJson(design: Design, options: JsonOptions = {}): string {
  const { modules, ...head } = jsonDesign(design, options);
  const text = modules.map((module) => {
    const fields = Object.entries(module).map(([key, value]) => {
      const list = Array.isArray(value) && value.length > 0 && typeof value[0] === 'object';
      return `   ${JSON.stringify(key)}: ${list ? `[\n${value.map((item) => `    ${JSON.stringify(item)}`).join(',\n')}\n   ]` : JSON.stringify(value)}`;
    });
    return `  {\n${fields.join(',\n')}\n  }`;
  });
  const top = Object.entries(head).map(([key, value]) => ` ${JSON.stringify(key)}: ${JSON.stringify(value)},\n`);
  return `{\n${top.join('')} "modules": [\n${text.join(',\n')}\n ]\n}\n`;
}

class ModuleWriter {
  readonly #definition: Definition;
  readonly #names: ReadonlyMap<Definition, string>;
  readonly #clocks: ClockSummary;
  readonly #locators: boolean;
  readonly #signals: ReadonlyMap<Signal, number>;
  readonly #expressions: JsonExpr[] = [];
  readonly #numbers = new Map<Expr, number>();
  readonly #seen = new Set<Expr>();
  readonly #enums = new Map<EnumInfo, string>();

  constructor(definition: Definition, names: ReadonlyMap<Definition, string>, clocks: ClockSummary, locators: boolean) {
    this.#definition = definition;
    this.#names = names;
    this.#clocks = clocks;
    this.#locators = locators;
    this.#signals = new Map(definition.signals.map((s, i) => [s, i]));
  }

  module(): JsonModule {
    const d = this.#definition;
    const { external } = d;
    const signals = d.signals.map((s) => this.#signal(s));
    const statements = this.#statements(d.body);
    const memories = d.memories.map((m) => this.#memory(m));
    return {
      name: this.#name(d),
      ...(d.doc !== '' && { doc: d.doc }),
      ...notes(d),
      ...this.#at(d.at),
      ...(external && {
        external: {
          parameters: Object.fromEntries([...external.parameters].map(([name, value]) => [name, parameter(value)])),
          files: external.files,
          registered: [...external.registered].map((s) => s.name),
        },
      }),
      ...(this.#enums.size > 0 && {
        enums: Object.fromEntries(
          [...this.#enums].map(([e, name]) => [name, Object.fromEntries([...e.members].map(([m, code]) => [m, String(code)]))]),
        ),
      }),
      ports: ports(d).map((p) => this.#ref(p)),
      signals,
      instances: d.instances.map((i) => ({
        name: i.name,
        module: this.#name(i.definition),
        pins: Object.fromEntries([...i.pins].map(([port, pin]) => [port.name, this.#ref(pin)])),
        ...notes(i),
        ...this.#at(i.at),
      })),
      meshes: d.meshes.map((m) => this.#mesh(m)),
      delays: d.delays.map(({ name, first, step, input, output, clock, enable, reset, at }) => ({
        ...{ name, first, step, input: this.#ref(input), output: this.#ref(output), clock: this.#ref(clock) },
        ...(enable && { enable: this.#ref(enable) }),
        ...(reset && { reset: { ...this.#reset(reset), value: String(reset.value) } }),
        ...this.#at(at),
      })),
      memories,
      properties: d.properties.map(({ kind, name, message, condition, clock, reset, at }) => ({
        ...{ kind, name, message, condition: this.#ref(condition), clock: this.#ref(clock) },
        ...(reset && { reset: this.#ref(reset) }),
        ...this.#at(at),
      })),
      expressions: this.#expressions,
      statements,
    };
  }

  #name(definition: Definition): string {
    return this.#names.get(definition) as string;
  }

  #ref(signal: Signal): number {
    return this.#signals.get(signal) as number;
  }

  #at(at: Origin): { readonly at?: string } {
    const place = this.#locators ? at.location() : undefined;
    return place ? { at: locator(place) } : {};
  }

  #type({ kind, width, enumeration, reset, fraction, float }: GroundType): JsonType {
    return {
      ...{ kind, width },
      ...(enumeration && { enum: this.#enum(enumeration) }),
      ...style(reset ?? {}),
      ...(fraction !== undefined && { fraction }),
      ...(float && { float: float.name }),
    };
  }

  /** Two enumerations of one name are numbered. */
  #enum(info: EnumInfo): string {
    let name = this.#enums.get(info);
    if (name === undefined) {
      const taken = new Set(this.#enums.values());
      name = info.name;
      for (let i = 1; taken.has(name); i++) name = `${info.name}_${i}`;
      this.#enums.set(info, name);
    }
    return name;
  }

  #signal(signal: Signal): JsonSignal {
    const { name, role, type, dims, register } = signal;
    const { launches, samples, resets } = this.#clocks;
    const of = [launches, samples, resets].flatMap((m) => [...(m.get(signal)?.keys() ?? [])]).flatMap((clock) => clock?.name ?? []);
    const isPort = role === 'input' || role === 'output';
    const isData = type.kind !== 'clock';
    return {
      ...{ name, role, type: this.#type(type) },
      ...(dims.length > 0 && { dims }),
      ...(isPort && { verilog: this.#definition.external ? name : legalName(name), ...(isData && { clocks: [...new Set(of)] }) }),
      ...(register && {
        register: {
          clock: this.#ref(register.clock),
          ...(register.enable && { enable: this.#ref(register.enable) }),
          ...(register.reset && { reset: { ...this.#reset(register.reset), value: this.#expr(register.reset.value) } }),
        },
      }),
      ...notes(signal),
      ...this.#at(signal.at),
    };
  }

  #reset(reset: ResetStyle & { readonly signal: Signal }): JsonReset {
    return { signal: this.#ref(reset.signal), ...style(reset) };
  }

  #mesh({ name, definition, shape, links, at, ...rest }: Mesh): JsonModule['meshes'][number] {
    return { name, module: this.#name(definition), shape, links: links.map((l) => this.#link(l)), ...notes(rest), ...this.#at(at) };
  }

  #link(link: MeshLink): JsonLink {
    switch (link.kind) {
      case 'shift': {
        const { kind, from, to, vector, enters, leave } = link;
        return {
          ...{ kind, from: from.name, to: to.name, vector },
          enters: enters.map(({ axis, pin, axes, first }) => ({ axis, pin: this.#ref(pin), axes, first })),
          ...(leave && { leave: this.#ref(leave) }),
        };
      }
      case 'feed':
        return { kind: 'feed', to: link.to.name, axes: link.axes, pin: this.#ref(link.pin) };
      case 'collect':
        return { kind: 'collect', from: link.from.name, axes: link.axes, pin: this.#ref(link.pin) };
      case 'index':
        return { kind: 'index', to: link.to.name, first: link.first, step: link.step };
    }
  }

  #memory(memory: Memory): JsonMemory {
    const { name, type, depth, lanes, style: wanted, init, at } = memory;
    return {
      ...{ name, type: this.#type(type), depth },
      ...(lanes[0] !== undefined && { lanes: lanes[0] }),
      style: wanted,
      ...(init && { init: init.map(String) }),
      reads: memory.reads.map(({ address, data, registered }) => ({
        ...{ address: this.#ref(address), data: this.#ref(data) },
        ...(registered && {
          registered: { clock: this.#ref(registered.clock), enable: this.#ref(registered.enable), underWrite: registered.underWrite },
        }),
      })),
      writes: memory.writes.map(({ clock, address, data, enable, mask }) => ({
        ...{ clock: this.#ref(clock), address: this.#ref(address), data: this.#ref(data), enable: this.#ref(enable) },
        ...(mask && { mask: this.#ref(mask) }),
      })),
      ...notes(memory),
      ...this.#at(at),
    };
  }

  #expr(root: Expr): number {
    visitExprs([root], (e) => void this.#numbers.set(e, this.#expressions.push(this.#node(e)) - 1), this.#seen);
    return this.#numbers.get(root) as number;
  }

  #node(e: Expr): JsonExpr {
    return {
      ...{ op: e.op, type: this.#type(e.type) },
      ...(e.dims.length > 0 && { dims: e.dims }),
      ...(e.args.length > 0 && { args: e.args.map((a) => this.#numbers.get(a) as number) }),
      ...(e.op === 'const' && { value: String(e.value) }),
      ...(e.op === 'ref' && { signal: this.#ref(e.signal) }),
      ...(e.op === 'element' && e.index !== undefined && { index: e.index }),
      ...(e.op === 'bits' && { hi: e.hi, lo: e.lo }),
      ...((e.op === 'shl' || e.op === 'shr') && { amount: e.amount }),
    };
  }

  #target({ signal, path, bits }: Target): JsonTarget {
    return {
      signal: this.#ref(signal),
      ...(path.length > 0 && { path: path.map((p) => (typeof p === 'number' ? p : { expr: this.#expr(p) })) }),
      ...(bits && { bits: [bits.hi, bits.lo] }),
    };
  }

  #statements(stmts: readonly Stmt[]): JsonStmt[] {
    return stmts.map((stmt) => {
      const section = stmt.remark && { section: stmt.remark.text };
      if (stmt.kind === 'assign')
        return { kind: 'assign', target: this.#target(stmt.target), value: this.#expr(stmt.value), ...section, ...this.#at(stmt.at) };
      return this.#when(stmt);
    });
  }

  /** Chains of `elsewhen` are walked in a loop, since they nest as deep as they are long. */
  #when(stmt: When): JsonStmt {
    const chain: When[] = [];
    for (let next: When | undefined = stmt; next; next = onlyWhen(next.else)) chain.push(next);
    const made = chain.map(({ cond, then }) => ({ cond: this.#expr(cond), then: this.#statements(then) }));
    let rest = this.#statements((chain.at(-1) as When).else);
    for (const [i, link] of [...chain.entries()].reverse()) {
      const { cond, then } = made[i] as (typeof made)[number];
      rest = [{ kind: 'when', cond, then, else: rest, ...(link.remark && { section: link.remark.text }), ...this.#at(link.at) }];
    }
    return rest[0] as JsonStmt;
  }
}

function style({ async, activeLow }: ResetStyle): { readonly async?: true; readonly activeLow?: true } {
  return { ...(async && { async }), ...(activeLow && { activeLow }) };
}

function notes({ annotations }: { readonly annotations?: Annotations }): Pick<JsonSignal, 'comment' | 'attributes'> {
  return {
    ...(annotations?.comment !== undefined && { comment: annotations.comment }),
    ...(annotations?.attributes && { attributes: Object.fromEntries(annotations.attributes) }),
  };
}

function parameter(value: ParameterValue): number | string | { readonly width: number; readonly value: string } {
  if (
    typeof value === 'string' ||
    (typeof value === 'number' && Number.isSafeInteger(value)) ||
    (typeof value === 'number' && !Number.isInteger(value))
  )
    return value;
  if (typeof value === 'object') return { width: value.width, value: String(value.value) };
  return { width: BigInt(value).toString(2).length + 1, value: String(value) };
}
