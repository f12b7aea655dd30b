// An interpreter of the FIRRTL that we print, written from FIRRTL's specification.
//
// Invariant: the value of everything is computed on demand, once a cycle; the last connect whose conditions hold wins; an unconnected register holds. An
// external module does what its model says.

import { type Check, type Declared, type Expr, type Mem, type Module, readModules, type Type } from './firrtl-text.ts';

interface Value {
  readonly value: bigint;
  readonly width: number;
  readonly signed: boolean;
}

/** What an external module does; values are packed bits. */
export interface FirrtlModel {
  outputs(inputs: (port: string) => bigint): { readonly [port: string]: bigint };
  edge?(inputs: (port: string) => bigint): void;
}
export type FirrtlModels = { readonly [defname: string]: (parameters: ReadonlyMap<string, string>) => FirrtlModel };

const mask = (value: bigint, width: number): bigint => BigInt.asUintN(width, value);
const typed = (value: bigint, { kind, width }: Type): Value => ({
  value: kind === 'SInt' ? BigInt.asIntN(width, value) : mask(value, width),
  width,
  signed: kind === 'SInt',
});

class Instance {
  readonly module: Module;
  readonly children = new Map<string, Instance>();
  readonly state = new Map<string, bigint>();
  readonly known = new Map<string, Value>();
  readonly #nodes = new Map<string, Value>();
  readonly #parent: { readonly instance: Instance; readonly name: string } | undefined;
  readonly #inputs: ReadonlyMap<string, bigint>;
  readonly #model: FirrtlModel | undefined;

  constructor(shared: Shared, name: string, parent?: { instance: Instance; name: string }) {
    this.module = shared.modules.get(name) as Module;
    this.#parent = parent;
    this.#inputs = shared.inputs;
    const { external } = this.module;
    if (external) this.#model = (shared.models[external.defname] as FirrtlModels[string])(external.parameters);
    for (const [child, { what, module }] of this.module.declared)
      if (what === 'inst') this.children.set(child, new Instance(shared, module as string, { instance: this, name: child }));
  }

