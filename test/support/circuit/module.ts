// Meaning 1 of a circuit: a module of the language.

import {
  assert,
  assume,
  clock,
  cover,
  type Domain,
  inDomain,
  input,
  type MemoryHandle,
  Module,
  output,
  reset,
  switchOn,
  type WhenChain,
  when,
} from '../../../hdl/index.ts';
import { synchronise } from '../../../hdl/std/index.ts';
import type { Dyn } from '../dynamic.ts';
import { type Ground, type Type, vecT } from '../reference.ts';
import { constant, ExprBuilder, hdlType, plain } from './build-expr.ts';
import { type Circuit, clockPorts, hasStatements, type Item, isGround, resetPorts, type Stmt, type Target, type Variable } from './data.ts';
import { Foreign } from './external.ts';
import { patternText } from './pattern.ts';

type Ports = { readonly [name: string]: Dyn };
type Of<K extends Item['kind']> = Extract<Item, { kind: K }>;
interface Machine {
  readonly state: Dyn;
  on(bodies: object): void;
  goto(state: string): void;
  named?: unknown;
}

export class CircuitModule extends Module<Circuit> {
  readonly p: Ports;
  readonly #env = new Map<string, Dyn>();
  readonly #exprs = new ExprBuilder(this.#env);
  readonly #domains = new Map<string, Domain>();
  readonly #memories = new Map<string, MemoryHandle<never>>();
  readonly #machines = new Map<string, Machine>();

  constructor(cfg: Circuit) {
    super(cfg);
    const clocks = clockPorts(cfg);
    const record = Object.fromEntries([
      ...clocks.map((name) => [name, input(clock)] as const),
      ...resetPorts(cfg).map(({ port, async, activeLow }) => [port, input(reset({ async: async ?? false, activeLow: activeLow ?? false }))] as const),
      ...cfg.inputs.map(({ name, type, clock: of }) => [name, of ? input(hdlType(type), { domain: of }) : input(hdlType(type))] as const),
      ...cfg.outputs.map(({ name, type }) => [name, output(hdlType(type))] as const),
    ]);
    this.p = this.io(record as never) as unknown as Ports;
    for (const { name } of [...cfg.inputs, ...cfg.outputs]) this.#env.set(name, this.p[name] as Dyn);
    for (const { name, clock: own, reset: resets, enable } of cfg.domains ?? []) {
      const options = { clock: own && this.p[own], reset: resets && this.p[resets.port], enable: enable && this.#expr(enable) };
      this.#domains.set(name, this.domain(Object.fromEntries(Object.entries(options).filter(([, v]) => v)) as never));
    }
    for (const r of cfg.registers) {
      const options = r.reset === undefined ? {} : { reset: constant(r.type, r.reset) };
      this.#env.set(r.name, this.#in(r.domain, () => this.reg(hdlType(r.type), options as never) as unknown as Dyn).named(r.name));
    }
    for (const item of cfg.items) this.#in(item.domain, () => this.#declare(item));
    for (const item of cfg.items) this.#in(item.domain, () => this.#connect(item));
    for (const i of cfg.order) {
      const item = cfg.items[i];
      if (item && hasStatements(item)) this.#in(item.domain, () => this.#statements(item));
    }
  }

  #in<T>(domain: string | undefined, body: () => T): T {
    const found = domain === undefined ? undefined : this.#domains.get(domain);
    return found ? inDomain(found, body) : body();
  }

