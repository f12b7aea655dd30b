// A reader and an interpreter of the FIRRTL that we print, written from FIRRTL's specification: it shares nothing with the printer.
//
// Invariant: the value of everything is computed on demand, once a cycle; the last connect whose conditions hold wins; an unconnected register holds.

interface Type {
  readonly kind: 'UInt' | 'SInt' | 'Clock';
  readonly width: number;
  /** Outermost first. */
  readonly dims: readonly number[];
}
type Expr =
  | { readonly k: 'literal'; readonly type: Type; readonly value: bigint }
  | { readonly k: 'op'; readonly op: string; readonly args: readonly Expr[]; readonly numbers: readonly number[] }
  | { readonly k: 'ref'; readonly root: string; readonly indices: readonly Expr[] };
type Ref = Extract<Expr, { readonly k: 'ref' }>;
interface Connect {
  readonly to: Ref;
  readonly value: Expr;
  readonly conditions: readonly { readonly cond: Expr; readonly want: boolean }[];
}
interface Mem {
  readonly type: Type;
  readonly depth: number;
  readonly writers: readonly string[];
}
interface Declared {
  readonly what: 'input' | 'output' | 'wire' | 'reg' | 'node' | 'inst' | 'mem';
  readonly type?: Type;
  readonly value?: Expr;
  readonly reset?: { readonly signal: Expr; readonly value: Expr };
  readonly module?: string;
  readonly mem?: Mem;
}
interface Module {
  readonly declared: Map<string, Declared>;
  readonly connects: Map<string, Connect[]>;
}
interface Value {
  readonly value: bigint;
  readonly width: number;
  readonly signed: boolean;
}

// Reading.

const TOKEN = /"[^"]*"|[A-Za-z_][\w]*|-?\d+|[<>()[\],.]/g;

class Tokens {
  readonly #tokens: readonly string[];
  #i = 0;
  constructor(text: string) {
    this.#tokens = text.match(TOKEN) ?? [];
  }
  peek(): string | undefined {
    return this.#tokens[this.#i];
  }
  next(): string {
    const token = this.#tokens[this.#i++];
    if (token === undefined) throw new Error(`FIRRTL ends early: ${this.#tokens.join(' ')}`);
    return token;
  }
  take(token: string): void {
    const got = this.next();
    if (got !== token) throw new Error(`FIRRTL: ${got} where ${token} is due in ${this.#tokens.join(' ')}`);
  }
  accept(token: string): boolean {
    if (this.peek() !== token) return false;
    this.#i++;
    return true;
  }
  type(): Type {
    const kind = this.next() as Type['kind'];
    let width = 1;
    if (kind !== 'Clock') {
      this.take('<');
      width = Number(this.next());
      this.take('>');
    }
    const dims: number[] = [];
    while (this.accept('[')) {
      dims.unshift(Number(this.next()));
      this.take(']');
    }
    return { kind, width, dims };
  }
  expr(): Expr {
    const name = this.peek() as string;
    if ((name === 'UInt' || name === 'SInt') && this.#tokens[this.#i + 1] === '<') {
      const type = this.type();
      this.take('(');
      const value = BigInt(this.next());
      this.take(')');
      return { k: 'literal', type, value };
    }
    this.next();
    if (this.accept('(')) {
      const args: Expr[] = [];
      const numbers: number[] = [];
      while (!this.accept(')')) {
        if (/^\d/.test(this.peek() as string)) numbers.push(Number(this.next()));
        else args.push(this.expr());
        this.accept(',');
      }
      return { k: 'op', op: name, args, numbers };
    }
    let root = name;
    while (this.accept('.')) root += `.${this.next()}`;
    const indices: Expr[] = [];
    while (this.accept('[')) {
      const index = this.peek() as string;
      if (/^\d/.test(index)) {
        this.next();
        indices.push({ k: 'literal', type: { kind: 'UInt', width: 32, dims: [] }, value: BigInt(index) });
      } else indices.push(this.expr());
      this.take(']');
    }
    return { k: 'ref', root, indices };
  }
}

