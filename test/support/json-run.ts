// A circuit run from its JSON netlist alone, as docs/json-netlist.md describes it: it shares nothing with the simulator but the names of the fields.
//
// Method: every wire is computed from the values of the pass before, until a pass changes nothing. Clocks are values too: 1 while they have their edge.

import type {
  JsonDelay,
  JsonDesign,
  JsonExpr,
  JsonLink,
  JsonMemory,
  JsonModule,
  JsonReset,
  JsonSignal,
  JsonStmt,
  JsonTarget,
  JsonType,
} from '../../hdl/json/schema.ts';

/** Elements in row-major order, as the numbers that they mean. */
type Cells = readonly bigint[];

const size = (dims: readonly number[] = []): number => dims.reduce((n, d) => n * d, 1);
const places = (dims: readonly number[]): number[][] =>
  dims.reduce<number[][]>((heads, n) => heads.flatMap((head) => [...Array(n).keys()].map((i) => [...head, i])), [[]]);
const bits = (value: bigint, width: number): bigint => BigInt.asUintN(width, value);
const wrap = (type: JsonType, value: bigint): bigint => (type.kind === 'sint' ? BigInt.asIntN(type.width, value) : bits(value, type.width));
const same = (a: Cells, b: Cells): boolean => a.every((x, i) => x === b[i]);

interface Child {
  readonly unit: Unit;
  /** Where inputs come from and outputs go: a signal of the parent or of a sibling, and the position in it. */
  readonly ins: readonly { readonly to: number; readonly read: () => Cells }[];
  readonly outs: readonly { readonly from: number; readonly signal: number; readonly offset: number }[];
}

class Unit {
  readonly module: JsonModule;
  readonly values: Cells[];
  readonly #children: Child[];
  readonly #registers = new Map<number, Cells>();
  #next = new Map<number, bigint[]>();
  readonly #lines: bigint[][][];
  readonly #words: bigint[][];
  readonly #held = new Map<number, Cells>();

  constructor(design: JsonDesign, name: string) {
    this.module = design.modules.find((m) => m.name === name) as JsonModule;
    const { signals, instances, meshes, delays, memories } = this.module;
    this.values = signals.map((s) => Array<bigint>(size(s.dims)).fill(0n));
    signals.forEach((s, i) => void (s.register && this.#registers.set(i, this.values[i] as Cells)));
    this.#lines = delays.map((d) => this.#lanes(d).map((depth) => Array<bigint>(depth).fill(0n)));
    this.#words = memories.map((m) => Array.from({ length: m.depth * (m.lanes ?? 1) }, (_, i) => BigInt(m.init?.[i] ?? 0)));
    this.#children = [
      ...instances.map((i): Child => {
        const unit = new Unit(design, i.module);
        const pins = Object.entries(i.pins).map(([port, pin]) => ({ port: unit.portNumber(port), pin }));
        const isInput = ({ port }: { readonly port: number }): boolean => unit.module.signals[port]?.role === 'input';
        return {
          unit,
          ins: pins.filter(isInput).map(({ port, pin }) => ({ to: port, read: () => this.values[pin] as Cells })),
          outs: pins.filter((p) => !isInput(p)).map(({ port, pin }) => ({ from: port, signal: pin, offset: 0 })),
        };
      }),
      ...meshes.flatMap((m) => this.#mesh(design, m.module, m.shape, m.links)),
    ];
  }

  portNumber(name: string): number {
    return this.module.ports.find((p) => this.module.signals[p]?.name === name) as number;
  }

  #mesh(design: JsonDesign, module: string, shape: readonly number[], links: readonly JsonLink[]): Child[] {
    const elements = places(shape);
    const units = new Map(elements.map((e) => [e.join(), new Unit(design, module)]));
    const first = units.get(shape.map(() => 0).join()) as Unit;
    const width = (port: string): number => size((first.module.signals[first.portNumber(port)] as JsonSignal).dims);
    const chosen = (pin: number, indices: readonly number[], port: string): { readonly offset: number; readonly read: () => Cells } => {
      const dims = (this.module.signals[pin] as JsonSignal).dims ?? [];
      const n = width(port);
      const offset = indices.reduce((at, i, axis) => at * (dims[axis] as number) + i, 0) * n;
      return { offset, read: () => (this.values[pin] as Cells).slice(offset, offset + n) };
    };
    return elements.map((e) => {
      const ins: Child['ins'][number][] = [];
      const outs: Child['outs'][number][] = [];
      for (const link of links) {
        if (link.kind === 'collect') {
          outs.push({
            from: first.portNumber(link.from),
            signal: link.pin,
            offset: chosen(
              link.pin,
              link.axes.map((a) => e[a] as number),
              link.from,
            ).offset,
          });
          continue;
        }
        const to = first.portNumber(link.to);
        if (link.kind === 'index') {
          const value = link.step.reduce((sum, s, axis) => sum + s * (e[axis] as number), link.first);
          ins.push({ to, read: () => [BigInt(value)] });
        } else if (link.kind === 'feed') {
          const indices = link.axes.map((a) => e[a] as number);
          ins.push({ to, read: chosen(link.pin, indices, link.to).read });
        } else {
          const from = first.portNumber(link.from);
          const before = e.map((x, axis) => x - (link.vector[axis] as number));
          const neighbour = units.get(before.join());
          if (neighbour) ins.push({ to, read: () => neighbour.values[from] as Cells });
          else {
            const enter = link.enters.find(({ axis: a }) => (before[a] as number) < 0 || (before[a] as number) >= (shape[a] as number));
            const { pin, axes, axis, first: start } = enter as NonNullable<typeof enter>;
            const indices = axes.map((a) => (e[a] as number) - (a === axis ? start : 0));
            ins.push({ to, read: chosen(pin, indices, link.to).read });
          }
          if (link.leave !== undefined && !units.has(e.map((x, a) => x + (link.vector[a] as number)).join())) {
            const edge = e.filter((_, a) => link.vector[a] === 0);
            outs.push({ from, signal: link.leave, offset: chosen(link.leave, edge, link.from).offset });
          }
        }
      }
      return { unit: units.get(e.join()) as Unit, ins, outs };
    });
  }

  #lanes({ first, step, output }: JsonDelay): number[] {
    const cells = (this.values[output] as Cells).length;
    const lanes = this.module.signals[output]?.dims?.[0] ?? 1;
    return Array.from({ length: cells }, (_, i) => first + step * Math.floor(i / (cells / lanes)));
  }

