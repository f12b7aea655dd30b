// Circuits as plain data, with two meanings that share nothing: a module of the language, and a model in exact integers.

import { bool, bundle, cat, fill, input, lit, Module, mux, output, sint, uint, vec, vecOf, type WhenChain, when, zeros } from '../../hdl/index.ts';
import { call, type Dyn } from './dynamic.ts';
import {
  apply,
  BOOL,
  construct,
  type Ground,
  leaves,
  literalWidth,
  packLeaf,
  resultType,
  type Type,
  uintT,
  type Value,
  vecT,
  wrap,
} from './reference.ts';

/** Expressions; an object that occurs twice is built once and shared. */
export type Expr =
  | { readonly op: 'ref'; readonly type: Type; readonly name: string }
  | { readonly op: 'lit'; readonly type: Ground; readonly value: bigint }
  | { readonly op: 'prim'; readonly type: Ground; readonly fn: string; readonly args: readonly Expr[]; readonly n: number; readonly m: number }
  /** Second operand given as a plain number. */
  | { readonly op: 'with'; readonly type: Ground; readonly fn: string; readonly arg: Expr; readonly literal: bigint }
  | { readonly op: 'mux'; readonly type: Type; readonly cond: Expr; readonly yes: Expr; readonly no: Expr }
  | { readonly op: 'cat'; readonly type: Ground; readonly args: readonly Expr[] }
  | { readonly op: 'at'; readonly type: Type; readonly of: Expr; readonly index: number | Expr }
  | { readonly op: 'field'; readonly type: Type; readonly of: Expr; readonly name: string }
  | {
      readonly op: 'vecOf' | 'fill' | 'reversed' | 'zeros' | 'asBools' | 'pack' | 'named';
      readonly type: Type;
      readonly args: readonly Expr[];
      readonly name?: string;
    };

export interface Target {
  readonly name: string;
  /** Field names, element numbers and element signals from the outside in. */
  readonly path: readonly (string | number | Expr)[];
  readonly bits?: readonly [hi: number, lo: number];
}
export type Stmt =
  | { readonly kind: 'set'; readonly target: Target; readonly type: Type; readonly value: Expr }
  | {
      readonly kind: 'when';
      readonly arms: readonly { readonly cond: Expr; readonly body: readonly Stmt[] }[];
      readonly otherwise?: readonly Stmt[];
    };

export interface Variable {
  readonly name: string;
  readonly type: Type;
}
export interface Register extends Variable {
  readonly reset?: Value;
}

export type Link =
  | {
      readonly kind: 'shift';
      readonly vector: readonly number[];
      readonly from: string;
      readonly to: string;
      readonly enter: Expr;
      readonly leave?: string;
    }
  | { readonly kind: 'feed'; readonly to: string; readonly axes: readonly number[]; readonly value: Expr }
  | { readonly kind: 'collect'; readonly from: string; readonly name: string };

/** In the order of dependency: an item reads what earlier items and registers give. */
export type Item =
  | { readonly kind: 'block'; readonly wires: readonly Variable[]; readonly body: readonly Stmt[] }
  | { readonly kind: 'instance'; readonly name: string; readonly module: Circuit; readonly body: readonly Stmt[] }
  | {
      readonly kind: 'delay';
      readonly name: string;
      readonly value: Expr;
      readonly first: number;
      readonly step: number;
      readonly enable?: Expr;
      readonly reset: boolean;
    }
  | { readonly kind: 'mesh'; readonly name: string; readonly module: Circuit; readonly shape: readonly number[]; readonly links: readonly Link[] };

export interface Circuit {
  readonly inputs: readonly Variable[];
  readonly outputs: readonly Variable[];
  readonly registers: readonly Register[];
  readonly items: readonly Item[];
  /** Order in which the statements of blocks and instances are written down; they mean the same in any. */
  readonly order: readonly number[];
}

// Meaning 1: a module of the language.

export function hdlType(type: Type): never {
  switch (type.kind) {
    case 'vec':
      return vec(hdlType(type.element), type.length) as never;
    case 'bundle':
      return bundle(Object.fromEntries(Object.entries(type.fields).map(([name, field]) => [name, hdlType(field)]))) as never;
    case 'bool':
      return bool as never;
    default:
      return (type.kind === 'uint' ? uint(type.width) : sint(type.width)) as never;
  }
}