function readModules(text: string): { readonly top: string; readonly modules: Map<string, Module> } {
  const lines = text.split('\n').filter((l) => l.trim() !== '');
  const top = /^circuit (\w+) :/.exec(lines[1] as string)?.[1] as string;
  const modules = new Map<string, Module>();
  let module: Module | undefined;
  const open: { indent: number; condition: Connect['conditions'][number] }[] = [];
  let closed: { indent: number; cond: Expr } | undefined;
  for (let i = 2; i < lines.length; i++) {
    const line = lines[i] as string;
    const indent = line.search(/\S/);
    const words = line.trim();
    const t = new Tokens(words);
    while (open.length > 0 && (open.at(-1) as { indent: number }).indent >= indent) {
      const { indent: at, condition } = open.pop() as (typeof open)[number];
      closed = { indent: at, cond: condition.cond };
    }
    const word = t.next();
    if (word === 'module') {
      module = { declared: new Map(), connects: new Map() };
      modules.set(t.next(), module);
      continue;
    }
    const { declared, connects } = module as Module;
    const declare = (what: Declared['what']): void => void declared.set(t.next(), { what, type: t.type() });
    switch (word) {
      case 'input':
      case 'output':
      case 'wire':
        declare(word);
        break;
      case 'reg':
      case 'regreset': {
        const name = t.next();
        const type = t.type();
        t.take(',');
        t.expr();
        const signal = t.accept(',') ? t.expr() : undefined;
        if (signal) t.take(',');
        const reset = signal && { signal, value: t.expr() };
        declared.set(name, { what: 'reg', type, ...(reset && { reset }) });
        break;
      }
      case 'node':
        // `=` is no token.
        declared.set(t.next(), { what: 'node', value: t.expr() });
        break;
      case 'inst':
        {
          const name = t.next();
          t.take('of');
          declared.set(name, { what: 'inst', module: t.next() });
        }
        break;
      case 'mem': {
        const entries: [string, string][] = [];
        while ((lines[i + 1] as string).includes('=>')) entries.push((lines[++i] as string).trim().split(' => ') as [string, string]);
        const get = (key: string): string => entries.find(([k]) => k === key)?.[1] as string;
        if (get('read-latency') !== '0' || get('write-latency') !== '1') throw new Error('FIRRTL: a latency that is not understood');
        const writers = entries.filter(([k]) => k === 'writer').map(([, w]) => w);
        declared.set(t.next(), { what: 'mem', mem: { type: new Tokens(get('data-type')).type(), depth: Number(get('depth')), writers } });
        break;
      }
      case 'when':
        open.push({ indent, condition: { cond: t.expr(), want: true } });
        break;
      case 'else':
        if (closed?.indent !== indent) throw new Error('FIRRTL: else without when');
        open.push({ indent, condition: { cond: closed.cond, want: false } });
        break;
      case 'connect': {
        const to = t.expr() as Ref;
        t.take(',');
        connects.set(to.root, [...(connects.get(to.root) ?? []), { to, value: t.expr(), conditions: open.map((o) => o.condition) }]);
        break;
      }
      case 'skip':
        break;
      default:
        throw new Error(`FIRRTL: ${words}`);
    }
  }
  return { top, modules };
}

// Running.

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

  constructor(modules: Map<string, Module>, name: string, inputs: ReadonlyMap<string, bigint>, parent?: { instance: Instance; name: string }) {
    this.module = modules.get(name) as Module;
    this.#parent = parent;
    this.#inputs = inputs;
    for (const [child, { what, module }] of this.module.declared)
      if (what === 'inst') this.children.set(child, new Instance(modules, module as string, inputs, { instance: this, name: child }));
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
        return typed(this.state.get(key) ?? 0n, declared.type as Type);
      case 'input': {
        const type = declared.type as Type;
        if (this.#parent) return this.#parent.instance.connected(`${this.#parent.name}.${root}`, indices, type);
        const packed = this.#inputs.get(root) ?? 0n;
        const position = indices.reduce((at, i, axis) => at * (type.dims[axis] as number) + i, 0);
        return typed(packed >> BigInt(position * type.width), type);
      }
      default:
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

  /** What the state becomes at the clock's edge. */
  next(): (() => void)[] {
    const changes: (() => void)[] = [];
    const later = (key: string, value: bigint): void => void changes.push(() => this.state.set(key, value));
    for (const [name, { what, type, reset, mem }] of this.module.declared) {
      if (what === 'reg' && type)
        for (const i of positions(type.dims)) {
          const hold = typed(this.state.get(`${name}[${i.join()}]`) ?? 0n, type);
          const resets = reset && this.eval(reset.signal).value === 1n;
          later(`${name}[${i.join()}]`, (resets ? this.eval(reset.value, i) : this.connected(name, i, type, hold)).value);
        }
      for (const writer of mem?.writers ?? []) {
        const { type, depth } = mem as Mem;
        const port = (what: string, i: readonly number[], t: Type): bigint => this.connected(`${name}.${writer}.${what}`, i, t).value;
        const bit: Type = { kind: 'UInt', width: 1, dims: [] };
        const address = port('addr', [], { kind: 'UInt', width: 64, dims: [] });
        if (port('en', [], bit) !== 1n) continue;
        if (address >= depth) throw new Error('FIRRTL: a write beyond the memory');
        for (const i of positions(type.dims)) if (port('mask', i, bit) === 1n) later(`${name}[${[address, ...i].join()}]`, port('data', i, type));
      }
    }
    return [...changes, ...[...this.children.values()].flatMap((c) => c.next())];
  }
}

function positions(dims: readonly number[]): number[][] {
  return dims.reduce<number[][]>((heads, n) => heads.flatMap((head) => [...Array(n).keys()].map((i) => [...head, i])), [[]]);
}

/** A circuit in FIRRTL, run cycle by cycle. Vector ports are packed, element 0 lowest. */
export class FirrtlRun {
  readonly #top: Instance;
  readonly #inputs = new Map<string, bigint>();

  constructor(text: string) {
    const { top, modules } = readModules(text);
    this.#top = new Instance(modules, top, this.#inputs);
  }

  poke(port: string, bits: bigint): void {
    this.#inputs.set(port, bits);
    this.#top.forget();
  }

  peek(port: string): bigint {
    const { type } = this.#top.module.declared.get(port) as { type: Type };
    return positions(type.dims).reduceRight((all, i) => (all << BigInt(type.width)) | mask(this.#top.read(port, i).value, type.width), 0n);
  }

  step(): void {
    for (const change of this.#top.next()) change();
    this.#top.forget();
  }
}
