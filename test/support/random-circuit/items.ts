// Random items: wires, registers, delays, memories, machines, instances, meshes.
//
// Invariant: state without reset is defined after the cycles in which it is warmed up. Registers and delays without reset are fed forward only; an
// enable in front of one is high while it is warm, and memories without contents are written word by word then and by nothing else.

import {
  type Circuit,
  concat,
  type Expr,
  type Item,
  isGround,
  type Link,
  type MemoryPort,
  prim,
  type Register,
  ref,
  type Stmt,
  set,
  stateType,
  type Variable,
} from '../circuit/data.ts';
import { BOOL, construct, type Ground, type Type, uintT, vecT } from '../reference.ts';
import { Statements } from './statements.ts';
import { WARM_BITS } from './types.ts';

const and = (a: Expr, b: Expr): Expr => prim('and', [a, b]);
const or = (a: Expr, b: Expr): Expr => prim('or', [a, b]);
const not = (a: Expr): Expr => prim('not', [a]);

/** Where items of a circuit may be put: the domains of one clock. */
export interface Island {
  readonly domains: readonly (string | undefined)[];
  readonly registers: readonly Register[];
  /** Those that nothing updates yet. */
  readonly left: Register[];
}

export abstract class Items extends Statements {
  /** See `Options`. */
  protected plain = false;
  /** Whether there are external modules and assumptions, too. */
  protected foreign = false;

  /** A module below, with as many levels below itself. */
  protected abstract child(depth: number): Circuit;

  protected item(depth: number, island: Island): Item {
    const { rng } = this;
    const domain = rng.pick(island.domains);
    const placed = domain === undefined ? {} : { domain };
    if (this.foreign && rng.once(7)) return { ...this.external(), ...placed };
    switch (rng.below(depth > 0 ? 14 : 10)) {
      case 5:
        return this.plainRegister(island);
      case 6:
        return { ...this.delay(), ...placed };
      case 7:
        return { ...(this.plain ? this.block(island) : this.memory()), ...placed };
      case 8:
        return { ...this.machine(island), ...placed };
      case 9:
        return { ...(this.plain ? this.block(island) : this.properties()), ...placed };
      case 10:
        return { ...this.mesh(), ...placed };
      case 11:
      case 12:
      case 13:
        return { ...this.instance(depth), ...placed };
      default:
        return { ...this.block(island), ...placed };
    }
  }

  private block({ left }: Island): Item {
    const { rng } = this;
    const wires = [...Array(1 + rng.below(2))].map(() => this.variable(this.type(2)));
    // Some registers are updated amid the wires.
    const mixed = rng.once(2) ? left.splice(0, 1 + rng.below(2)) : [];
    const body = this.drive(wires, mixed);
    this.frame.pool.push(...wires.map(ref));
    return { kind: 'block', wires, body };
  }

  /** A register without reset, loaded in every cycle. */
  private plainRegister(island: Island): Item {
    const { rng } = this;
    const domain = rng.pick(island.domains);
    const v: Register = { ...this.variable(this.type(1)), ...(domain !== undefined && { domain }) };
    const body = [set(v, this.expr(v.type, 2))];
    (island.registers as Register[]).push(v);
    this.frame.pool.push(ref(v));
    return { kind: 'block', wires: [], body };
  }

  private properties(): Item {
    const { rng } = this;
    const { now } = this.warm();
    const said = (): Stmt => {
      const assertion = rng.once(2);
      const assumed = this.foreign && assertion && rng.once(2);
      const cond = assertion ? or(now, this.bool(2)) : and(not(now), this.bool(2));
      const property = assumed ? 'assume' : assertion ? 'assert' : 'cover';
      return { kind: 'property', property, cond, message: this.fresh(assertion ? 'holds ' : 'comes ') };
    };
    const inside: Stmt = { kind: 'when', arms: [{ cond: this.bool(2), body: [said()] }], ...(rng.once(2) && { otherwise: [said()] }) };
    return { kind: 'block', wires: [], body: rng.once(2) ? [said(), inside] : [said()] };
  }

  private readonly cells: (Item & { kind: 'external' })[] = [];

  /** Of a kind of its own, or of a known one with another parameter. */
  private external(): Item & { kind: 'external' } {
    const { rng } = this;
    const name = this.fresh('x');
    const known = rng.once(2) ? this.cells.at(-1) : undefined;
    const some = (): number[] => [...Array(1 + rng.below(2))].map(() => 1 + rng.below(8));
    const widths = known ? known.values.map((v) => (v.type as Ground).width) : some();
    const values = widths.map((w) => this.exact(uintT(w), 2));
    const outputs = known?.outputs ?? some().map((w, i) => ({ name: `y${i}`, type: uintT(w) }));
    const [verilog, registered] = [known?.verilog ?? `FOREIGN_${name}`, known?.registered ?? rng.once(2)];
    const made = { kind: 'external' as const, name, verilog, values, outputs, parameter: rng.below(4), registered };
    this.cells.push(made);
    this.frame.pool.push(...outputs.map((o) => ref({ name: `${name}.${o.name}`, type: o.type })));
    return made;
  }

