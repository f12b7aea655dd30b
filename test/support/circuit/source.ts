// A circuit as a TypeScript module that a person would write: one class for each definition, shared expressions as variables.
//
// Invariant: it imports nothing but the package. What occurs once in the data is written once. Names of the data become those of JavaScript where they
// can; signals keep theirs.

import type { Ground, Type, Value } from '../reference.ts';
import {
  type Circuit,
  clockPorts,
  type DomainOf,
  type Expr,
  hasStatements,
  type Item,
  isGround,
  resetPorts,
  type Stmt,
  type Target,
} from './data.ts';
import { patternText } from './pattern.ts';

const HDL =
  'assert bf16 bool bundle cat clock cover enumeration fill fixed fp16 fp4e2m1 fp6e3m2 fp8e4m3 fp8e5m2 inDomain input lit Module mux output reset sint switchOn table ufixed uint vec vecOf when zeros'.split(
    ' ',
  );
const STD = 'abs asBits asType fillBits max min muxCase muxLookup reverseBits rotateLeft rotateRight saturate synchronise'.split(' ');
const TAKEN = new Set([...HDL, ...STD, 'p', 'shared', 'elaborate', 'cfg', 'Top', 'Object', 'undefined']);
const WORDS =
  /^(?:do|if|in|for|let|new|try|var|case|else|enum|this|void|with|await|break|catch|class|const|while|yield|delete|export|import|public|return|static|switch|typeof|default|extends|finally|package|private|continue|debugger|function|interface|protected|implements|instanceof|super|throw|null|true|false|arguments|eval)$/;
const WITH_NUMBER = new Set(['shl', 'shr', 'trunc', 'extend', 'bit', 'fixed.scale', 'asFixed']);

/** Text of the classes, the top called `Top`, without imports. */
export function classesOf(circuit: Circuit): string {
  const program = new Program();
  program.classOf(circuit, 'Top');
  return [...program.enumerations.values(), ...program.classes].join('\n\n');
}

/** The import lines that a text needs. */
export function importsFor(text: string, more: readonly string[] = []): string {
  const used = (names: readonly string[]): string[] => names.filter((n) => new RegExp(`(?<![.\\w'])${n}\\b`).test(text));
  const line = (names: readonly string[], from: string): string[] => (names.length > 0 ? [`import { ${names.join(', ')} } from '${from}';`] : []);
  return [...line([...used(HDL), ...more], 'systole'), ...line(used(STD), 'systole/std')].join('\n');
}

class Program {
  readonly classes: string[] = [];
  readonly enumerations = new Map<string, string>();
  readonly #names = new Map<Circuit, string>();

  classOf(circuit: Circuit, wanted = `Part${this.#names.size}`): string {
    const known = this.#names.get(circuit);
    if (known) return known;
    this.#names.set(circuit, wanted);
    this.classes.push(new ClassText(circuit, wanted, this).text());
    return wanted;
  }

  type(type: Type): string {
    if (type.kind === 'vec') return `vec(${this.type(type.element)}, ${type.length})`;
    if (type.kind === 'bundle')
      return `bundle({ ${Object.entries(type.fields)
        .map(([name, t]) => `${name}: ${this.type(t)}`)
        .join(', ')} })`;
    const { kind, width, dress } = type;
    if (dress?.as === 'enum') {
      this.enumerations.set(dress.name, `const ${dress.name} = enumeration('${dress.name}', ${JSON.stringify(dress.members)});`);
      return dress.name;
    }
    if (dress?.as === 'float') return dress.format;
    if (dress?.as === 'fixed') return `${kind === 'sint' ? 'fixed' : 'ufixed'}(${width}, ${dress.fraction})`;
    return kind === 'bool' ? 'bool' : `${kind}(${width})`;
  }
}