  readonly #modelInput = (port: string): bigint => {
    const { value, width } = this.read(port, []);
    return mask(value, width);
  };

  /** The clock input of the top behind an expression. */
  clockOf(e: Expr): string {
    if (e.k !== 'ref') throw new Error('FIRRTL: a clock that is computed');
    if (!this.#parent) return e.root;
    const { instance, name } = this.#parent;
    return instance.clockOf(instance.module.connects.get(`${name}.${e.root}`)?.at(-1)?.value as Expr);
  }

  /** What an asynchronous reset that acts now makes of the state. */
  clear(): void {
    for (const [name, { reset, type }] of this.module.declared)
      if (reset && this.#acts(reset.signal))
        for (const i of positions(type?.dims ?? [])) this.state.set(`${name}[${i.join()}]`, this.eval(reset.value, i).value);
    for (const child of this.children.values()) child.clear();
  }

  #acts(signal: Expr): boolean {
    return this.#isAsync(signal) && this.eval(signal).value === 1n;
  }

  #isAsync(e: Expr): boolean {
    if (e.k === 'op') return e.op === 'asAsyncReset';
    if (e.k !== 'ref') return false;
    const [head = '', port] = e.root.split('.');
    const declared = this.module.declared.get(head) as Declared;
    const type = port === undefined ? declared.type : this.children.get(head)?.module.declared.get(port)?.type;
    return type?.kind === 'AsyncReset';
  }

  forget(): void {
    this.known.clear();
    this.#nodes.clear();
    for (const child of this.children.values()) child.forget();
  }

  /** One element of something that is declared here, of a port of a child or of a memory. */
  read(root: string, indices: readonly number[]): Value {
    const [head = '', ...rest] = root.split('.');
    const declared = this.module.declared.get(head);
    if (!declared) throw new Error(`FIRRTL: unknown ${root}`);
    const key = `${root}[${indices.join()}]`;
    const found = this.known.get(key);
    if (found) return found;
    const value = this.#read(declared, head, rest, root, indices);
    this.known.set(key, value);
    return value;
  }

  #read(declared: Declared, head: string, rest: readonly string[], root: string, indices: readonly number[]): Value {
    const key = `${root}[${indices.join()}]`;
    switch (declared.what) {
      case 'inst': {
        const child = this.children.get(head) as Instance;
        const port = child.module.declared.get(rest[0] as string) as Declared;
        return port.what === 'input' ? this.connected(root, indices, port.type as Type) : child.read(rest[0] as string, indices);
      }
      case 'mem': {
        const { type } = declared.mem as Mem;
        const address = this.connected(`${head}.${rest[0]}.addr`, [], { kind: 'UInt', width: 64, dims: [] });
        return typed(this.state.get(`${head}[${[address.value, ...indices].join()}]`) ?? 0n, type);
      }
      case 'node':
        throw new Error('FIRRTL: a node is no place');
      case 'reg':
        if (declared.reset && this.#acts(declared.reset.signal)) return this.eval(declared.reset.value, indices);
        return typed(this.state.get(key) ?? 0n, declared.type as Type);
      case 'input': {
        const type = declared.type as Type;
        if (this.#parent) return this.#parent.instance.connected(`${this.#parent.name}.${root}`, indices, type);
        const packed = this.#inputs.get(root) ?? 0n;
        const position = indices.reduce((at, i, axis) => at * (type.dims[axis] as number) + i, 0);
        return typed(packed >> BigInt(position * type.width), type);
      }
      default:
        if (this.#model && declared.what === 'output') return typed(this.#model.outputs(this.#modelInput)[root] as bigint, declared.type as Type);
        return this.connected(root, indices, declared.type as Type);
    }
  }

  /** What the last connect in force says; a register holds when there is none. */
  connected(root: string, indices: readonly number[], type: Type, hold?: Value): Value {
    const list = this.module.connects.get(root) ?? [];
    for (const { to, value, conditions } of [...list].reverse()) {
      if (!conditions.every(({ cond, want }) => (this.eval(cond).value === 1n) === want)) continue;
      if (!to.indices.every((index, axis) => Number(this.eval(index).value) === indices[axis])) continue;
      const got = this.eval(value, indices.slice(to.indices.length));
      if (got.signed !== (type.kind === 'SInt') || (got.width > type.width && type.width < 64))
        throw new Error(`FIRRTL: ${got.signed ? 'SInt' : 'UInt'}<${got.width}> to ${root} of ${type.kind}<${type.width}>`);
      return typed(got.value, type);
    }
    if (hold) return hold;
    throw new Error(`FIRRTL: ${root}[${indices.join()}] is not connected`);
  }

  eval(e: Expr, rest: readonly number[] = []): Value {
    if (e.k === 'literal') return typed(e.value, e.type);
    if (e.k === 'op') return this.#op(e);
    const node = this.module.declared.get(e.root);
    if (node?.what === 'node') {
      let value = this.#nodes.get(e.root);
      if (!value) this.#nodes.set(e.root, (value = this.eval(node.value as Expr)));
      return value;
    }
    return this.read(e.root, [...e.indices.map((i) => Number(this.eval(i).value)), ...rest]);
  }

  #op({ op, args, numbers }: Extract<Expr, { readonly k: 'op' }>): Value {
    if (op === 'mux') {
      const [t, f] = [1, 2].map((i) => () => this.eval(args[i] as Expr));
      const chosen = (this.eval(args[0] as Expr).value === 1n ? t : f) as () => Value;
      return chosen();
    }
    const [a, b] = args.map((x) => this.eval(x)) as [Value, Value];
    const [n = 0, m = 0] = numbers;
    const u = (value: bigint, width: number): Value => ({ value: mask(value, width), width, signed: false });
    const same = (value: bigint, width: number): Value => ({
      value: a.signed ? BigInt.asIntN(width, value) : mask(value, width),
      width,
      signed: a.signed,
    });
    const bool = (c: boolean): Value => u(c ? 1n : 0n, 1);
    const most = Math.max(a.width, b?.width ?? 0);
    if (b && a.signed !== b.signed && !['dshl', 'dshr', 'cat'].includes(op)) throw new Error(`FIRRTL: ${op} of two kinds`);
    switch (op) {
      case 'add':
        return same(a.value + b.value, most + 1);
      case 'sub':
        return same(a.value - b.value, most + 1);
      case 'mul':
        return same(a.value * b.value, a.width + b.width);
      case 'div':
        return same(a.value / b.value, a.width + (a.signed ? 1 : 0));
      case 'rem':
        return same(a.value % b.value, Math.min(a.width, b.width));
      case 'lt':
        return bool(a.value < b.value);
      case 'leq':
        return bool(a.value <= b.value);
      case 'gt':
        return bool(a.value > b.value);
      case 'geq':
        return bool(a.value >= b.value);
      case 'eq':
        return bool(a.value === b.value);
      case 'neq':
        return bool(a.value !== b.value);
      case 'pad':
        return same(a.value, Math.max(n, a.width));
      case 'asUInt':
      case 'asAsyncReset':
        return u(a.value, a.width);
      case 'asSInt':
        return { value: BigInt.asIntN(a.width, a.value), width: a.width, signed: true };
      case 'shl':
        return same(a.value << BigInt(n), a.width + n);
      case 'shr':
        return same(a.value >> BigInt(n), Math.max(a.width - n, 1));
      case 'dshl':
        return same(a.value << b.value, a.width + 2 ** b.width - 1);
      case 'dshr':
        return same(a.value >> b.value, a.width);
      case 'neg':
        return { value: -a.value, width: a.width + 1, signed: true };
      case 'not':
        return u(~a.value, a.width);
      case 'and':
        return u(mask(a.value, most) & mask(b.value, most), most);
      case 'or':
        return u(mask(a.value, most) | mask(b.value, most), most);
      case 'xor':
        return u(mask(a.value, most) ^ mask(b.value, most), most);
      case 'andr':
        return bool(mask(a.value, a.width) === mask(-1n, a.width));
      case 'orr':
        return bool(a.value !== 0n);
      case 'xorr':
        return bool(mask(a.value, a.width).toString(2).replaceAll('0', '').length % 2 === 1);
      case 'cat':
        return u((mask(a.value, a.width) << BigInt(b.width)) | mask(b.value, b.width), a.width + b.width);
      case 'bits':
        if (n >= a.width || m > n) throw new Error(`FIRRTL: bits(${n}, ${m}) of ${a.width}`);
        return u(mask(a.value, a.width) >> BigInt(m), n - m + 1);
      default:
        throw new Error(`FIRRTL: operator ${op}`);
    }
  }

  /** What the state becomes at edges of some clocks. */
  next(clocks: ReadonlySet<string>): (() => void)[] {
    const changes: (() => void)[] = [];
    const later = (key: string, value: bigint): void => void changes.push(() => this.state.set(key, value));
    for (const [name, declared] of this.module.declared) {
      const { what, type, reset, mem, clock } = declared;
      if (what === 'reg' && type && clock && clocks.has(this.clockOf(clock)))
        for (const i of positions(type.dims)) {
          const hold = typed(this.state.get(`${name}[${i.join()}]`) ?? 0n, type);
          const resets = reset && this.eval(reset.signal).value === 1n;
          later(`${name}[${i.join()}]`, (resets ? this.eval(reset.value, i) : this.connected(name, i, type, hold)).value);
        }
      if (mem) for (const writer of mem.writers) this.#write(name, mem, writer, clocks, later);
    }
    const model = this.#model;
    const ofType = (want: 'clock' | 'data'): string[] =>
      [...this.module.declared].flatMap(([port, { what, type }]) =>
        what === 'input' && (type?.kind === 'Clock') === (want === 'clock') ? [port] : [],
      );
    if (model?.edge && ofType('clock').some((port) => clocks.has(this.clockOf(refTo(port))))) {
      const inputs = new Map(ofType('data').map((port) => [port, this.#modelInput(port)]));
      changes.push(() => model.edge?.((port) => inputs.get(port) as bigint));
    }
    return [...changes, ...[...this.children.values()].flatMap((c) => c.next(clocks))];
  }

  #write(name: string, { type, depth }: Mem, writer: string, clocks: ReadonlySet<string>, later: (key: string, value: bigint) => void): void {
    if (!clocks.has(this.clockOf(this.module.connects.get(`${name}.${writer}.clk`)?.at(-1)?.value as Expr))) return;
    const port = (what: string, i: readonly number[], t: Type): bigint => this.connected(`${name}.${writer}.${what}`, i, t).value;
    const bit: Type = { kind: 'UInt', width: 1, dims: [] };
    const address = port('addr', [], { kind: 'UInt', width: 64, dims: [] });
    if (port('en', [], bit) !== 1n) return;
    if (address >= depth) throw new Error('FIRRTL: a write beyond the memory');
    for (const i of positions(type.dims)) if (port('mask', i, bit) === 1n) later(`${name}[${[address, ...i].join()}]`, port('data', i, type));
  }

  /** The checks that speak at edges of some clocks: assertions and assumptions that fail, covers that are reached. */
  found(clocks: ReadonlySet<string>): Check[] {
    const own = this.module.checks.filter(
      ({ kind, clock, condition, enable }) =>
        clocks.has(this.clockOf(clock)) && this.eval(enable).value === 1n && (this.eval(condition).value === 1n) === (kind === 'cover'),
    );
    return [...own, ...[...this.children.values()].flatMap((c) => c.found(clocks))];
  }
}

function refTo(root: string): Expr {
  return { k: 'ref', root, indices: [] };
}

interface Shared {
  readonly modules: Map<string, Module>;
  readonly inputs: ReadonlyMap<string, bigint>;
  readonly models: FirrtlModels;
}

function positions(dims: readonly number[]): number[][] {
  return dims.reduce<number[][]>((heads, n) => heads.flatMap((head) => [...Array(n).keys()].map((i) => [...head, i])), [[]]);
}

/** A circuit in FIRRTL, run cycle by cycle. Vector ports are packed, element 0 lowest. */
export class FirrtlRun {
  readonly #top: Instance;
  readonly #inputs = new Map<string, bigint>();
  readonly #clocks: readonly string[];

  constructor(text: string, models: FirrtlModels = {}) {
    const { top, modules } = readModules(text);
    this.#top = new Instance({ modules, inputs: this.#inputs, models }, top);
    this.#clocks = [...this.#top.module.declared].filter(([, { type }]) => type?.kind === 'Clock').map(([name]) => name);
  }

  poke(port: string, bits: bigint): void {
    if (this.#top.module.declared.get(port)?.what !== 'input') throw new Error(`FIRRTL: no input ${port}`);
    this.#inputs.set(port, bits);
    this.#top.forget();
  }

  peek(port: string): bigint {
    const { type } = this.#top.module.declared.get(port) as { type: Type };
    return positions(type.dims).reduceRight((all, i) => (all << BigInt(type.width)) | mask(this.#top.read(port, i).value, type.width), 0n);
  }

  /** Lets asynchronous resets act, then gives edges to all clocks or to some. The checks that spoke just before the edges. */
  step(clocks: readonly string[] = this.#clocks): Check[] {
    this.#top.clear();
    this.#top.forget();
    const ticking = new Set(clocks);
    const found = this.#top.found(ticking);
    for (const change of this.#top.next(ticking)) change();
    this.#top.forget();
    return found;
  }
}
