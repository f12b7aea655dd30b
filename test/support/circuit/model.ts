// Meaning 2 of a circuit: exact integers.
//
// Invariant: imports nothing from hdl/ or sim/. State changes in `step` alone, but for what an asynchronous reset does.

import { construct, type Ground, type Type, type Value, wrap } from '../reference.ts';
import { type Circuit, type DomainOf, type Item, membersOf, type Pattern, type Stmt, stateType, type Target } from './data.ts';
import { Evaluator } from './evaluate.ts';
import { MeshModel } from './model-mesh.ts';

/** What a domain is at the moment. */
export interface Scope {
  readonly clock: string;
  readonly reset: boolean;
  readonly async: boolean;
  readonly enable: boolean;
}
type Env = Map<string, Value>;
type Of<K extends Item['kind']> = Extract<Item, { kind: K }>;
interface State {
  value: Value;
  readonly start: Value | undefined;
  readonly domain: string | undefined;
}
/** How often each assertion failed and each cover was reached, by message. */
export type Tally = Map<string, number>;

const zero = (type: Type): Value => construct(type, () => 0n);

export class CircuitModel {
  readonly #circuit: Circuit;
  readonly #state = new Map<string, State>();
  #next: Env = new Map();
  #domains = new Map<string | undefined, Scope>();
  readonly #children = new Map<string, CircuitModel>();
  readonly #meshes = new Map<string, MeshModel>();
  readonly #lines = new Map<string, Value[][]>();
  readonly #words = new Map<string, Value[]>();
  readonly #seen = new Map<string, Value>();
  /** Of external modules, the sums before the last edge. */
  readonly #shown = new Map<string, bigint>();
  /** What the next edge of each clock does beside the registers. */
  #moves: { readonly clock: string; readonly move: () => void }[] = [];
  /** What the properties say, for the next edge of each clock. */
  #said: { readonly clock: string; readonly message: string }[] = [];
  readonly #tally: Tally;
  #eval = new Evaluator(new Map());
  #env: Env = new Map();

