// Who depends on whom combinationally, bit by bit: the exact half of the loop check, used only where the fast half suspects a loop.
//
// Invariant: a node is one bit of one element of a signal, or one bit of an expression. Sums and products depend on lower bits only
// (a carry chain), selections and concatenations on just the bits they pass, everything else on all bits of its operands.

import {
  count,
  type Definition,
  type Dims,
  type Expr,
  type IndexLink,
  type MemoryRead,
  type Mesh,
  ports,
  type Signal,
  type Stmt,
} from '../ir/nodes.ts';
import { visitExprs } from '../ir/visit.ts';
import { reach } from './graph.ts';
import { asyncResets, bitCount, externalInputs } from './signal-graph.ts';

/** For each output bit (by its number within the port list) the input bits it depends on. */
type BitSummary = ReadonlyMap<Signal, readonly (readonly { readonly port: Signal; readonly bit: number }[])[]>;

/** Beyond this many nodes a graph is not built, and the suspicion stands. */
const NODE_LIMIT = 4_000_000;

export class BitGraph {
  /** By node: what it depends on. */
  readonly edges: number[][] = [];
  /** Which signal bit a node is; undefined for bits of expressions. */
  readonly labels: (string | undefined)[] = [];
  /** False when the graph was too large to build. */
  complete = true;
  readonly #definition: Definition;
  readonly #base = new Map<Signal, number>();
  readonly #exprs = new Map<Expr, readonly number[]>();
  readonly #seen = new Set<Expr>();
  readonly #summaries: Map<Definition, BitSummary>;

  constructor(definition: Definition, summaries: Map<Definition, BitSummary> = new Map()) {
    this.#definition = definition;
    this.#summaries = summaries;
    for (const signal of definition.signals) this.#base.set(signal, this.#declare(signal, ''));
    this.#statements(definition.body, []);
    for (const instance of definition.instances) this.#child(instance.definition, (port, bit) => this.#bit(instance.pins.get(port) as Signal, bit));
    for (const delay of definition.delays) this.#wires(delay.input, delay.output, delay.first, delay.step);
    for (const mesh of definition.meshes) this.#mesh(mesh);
    for (const memory of definition.memories) for (const r of memory.reads) if (!r.registered) this.#read(r);
    for (const [state, reset] of asyncResets(definition))
      for (let bit = 0; bit < bitCount(state); bit++) this.#depend(this.#bit(state, bit), this.#bit(reset, 0));
  }

  /** A combinational read: every bit of the word depends on every bit of the address. */
  #read({ address, data }: MemoryRead): void {
    const from = [...Array(bitCount(address)).keys()].map((bit) => this.#bit(address, bit));
    for (let bit = 0; bit < bitCount(data); bit++) this.#depend(this.#bit(data, bit), ...from);
  }