/** A literal of a ground type. */
function plain(type: Ground, value: bigint): string {
  const { dress } = type;
  if (dress?.as === 'enum' || dress?.as === 'state') return `'${Object.entries(dress.members).find(([, code]) => BigInt(code) === value)?.[0]}'`;
  if (dress?.as === 'fixed') return String(Number(value) / 2 ** dress.fraction);
  if (dress?.as === 'float') return '0';
  return type.kind === 'bool' ? String(value === 1n) : integer(value);
}
const integer = (value: bigint): string => (value >= -(2n ** 52n) && value < 2n ** 52n ? String(value) : `${value}n`);

class ClassText {
  readonly #circuit: Circuit;
  readonly #name: string;
  readonly #program: Program;
  readonly #vars = new Map<string, string>();
  readonly #used = new Set(TAKEN);
  readonly #uses = new Map<Expr, number>();
  readonly #shared = new Map<Expr, string>();
  #lines: string[] = [];

  constructor(circuit: Circuit, name: string, program: Program) {
    [this.#circuit, this.#name, this.#program] = [circuit, name, program];
  }

  text(): string {
    const { inputs, outputs, registers, items, order, domains = [] } = this.#circuit;
    this.#count([registers, items.map((i) => ('module' in i ? { ...i, module: undefined } : i)), domains]);
    const port = (direction: string, type: string, more = ''): string => `${direction}(${type}${more})`;
    const ports = [
      ...clockPorts(this.#circuit).map((c) => `${c}: input(clock)`),
      ...resetPorts(this.#circuit).map(
        ({ port: name, async, activeLow }) => `${name}: input(reset(${JSON.stringify({ async: async === true, activeLow: activeLow === true })}))`,
      ),
      ...inputs.map((v) => `${v.name}: ${port('input', this.#type(v.type), v.clock ? `, { domain: '${v.clock}' }` : '')}`),
      ...outputs.map((v) => `${v.name}: ${port('output', this.#type(v.type))}`),
    ];
    for (const { name } of [...inputs, ...outputs]) this.#vars.set(name, `p.${name}`);
    for (const d of domains) this.#domain(d);
    for (const r of registers) {
      const reset = r.reset === undefined ? '' : `, { reset: ${this.#constant(r.type, r.reset)} }`;
      this.#add(`const ${this.#var(r.name)} = ${this.#in(r.domain, `this.reg(${this.#type(r.type)}${reset})`)}.named('${r.name}');`);
    }
    for (const item of items) this.#declare(item);
    for (const item of items) this.#connect(item);
    for (const i of order) {
      const item = items[i];
      if (item && hasStatements(item)) this.#statements(item);
    }
    return [
      `class ${this.#name} extends Module {`,
      '  p = this.io({',
      ...ports.map((l) => `    ${l},`),
      '  });',
      '  constructor() {',
      '    super();',
      '    const { p } = this;',
      ...this.#lines.map((l) => `    ${l}`),
      '  }',
      '}',
    ].join('\n');
  }

  /** How often each expression is written. */
  #count(x: unknown, seen = new Set<object>()): void {
    if (typeof x !== 'object' || x === null) return;
    if ('op' in x && 'type' in x) this.#uses.set(x as Expr, (this.#uses.get(x as Expr) ?? 0) + 1);
    if (seen.has(x)) return;
    seen.add(x);
    for (const inner of Object.values(x)) this.#count(inner, seen);
  }

  #add(line: string): void {
    this.#lines.push(line);
  }
  #type(type: Type): string {
    return this.#program.type(type);
  }
  #var(name: string): string {
    let id = /^[A-Za-z_]\w*$/.test(name) && !WORDS.test(name) ? name : `_${name.replaceAll(/\W/g, '_')}`;
    while (this.#used.has(id)) id = `${id}_`;
    this.#used.add(id);
    this.#vars.set(name, id);
    return id;
  }
  #of(name: string): string {
    return this.#vars.get(name) ?? name;
  }
  #in(domain: string | undefined, text: string): string {
    return domain === undefined ? text : `inDomain(${this.#of(domain)}, () => ${text})`;
  }

  #constant(type: Type, value: Value): string {
    if (isGround(type)) return plain(type, value as bigint);
    if (type.kind !== 'vec' || !isGround(type.element) || type.element.dress) return `zeros(${this.#type(type)})`;
    const ground = type.element;
    return `vecOf(${(value as bigint[]).map((v) => `lit(${this.#type(ground)}, ${plain(ground, v)})`).join(', ')})`;
  }

  #domain({ name, clock, reset, enable }: DomainOf): void {
    const options = [`clock: p.${clock}`, ...(reset ? [`reset: p.${reset.port}`] : []), ...(enable ? [`enable: ${this.#expr(enable)}`] : [])];
    this.#add(`const ${this.#var(name)} = this.domain({ ${options.join(', ')} });`);
  }

  #declare(item: Item): void {
    if (item.kind === 'block')
      for (const w of item.wires) this.#add(`const ${this.#var(w.name)} = this.wire(${this.#type(w.type)}).named('${w.name}');`);
    if (item.kind === 'instance') {
      this.#add(`const ${this.#var(item.name)} = ${this.#in(item.domain, `this.inst(${this.#program.classOf(item.module)})`)};`);
      for (const { name } of [...item.module.inputs, ...item.module.outputs])
        this.#vars.set(`${item.name}.${name}`, `${this.#of(item.name)}.${name}`);
    }
    if (item.kind === 'machine') {
      const machine = `this.fsm(${JSON.stringify(item.states)}, { reset: '${item.start}', name: '${item.name}State' })`;
      this.#add(`const ${this.#var(item.name)} = ${this.#in(item.domain, machine)};`);
      this.#add(`${this.#of(item.name)}.state.named('${item.name}');`);
      this.#vars.set(`${item.name} machine`, this.#of(item.name));
      this.#vars.set(item.name, `${this.#of(item.name)}.state`);
    }
    if (item.kind !== 'mesh') return;
    for (const link of item.links) {
      if (link.kind !== 'shift' || !link.leave) continue;
      const from = item.module.outputs.find((o) => o.name === link.from) as { readonly type: Type };
      const edge = item.shape.filter((_, axis) => link.vector[axis] === 0);
      const type = edge.reduceRight((t, n) => `vec(${t}, ${n})`, this.#type(from.type));
      this.#add(`const ${this.#var(link.leave)} = this.wire(${type}).named('${link.leave}');`);
    }
  }

  #connect(item: Item): void {
    const made = (name: string, text: string): void => this.#add(`const ${this.#var(name)} = ${this.#in(item.domain, text)};`);
    if (item.kind === 'synchroniser')
      made(item.name, `synchronise(${this.#expr(item.value)}, ${JSON.stringify({ stages: item.stages, reset: item.reset })}).named('${item.name}')`);
    if (item.kind === 'delay') {
      const options = `{ reset: ${item.reset}${item.enable ? `, enable: ${this.#expr(item.enable)}` : ''} }`;
      const value = this.#expr(item.value);
      made(
        item.name,
        item.step === 0
          ? `this.delay(${value}, ${item.first}, ${options})`
          : `this.skew(${value}, { first: ${item.first}, step: ${item.step} }, ${options})`,
      );
    }
    if (item.kind === 'memory') {
      const { name, type, depth, style, init, reads } = item;
      const word = (v: Value): string =>
        isGround(type)
          ? plain(type, v as bigint)
          : `[${(v as bigint[]).map((x) => plain((type as unknown as { element: Ground }).element, x)).join(', ')}]`;
      made(name, `this.memory(${this.#type(type)}, ${depth}, { style: '${style}'${init ? `, init: [${init.map(word).join(', ')}]` : ''} })`);
      for (const { name: port, address, registered } of reads) {
        const enable = registered?.enable ? `, enable: ${this.#expr(registered.enable)}` : '';
        const of = this.#expr(address);
        made(
          port,
          registered ? `${this.#of(name)}.read(${of}, { underWrite: '${registered.underWrite}'${enable} })` : `${this.#of(name)}.readNow(${of})`,
        );
      }
    }
    if (item.kind === 'mesh') this.#mesh(item);
  }

  #mesh(item: Item & { readonly kind: 'mesh' }): void {
    this.#add(
      `const ${this.#var(item.name)} = ${this.#in(item.domain, `this.mesh(${this.#program.classOf(item.module)}, ${JSON.stringify(item.shape)})`)};`,
    );
    const mesh = this.#of(item.name);
    for (const link of item.links) {
      if (link.kind === 'collect') this.#add(`const ${this.#var(link.name)} = ${mesh}.collect('${link.from}');`);
      else if (link.kind === 'feed') this.#add(`${mesh}.feed('${link.to}', ${JSON.stringify(link.axes)}, ${this.#expr(link.value)});`);
      else {
        const leave = link.leave ? `, leave: ${this.#of(link.leave)}` : '';
        this.#add(
          `${mesh}.shift(${JSON.stringify(link.vector)}, { from: '${link.from}', to: '${link.to}', enter: ${this.#expr(link.enter)}${leave} });`,
        );
      }
    }
  }

  #statements(item: Item): void {
    const body = 'body' in item ? item.body.map((s) => this.#stmt(s)) : [];
    if (item.kind === 'machine') {
      const arms = item.arms.map(({ state, body: inner }) => `  ${state}: () => ${indent(this.#block(inner))},`);
      body.unshift([`${this.#of(`${item.name} machine`)}.on({`, ...arms, '});'].join('\n'));
    }
    const lines = body.flatMap((s) => s.split('\n'));
    if (item.domain === undefined || lines.length === 0) for (const l of lines) this.#add(l);
    else for (const l of [`inDomain(${this.#of(item.domain)}, () => {`, ...lines.map((x) => `  ${x}`), '});']) this.#add(l);
  }

  #block(body: readonly Stmt[]): string {
    if (body.length === 0) return '{}';
    return ['{', ...body.map((s) => `  ${indent(this.#stmt(s))}`), '}'].join('\n');
  }

  #stmt(s: Stmt): string {
    switch (s.kind) {
      case 'set':
        return `${this.#target(s.target)}.set(${this.#expr(s.value)});`;
      case 'when': {
        const arms = s.arms.map(({ cond, body }, i) => `${i === 0 ? 'when' : '.elsewhen'}(${this.#expr(cond)}, () => ${this.#block(body)})`);
        return `${arms.join('')}${s.otherwise ? `.otherwise(() => ${this.#block(s.otherwise)})` : ''};`;
      }
      case 'switch': {
        const type = s.subject.type as Ground;
        const arms = s.cases.map((c) => `  '${c.patterns.map((p) => patternText(type, p)).join(',')}': () => ${indent(this.#block(c.body))},`);
        const last = s.otherwise ? [`  default: () => ${indent(this.#block(s.otherwise))},`] : [];
        return [`switchOn(${this.#expr(s.subject)}, {`, ...arms, ...last, '});'].join('\n');
      }
      case 'goto':
        return `${this.#of(`${s.machine} machine`)}.goto('${s.state}');`;
      case 'write': {
        const options = [...(s.mask ? [`mask: ${this.#expr(s.mask)}`] : []), ...(s.enable ? [`enable: ${this.#expr(s.enable)}`] : [])];
        return `${this.#of(s.memory)}.write(${this.#expr(s.address)}, ${this.#expr(s.value)}${options.length > 0 ? `, { ${options.join(', ')} }` : ''});`;
      }
      case 'property':
        return `${s.property}(${this.#expr(s.cond)}, '${s.message}');`;
    }
  }

  #target({ name, path, bits, part }: Target): string {
    const steps = path.map((step) => (typeof step === 'string' ? `.${step}` : `.at(${typeof step === 'number' ? step : this.#expr(step)})`)).join('');
    const place = this.#of(name) + steps;
    if (part) return part.one ? `${place}.bitAt(${this.#expr(part.offset)})` : `${place}.slice(${this.#expr(part.offset)}, ${part.width})`;
    if (!bits) return place;
    return bits[0] === bits[1] ? `${place}.bit(${bits[0]})` : `${place}.bits(${bits.join(', ')})`;
  }

  /** Written in place, or the variable of one that occurs several times. */
  #expr(e: Expr): string {
    if (e.op === 'ref') return this.#of(e.name);
    const known = this.#shared.get(e);
    if (known) return known;
    const text = this.#make(e);
    if ((this.#uses.get(e) ?? 0) < 2 || e.op === 'lit' || e.op === 'zeros') return text;
    // Not a constant of its own, which would give the wire a name.
    if (this.#shared.size === 0) this.#add('const shared = [];');
    const name = `shared[${this.#shared.size}]`;
    this.#add(`${name} = ${text};`);
    this.#shared.set(e, name);
    return name;
  }

  #make(e: Exclude<Expr, { op: 'ref' }>): string {
    const list = (args: readonly Expr[]): string => args.map((x) => this.#expr(x)).join(', ');
    switch (e.op) {
      case 'lit':
        return `lit(${this.#type(e.type)}, ${plain(e.type, e.value)})`;
      case 'prim':
        return this.#prim(e);
      case 'with':
        return `${this.#expr(e.arg)}.${e.fn}(${plain({ kind: (e.arg.type as Ground).kind, width: 0 }, e.literal)})`;
      case 'mux':
        return `mux(${list([e.cond, e.yes, e.no])})`;
      case 'muxCase':
        return `muxCase(${this.#expr(e.otherwise)}, [${e.cases.map((c) => `[${list([c.cond, c.value])}]`).join(', ')}])`;
      case 'muxLookup':
        return `muxLookup(${list([e.subject, e.otherwise])}, [${e.cases.map((c) => `[${integer(c.key)}, ${this.#expr(c.value)}]`).join(', ')}])`;
      case 'table':
        return `table(${this.#type(e.type)}, ${this.#expr(e.index)}, [${e.values.map((v) => plain(e.type, v)).join(', ')}])`;
      case 'is':
        return `${this.#expr(e.arg)}.is(${e.members.map((m) => `'${m}'`).join(', ')})`;
      case 'cat':
        return `cat(${list(e.args)})`;
      case 'at':
        return `${this.#expr(e.of)}.at(${typeof e.index === 'number' ? e.index : this.#expr(e.index)})`;
      case 'field':
        return `${this.#expr(e.of)}.${e.name}`;
      case 'zeros':
        return `zeros(${this.#type(e.type)})`;
      case 'vecOf':
        return `vecOf(${list(e.args)})`;
      case 'fill':
        return `fill(${(e.type as { length: number }).length}, ${list(e.args)})`;
      case 'reversed':
      case 'asBools':
        return `${list(e.args)}.${e.op}()`;
      case 'pack':
        return `${list(e.args)}.asUInt()`;
      case 'asBits':
        return `asBits(${list(e.args)})`;
      case 'asType':
        return `asType(${list(e.args)}, ${this.#type(e.type)})`;
      case 'named':
        return `${list(e.args)}.named('${e.name}')`;
    }
  }

  #prim({ fn, args, n, m }: Expr & { readonly op: 'prim' }): string {
    const [a, b] = args.map((x) => this.#expr(x)) as [string, string?];
    const [family, name, how] = fn.split('.') as [string, string, string];
    if (family === 'toFixed') return `${a}.toFixed(${n}, ${m}, { rounding: '${name}', overflow: '${how}' })`;
    if (family === 'asFloat') return `${a}.asFloat(${name})`;
    if (family === 'std') return `${name}(${[a, ...(b ? [b] : n > 0 || name === 'saturate' || name === 'fillBits' ? [n] : [])].join(', ')})`;
    if (fn === 'slice') return `${a}.slice(${b}, ${n})`;
    const method = name ?? fn;
    if (b) return `${a}.${method}(${b})`;
    if (fn === 'bits') return `${a}.bits(${n}, ${m})`;
    return WITH_NUMBER.has(fn) ? `${a}.${method}(${n})` : `${a}.${method}()`;
  }
}

function indent(text: string): string {
  return text.replaceAll('\n', '\n  ');
}