  constructor(circuit: Circuit, tally: Tally = new Map()) {
    this.#circuit = circuit;
    this.#tally = tally;
    for (const r of circuit.registers) this.#state.set(r.name, { value: zero(r.type), start: r.reset, domain: r.domain });
    for (const item of circuit.items) {
      if (item.kind === 'instance') this.#children.set(item.name, new CircuitModel(item.module, tally));
      if (item.kind === 'mesh') this.#meshes.set(item.name, new MeshModel(item, () => new CircuitModel(item.module, tally)));
      if (item.kind === 'machine') {
        const start = BigInt(item.states.indexOf(item.start));
        this.#state.set(item.name, { value: 0n, start, domain: item.domain });
      }
      if (item.kind === 'memory')
        this.#words.set(
          item.name,
          [...Array(item.depth).keys()].map((i) => item.init?.[i] ?? zero(item.type)),
        );
    }
  }

  get tally(): Tally {
    return this.#tally;
  }

  /** Outputs for these inputs in the present state; remembers what edges will do. `resets` says which own reset ports are active. */
  evaluate(inputs: ReadonlyMap<string, Value>, around: Scope, resets: ReadonlySet<string> = new Set()): Map<string, Value> {
    this.#env = new Map(inputs);
    this.#eval = new Evaluator(this.#env);
    [this.#moves, this.#said] = [[], []];
    this.#domains = new Map([[undefined, around], ...(this.#circuit.domains ?? []).map((d) => [d.name, this.#scope(d, resets)] as const)]);
    for (const [name, s] of this.#state) {
      const { async, reset } = this.#domains.get(s.domain) as Scope;
      if (async && reset && s.start !== undefined) s.value = s.start;
      this.#env.set(name, s.value);
    }
    this.#next = new Map([...this.#state].map(([name, { value }]) => [name, value]));
    for (const { name, type } of this.#circuit.outputs) this.#env.set(name, zero(type));
    for (const item of this.#circuit.items) this.#item(item, this.#domains.get(item.domain) as Scope);
    return new Map(this.#circuit.outputs.map(({ name }) => [name, this.#env.get(name) as Value]));
  }

  /** An edge of some clocks at once. */
  step(clocks: ReadonlySet<string>): void {
    for (const [name, s] of this.#state) {
      const scope = this.#domains.get(s.domain) as Scope;
      if (!clocks.has(scope.clock)) continue;
      if (scope.reset && s.start !== undefined) s.value = s.start;
      else if (scope.enable) s.value = this.#next.get(name) as Value;
    }
    for (const { clock, move } of this.#moves) if (clocks.has(clock)) move();
    for (const { clock, message } of this.#said) if (clocks.has(clock)) this.#tally.set(message, (this.#tally.get(message) ?? 0) + 1);
    for (const child of this.#children.values()) child.step(clocks);
    for (const mesh of this.#meshes.values()) mesh.step(clocks);
  }

  #scope({ clock, reset, enable }: DomainOf, resets: ReadonlySet<string>): Scope {
    return {
      clock,
      reset: reset !== undefined && resets.has(reset.port),
      async: reset?.async ?? false,
      enable: this.#eval.holds(enable),
    };
  }

  #item(item: Item, scope: Scope): void {
    switch (item.kind) {
      case 'block':
        for (const w of item.wires) this.#env.set(w.name, zero(w.type));
        return this.#body(item.body, scope);
      case 'instance':
        return this.#instance(item, scope);
      case 'delay':
        return this.#delay(item, scope);
      case 'memory':
        return this.#memory(item, scope);
      case 'machine': {
        const state = Number(this.#env.get(item.name));
        this.#body(item.arms.find((a) => a.state === item.states[state])?.body ?? [], scope);
        return this.#body(item.body, scope);
      }
      case 'mesh':
        for (const [name, value] of (this.#meshes.get(item.name) as MeshModel).evaluate(this.#eval, scope)) this.#env.set(name, value);
        return;
      case 'external':
        return this.#external(item, scope);
      case 'synchroniser':
        return this.#line(
          item.name,
          [this.#eval.of(item.value)],
          [item.stages],
          0n,
          item.reset === undefined ? undefined : item.reset ? 1n : 0n,
          scope,
          true,
        );
    }
  }

  #instance({ name, module, body }: Of<'instance'>, scope: Scope): void {
    for (const i of module.inputs) this.#env.set(`${name}.${i.name}`, zero(i.type));
    this.#body(body, scope);
    const ins = new Map(module.inputs.map((i) => [i.name, this.#env.get(`${name}.${i.name}`) as Value]));
    for (const [port, value] of (this.#children.get(name) as CircuitModel).evaluate(ins, scope)) this.#env.set(`${name}.${port}`, value);
  }

  #external({ name, values, outputs, parameter, registered }: Of<'external'>, { clock }: Scope): void {
    const now = values.reduce((sum, v) => sum + this.#eval.int(v), 0n);
    const sum = registered ? (this.#shown.get(name) ?? 0n) : now;
    outputs.forEach((o, i) => this.#env.set(`${name}.${o.name}`, wrap(o.type, sum + BigInt(parameter * i))));
    this.#moves.push({ clock, move: () => this.#shown.set(name, now) });
  }

  #delay({ name, value: of, first, step, enable, reset }: Of<'delay'>, scope: Scope): void {
    const value = this.#eval.of(of);
    const lanes = step !== 0 ? (value as readonly Value[]) : [value];
    const lane = zero(step !== 0 ? (of.type as { element: Type }).element : of.type);
    const depths = lanes.map((_, i) => first + step * i);
    this.#line(name, lanes, depths, lane, reset ? lane : undefined, scope, this.#eval.holds(enable), step !== 0);
  }

  /** Shift registers in parallel. */
  #line(
    name: string,
    lanes: readonly Value[],
    depths: readonly number[],
    empty: Value,
    start: Value | undefined,
    { reset, async, clock, enable }: Scope,
    moves: boolean,
    many = false,
  ): void {
    const lines = this.#lines.get(name) ?? depths.map((n) => [...Array(n)].map(() => empty));
    this.#lines.set(name, lines);
    const clear = (): void => {
      for (const line of lines) line.fill(start as Value);
    };
    if (reset && async && start !== undefined) clear();
    const out = lanes.map((lane, i) => lines[i]?.[0] ?? lane);
    this.#env.set(name, many ? out : (out[0] as Value));
    this.#moves.push({
      clock,
      move: () => {
        if (reset && start !== undefined) clear();
        else if (moves && enable) lines.forEach((line, i) => line.length > 0 && line.splice(0, line.length, ...line.slice(1), lanes[i] as Value));
      },
    });
  }

  #memory({ name, type, depth, reads, body }: Of<'memory'>, scope: Scope): void {
    const words = this.#words.get(name) as Value[];
    const writes: { readonly address: number; readonly value: Value; readonly mask: readonly Value[] | undefined }[] = [];
    this.#writes = writes;
    this.#body(body, scope);
    const written = scope.enable ? writes.filter((w) => w.address < depth) : [];
    const after = (address: number): Value =>
      written
        .filter((w) => w.address === address)
        .reduce<Value>(
          (word, { value, mask }) =>
            mask ? (word as readonly Value[]).map((v, i) => (mask[i] === 1n ? ((value as readonly Value[])[i] as Value) : v)) : value,
          words[address] as Value,
        );
    for (const { name: port, address: of, registered } of reads) {
      const address = Number(this.#eval.int(of));
      if (!registered) {
        this.#env.set(port, words[address] ?? zero(type));
        continue;
      }
      this.#env.set(port, this.#seen.get(port) ?? zero(type));
      const enabled = scope.enable && this.#eval.holds(registered.enable);
      this.#moves.push({
        clock: scope.clock,
        move: () => {
          if (!enabled) return;
          const word = registered.underWrite === 'new' && address < depth ? after(address) : words[address];
          this.#seen.set(port, word ?? zero(type));
        },
      });
    }
    // After the reads, that see what stood there.
    this.#moves.push({
      clock: scope.clock,
      move: () => {
        for (const address of new Set(written.map((w) => w.address))) words[address] = after(address);
      },
    });
  }
  /** Of the memory whose statements run. */
  #writes: { readonly address: number; readonly value: Value; readonly mask: readonly Value[] | undefined }[] = [];

  #body(stmts: readonly Stmt[], scope: Scope): void {
    for (const stmt of stmts) this.#stmt(stmt, scope);
  }

  #stmt(stmt: Stmt, scope: Scope): void {
    const e = this.#eval;
    switch (stmt.kind) {
      case 'set':
        return this.#set(stmt.target, stmt.type, e.of(stmt.value));
      case 'when':
        return this.#body(stmt.arms.find(({ cond }) => e.holds(cond))?.body ?? stmt.otherwise ?? [], scope);
      case 'switch': {
        const subject = wrap({ kind: 'uint', width: (stmt.subject.type as Ground).width }, e.int(stmt.subject));
        const matches = ({ value, mask }: Pattern): boolean => bitAnd(subject, mask) === value;
        const found = stmt.cases.find((c) => c.patterns.some(matches));
        // Where cases cover all members, any other code is as the last one.
        const last = coversAll(stmt) ? stmt.cases.at(-1)?.body : undefined;
        return this.#body(found?.body ?? stmt.otherwise ?? last ?? [], scope);
      }
      case 'goto': {
        const machine = this.#circuit.items.find((i): i is Of<'machine'> => i.kind === 'machine' && i.name === stmt.machine);
        if (machine) this.#next.set(stmt.machine, BigInt(membersOf(stateType(machine.states))[stmt.state] as number));
        return;
      }
      case 'write':
        if (!e.holds(stmt.enable)) return;
        this.#writes.push({
          address: Number(e.int(stmt.address)),
          value: e.of(stmt.value),
          mask: stmt.mask && (e.of(stmt.mask) as readonly Value[]),
        });
        return;
      case 'property':
        if (scope.reset || !scope.enable || e.holds(stmt.cond) === (stmt.property !== 'cover')) return;
        this.#said.push({ clock: scope.clock, message: stmt.message });
    }
  }

  #set({ name, path, bits, part }: Target, type: Type, value: Value): void {
    // Registers change at the edge, all else at once.
    const store = this.#next.has(name) ? this.#next : this.#env;
    const steps = path.map((step) => (typeof step === 'object' ? Number(this.#eval.int(step)) : step));
    const offset = part && Number(this.#eval.int(part.offset));
    const put = (old: Value, rest: readonly (string | number)[]): Value => {
      const [step, ...more] = rest;
      if (step === undefined) {
        if (offset !== undefined && part) return insert(old as bigint, value as bigint, [offset + part.width - 1, offset], type as Ground);
        return bits ? insert(old as bigint, value as bigint, bits, type as Ground) : value;
      }
      if (Array.isArray(old)) return Number(step) >= old.length ? old : old.map((v: Value, i) => (i === step ? put(v, more) : v));
      const holder = old as { readonly [key: string]: Value };
      return { ...holder, [step]: put(holder[step] as Value, more) };
    };
    store.set(name, put(store.get(name) as Value, steps));
  }
}

/** `old` with some bits replaced; those above the highest are dropped. */
function insert(old: bigint, value: bigint, [hi, lo]: readonly [number, number], type: Ground): bigint {
  if (lo >= type.width) return old;
  const before = wrap({ kind: 'uint', width: type.width }, old);
  const [low, top] = [2n ** BigInt(lo), 2n ** BigInt(hi + 1)];
  return wrap(type, (before / top) * top + wrap({ kind: 'uint', width: hi - lo + 1 }, value) * low + (before % low));
}

function coversAll({ subject, cases }: Stmt & { readonly kind: 'switch' }): boolean {
  if (!(subject.type as Ground).dress) return false;
  const codes = new Set(cases.flatMap((c) => c.patterns.map((p) => p.value)));
  return Object.values(membersOf(subject.type)).every((code) => codes.has(BigInt(code)));
}

function bitAnd(a: bigint, b: bigint): bigint {
  return a & b;
}