  #acts({ signal, activeLow }: JsonReset): boolean {
    return (this.values[signal]?.[0] === 1n) !== (activeLow === true);
  }

  /** One round of computing everything from what it was before; whether anything changed. */
  pass(): boolean {
    const { signals, delays, memories, statements } = this.module;
    const known = new Map<number, Cells>();
    const made = new Map<number, bigint[]>();
    this.#next = new Map([...this.#registers].map(([r, cells]) => [r, [...cells]]));
    signals.forEach(({ role, register }, i) => {
      if (register) {
        const { reset } = register;
        made.set(i, [...(reset?.async && this.#acts(reset) ? this.#eval(reset.value, known) : (this.#registers.get(i) as Cells))]);
      } else if (role !== 'input') made.set(i, [...(this.values[i] as Cells)]);
    });
    delays.forEach((d, n) => {
      const cleared = d.reset?.async && this.#acts(d.reset);
      const input = this.values[d.input] as Cells;
      const lines = this.#lines[n] as bigint[][];
      made.set(
        d.output,
        lines.map((line, i) => (line.length === 0 ? (input[i] as bigint) : cleared ? BigInt(d.reset?.value as string) : (line.at(-1) as bigint))),
      );
    });
    memories.forEach((m, n) => {
      for (const { address, data, registered } of m.reads)
        made.set(data, [...(registered ? (this.#held.get(data) ?? (this.values[data] as Cells)) : this.#word(m, n, address))]);
    });
    this.#run(statements, made, known);
    let changed = false;
    for (const { unit, ins } of this.#children) {
      for (const { to, read } of ins) {
        const cells = [...read()];
        if (!same(unit.values[to] as Cells, cells)) changed = true;
        unit.values[to] = cells;
      }
      if (unit.pass()) changed = true;
    }
    for (const { unit, outs } of this.#children)
      for (const { from, signal, offset } of outs)
        (unit.values[from] as Cells).forEach((v, i) => {
          (made.get(signal) as bigint[])[offset + i] = v;
        });
    for (const [i, cells] of made) {
      if (!same(this.values[i] as Cells, cells)) changed = true;
      this.values[i] = cells;
    }
    return changed;
  }

  #word({ depth, lanes = 1 }: JsonMemory, memory: number, address: number): Cells {
    const at = Number(this.values[address]?.[0]);
    return Array.from({ length: lanes }, (_, i) => (at < depth ? (this.#words[memory]?.[at * lanes + i] as bigint) : 0n));
  }

  #run(stmts: readonly JsonStmt[], made: Map<number, bigint[]>, known: Map<number, Cells>): void {
    for (const stmt of stmts) {
      if (stmt.kind === 'when') this.#run(this.#eval(stmt.cond, known)[0] === 1n ? stmt.then : stmt.else, made, known);
      else this.#assign(stmt.target, this.#eval(stmt.value, known), made, known);
    }
  }

  #assign({ signal, path = [], bits: part }: JsonTarget, value: Cells, made: Map<number, bigint[]>, known: Map<number, Cells>): void {
    const { dims = [], type } = this.module.signals[signal] as JsonSignal;
    const cells = (this.#next.get(signal) ?? made.get(signal)) as bigint[];
    const indices = path.map((p) => (typeof p === 'number' ? p : Number(this.#eval(p.expr, known)[0])));
    if (indices.some((x, axis) => x >= (dims[axis] as number))) return;
    const offset = indices.reduce((at, x, axis) => at * (dims[axis] as number) + x, 0) * size(dims.slice(path.length));
    value.forEach((v, i) => {
      const [hi, lo] = part ?? [type.width - 1, 0];
      const mask = bits(-1n, hi - lo + 1) << BigInt(lo);
      cells[offset + i] = wrap(type, (bits(cells[offset + i] as bigint, type.width) & ~mask) | (bits(v << BigInt(lo), hi + 1) & mask));
    });
  }

  /** The state after the edges of the clocks whose value is 1. */
  edge(): (() => void)[] {
    const { signals, delays, memories } = this.module;
    const on = (signal: number): boolean => this.values[signal]?.[0] === 1n;
    const changes = this.#children.flatMap(({ unit }) => unit.edge());
    signals.forEach(({ register }, i) => {
      if (!register) return;
      const { clock, enable, reset } = register;
      const acts = reset !== undefined && this.#acts(reset);
      if (!(acts && reset?.async) && !on(clock)) return;
      const hold = enable !== undefined && !on(enable);
      const next = acts ? this.#eval(reset.value, new Map()) : hold ? this.#registers.get(i) : this.#next.get(i);
      changes.push(() => void this.#registers.set(i, next as Cells));
    });
    delays.forEach(({ input, clock, enable, reset }, n) => {
      const acts = reset !== undefined && this.#acts(reset);
      if (!(acts && reset?.async) && !on(clock)) return;
      if (!acts && enable !== undefined && !on(enable)) return;
      const from = this.values[input] as Cells;
      const lines = (this.#lines[n] as bigint[][]).map((line, i) =>
        acts ? line.map(() => BigInt(reset.value)) : [from[i] as bigint, ...line].slice(0, line.length),
      );
      changes.push(() => void (this.#lines[n] = lines));
    });
    memories.forEach((m, n) => {
      const { lanes = 1, depth, writes } = m;
      const after = [...(this.#words[n] as bigint[])];
      for (const { clock, address, data, enable, mask } of writes) {
        const at = Number(this.values[address]?.[0]);
        if (!on(clock) || !on(enable) || at >= depth) continue;
        for (let i = 0; i < lanes; i++)
          if (mask === undefined || this.values[mask]?.[i] === 1n) after[at * lanes + i] = this.values[data]?.[i] as bigint;
      }
      for (const { address, data, registered } of m.reads) {
        if (!registered || !on(registered.clock) || !on(registered.enable)) continue;
        const at = Number(this.values[address]?.[0]);
        const old = this.#word(m, n, address);
        const read = registered.underWrite === 'new' && at < depth ? after.slice(at * lanes, (at + 1) * lanes) : old;
        changes.push(() => void this.#held.set(data, read));
      }
      changes.push(() => void (this.#words[n] = after));
    });
    return changes;
  }

  #eval(e: number, known: Map<number, Cells>): Cells {
    let cells = known.get(e);
    if (!cells) known.set(e, (cells = this.#compute(this.module.expressions[e] as JsonExpr, known)));
    return cells;
  }

  #compute({ op, type, dims = [], args = [], ...rest }: JsonExpr, known: Map<number, Cells>): Cells {
    const exprs = args.map((a) => this.module.expressions[a] as JsonExpr);
    const cells = args.map((a) => () => this.#eval(a, known));
    const arg = (i: number): Cells => (cells[i] as () => Cells)();
    const [first] = exprs;
    const inner = size(first?.dims?.slice(1));
    switch (op) {
      case 'const':
        return [BigInt(rest.value as string)];
      case 'ref':
        return this.values[rest.signal as number] as Cells;
      case 'mux':
        return arg(0)[0] === 1n ? arg(1) : arg(2);
      case 'element': {
        const i = rest.index ?? Number(arg(1)[0]);
        return i < (first?.dims?.[0] as number) ? arg(0).slice(i * inner, (i + 1) * inner) : Array<bigint>(inner).fill(0n);
      }
      case 'array':
        return args.flatMap((_, i) => arg(i));
      case 'fill':
        return Array.from({ length: size(dims) / arg(0).length }, () => arg(0)).flat();
      case 'reverse':
        return Array.from({ length: arg(0).length / inner }, (_, i) => arg(0).slice(i * inner, (i + 1) * inner))
          .reverse()
          .flat();
      case 'unpack':
        return Array.from({ length: dims[0] as number }, (_, i) => wrap(type, (arg(0)[0] as bigint) >> BigInt(i * type.width)));
      case 'pack':
        return [arg(0).reduceRight((all, v) => (all << BigInt(first?.type.width as number)) | bits(v, first?.type.width as number), 0n)];
      case 'cat':
        return [
          args.reduce((all, _, i) => (all << BigInt(exprs[i]?.type.width as number)) | bits(arg(i)[0] as bigint, exprs[i]?.type.width as number), 0n),
        ];
      case 'bits':
        return [bits((arg(0)[0] as bigint) >> BigInt(rest.lo as number), type.width)];
      case 'extend':
      case 'trunc':
      case 'cast':
        return arg(0).map((v) =>
          wrap(type, bits(v, op === 'cast' ? type.width : Math.max(type.width, first?.type.width as number)) | (op === 'extend' ? v : 0n)),
        );
      default:
        return [
          wrap(type, scalar(op, arg(0)[0] as bigint, args.length > 1 ? (arg(1)[0] as bigint) : 0n, first?.type.width as number, rest.amount ?? 0)),
        ];
    }
  }
}

function scalar(op: string, a: bigint, b: bigint, width: number, amount: number): bigint {
  const truth = (x: boolean): bigint => (x ? 1n : 0n);
  const all = bits(-1n, width);
  switch (op) {
    case 'add':
    case 'addw':
      return a + b;
    case 'sub':
    case 'subw':
      return a - b;
    case 'mul':
      return a * b;
    case 'div':
      return b === 0n ? 0n : a / b;
    case 'rem':
      return b === 0n ? 0n : a % b;
    case 'and':
      return a & b;
    case 'or':
      return a | b;
    case 'xor':
      return a ^ b;
    case 'not':
      return ~a;
    case 'neg':
      return -a;
    case 'eq':
      return truth(a === b);
    case 'ne':
      return truth(a !== b);
    case 'lt':
      return truth(a < b);
    case 'le':
      return truth(a <= b);
    case 'gt':
      return truth(a > b);
    case 'ge':
      return truth(a >= b);
    case 'shl':
      return a << BigInt(amount);
    case 'shr':
      return a >> BigInt(amount);
    case 'dshl':
      return a << b;
    case 'dshr':
      return a >> b;
    case 'andR':
      return truth((a & all) === all);
    case 'orR':
      return truth((a & all) !== 0n);
    case 'xorR':
      return BigInt((a & all).toString(2).replaceAll('0', '').length % 2);
    default:
      throw new Error(`JSON: unknown operator ${op}`);
  }
}

/** A design run from its JSON text. Ports go by their names in the language, as lists of elements. */
export class JsonRun {
  readonly #top: Unit;

  constructor(text: string) {
    const design = JSON.parse(text) as JsonDesign;
    if (design.format !== 'systole-netlist' || design.version !== 1) throw new Error('JSON: not a netlist of version 1');
    this.#top = new Unit(design, design.top);
  }

  poke(port: string, cells: Cells): void {
    const number = this.#top.portNumber(port);
    const { type } = this.#top.module.signals[number] as JsonSignal;
    this.#top.values[number] = cells.map((v) => wrap(type, v));
  }

  peek(port: string): Cells {
    this.#settle();
    return this.#top.values[this.#top.portNumber(port)] as Cells;
  }

  /** Edges of all clocks, or of some at once; of none, only asynchronous resets act. */
  step(clocks: readonly string[] = this.#clocks()): void {
    for (const clock of clocks) this.poke(clock, [1n]);
    this.#settle();
    for (const change of this.#top.edge()) change();
    for (const clock of clocks) this.poke(clock, [0n]);
  }

  #clocks(): string[] {
    const { ports, signals } = this.#top.module;
    return ports.flatMap((p) => (signals[p]?.type.kind === 'clock' ? [signals[p].name] : []));
  }

  #settle(): void {
    for (let round = 0; this.#top.pass(); round++) if (round > 1000) throw new Error('JSON: the circuit does not settle');
  }
}