  private delay(): Item & { kind: 'delay' } {
    const { rng } = this;
    const name = this.fresh('d');
    const lanes = 1 + rng.below(3);
    const skewed = rng.once(2);
    const type = skewed ? vecT(this.type(1), lanes) : this.type(1);
    const value = this.expr(type, 1);
    const reset = rng.once(2);
    const enable = rng.once(2) ? { enable: reset ? this.bool(2) : or(this.warm().now, this.bool(2)) } : {};
    const step = skewed ? rng.pick([1, -1, 1, -1]) : 0;
    const first = step < 0 ? -step * (lanes - 1) + rng.below(2) : rng.below(3);
    this.frame.pool.push(ref({ name, type }));
    return { kind: 'delay', name, value, first, step, reset, ...enable };
  }

  private memory(): Item & { kind: 'memory' } {
    const { rng } = this;
    const name = this.fresh('mem');
    const word = (): Ground => {
      const t = this.ground();
      // A float has no literal for some of its codes, so none that contents could be given as.
      return t.dress?.as === 'float' || t.width === 0 ? uintT(1 + rng.below(9)) : t;
    };
    const type: Type = rng.once(3) ? vecT(word(), 1 + rng.below(3)) : word();
    const depth = rng.pick([1, 2, 3, 4, 5, 8, 11, 16]);
    const bits = Math.max(1, (depth - 1).toString(2).length);
    const { now, count } = this.warm();
    const address = (): Expr => this.exact(uintT(rng.once(3) ? bits + 1 : bits), 2);
    const body: Stmt[] = [];
    const filled = rng.once(2);
    if (!filled) body.push({ kind: 'write', memory: name, address: count, value: this.constantOf(type, count), enable: now });
    // Writes happen nowhere near the filling; so nothing unknown is ever written.
    const goes: Expr[] = filled ? [] : [now];
    for (let k = rng.below(3); k > 0; k--) {
      const enable = and(not(now), this.bool(2));
      const write: Stmt = {
        ...{ kind: 'write' as const, memory: name, address: address(), value: isGround(type) ? this.exact(type, 2) : this.expr(type, 2) },
        ...(!isGround(type) && rng.once(2) && { mask: this.expr(vecT(BOOL, (type as { length: number }).length), 1) }),
      };
      body.push(rng.once(2) ? { ...write, enable } : { kind: 'when', arms: [{ cond: enable, body: [write] }] });
      goes.push(enable);
    }
    const reads = [...Array(1 + rng.below(2))].map((): MemoryPort => {
      const port = { name: this.fresh('word'), address: address() };
      if (rng.once(3)) return port;
      // An undefined read is not to happen while its memory is filled, and so would know nothing.
      const underWrite = rng.pick(filled ? (['old', 'new', 'undefined'] as const) : (['old', 'new'] as const));
      const quiet = goes.map(not);
      // What an undefined read gives beside a write is nobody's business.
      const calm = [...(rng.once(2) ? [or(now, this.bool(2))] : []), ...(underWrite === 'undefined' ? quiet : [])];
      const [first, ...rest] = calm;
      return { ...port, registered: { underWrite, ...(first && { enable: rest.reduce(and, first) }) } };
    });
    this.frame.pool.push(...reads.map((r) => ref({ name: r.name, type })));
    const init = filled ? { init: [...Array(depth)].map(() => construct(type, (g) => rng.value(g))) } : {};
    const asked = rng.pick(['auto', 'auto', 'block', 'distributed', 'registers'] as const);
    // Ports that no RAM of the kind has are refused.
    const ram = goes.length <= (asked === 'block' ? 2 : 1) && (asked !== 'block' || reads.every((r) => r.registered));
    const style = ram || asked === 'registers' ? asked : 'auto';
    return { kind: 'memory', name, type, depth, style, ...init, reads, body };
  }

  /** Something known of any type, made of a counter. */
  private constantOf(type: Type, count: Expr): Expr {
    if (!isGround(type)) return { op: 'fill', args: [this.constantOf((type as { element: Type }).element, count)], type };
    const { dress, kind, width } = type;
    if (dress?.as === 'enum') return { op: 'table', type, index: count, values: [...Array(2 ** (WARM_BITS - 1))].map(() => this.rng.value(type)) };
    const sized = this.resize(count, width);
    if (dress?.as === 'fixed') return prim('asFixed', [this.cast(sized, kind)], dress.fraction);
    return this.cast(sized, kind);
  }

