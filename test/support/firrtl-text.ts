// A reader of the FIRRTL that we print, written from FIRRTL's specification: it shares nothing with the printer.

export interface Type {
  readonly kind: 'UInt' | 'SInt' | 'Clock' | 'AsyncReset';
  readonly width: number;
  /** Outermost first. */
  readonly dims: readonly number[];
}
export type Expr =
  | { readonly k: 'literal'; readonly type: Type; readonly value: bigint }
  | { readonly k: 'op'; readonly op: string; readonly args: readonly Expr[]; readonly numbers: readonly number[] }
  | { readonly k: 'ref'; readonly root: string; readonly indices: readonly Expr[] };
export type Ref = Extract<Expr, { readonly k: 'ref' }>;
interface Connect {
  readonly to: Ref;
  readonly value: Expr;
  readonly conditions: readonly { readonly cond: Expr; readonly want: boolean }[];
}
export interface Mem {
  readonly type: Type;
  readonly depth: number;
  readonly writers: readonly string[];
}
export interface Declared {
  readonly what: 'input' | 'output' | 'wire' | 'reg' | 'node' | 'inst' | 'mem';
  readonly type?: Type;
  readonly value?: Expr;
  readonly clock?: Expr;
  readonly reset?: { readonly signal: Expr; readonly value: Expr };
  readonly module?: string;
  readonly mem?: Mem;
}
export interface Check {
  readonly kind: 'assert' | 'assume' | 'cover';
  readonly clock: Expr;
  readonly condition: Expr;
  readonly enable: Expr;
  /** What `printf` makes of the format. */
  readonly message: string;
}
export interface Module {
  readonly declared: Map<string, Declared>;
  readonly connects: Map<string, Connect[]>;
  readonly checks: Check[];
  /** Set for an external module; parameters as they are written. */
  readonly external?: { defname: string; readonly parameters: Map<string, string> };
}

// Reading.

const TOKEN = /"(?:[^"\\]|\\.)*"|[A-Za-z_][\w]*|-?\d+|[<>()[\],.]/g;

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
    if (kind === 'UInt' || kind === 'SInt') {
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

export function readModules(text: string): { readonly top: string; readonly modules: Map<string, Module> } {
  const lines = text
    .split('\n')
    .map((l) => l.replace(/ @\[[^\]]*\]$/, ''))
    .filter((l) => l.trim() !== '');
  const top = /^circuit (\w+) :/.exec(lines[1] as string)?.[1] as string;
  const modules = new Map<string, Module>();
  let module: Module | undefined;
  const open: { indent: number; conditions: Connect['conditions'] }[] = [];
  let closed: (typeof open)[number] | undefined;
  for (let i = 2; i < lines.length; i++) {
    const line = lines[i] as string;
    const indent = line.search(/\S/);
    const words = line.trim();
    const t = new Tokens(words);
    while (open.length > 0 && (open.at(-1) as { indent: number }).indent >= indent) {
      closed = open.pop();
    }
    const word = t.next();
    if (word === 'module' || word === 'extmodule') {
      module = {
        declared: new Map(),
        connects: new Map(),
        checks: [],
        ...(word === 'extmodule' && { external: { defname: '', parameters: new Map() } }),
      };
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
        const clock = t.expr();
        const signal = t.accept(',') ? t.expr() : undefined;
        if (signal) t.take(',');
        const reset = signal && { signal, value: t.expr() };
        declared.set(name, { what: 'reg', type, clock, ...(reset && { reset }) });
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
        open.push({ indent, conditions: [{ cond: t.expr(), want: true }] });
        break;
      case 'else': {
        if (closed?.indent !== indent) throw new Error('FIRRTL: else without when');
        // Of a chain, the conditions before the last were refused already.
        const { cond } = closed.conditions.at(-1) as Connect['conditions'][number];
        const refused = [...closed.conditions.slice(0, -1), { cond, want: false }];
        open.push({ indent, conditions: t.accept('when') ? [...refused, { cond: t.expr(), want: true }] : refused });
        break;
      }
      case 'assert':
      case 'assume':
      case 'cover': {
        t.take('(');
        const [clock, condition, enable] = [0, 1, 2].map(() => {
          const e = t.expr();
          t.take(',');
          return e;
        }) as [Expr, Expr, Expr];
        (module as Module).checks.push({ kind: word, clock, condition, enable, message: JSON.parse(t.next()).replaceAll('%%', '%') });
        break;
      }
      case 'defname':
        (module?.external as { defname: string }).defname = t.next();
        break;
      case 'parameter':
        module?.external?.parameters.set(t.next(), words.slice(words.indexOf('=') + 2));
        break;
      case 'connect': {
        const to = t.expr() as Ref;
        t.take(',');
        connects.set(to.root, [...(connects.get(to.root) ?? []), { to, value: t.expr(), conditions: open.flatMap((o) => o.conditions) }]);
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