type Ports = { readonly [name: string]: Dyn };

export class CircuitModule extends Module<Circuit> {
  readonly p: Ports;
  readonly #env = new Map<string, Dyn>();
  readonly #made = new Map<Expr, Dyn>();

  constructor(cfg: Circuit) {
    super(cfg);
    const record = Object.fromEntries([
      ...cfg.inputs.map(({ name, type }) => [name, input(hdlType(type))] as const),
      ...cfg.outputs.map(({ name, type }) => [name, output(hdlType(type))] as const),
    ]);
    this.p = this.io(record) as unknown as Ports;
    for (const { name } of [...cfg.inputs, ...cfg.outputs]) this.#env.set(name, this.p[name] as Dyn);
    for (const r of cfg.registers) {
      const reset = r.reset === undefined ? {} : { reset: this.#constant(r.type, r.reset) };
      this.#env.set(r.name, (this.reg(hdlType(r.type), reset as never) as unknown as Dyn).named(r.name));
    }
    for (const item of cfg.items) this.#declare(item);
    for (const item of cfg.items)
      if (item.kind === 'delay') this.#delay(item);
      else if (item.kind === 'mesh') this.#mesh(item);
    for (const i of cfg.order) {
      const item = cfg.items[i];
      if (item?.kind === 'block' || item?.kind === 'instance') this.#body(item.body);
    }
  }

  #constant(type: Type, value: Value): unknown {
    if (type.kind === 'bool') return value === 1n;
    if (type.kind === 'uint' || type.kind === 'sint') return value;
    if (type.kind === 'vec' && type.element.kind !== 'vec' && type.element.kind !== 'bundle') {
      const ground = type.element;
      const [head, ...tail] = (value as readonly bigint[]).map((v) => lit(hdlType(ground), (ground.kind === 'bool' ? v === 1n : v) as never));
      return vecOf(head as never, ...(tail as never[]));
    }
    return zeros(hdlType(type));
  }