  /** What each output bit depends on among the inputs. */
  summary(): BitSummary {
    if (this.#definition.external) return externalSummary(this.#definition);
    const owner = new Map<number, { readonly port: Signal; readonly bit: number }>();
    const all = ports(this.#definition);
    for (const port of all) if (port.role === 'input') for (let bit = 0; bit < bitCount(port); bit++) owner.set(this.#bit(port, bit), { port, bit });
    return new Map(
      all
        .filter((p) => p.role === 'output')
        .map((port) => [
          port,
          [...Array(bitCount(port)).keys()].map((bit) => [...reach(this.edges, this.#bit(port, bit))].flatMap((node) => owner.get(node) ?? [])),
        ]),
    );
  }

  #declare(signal: Signal, prefix: string): number {
    const base = this.edges.length;
    const { width } = signal.type;
    for (let i = 0; i < bitCount(signal); i++) {
      const index = signal.dims.length > 0 ? `[${Math.floor(i / width)}]` : '';
      this.#node(`${prefix}${signal.name}${index}${width > 1 ? `[${i % width}]` : ''}`);
    }
    return base;
  }

  #node(label?: string): number {
    if (this.edges.length >= NODE_LIMIT) this.complete = false;
    this.labels.push(label);
    return this.edges.push([]) - 1;
  }

  #bit(signal: Signal, bit: number): number {
    return (this.#base.get(signal) as number) + bit;
  }

  #depend(to: number, ...from: readonly number[]): void {
    for (const node of from) this.edges[to]?.push(node);
  }

  #statements(stmts: readonly Stmt[], conditions: readonly number[]): void {
    for (const stmt of stmts) {
      if (stmt.kind === 'when') {
        const inner = [...conditions, ...this.#expr(stmt.cond)];
        this.#statements(stmt.then, inner);
        this.#statements(stmt.else, inner);
        continue;
      }
      const { signal, path, bits } = stmt.target;
      if (signal.role === 'reg') continue;
      const { width } = signal.type;
      const size = count(signal.dims.slice(path.length)) * width;
      const value = this.#expr(stmt.value);
      const indices = path.flatMap((p) => (typeof p === 'number' ? [] : this.#expr(p)));
      for (const offset of offsets(signal.dims, path)) {
        const [lo, n] = bits ? [bits.lo, bits.hi - bits.lo + 1] : [0, size];
        for (let i = 0; i < n; i++) {
          const node = this.#bit(signal, offset * width + lo + i);
          if (conditions.length === 0 && indices.length === 0) this.edges[node] = [];
          this.#depend(node, value[i] as number, ...conditions, ...indices);
        }
      }
    }
  }

  /** Nodes of all bits of an expression, lowest bit of element 0 first. */
  #expr(root: Expr): readonly number[] {
    visitExprs([root], (e) => this.#exprs.set(e, this.#make(e)), this.#seen);
    return this.#exprs.get(root) as readonly number[];
  }

  #make(expr: Expr): number[] {
    if (expr.op === 'ref') return [...Array(bitCount(expr.signal)).keys()].map((bit) => this.#bit(expr.signal, bit));
    const args = expr.args.map((a) => this.#exprs.get(a) as readonly number[]);
    const [a = [], b = [], c = []] = args;
    const width = expr.type.width;
    const total = width * count(expr.dims);
    const make = (of: (bit: number) => readonly (number | undefined)[]): number[] =>
      [...Array(total).keys()].map((bit) => {
        const node = this.#node();
        this.#depend(node, ...of(bit).filter((n) => n !== undefined));
        return node;
      });
    const signBit = expr.args[0]?.type.kind === 'sint' ? a[a.length - 1] : undefined;
    switch (expr.op) {
      case 'const':
        return make(() => []);
      case 'element':
        if (expr.index !== undefined) return make((bit) => [a[(expr.index as number) * total + bit]]);
        return make((bit) => [...b, ...a.filter((_, i) => i % total === bit)]);
      case 'bits':
        return make((bit) => [a[bit + expr.lo]]);
      case 'trunc':
      case 'cast':
      case 'unpack':
      case 'pack':
        return make((bit) => [a[bit]]);
      case 'extend': {
        const from = (expr.args[0] as Expr).type.width;
        return make((bit) => (bit % width < from ? [a[Math.floor(bit / width) * from + (bit % width)]] : [signBit]));
      }
      case 'shl':
        return make((bit) => [a[bit - expr.amount]]);
      case 'shr':
        return make((bit) => [a[bit + expr.amount] ?? signBit]);
      case 'cat':
        return [...args].reverse().flat();
      case 'array':
        return args.flat();
      case 'fill':
        return make((bit) => [a[bit % a.length]]);
      case 'reverse': {
        const size = a.length / (expr.dims[0] as number);
        return make((bit) => [a[a.length - size * (Math.floor(bit / size) + 1) + (bit % size)]]);
      }
      case 'and':
      case 'or':
      case 'xor':
        return make((bit) => [bitOf(expr, 0, a, bit), bitOf(expr, 1, b, bit)]);
      case 'not':
        return make((bit) => [a[bit]]);
      case 'mux':
        return make((bit) => [...a, b[bit], c[bit]]);
      case 'add':
      case 'sub':
      case 'addw':
      case 'subw':
      case 'mul':
      case 'neg': {
        let carry: number | undefined;
        return make((bit) => {
          const from = [bitOf(expr, 0, a, bit), args.length > 1 ? bitOf(expr, 1, b, bit) : undefined, carry];
          carry = this.edges.length - 1;
          return from;
        });
      }
      default:
        return make(() => [...a, ...b]);
    }
  }

  #child(definition: Definition, node: (port: Signal, bit: number) => number): void {
    for (const [port, bits] of this.#summaryOf(definition)) {
      for (const [bit, sources] of bits.entries()) this.#depend(node(port, bit), ...sources.map((s) => node(s.port, s.bit)));
    }
  }

  #summaryOf(definition: Definition): BitSummary {
    let summary = this.#summaries.get(definition);
    if (!summary) this.#summaries.set(definition, (summary = new BitGraph(definition, this.#summaries).summary()));
    return summary;
  }

  #wires(input: Signal, output: Signal, first: number, step: number): void {
    const lanes = input.dims[0] ?? 1;
    const size = bitCount(input) / lanes;
    for (let lane = 0; lane < lanes; lane++) {
      if (first + step * lane !== 0) continue;
      for (let i = 0; i < size; i++) this.#depend(this.#bit(output, lane * size + i), this.#bit(input, lane * size + i));
    }
  }

  /** Every element, with its own ports. */
  #mesh(mesh: Mesh): void {
    const own = ports(mesh.definition);
    const perElement = own.reduce((sum, p) => sum + bitCount(p), 0);
    const elements = indices(mesh.shape);
    if (this.edges.length + elements.length * perElement > NODE_LIMIT) {
      this.complete = false;
      return;
    }
    const at = new Map<string, Map<Signal, number>>();
    for (const e of elements) at.set(e.join(), new Map(own.map((p) => [p, this.#declare(p, `${mesh.name}[${e.join('][')}].`)])));
    const port = (e: readonly number[], p: Signal, bit: number): number => (at.get(e.join())?.get(p) as number) + bit;
    for (const e of elements) this.#child(mesh.definition, (p, bit) => port(e, p, bit));
    for (const link of mesh.links) {
      if (link.kind === 'index') continue;
      for (const e of elements) {
        const to = link.kind === 'collect' ? link.from : link.to;
        for (let bit = 0; bit < bitCount(to); bit++) this.#link(mesh, link, e, bit, port);
      }
    }
  }

  #link(
    mesh: Mesh,
    link: Exclude<Mesh['links'][number], IndexLink>,
    e: readonly number[],
    bit: number,
    port: (e: readonly number[], p: Signal, bit: number) => number,
  ): void {
    const pinBit = (pin: Signal, axes: readonly number[], p: Signal, first?: { readonly axis: number; readonly index: number }): number => {
      const offset = axes.reduce((sum, axis, i) => {
        const index = (e[axis] as number) - (axis === first?.axis ? first.index : 0);
        return sum * (pin.dims[i] as number) + index;
      }, 0);
      return this.#bit(pin, offset * bitCount(p) + bit);
    };
    if (link.kind === 'feed') {
      this.#depend(port(e, link.to, bit), pinBit(link.pin, link.axes, link.to));
      return;
    }
    if (link.kind === 'collect') {
      this.#depend(pinBit(link.pin, link.axes, link.from), port(e, link.from, bit));
      return;
    }
    const edge = mesh.shape.map((_, i) => i).filter((i) => link.vector[i] === 0);
    const moved = (sign: 1 | -1): number[] => e.map((x, i) => x + sign * (link.vector[i] as number));
    const inside = (x: readonly number[]): boolean => x.every((v, i) => v >= 0 && v < (mesh.shape[i] as number));
    const before = moved(-1);
    const enter = link.enters.find(({ axis }) => (before[axis] as number) < 0 || (before[axis] as number) >= (mesh.shape[axis] as number));
    const to = port(e, link.to, bit);
    if (enter) this.#depend(to, pinBit(enter.pin, enter.axes, link.to, { axis: enter.axis, index: enter.first }));
    else if (inside(before)) this.#depend(to, port(before, link.from, bit));
    if (link.leave && !inside(moved(1))) this.#depend(pinBit(link.leave, edge, link.from), port(e, link.from, bit));
  }
}

/** Every bit of an output that is not registered on every bit of every input. */
function externalSummary(definition: Definition): BitSummary {
  const outputs = definition.signals.filter((s) => s.role === 'output');
  return new Map(
    outputs.map((output) => {
      const inputs = externalInputs(definition, output).flatMap((port) => [...Array(bitCount(port)).keys()].map((bit) => ({ port, bit })));
      return [output, [...Array(bitCount(output)).keys()].map(() => inputs)];
    }),
  );
}

/** The node of a bit of an operand, its sign above its width. */
function bitOf(expr: Expr, i: number, nodes: readonly number[], bit: number): number | undefined {
  return nodes[bit] ?? (expr.args[i]?.type.kind === 'sint' ? nodes[nodes.length - 1] : undefined);
}

/** Element offsets (in units of the remaining dimensions' elements times their size) that a path may mean. */
function offsets(dims: Dims, path: readonly (number | Expr)[]): number[] {
  return path.reduce<number[]>(
    (found, index, i) => {
      const size = count(dims.slice(i + 1));
      const choices = typeof index === 'number' ? [index] : [...Array(dims[i]).keys()];
      return found.flatMap((offset) => choices.map((choice) => offset + choice * size));
    },
    [0],
  );
}

function indices(shape: Dims): number[][] {
  return shape.reduce<number[][]>((found, n) => found.flatMap((e) => [...Array(n).keys()].map((i) => [...e, i])), [[]]);
}