  private machine({ left }: Island): Item & { kind: 'machine' } {
    const { rng } = this;
    const name = this.fresh('fsm');
    const states = ['idle', 'run', 'done', 'wait'].slice(0, 2 + rng.below(3));
    const start = rng.pick(states);
    const registers = left.splice(0, rng.below(2));
    const goto = (state: string): Stmt => ({ kind: 'goto', machine: name, state });
    const arms = states.map((state, i) => {
      const next = goto(states[(i + 1) % states.length] as string);
      const moves: Stmt[] = [
        { kind: 'when', arms: [{ cond: this.bool(2), body: [next] }], ...(rng.once(3) && { otherwise: [goto(rng.pick(states))] }) },
      ];
      return { state, body: [...(registers.length > 0 && rng.once(2) ? this.update(registers, 1) : []), ...moves] };
    });
    const body: Stmt[] = rng.once(4) ? [{ kind: 'when', arms: [{ cond: this.bool(2), body: [goto(rng.pick(states))] }] }] : [];
    this.frame.pool.push(ref({ name, type: stateType(states) }));
    if (registers.length > 0) body.unshift(...this.update(registers, 1));
    return { kind: 'machine', name, states, start, arms, body };
  }

  private readonly modules: { readonly depth: number; readonly module: Circuit }[] = [];

  private instance(depth: number): Item & { kind: 'instance' } {
    const { rng } = this;
    const known = this.modules.filter((m) => m.depth < depth);
    const shared = known.length > 0 && rng.once(3) ? rng.pick(known).module : undefined;
    const module = shared ?? this.child(depth - 1);
    if (!shared) this.modules.push({ depth: depth - 1, module });
    const name = this.fresh('u');
    const [warm, data] = [module.inputs.filter((i) => i.name === 'warm'), module.inputs.filter((i) => i.name !== 'warm')];
    const outside = (v: Variable): Variable => ({ name: `${name}.${v.name}`, type: v.type });
    const body = this.drive(data.map(outside));
    for (const w of warm) {
      const { now, count } = this.warm();
      body.push(set(outside(w), concat([now, count])));
    }
    this.frame.pool.push(...module.outputs.map((o) => ref(outside(o))));
    return { kind: 'instance', name, module, body };
  }

  private mesh(): Item & { kind: 'mesh' } {
    const { rng } = this;
    const name = this.fresh('m');
    const rank = 1 + rng.below(3);
    const shape = [...Array(rank)].map(() => 1 + rng.below(3));
    const unit = (axis: number, sign: number): number[] => shape.map((_, i) => (i === axis ? sign : 0));
    const [ta, tb, tc, ty] = [this.type(1), rng.once(3) ? this.type(1) : this.ground(), this.type(1), this.ground()];
    const module = this.element(ta, tb, tc, ty);
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
        enter: this.expr(over(type, rest), 1),
        ...(leave && { leave: leave.name }),
      });
      if (rng.once(3)) {
        made.push({ name: `${name}_${to}_all`, type: over(type, all) });
        links.push({ kind: 'collect', from: `${to}Out`, name: `${name}_${to}_all` });
      }
    }
    const axes = all.filter(() => rng.once(2));
    links.push({ kind: 'feed', to: 'c', axes, value: this.expr(over(tc, axes), 1) });
    if (!rng.once(4)) {
      made.push({ name: `${name}_y`, type: over(ty, all) });
      links.push({ kind: 'collect', from: 'y', name: `${name}_y` });
    }
    this.frame.pool.push(...made.map(ref));
    return { kind: 'mesh', name, module, shape, links: rng.shuffled(links) };
  }

  /** An element with a combinational way from `a`, and `b` through a register: shifts against each other make no loop. */
  private element(ta: Type, tb: Type, tc: Type, ty: Type): Circuit {
    const outer = this.frame;
    const port = (name: string, type: Type): Variable => ({ name, type });
    const [a, b, c] = [port('a', ta), port('b', tb), port('c', tc)];
    const [aOut, bOut, y] = [port('aOut', ta), port('bOut', tb), port('y', ty)];
    const held: Register = { name: 'held', type: tb, reset: this.resetOf(tb) };
    const count: Register = { name: 'count', type: uintT(4), reset: 3n };
    this.frame = { pool: [ref(a), ref(c), ref(held), ref(count)], shared: [], used: new Set(), warm: undefined, clock: undefined };
    const first = this.rng.once(4) ? [set(aOut, ref(a))] : this.drive([aOut]);
    this.frame.pool.push(ref(b));
    const body: Stmt[] = [...first, ...this.drive([y]), set(bOut, ref(held)), ...this.update([held, count])];
    this.frame = outer;
    return { inputs: [a, b, c], outputs: [aOut, bOut, y], registers: [held, count], items: [{ kind: 'block', wires: [], body }], order: [0] };
  }
}