  #declare(item: Item): void {
    if (item.kind === 'block') for (const { name, type } of item.wires) this.#env.set(name, (this.wire(hdlType(type)) as unknown as Dyn).named(name));
    if (item.kind === 'instance') {
      const handle = this.inst(CircuitModule as never, item.module as never) as unknown as Ports;
      for (const { name } of [...item.module.inputs, ...item.module.outputs]) this.#env.set(`${item.name}.${name}`, handle[name] as Dyn);
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

  #delay({ name, value, first, step, enable, reset }: Extract<Item, { kind: 'delay' }>): void {
    const options = { reset, ...(enable && { enable: this.#expr(enable) }) } as never;
    const of = this.#expr(value) as never;
    this.#env.set(name, (step === 0 ? this.delay(of, first, options) : this.skew(of, { first, step }, options)) as unknown as Dyn);
  }

  #mesh({ module, shape, links }: Extract<Item, { kind: 'mesh' }>): void {
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

  #body(stmts: readonly Stmt[]): void {
    for (const stmt of stmts) {
      if (stmt.kind === 'set') {
        this.#target(stmt.target).set(this.#expr(stmt.value));
        continue;
      }
      let chain: WhenChain | undefined;
      for (const { cond, body } of stmt.arms) {
        const c = this.#expr(cond) as never;
        chain = chain ? chain.elsewhen(c, () => this.#body(body)) : when(c, () => this.#body(body));
      }
      const last = stmt.otherwise;
      if (last) chain?.otherwise(() => this.#body(last));
    }
  }

  #target({ name, path, bits }: Target): Dyn {
    let value = this.#env.get(name) as Dyn;
    for (const step of path) value = typeof step === 'string' ? (value[step] as Dyn) : value.at(typeof step === 'number' ? step : this.#expr(step));
    if (!bits) return value;
    return bits[0] === bits[1] ? value.bit(bits[0]) : value.bits(...bits);
  }

  #expr(e: Expr): Dyn {
    let made = this.#made.get(e);
    if (!made) this.#made.set(e, (made = this.#make(e)));
    // The type that the specification gives; a narrower one would pass unseen, since assignment extends.
    if (e.type.kind !== 'vec' && e.type.kind !== 'bundle' && (made.width !== e.type.width || made.kind !== e.type.kind)) {
      throw new Error(`${'fn' in e ? e.fn : e.op} is a ${made.kind} of ${made.width} bits where a ${e.type.kind} of ${e.type.width} is due`);
    }
    return made;
  }

  #make(e: Expr): Dyn {
    switch (e.op) {
      case 'ref': {
        const found = this.#env.get(e.name);
        if (!found) throw new Error(`the circuit reads ${e.name} before it exists`);
        return found;
      }
      case 'lit':
        return lit(hdlType(e.type), (e.type.kind === 'bool' ? e.value === 1n : e.value) as never) as unknown as Dyn;
      case 'prim': {
        const [a, b] = e.args.map((x) => this.#expr(x)) as [Dyn, Dyn?];
        if (b) return call(a, e.fn, b);
        if (e.fn === 'bits') return a.bits(e.n, e.m);
        return ['shl', 'shr', 'trunc', 'extend', 'bit'].includes(e.fn) ? call(a, e.fn, e.n) : call(a, e.fn);
      }
      case 'with':
        return call(this.#expr(e.arg), e.fn, e.arg.type.kind === 'bool' ? e.literal === 1n : e.literal);
      case 'mux':
        return mux(this.#expr(e.cond) as never, this.#expr(e.yes) as never, this.#expr(e.no) as never) as unknown as Dyn;
      case 'cat':
        return cat(...(e.args.map((x) => this.#expr(x)) as never[])) as unknown as Dyn;
      case 'at':
        return this.#expr(e.of).at(typeof e.index === 'number' ? e.index : this.#expr(e.index));
      case 'field':
        return this.#expr(e.of)[e.name] as Dyn;
      case 'zeros':
        return zeros(hdlType(e.type)) as unknown as Dyn;
    }
    const args = e.args.map((x) => this.#expr(x));
    const [a] = args as [Dyn];
    switch (e.op) {
      case 'vecOf':
        return vecOf(a as never, ...(args.slice(1) as never[])) as unknown as Dyn;
      case 'fill':
        return fill((e.type as { length: number }).length, a as never) as unknown as Dyn;
      case 'reversed':
        return a.reversed();
      case 'asBools':
        return a.asBools();
      case 'pack':
        return a.asUInt();
      case 'named':
        return a.named(e.name as string);
    }
  }
}

// Meaning 2: exact integers.

type Mutable = bigint | Mutable[] | { [field: string]: Mutable };
/** Shares nothing, not even within: elements that were one object become several. */
function clone(v: Value): Mutable {
  if (typeof v === 'bigint') return v;
  return Array.isArray(v) ? v.map(clone) : Object.fromEntries(Object.entries(v).map(([name, field]) => [name, clone(field as Value)]));
}

export class CircuitModel {
  readonly #circuit: Circuit;
  readonly #state = new Map<string, Value>();
  #next = new Map<string, Mutable>();
  readonly #children = new Map<string, CircuitModel[]>();
  readonly #lines = new Map<string, Value[][]>();
  readonly #moves: (() => void)[] = [];
  #memo = new Map<Expr, Value>();

  constructor(circuit: Circuit) {
    this.#circuit = circuit;
    for (const r of circuit.registers)
      this.#state.set(
        r.name,
        construct(r.type, () => 0n),
      );
    for (const item of circuit.items) {
      const copies = item.kind === 'mesh' ? item.shape.reduce((n, d) => n * d, 1) : item.kind === 'instance' ? 1 : 0;
      if (item.kind === 'mesh' || item.kind === 'instance')
        this.#children.set(
          item.name,
          [...Array(copies)].map(() => new CircuitModel(item.module)),
        );
    }
  }

  /** Outputs for these inputs in the present state; remembers what the clock edge will do. */
  evaluate(inputs: ReadonlyMap<string, Value>, rst: boolean): Map<string, Value> {
    const env = new Map<string, Mutable>([...this.#state].map(([name, value]) => [name, clone(value)]));
    for (const [name, value] of inputs) env.set(name, clone(value));
    this.#memo = new Map();
    this.#moves.length = 0;
    this.#next = new Map([...this.#state].map(([name, value]) => [name, clone(value)]));
    for (const { name, type } of this.#circuit.outputs) env.set(name, clone(construct(type, () => 0n)));
    for (const item of this.#circuit.items) this.#item(item, env, rst);
    if (rst) for (const r of this.#circuit.registers) if (r.reset !== undefined) this.#next.set(r.name, clone(r.reset));
    return new Map(this.#circuit.outputs.map(({ name }) => [name, env.get(name) as Value]));
  }

  /** The clock edge. */
  step(): void {
    for (const [name, value] of this.#next) this.#state.set(name, value);
    for (const move of this.#moves) move();
    for (const children of this.#children.values()) for (const c of children) c.step();
  }

  #item(item: Item, env: Map<string, Mutable>, rst: boolean): void {
    switch (item.kind) {
      case 'block':
        for (const w of item.wires) env.set(w.name, clone(construct(w.type, () => 0n)));
        this.#body(item.body, env);
        return;
      case 'instance': {
        const { name, module } = item;
        for (const i of module.inputs) env.set(`${name}.${i.name}`, clone(construct(i.type, () => 0n)));
        this.#body(item.body, env);
        const [child] = this.#children.get(name) as [CircuitModel];
        const outs = child.evaluate(new Map(module.inputs.map((i) => [i.name, env.get(`${name}.${i.name}`) as Value])), rst);
        for (const [port, value] of outs) env.set(`${name}.${port}`, clone(value));
        return;
      }
      case 'delay':
        return this.#delay(item, env, rst);
      case 'mesh':
        return this.#mesh(item, env, rst);
    }
  }

  #delay(item: Extract<Item, { kind: 'delay' }>, env: Map<string, Mutable>, rst: boolean): void {
    const value = this.#expr(item.value, env);
    const { type } = item.value;
    const lanes: readonly Value[] = item.step !== 0 ? (value as readonly Value[]) : [value];
    const laneType = item.step !== 0 ? (type as { element: Type }).element : type;
    const lines = this.#lines.get(item.name) ?? lanes.map((_, i) => [...Array(item.first + item.step * i)].map(() => construct(laneType, () => 0n)));
    this.#lines.set(item.name, lines);
    const out = lanes.map((lane, i) => lines[i]?.[0] ?? lane);
    env.set(item.name, clone(item.step !== 0 ? out : (out[0] as Value)));
    const moves = item.enable ? this.#expr(item.enable, env) === 1n : true;
    this.#moves.push(() => {
      lines.forEach((line, i) => {
        if (line.length === 0) return;
        if (rst && item.reset) line.fill(construct(laneType, () => 0n));
        else if (moves) line.splice(0, line.length, ...line.slice(1), lanes[i] as Value);
      });
    });
  }

  #mesh({ name, module, shape, links }: Extract<Item, { kind: 'mesh' }>, env: Map<string, Mutable>, rst: boolean): void {
    const elements = shape.reduce<number[][]>((all, n) => all.flatMap((e) => [...Array(n).keys()].map((i) => [...e, i])), [[]]);
    const models = this.#children.get(name) as CircuitModel[];
    const number = (e: readonly number[]): number | undefined =>
      e.every((x, axis) => x >= 0 && x < (shape[axis] as number)) ? e.reduce((n, x, axis) => n * (shape[axis] as number) + x, 0) : undefined;
    const pick = (value: Value, indices: readonly number[]): Value => indices.reduce<Value>((v, i) => (v as readonly Value[])[i] as Value, value);
    const given = links.map((link) =>
      link.kind === 'feed' ? this.#expr(link.value, env) : link.kind === 'shift' ? this.#expr(link.enter, env) : 0n,
    );
    let outs = models.map(() => new Map(module.outputs.map((o) => [o.name, construct(o.type, () => 0n)])));
    // As often as the longest path may be; a mesh without loops is then settled.
    for (let round = 0; round <= elements.length * 2; round++) {
      const before = outs;
      outs = elements.map((e, k) => {
        const ins = new Map<string, Value>();
        links.forEach((link, l) => {
          if (link.kind === 'feed')
            ins.set(
              link.to,
              pick(
                given[l] as Value,
                link.axes.map((a) => e[a] as number),
              ),
            );
          if (link.kind !== 'shift') return;
          const from = number(e.map((x, axis) => x - (link.vector[axis] as number)));
          const edge = e.filter((_, axis) => link.vector[axis] === 0);
          ins.set(link.to, from === undefined ? pick(given[l] as Value, edge) : (before[from]?.get(link.from) as Value));
        });
        return (models[k] as CircuitModel).evaluate(ins, rst);
      });
      if (
        JSON.stringify(
          outs.map((o) => [...o]),
          bigints,
        ) ===
        JSON.stringify(
          before.map((o) => [...o]),
          bigints,
        )
      )
        break;
    }
    const nest = (prefix: readonly number[], axes: readonly number[], at: (e: readonly number[]) => Value): Value => {
      const [axis, ...rest] = axes;
      return axis === undefined ? at(prefix) : [...Array(shape[axis]).keys()].map((i) => nest([...prefix, i], rest, at));
    };
    const all = shape.map((_, axis) => axis);
    for (const link of links) {
      if (link.kind === 'collect') env.set(link.name, clone(nest([], all, (e) => outs[number(e) as number]?.get(link.from) as Value)));
      if (link.kind !== 'shift' || !link.leave) continue;
      const axis = link.vector.findIndex((v) => v !== 0);
      const last = (link.vector[axis] as number) > 0 ? (shape[axis] as number) - 1 : 0;
      env.set(
        link.leave,
        clone(
          nest(
            [],
            all.filter((a) => a !== axis),
            (e) => outs[number(e.toSpliced(axis, 0, last)) as number]?.get(link.from) as Value,
          ),
        ),
      );
    }
  }

  #body(stmts: readonly Stmt[], env: Map<string, Mutable>): void {
    for (const stmt of stmts) {
      if (stmt.kind === 'set') {
        this.#set(stmt.target, stmt.type, this.#expr(stmt.value, env), env);
        continue;
      }
      const arm = stmt.arms.find(({ cond }) => this.#expr(cond, env) === 1n);
      this.#body(arm ? arm.body : (stmt.otherwise ?? []), env);
    }
  }

  #set({ name, path, bits }: Target, type: Type, value: Value, env: Map<string, Mutable>): void {
    // Registers change at the edge, all else at once.
    const store = this.#next.has(name) ? this.#next : env;
    const steps = path.map((step) => (typeof step === 'object' ? Number(this.#expr(step, env)) : step));
    const put = (old: Mutable, rest: readonly (string | number)[]): Mutable => {
      const [step, ...more] = rest;
      if (step === undefined) return bits ? insert(old as bigint, value as bigint, bits, type as Ground) : clone(value);
      const holder = old as { [key: string]: Mutable };
      if (Array.isArray(old) && Number(step) >= old.length) return old;
      holder[step] = put(holder[step] as Mutable, more);
      return old;
    };
    store.set(name, put(store.get(name) as Mutable, steps));
  }

  #expr(e: Expr, env: ReadonlyMap<string, Value>): Value {
    const known = this.#memo.get(e);
    if (known !== undefined) return known;
    const value = this.#value(e, env);
    this.#memo.set(e, value);
    return value;
  }

  #value(e: Expr, env: ReadonlyMap<string, Value>): Value {
    switch (e.op) {
      case 'ref':
        return clone(env.get(e.name) as Value);
      case 'lit':
        return e.value;
      case 'prim': {
        const [a, b] = e.args.map((x) => ({ type: x.type as Ground, value: this.#expr(x, env) as bigint }));
        return apply(e.fn, a as never, b, e.n, e.m).value;
      }
      case 'with': {
        const { kind } = e.arg.type as Ground;
        const b = { type: { kind, width: literalWidth(kind, e.literal) }, value: e.literal };
        return apply(e.fn, { type: e.arg.type as Ground, value: this.#expr(e.arg, env) as bigint }, b).value;
      }
      case 'mux':
        return this.#expr(this.#expr(e.cond, env) === 1n ? e.yes : e.no, env);
      case 'cat':
        return e.args.reduce((sum, x) => sum * 2n ** BigInt((x.type as Ground).width) + packLeaf(x.type, this.#expr(x, env), []).bits, 0n);
      case 'at': {
        const of = this.#expr(e.of, env) as readonly Value[];
        return of[typeof e.index === 'number' ? e.index : Number(this.#expr(e.index, env))] ?? construct(e.type, () => 0n);
      }
      case 'field':
        return (this.#expr(e.of, env) as { readonly [field: string]: Value })[e.name] as Value;
      case 'zeros':
        return construct(e.type, () => 0n);
    }
    const args = e.args.map((x) => this.#expr(x, env));
    const [a] = args as [Value];
    switch (e.op) {
      case 'vecOf':
        return args;
      case 'fill':
        return [...Array((e.type as { length: number }).length)].map(() => a);
      case 'reversed':
        return [...(a as readonly Value[])].reverse();
      case 'asBools': {
        const { width } = (e.args[0] as Expr).type as Ground;
        return [...Array(width).keys()].map((i) => (wrap(uintT(width), a as bigint) / 2n ** BigInt(i)) % 2n);
      }
      case 'pack':
        return packLeaf((e.args[0] as Expr).type, a, leaves((e.args[0] as Expr).type)[0]?.path ?? []).bits;
      case 'named':
        return a;
    }
  }
}

/** `old` with some bits replaced. */
function insert(old: bigint, value: bigint, [hi, lo]: readonly [number, number], type: Ground): bigint {
  const before = wrap(uintT(type.width), old);
  const [low, top] = [2n ** BigInt(lo), 2n ** BigInt(hi + 1)];
  return wrap(type, (before / top) * top + value * low + (before % low));
}

function bigints(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? `${value}n` : value;
}

// Helpers to write circuits down.

export const ref = (v: Variable): Expr => ({ op: 'ref', name: v.name, type: v.type });
export const prim = (fn: string, args: readonly Expr[], n = 0, m = 0): Expr => ({
  op: 'prim',
  fn,
  args,
  n,
  m,
  type: resultType(fn, args[0]?.type as Ground, args[1]?.type as Ground | undefined, n, m),
});
export const withLiteral = (fn: string, arg: Expr, literal: bigint): Expr => {
  const { kind } = arg.type as Ground;
  return { op: 'with', fn, arg, literal, type: resultType(fn, arg.type as Ground, { kind, width: literalWidth(kind, literal) }) };
};
export const choose = (cond: Expr, yes: Expr, no: Expr): Expr => {
  const wider = yes.type.kind === 'vec' || yes.type.kind === 'bundle' || yes.type.width >= (no.type as Ground).width ? yes.type : no.type;
  return { op: 'mux', cond, yes, no, type: wider };
};
export const concat = (args: readonly Expr[]): Expr => ({ op: 'cat', args, type: uintT(args.reduce((n, a) => n + (a.type as Ground).width, 0)) });
export const at = (of: Expr, index: number | Expr): Expr => ({ op: 'at', of, index, type: (of.type as { element: Type }).element });
export const field = (of: Expr, name: string): Expr => ({
  op: 'field',
  of,
  name,
  type: (of.type as { fields: { readonly [name: string]: Type } }).fields[name] as Type,
});
export const literal = (type: Ground, value: bigint): Expr => ({ op: 'lit', type, value });
export const asBools = (a: Expr): Expr => ({ op: 'asBools', args: [a], type: vecT(BOOL, (a.type as Ground).width) });
export const pack = (a: Expr): Expr => ({
  op: 'pack',
  args: [a],
  type: uintT(leaves(a.type).reduce((n, l) => n + l.dims.reduce((k, d) => k * d, l.type.width), 0)),
});
export const reversed = (a: Expr): Expr => ({ op: 'reversed', args: [a], type: a.type });
export const filled = (n: number, a: Expr): Expr => ({ op: 'fill', args: [a], type: vecT(a.type, n) });
export const vecFrom = (args: readonly Expr[]): Expr => {
  const widths = args.map((a) => (a.type as Ground).width);
  return { op: 'vecOf', args, type: vecT({ kind: ((args[0] as Expr).type as Ground).kind, width: Math.max(...widths) }, args.length) };
};
export const zeroOf = (type: Type): Expr => ({ op: 'zeros', args: [], type });
export const named = (a: Expr, name: string): Expr => ({ op: 'named', args: [a], name, type: a.type });
export const set = (target: Variable, value: Expr, path: Target['path'] = [], type: Type = target.type, bits?: readonly [number, number]): Stmt => ({
  kind: 'set',
  target: { name: target.name, path, ...(bits && { bits }) },
  type,
  value,
});
