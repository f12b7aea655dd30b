// Random circuits over the whole language, as data: types, operators, conditional assignment, every kind of state, hierarchy, meshes and clock domains.
//
// Invariant: one seed gives one circuit, whatever runs it. Every wire is assigned on every path and nothing loops. After `SETTLE` cycles of reset
// and warming up all state is defined.

import {
  at,
  type Circuit,
  concat,
  type DomainOf,
  type Expr,
  field,
  hasStatements,
  type Item,
  pack,
  prim,
  type Register,
  type ResetKind,
  ref,
  set,
  type Variable,
} from '../circuit/data.ts';
import { Rng } from '../random.ts';
import { leaves, uintT } from '../reference.ts';
import { type Island, Items } from './items.ts';
import { undressed } from './types.ts';

export { randomStimulus, SETTLE } from './stimulus.ts';

export interface Options {
  /** Levels of hierarchy below this module. */
  readonly depth: number;
  /** Rough size. */
  readonly items: number;
  /** One clock, a synchronous reset that is active high, no memories and no properties. */
  readonly plain?: boolean;
  /** External modules and assumptions, too. */
  readonly foreign?: boolean;
}

export function randomCircuit(seed: number, options: Options = { depth: 2, items: 6 }): Circuit {
  return new Generator(new Rng(seed)).top(options);
}

class Generator extends Items {
  top({ depth, items, plain = false, foreign = false }: Options): Circuit {
    const { rng } = this;
    this.plain = plain;
    this.foreign = foreign;
    if (plain) return this.finish([this.part(depth, items)], [], this.frame);
    const reset = this.resetKind();
    const plan = rng.below(4);
    if (plan === 0) return { ...this.twoClocks(depth, items), reset };
    const frame = this.frame;
    const sides = plan === 1 ? [this.side('clk', 'a'), this.side('clk', 'c')] : [];
    return {
      ...this.finish(
        [this.part(depth, items, sides)],
        sides.map((s) => s.domain),
        frame,
      ),
      reset,
    };
  }

  protected child(depth: number): Circuit {
    const outer = this.frame;
    this.frame = { pool: [], shared: [], used: new Set(), warm: undefined, clock: undefined };
    const made = this.finish([this.part(depth, 1 + this.rng.below(4))], [], this.frame);
    this.frame = outer;
    return made;
  }

  private resetKind(): ResetKind {
    return { async: this.rng.once(3), activeLow: this.rng.once(3) };
  }

  /** A domain with a reset, and perhaps an enable, of its own. */
  private side(clock: string, suffix: string): Side {
    const { rng } = this;
    const go: Variable = { name: this.fresh('go'), type: { kind: 'bool', width: 1 } };
    const enable = rng.once(2) ? prim('or', [this.warm().now, ref(go)]) : undefined;
    return {
      domain: { name: `domain_${suffix}`, clock, reset: { port: `rst_${suffix}`, ...this.resetKind() }, ...(enable && { enable }) },
      inputs: enable ? [go] : [],
    };
  }

  /** Two clocks; single bits cross through synchronisers. */
  private twoClocks(depth: number, items: number): Circuit {
    const { rng, frame } = this;
    const half = Math.max(1, items >> 1);
    frame.clock = 'clk';
    const a = this.part(depth, half);
    const crossing = a.registers.filter((r) => r.type.kind === 'bool').map(ref);
    const level: Register | undefined = crossing.length > 0 ? undefined : { name: this.fresh('level'), type: { kind: 'bool', width: 1 }, reset: 0n };
    if (level) {
      a.registers.push(level);
      a.items.push({ kind: 'block', wires: [], body: [set(level, this.bool(2))] });
    }
    const source = level ? ref(level) : rng.pick(crossing);
    this.frame = { pool: [], shared: [], used: frame.used, warm: undefined, clock: 'clkB' };
    const b = this.side('clkB', 'b');
    const name = this.fresh('sync');
    const bit = { name, type: source.type };
    const reset = rng.once(2) ? { reset: rng.once(2) } : {};
    const cross: Item = { kind: 'synchroniser', name, value: source, stages: 2 + rng.below(2), domain: b.domain.name, ...reset };
    const other = this.part(depth, half, [b], [ref(bit)]);
    other.items.unshift(cross);
    return this.finish([a, other], [b.domain], frame);
  }