  #expr(e: Parameters<ExprBuilder['of']>[0]): Dyn {
    return this.#exprs.of(e);
  }

  /** What can be read before it is connected. */
  #declare(item: Item): void {
    if (item.kind === 'block') for (const { name, type } of item.wires) this.#env.set(name, (this.wire(hdlType(type)) as unknown as Dyn).named(name));
    if (item.kind === 'instance') {
      const handle = this.inst(CircuitModule as never, item.module as never) as unknown as Ports;
      for (const { name } of [...item.module.inputs, ...item.module.outputs]) this.#env.set(`${item.name}.${name}`, handle[name] as Dyn);
    }
    if (item.kind === 'machine') {
      const machine = this.fsm(item.states as never, { reset: item.start as never, name: `${item.name}State` }) as unknown as Machine;
      this.#machines.set(item.name, machine);
      this.#env.set(item.name, machine.state.named(item.name));
    }
    if (item.kind === 'mesh') {
      for (const link of item.links) {
        if (link.kind !== 'shift' || !link.leave) continue;
        const from = item.module.outputs.find((o) => o.name === link.from) as Variable;
        const edge = item.shape.filter((_, axis) => link.vector[axis] === 0);
        this.#env.set(link.leave, (this.wire(hdlType(edge.reduceRight<Type>((t, n) => vecT(t, n), from.type))) as unknown as Dyn).named(link.leave));
      }
    }
  }

  #connect(item: Item): void {
    if (item.kind === 'delay') this.#delay(item);
    if (item.kind === 'mesh') this.#mesh(item);
    if (item.kind === 'memory') this.#memory(item);
    if (item.kind === 'external') this.#external(item);
    if (item.kind === 'synchroniser') {
      const { name, value, stages, reset: start } = item;
      const options = { stages, ...(start !== undefined && { reset: start }) };
      this.#env.set(name, (synchronise(this.#expr(value) as never, options) as unknown as Dyn).named(name));
    }
  }

  #delay({ name, value, first, step, enable, reset: cleared }: Of<'delay'>): void {
    const options = { reset: cleared, ...(enable && { enable: this.#expr(enable) }) } as never;
    const of = this.#expr(value) as never;
    this.#env.set(name, (step === 0 ? this.delay(of, first, options) : this.skew(of, { first, step }, options)) as unknown as Dyn);
  }

  #memory({ name, type, depth, style, init, reads }: Of<'memory'>): void {
    const word = (value: unknown): unknown =>
      isGround(type) ? plain(type, value as bigint) : (value as bigint[]).map((v) => plain((type as unknown as { element: Ground }).element, v));
    const memory = this.memory(hdlType(type), depth, { style, ...(init && { init: init.map(word) as never }) }) as MemoryHandle<never>;
    this.#memories.set(name, memory);
    for (const { name: port, address, registered } of reads) {
      const { underWrite, enable } = registered ?? {};
      const of = this.#expr(address) as never;
      const options = { underWrite, ...(enable && { enable: this.#expr(enable) }) } as never;
      this.#env.set(port, (registered ? memory.read(of, options) : memory.readNow(of)) as unknown as Dyn);
    }
  }

  #external({ name, verilog, values, outputs, parameter, registered }: Of<'external'>): void {
    const widths = (list: readonly { readonly type: Type }[]): number[] => list.map((v) => (v.type as Ground).width);
    const cfg = { verilog, inputs: widths(values), outputs: widths(outputs), parameter, registered };
    const handle = this.inst(Foreign, cfg) as unknown as Ports;
    values.forEach((value, i) => (handle[`a${i}`] as Dyn).set(this.#expr(value)));
    outputs.forEach((out, i) => this.#env.set(`${name}.${out.name}`, handle[`y${i}`] as Dyn));
  }

  #mesh({ module, shape, links }: Of<'mesh'>): void {
    const handle = this.mesh(CircuitModule as never, shape, module as never) as unknown as {
      shift(vector: readonly number[], options: object): void;
      feed(to: string, axes: readonly number[], value: unknown): void;
      broadcast(to: string, value: unknown): void;
      collect(from: string): Dyn;
    };
    for (const link of links) {
      if (link.kind === 'collect') this.#env.set(link.name, handle.collect(link.from));
      else if (link.kind === 'feed' && link.axes.length === 0) handle.broadcast(link.to, this.#expr(link.value));
      else if (link.kind === 'feed') handle.feed(link.to, link.axes, this.#expr(link.value));
      else
        handle.shift(link.vector, {
          from: link.from,
          to: link.to,
          enter: this.#expr(link.enter),
          ...(link.leave && { leave: this.#env.get(link.leave) }),
        });
    }
  }

  #statements(item: Item): void {
    if (item.kind === 'machine') {
      const bodies = item.arms.map(({ state, body }) => [state, () => this.#body(body)] as const);
      this.#machines.get(item.name)?.on(Object.fromEntries(bodies));
    }
    if ('body' in item) this.#body(item.body);
  }

  #body(stmts: readonly Stmt[]): void {
    for (const stmt of stmts) this.#stmt(stmt);
  }

  #stmt(stmt: Stmt): void {
    switch (stmt.kind) {
      case 'set':
        return this.#target(stmt.target).set(this.#expr(stmt.value));
      case 'when': {
        let chain: WhenChain | undefined;
        for (const { cond, body } of stmt.arms) {
          const c = this.#expr(cond) as never;
          chain = chain ? chain.elsewhen(c, () => this.#body(body)) : when(c, () => this.#body(body));
        }
        const last = stmt.otherwise;
        if (last) chain?.otherwise(() => this.#body(last));
        return;
      }
      case 'switch': {
        const type = stmt.subject.type as Ground;
        const cases = stmt.cases.map(({ patterns, body }) => [patterns.map((p) => patternText(type, p)).join(','), () => this.#body(body)] as const);
        const last = stmt.otherwise;
        return switchOn(this.#expr(stmt.subject) as never, Object.fromEntries([...cases, ...(last ? [['default', () => this.#body(last)]] : [])]));
      }
      case 'goto':
        return this.#machines.get(stmt.machine)?.goto(stmt.state);
      case 'write': {
        const { address, value, mask, enable } = stmt;
        const options = { ...(mask && { mask: this.#expr(mask) }), ...(enable && { enable: this.#expr(enable) }) };
        return this.#memories.get(stmt.memory)?.write(this.#expr(address) as never, this.#expr(value) as never, options as never);
      }
      case 'property':
        return { assert, assume, cover }[stmt.property](this.#expr(stmt.cond) as never, stmt.message);
    }
  }

  #target({ name, path, bits, part }: Target): Dyn {
    let value = this.#env.get(name) as Dyn;
    if (!value) throw new Error(`the circuit assigns ${name}, which does not exist`);
    for (const step of path) value = typeof step === 'string' ? (value[step] as Dyn) : value.at(typeof step === 'number' ? step : this.#expr(step));
    if (part) {
      const offset = this.#expr(part.offset);
      return part.one
        ? (value['bitAt'] as (i: Dyn) => Dyn).call(value, offset)
        : (value['slice'] as (i: Dyn, n: number) => Dyn).call(value, offset, part.width);
    }
    if (!bits) return value;
    return bits[0] === bits[1] ? value.bit(bits[0]) : value.bits(...bits);
  }
}
