// Random circuits over the whole language, as data: types, operators, conditional assignment, registers, hierarchy, delays and meshes.
//
// Invariant: one seed gives one circuit, whatever runs it. Every wire is assigned on every path and nothing loops. Registers without reset
// are fed forward only, so that they are defined after as many cycles as there are of them in a row (`SETTLE` is more).

import {
  asBools,
  at,
  type Circuit,
  choose,
  concat,
  type Expr,
  field,
  filled,
  type Item,
  type Link,
  literal,
  named,
  pack,
  prim,
  type Register,
  ref,
  reversed,
  type Stmt,
  set,
  type Target,
  type Variable,
  vecFrom,
  withLiteral,
  zeroOf,
} from './circuit.ts';
import { Rng } from './random.ts';
import { BOOL, construct, type Ground, leaves, literalWidth, sintT, type Type, uintT, type Value, vecT } from './reference.ts';

/** Cycles of reset after which every register is defined. */
export const SETTLE = 64;

const WIDTHS = [0, 1, 1, 2, 3, 4, 5, 7, 8, 8, 9, 12, 16, 17, 31, 32, 33, 63, 64, 65];
/** Names that need care in Verilog, among plain ones. */
const NAMES = [
  'value',
  'Reg',
  'wire',
  'output',
  'logic',
  'rowCount',
  'row_count',
  'RowCount',
  'x',
  'sum',
  'next',
  'lane',
  'i',
  'always',
  'bit',
  'unused',
  '_unused_ok',
  'clk_',
  'stages',
  'enter',
  'leave',
  'Begin',
];
const FIELDS = ['valid', 'data', 'lastBeat'];
const WIDEST = 100;

export interface Options {
  /** Levels of hierarchy below this module. */
  readonly depth: number;
  /** Rough size. */
  readonly items: number;
}

export function randomCircuit(seed: number, options: Options = { depth: 2, items: 6 }): Circuit {
  return new Generator(new Rng(seed)).circuit(options);
}

/** Input values of each cycle: reset for `SETTLE` cycles, then now and then. */
export function randomStimulus(seed: number, circuit: Circuit, cycles: number): { readonly values: readonly Value[]; readonly rst: boolean }[] {
  const rng = new Rng(seed ^ 0x5eed);
  return [...Array(SETTLE + cycles).keys()].map((t) => ({
    rst: t < SETTLE || rng.once(12),
    values: circuit.inputs.map(({ type }) => construct(type, (g) => rng.value(g))),
  }));
}

class Generator {
  readonly #rng: Rng;
  /** What expressions may read at the moment. */
  #pool: Expr[] = [];
  /** Expressions that may be used again. */
  #shared: Expr[] = [];
  #names = 0;
  /** Registers without reset read nothing that depends on them. */
  #used = new Set<string>();

  constructor(rng: Rng) {
    this.#rng = rng;
  }