  /** Inputs, registers, items and outputs of one clock. */
  private part(depth: number, items: number, sides: readonly Side[] = [], given: readonly Expr[] = []): Part {
    const { rng, frame } = this;
    const own = frame.clock && { clock: frame.clock };
    const inputs = [...[...Array(1 + rng.below(3))].map(() => this.variable(this.type(2))), ...sides.flatMap((s) => s.inputs)].map((v) => ({
      ...v,
      ...own,
    }));
    const domains = sides.length > 0 ? sides.map((s) => s.domain.name) : [undefined];
    const registers: Register[] = [...Array(rng.below(4))].map(() => {
      const v = this.variable(rng.once(2) ? this.ground() : this.type(1));
      const domain = rng.pick(domains);
      return { ...v, reset: this.resetOf(v.type), ...(domain !== undefined && { domain }) };
    });
    const island: Island = { domains, registers, left: [...registers] };
    frame.pool = [...[...inputs, ...registers].map(ref), ...given];
    const made: Item[] = [];
    for (let k = 0; k < items; k++) {
      made.push(this.item(depth, island));
      frame.shared = [];
    }
    const outputs = [...Array(1 + rng.below(2))].map(() => this.variable(this.type(2)));
    made.push({ kind: 'block', wires: [], body: [...this.drive(outputs), ...island.left.flatMap((r) => this.update([r]))] });
    // Everything that nothing reads yet goes to one more output, so that no mistake hides.
    const last = this.digest(inputs);
    if (last) outputs.push(last.output);
    if (last) made.push({ kind: 'block', wires: [], body: [set(last.output, last.value)] });
    if (frame.warm) inputs.push({ ...frame.warm, ...own });
    return { inputs, outputs, registers, items: made };
  }

  private finish(parts: readonly Part[], domains: readonly DomainOf[], frame: Generator['frame']): Circuit {
    this.frame = frame;
    const items = parts.flatMap((p) => p.items);
    const order = this.rng.shuffled(items.flatMap((item, i) => (hasStatements(item) ? [i] : [])));
    return {
      inputs: parts.flatMap((p) => p.inputs),
      outputs: parts.flatMap((p) => p.outputs),
      registers: parts.flatMap((p) => p.registers),
      items,
      order,
      ...(domains.length > 0 && { domains }),
    };
  }

  private digest(inputs: readonly Variable[]): { readonly output: Variable; readonly value: Expr } | undefined {
    const parts = this.frame.pool.flatMap((e) =>
      e.op !== 'ref' || inputs.some((i) => i.name === e.name)
        ? []
        : leaves(e.type).flatMap((leaf) => (leaf.type.width > 0 ? [this.folded(e, leaf.path)] : [])),
    );
    if (parts.length === 0) return undefined;
    const output = this.variable(uintT(parts.length));
    return { output, value: concat(parts) };
  }

  /** One bit that depends on all bits of a leaf. */
  private folded(e: Expr, path: readonly string[]): Expr {
    if (e.type.kind === 'bundle') return this.folded(field(e, path[0] as string), path.slice(1));
    if (e.type.kind !== 'vec') return e.type.kind === 'bool' ? e : prim('xorR', [undressed(e)]);
    const [only] = leaves(e.type);
    if (leaves(e.type).length === 1 && only && only.path.length === 0) return prim('xorR', [pack(e)]);
    return prim('xorR', [concat([...Array(e.type.length).keys()].map((i) => this.folded(at(e, i), path)))]);
  }
}

interface Side {
  readonly domain: DomainOf;
  readonly inputs: readonly Variable[];
}
interface Part {
  readonly inputs: Variable[];
  readonly outputs: Variable[];
  readonly registers: Register[];
  readonly items: Item[];
}