  circuit({ depth, items }: Options): Circuit {
    const rng = this.#rng;
    const outer = [this.#pool, this.#shared, this.#used] as const;
    [this.#pool, this.#shared, this.#used] = [[], [], new Set()];
    const inputs = [...Array(2 + rng.below(3))].map(() => this.#variable(this.#type(2)));
    const registers: Register[] = [...Array(rng.below(4))].map(() => {
      const v = this.#variable(rng.once(2) ? this.#ground() : this.#type(1));
      return { ...v, reset: this.#resetOf(v.type) };
    });
    this.#pool = [...inputs, ...registers].map(ref);
    const made: Item[] = [];
    const left = [...registers];
    for (let k = 0; k < items; k++) {
      const item = this.#item(depth, left, registers);
      made.push(item);
      this.#shared = [];
    }
    const outputs = [...Array(1 + rng.below(3))].map(() => this.#variable(this.#type(2)));
    made.push({ kind: 'block', wires: [], body: [...this.#drive(outputs), ...left.flatMap((r) => this.#update([r]))] });
    // Everything that nothing reads yet goes to one more output, so that no mistake hides.
    const last = this.#digest(inputs);
    if (last) outputs.push(last.output);
    if (last) made.push({ kind: 'block', wires: [], body: [set(last.output, last.value)] });
    const order = rng.shuffled(made.flatMap((item, i) => (item.kind === 'block' || item.kind === 'instance' ? [i] : [])));
    [this.#pool, this.#shared, this.#used] = outer;
    return { inputs, outputs, registers, items: made, order };
  }

  #digest(inputs: readonly Variable[]): { readonly output: Variable; readonly value: Expr } | undefined {
    const parts = this.#pool.flatMap((e) =>
      e.op !== 'ref' || inputs.some((i) => i.name === e.name)
        ? []
        : leaves(e.type).flatMap((leaf) => (leaf.type.width > 0 ? [this.#fold(e, leaf.path)] : [])),
    );
    if (parts.length === 0) return undefined;
    const output = this.#variable(uintT(parts.length));
    return { output, value: concat(parts) };
  }

  /** One bit that depends on all bits of a leaf. */
  #fold(e: Expr, path: readonly string[]): Expr {
    if (e.type.kind === 'bundle') return this.#fold(field(e, path[0] as string), path.slice(1));
    if (e.type.kind !== 'vec') return e.type.kind === 'bool' ? e : prim('xorR', [e]);
    const [only] = leaves(e.type);
    if (leaves(e.type).length === 1 && only && only.path.length === 0) return prim('xorR', [pack(e)]);
    return prim('xorR', [concat([...Array(e.type.length).keys()].map((i) => this.#fold(at(e, i), path)))]);
  }

  // Types and values.

  #ground(): Ground {
    const rng = this.#rng;
    if (rng.once(4)) return BOOL;
    return { kind: rng.once(2) ? 'uint' : 'sint', width: rng.pick(WIDTHS) };
  }

  #type(depth: number): Type {
    const rng = this.#rng;
    if (depth === 0 || rng.below(3) > 0) return this.#ground();
    if (rng.below(3) > 0) return vecT(this.#type(depth - 1), 1 + rng.below(5));
    return { kind: 'bundle', fields: Object.fromEntries(FIELDS.slice(0, 1 + rng.below(3)).map((name) => [name, this.#type(depth - 1)])) };
  }

  #variable(type: Type, prefix = 'w'): Variable {
    const rng = this.#rng;
    const name = rng.once(3) ? `${rng.pick(NAMES)}${this.#names++ % 3 === 0 ? '' : `_${prefix}`}` : `${prefix}${this.#names++}`;
    // Ports must differ after snake_case too; wires may collide.
    const plain = name.replaceAll('_', '').toLowerCase();
    const unique = this.#used.has(plain) ? `${name}${this.#names++}` : name;
    this.#used.add(plain);
    return { name: unique, type };
  }

  #resetOf(type: Type): Value {
    const simple = type.kind !== 'bundle' && (type.kind !== 'vec' || (type.element.kind !== 'vec' && type.element.kind !== 'bundle'));
    return construct(type, (g) => (simple ? this.#rng.value(g) : 0n));
  }

  // Items.

  #item(depth: number, left: Register[], all: Register[]): Item {
    const rng = this.#rng;
    const kind = rng.below(depth > 0 ? 10 : 7);
    if (kind < 5) {
      const wires = [...Array(1 + rng.below(2))].map(() => this.#variable(this.#type(2)));
      // Some registers are updated amid the wires.
      const mixed = rng.once(2) ? left.splice(0, 1 + rng.below(2)) : [];
      const body = this.#drive(wires, mixed);
      this.#pool.push(...wires.map(ref));
      return { kind: 'block', wires, body };
    }
    if (kind === 5) return this.#plainRegister(all);
    if (kind === 6) return this.#delayItem();
    if (kind === 7) return this.#meshItem();
    const module = this.circuit({ depth: depth - 1, items: 1 + rng.below(4) });
    const name = `u${this.#names++}`;
    const body = this.#drive(module.inputs.map((i) => ({ name: `${name}.${i.name}`, type: i.type })));
    this.#pool.push(...module.outputs.map((o) => ref({ name: `${name}.${o.name}`, type: o.type })));
    return { kind: 'instance', name, module, body };
  }

  /** A register without reset that takes a new value in every cycle. */
  #plainRegister(all: Register[]): Item {
    const v = this.#variable(this.#type(1));
    const body = [set(v, this.#expr(v.type, 2))];
    all.push(v);
    this.#pool.push(ref(v));
    return { kind: 'block', wires: [], body };
  }

  #delayItem(): Item {
    const rng = this.#rng;
    const name = `d${this.#names++}`;
    const lanes = 1 + rng.below(5);
    const skewed = rng.once(2);
    const type = skewed ? vecT(this.#type(1), lanes) : this.#type(1);
    const value = this.#expr(type, 1);
    const reset = rng.once(2);
    // Without reset an enable might never come.
    const enable = reset && rng.once(2) ? { enable: this.#bool(2) } : {};
    const step = skewed ? rng.pick([1, -1, 2, 1, -1]) : 0;
    const first = step < 0 ? -step * (lanes - 1) + rng.below(2) : rng.below(3);
    this.#pool.push(ref({ name, type }));
    return { kind: 'delay', name, value, first, step, reset, ...enable };
  }

  #meshItem(): Item {
    const rng = this.#rng;
    const name = `m${this.#names++}`;
    const rank = 1 + rng.below(3);
    const shape = [...Array(rank)].map(() => 1 + rng.below(3));
    const unit = (axis: number, sign: number): number[] => shape.map((_, i) => (i === axis ? sign : 0));
    const [ta, tb, tc, ty] = [this.#type(1), rng.once(3) ? this.#type(1) : this.#ground(), this.#type(1), this.#ground()];
    const module = this.#element(ta, tb, tc, ty);
    const links: Link[] = [];
    const over = (type: Type, axes: readonly number[]): Type => axes.reduceRight<Type>((t, a) => vecT(t, shape[a] as number), type);
    const all = shape.map((_, axis) => axis);
    const made: Variable[] = [];
    for (const [to, type] of [
      ['a', ta],
      ['b', tb],
    ] as const) {
      const axis = rng.below(rank);
      const rest = all.filter((a) => a !== axis);
      const leave: Variable | undefined = rng.once(2) ? { name: `${name}_${to}_end`, type: over(type, rest) } : undefined;
      if (leave) made.push(leave);
      links.push({
        kind: 'shift',
        vector: unit(axis, rng.once(2) ? 1 : -1),
        from: `${to}Out`,
        to,
        enter: this.#expr(over(type, rest), 1),
        ...(leave && { leave: leave.name }),
      });
      if (rng.once(3)) {
        made.push({ name: `${name}_${to}_all`, type: over(type, all) });
        links.push({ kind: 'collect', from: `${to}Out`, name: `${name}_${to}_all` });
      }
    }
    const axes = all.filter(() => rng.once(2));
    links.push({ kind: 'feed', to: 'c', axes, value: this.#expr(over(tc, axes), 1) });
    if (!rng.once(4)) {
      made.push({ name: `${name}_y`, type: over(ty, all) });
      links.push({ kind: 'collect', from: 'y', name: `${name}_y` });
    }
    this.#pool.push(...made.map(ref));
    return { kind: 'mesh', name, module, shape, links: rng.shuffled(links) };
  }

  /** An element with a combinational way from `a`, and `b` through a register: shifts against each other make no loop. */
  #element(ta: Type, tb: Type, tc: Type, ty: Type): Circuit {
    const outer = [this.#pool, this.#shared, this.#used] as const;
    const [a, b, c] = [
      { name: 'a', type: ta },
      { name: 'b', type: tb },
      { name: 'c', type: tc },
    ];
    const [aOut, bOut, y] = [
      { name: 'aOut', type: ta },
      { name: 'bOut', type: tb },
      { name: 'y', type: ty },
    ];
    const held: Register = { name: 'held', type: tb, reset: this.#resetOf(tb) };
    const count: Register = { name: 'count', type: uintT(4), reset: 3n };
    [this.#pool, this.#shared] = [[ref(a), ref(c), ref(held), ref(count)], []];
    const first = this.#rng.once(4) ? [set(aOut, ref(a))] : this.#drive([aOut]);
    this.#pool.push(ref(b));
    const body: Stmt[] = [...first, ...this.#drive([y]), set(bOut, ref(held)), ...this.#update([held, count])];
    [this.#pool, this.#shared, this.#used] = outer;
    return { inputs: [a, b, c], outputs: [aOut, bOut, y], registers: [held, count], items: [{ kind: 'block', wires: [], body }], order: [0] };
  }

  // Statements.

  /** Assignments that drive all of some variables on every path, with registers updated in between. */
  #drive(wires: readonly Variable[], registers: readonly Variable[] = []): Stmt[] {
    const rng = this.#rng;
    const whole = wires.map((w): Stmt[] => (rng.once(4) ? this.#byParts(w) : rng.once(3) ? this.#onEveryPath(w, 2) : [set(w, this.#loose(w.type))]));
    const more = rng.once(2) ? this.#update([...wires, ...registers]) : [];
    return [...whole.flat(), ...more, ...(more.length === 0 && registers.length > 0 ? this.#update(registers) : [])];
  }

  /** Every field, element or bit range by an assignment of its own. */
  #byParts(w: Variable, path: Target['path'] = [], type: Type = w.type): Stmt[] {
    const rng = this.#rng;
    if (type.kind === 'vec') return [...Array(type.length).keys()].flatMap((i) => this.#byParts(w, [...path, i], type.element));
    if (type.kind === 'bundle') return Object.entries(type.fields).flatMap(([name, t]) => this.#byParts(w, [...path, name], t));
    if (type.kind === 'bool' || type.width < 2) return [set(w, this.#loose(type), path, type)];
    const cut = 1 + rng.below(type.width - 1);
    const parts = rng.shuffled([
      [type.width - 1, cut],
      [cut - 1, 0],
    ] as const);
    return parts.map(([hi, lo]) => this.#setBits(w, path, type, hi, lo));
  }

  #setBits(w: Variable, path: Target['path'], type: Ground, hi: number, lo: number): Stmt {
    // One bit alone is a bool.
    const value = hi === lo ? this.#bool(2) : this.#upTo('uint', hi - lo + 1, 2);
    return set(w, value, path, type, [hi, lo]);
  }

  #onEveryPath(w: Variable, depth: number): Stmt[] {
    const rng = this.#rng;
    if (depth === 0 || rng.once(3)) return [set(w, this.#loose(w.type))];
    const arms = [...Array(1 + rng.below(3))].map(() => ({ cond: this.#bool(2), body: this.#onEveryPath(w, depth - 1) }));
    return [{ kind: 'when', arms, otherwise: this.#onEveryPath(w, depth - 1) }];
  }

  /** Conditional and partial assignments; nothing needs to be covered. */
  #update(variables: readonly Variable[], depth = 2): Stmt[] {
    const rng = this.#rng;
    return [...Array(1 + rng.below(2))].flatMap((): Stmt[] => {
      if (depth > 0 && rng.once(2)) {
        const arms = [...Array(1 + rng.below(3))].map(() => ({ cond: this.#bool(2), body: this.#update(variables, depth - 1) }));
        return [{ kind: 'when', arms, ...(rng.once(2) && { otherwise: this.#update(variables, depth - 1) }) }];
      }
      return [this.#somePart(rng.pick(variables))];
    });
  }

  #somePart(w: Variable): Stmt {
    const rng = this.#rng;
    let type = w.type;
    const path: (string | number | Expr)[] = [];
    while ((type.kind === 'vec' || type.kind === 'bundle') && !rng.once(4)) {
      if (type.kind === 'vec') {
        path.push(rng.once(2) ? rng.below(type.length) : this.#index());
        type = type.element;
      } else {
        const name = rng.pick(Object.keys(type.fields));
        path.push(name);
        type = type.fields[name] as Type;
      }
    }
    if (type.kind === 'uint' || type.kind === 'sint') {
      if (type.width > 0 && rng.once(3)) {
        const lo = rng.below(type.width);
        return this.#setBits(w, path, type, lo + rng.below(type.width - lo), lo);
      }
    }
    return set(w, this.#loose(type), path, type);
  }

  // Expressions.

  #index(): Expr {
    return this.#exact(uintT(this.#rng.below(5)), 1);
  }

  /** A value that may be assigned to a type: exact, or a narrower integer. */
  #loose(type: Type): Expr {
    if (type.kind === 'uint' || type.kind === 'sint') return this.#upTo(type.kind, type.width, 3);
    return this.#expr(type, 3);
  }

  #upTo(kind: 'uint' | 'sint', width: number, depth: number): Expr {
    const e = this.#integer(kind, depth);
    const w = (e.type as Ground).width;
    return w > width || this.#rng.once(2) ? this.#resize(e, width) : e;
  }

  #expr(type: Type, depth: number): Expr {
    if (type.kind !== 'vec' && type.kind !== 'bundle') return this.#exact(type, depth);
    const rng = this.#rng;
    const found = this.#reachable().filter((e) => same(e.type, type));
    if (found.length > 0 && rng.below(3) > 0) return rng.pick(found);
    if (depth > 0 && rng.once(3)) return choose(this.#bool(depth - 1), this.#expr(type, depth - 1), this.#expr(type, depth - 1));
    if (type.kind === 'vec') {
      const e = type.element;
      const choice = rng.below(5);
      if (choice === 0 && depth > 0) return reversed(this.#expr(type, depth - 1));
      if (choice === 1) return filled(type.length, this.#expr(e, depth - 1));
      if (e.kind === 'bool' && choice === 2) return asBools(this.#exact(uintT(type.length), depth - 1));
      if (e.kind !== 'vec' && e.kind !== 'bundle') return vecFrom([...Array(type.length)].map(() => this.#exact(e, depth - 1)));
    }
    return zeroOf(type);
  }

  /** Everything that the pool offers, fields and elements too. */
  #reachable(): Expr[] {
    const found: Expr[] = [];
    const visit = (e: Expr): void => {
      found.push(e);
      if (e.type.kind === 'bundle') for (const name of Object.keys(e.type.fields)) visit(field(e, name));
      if (e.type.kind === 'vec') visit(at(e, this.#rng.below(e.type.length)));
    };
    this.#rng.shuffled(this.#pool).slice(0, 12).forEach(visit);
    return found;
  }

  #exact(type: Ground, depth: number): Expr {
    if (type.kind === 'bool') return this.#bool(depth);
    return this.#resize(this.#integer(type.kind, depth), type.width);
  }

  #resize(e: Expr, width: number): Expr {
    const w = (e.type as Ground).width;
    if (w === width) return e;
    if (w < width) return prim('extend', [e], width);
    return e.type.kind === 'uint' && width > 0 && this.#rng.once(3) ? prim('bits', [e], width - 1, 0) : prim('trunc', [e], width);
  }

  #leaf(): Expr {
    const rng = this.#rng;
    const found = this.#reachable().filter((e) => e.type.kind !== 'vec' && e.type.kind !== 'bundle');
    if (found.length > 0 && !rng.once(6)) return rng.pick(found);
    const type = this.#ground();
    return literal(type, rng.value(type));
  }

  #cast(e: Expr, kind: Ground['kind']): Expr {
    if (e.type.kind === kind) return e;
    if (kind === 'bool') return prim('orR', [e]);
    if (e.type.kind === 'bool') return kind === 'uint' ? prim('asUInt', [e]) : prim('asSInt', [prim('asUInt', [e])]);
    return prim(kind === 'uint' ? 'asUInt' : 'asSInt', [e]);
  }

  #bool(depth: number): Expr {
    const rng = this.#rng;
    const seen = this.#shared.filter((e) => e.type.kind === 'bool');
    if (seen.length > 0 && rng.once(6)) return rng.pick(seen);
    const e = this.#makeBool(depth);
    this.#shared.push(e);
    return e;
  }

  #makeBool(depth: number): Expr {
    const rng = this.#rng;
    if (depth <= 0) return this.#cast(this.#leaf(), 'bool');
    const kind = rng.once(2) ? 'uint' : 'sint';
    switch (rng.below(7)) {
      case 0:
        return this.#cast(this.#leaf(), 'bool');
      case 1:
        return prim(rng.pick(['and', 'or', 'xor', 'eq', 'ne']), [this.#bool(depth - 1), this.#bool(depth - 1)]);
      case 2:
        return prim('not', [this.#bool(depth - 1)]);
      case 3:
        return prim(rng.pick(['andR', 'orR', 'xorR']), [this.#integer(kind, depth - 1)]);
      case 4: {
        const e = this.#integer(kind, depth - 1);
        const { width } = e.type as Ground;
        return width === 0 ? prim('orR', [e]) : prim('bit', [e], rng.below(width));
      }
      case 5: {
        const a = this.#integer(kind, depth - 1);
        return withLiteral(rng.pick(['eq', 'ne', 'lt', 'le', 'gt', 'ge']), a, rng.value(a.type as Ground));
      }
      default:
        return prim(rng.pick(['eq', 'ne', 'lt', 'le', 'gt', 'ge']), [this.#integer(kind, depth - 1), this.#integer(kind, depth - 1)]);
    }
  }

  #integer(kind: 'uint' | 'sint', depth: number): Expr {
    const rng = this.#rng;
    const seen = this.#shared.filter((e) => e.type.kind === kind);
    if (seen.length > 0 && rng.once(5)) return rng.pick(seen);
    let e = this.#makeInteger(kind, depth);
    if ((e.type as Ground).width > WIDEST) e = this.#resize(e, 1 + rng.below(WIDEST));
    if (rng.once(25)) e = named(e, `${rng.pick(NAMES)}`);
    this.#shared.push(e);
    return e;
  }

  #makeInteger(kind: 'uint' | 'sint', depth: number): Expr {
    const rng = this.#rng;
    if (depth <= 0) return this.#cast(this.#leaf(), kind);
    const of = (k: 'uint' | 'sint' = kind): Expr => this.#integer(k, depth - 1);
    switch (rng.below(14)) {
      case 0:
      case 1:
        return this.#cast(this.#leaf(), kind);
      case 2:
      case 3:
        return prim(rng.pick(['add', 'sub', 'addw', 'subw', 'mul']), [of(), of()]);
      case 4: {
        const a = of();
        const type = kind === 'uint' ? uintT(rng.below(9)) : sintT(1 + rng.below(8));
        const value = rng.value(type);
        const fn = rng.pick(['add', 'sub', 'addw', 'subw', 'mul']);
        return literalWidth(kind, value) > 64 ? a : withLiteral(fn, a, value);
      }
      case 5:
        return kind === 'uint' ? prim(rng.pick(['and', 'or', 'xor']), [of(), of()]) : prim('neg', [of(rng.once(2) ? 'uint' : 'sint')]);
      case 6:
        return kind === 'uint' ? prim('not', [of(rng.once(2) ? 'uint' : 'sint')]) : this.#cast(prim('xor', [of('sint'), of('sint')]), 'sint');
      case 7:
        return prim(rng.pick(['shl', 'shr']), [of()], rng.below(10));
      case 8:
        return prim('dshl', [of(), this.#exact(uintT(rng.below(5)), depth - 1)]);
      case 9:
        return prim('dshr', [of(), this.#exact(uintT(rng.below(8)), depth - 1)]);
      case 10:
        return choose(this.#bool(depth - 1), of(), of());
      case 11: {
        const e = of(rng.once(2) ? 'uint' : 'sint');
        const { width } = e.type as Ground;
        if (width === 0) return this.#cast(e, kind);
        const lo = rng.below(width);
        return this.#cast(prim('bits', [e], lo + rng.below(width - lo), lo), kind);
      }
      case 12:
        return this.#cast(
          concat([...Array(1 + rng.below(3))].map(() => (rng.once(3) ? this.#bool(depth - 1) : of(rng.once(2) ? 'uint' : 'sint')))),
          kind,
        );
      default:
        return this.#fromVector(kind, depth);
    }
  }

  #fromVector(kind: 'uint' | 'sint', depth: number): Expr {
    const rng = this.#rng;
    const vectors = this.#reachable().filter((e) => e.type.kind === 'vec');
    if (vectors.length === 0) return this.#cast(this.#leaf(), kind);
    let e = rng.pick(vectors);
    if (leaves(e.type).length === 1 && rng.once(3)) return this.#cast(pack(e), kind);
    if (rng.once(4)) e = reversed(e);
    while (e.type.kind === 'vec' || e.type.kind === 'bundle') {
      if (e.type.kind === 'vec') e = at(e, rng.once(2) ? rng.below(e.type.length) : this.#exact(uintT(rng.below(5)), depth - 1));
      else e = field(e, rng.pick(Object.keys(e.type.fields)));
    }
    return this.#cast(e, kind);
  }
}

function same(a: Type, b: Type): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
