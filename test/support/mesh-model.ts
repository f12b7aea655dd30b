// What a random mesh means, element by element, with plain arrays and no hardware.
//
// Invariant: imports nothing from hdl/ or sim/. A value is its bits as a number that is not negative.

import type { Rng } from './random.ts';
import {
  type Flavour,
  IMMEDIATE,
  type InSpec,
  isUnit,
  type MeshOptions,
  type MeshSpec,
  type OutSpec,
  portsOf,
  randomMesh,
  sideDims,
} from './random-mesh.ts';

type Place = readonly number[];
/** Elements of each port in row-major order. */
export type Ports = Map<string, bigint[]>;

interface State {
  readonly cells: bigint[];
}

const START: { readonly [flavour in Flavour]: readonly bigint[] } = {
  comb: [],
  reg: [0n],
  delay: [0n, 0n],
  child: [0n],
  memory: [1n, 0n, 1n, 0n],
  inner: [0n, 0n, 0n],
  fsm: [0n],
};

export class MeshModel {
  readonly #spec: MeshSpec;
  readonly #places: readonly Place[];
  readonly #states = new Map<string, State>();
  #ports: Ports = new Map();
  #known = new Map<string, bigint>();

  constructor(spec: MeshSpec) {
    this.#spec = spec;
    this.#places = places(spec.shape);
    for (const e of this.#places) spec.outs.forEach(({ flavour }, o) => this.#states.set(`${e}/${o}`, { cells: [...START[flavour]] }));
  }

  /** Whether some output depends on itself within a cycle. */
  hasLoop(): boolean {
    const state = new Map<string, 'open' | 'done'>();
    const loops = (e: Place, o: number): boolean => {
      const key = `${e}/${o}`;
      if (state.has(key)) return state.get(key) === 'open';
      state.set(key, 'open');
      const out = this.#spec.outs[o] as OutSpec;
      const found =
        IMMEDIATE.includes(out.flavour) &&
        out.terms.some(({ input }) => {
          const { link } = this.#spec.ins[input] as InSpec;
          if (link.kind !== 'shift') return false;
          const before = e.map((x, a) => x - (link.vector[a] as number));
          return this.#outside(before) < 0 && loops(before, link.from);
        });
      state.set(key, 'done');
      return found;
    };
    return this.#places.some((e) => this.#spec.outs.some((_, o) => loops(e, o)));
  }

  /** Outputs in a cycle, from the inputs. */
  evaluate(inputs: Ports): Ports {
    this.#ports = inputs;
    this.#known = new Map();
    const result: Ports = new Map();
    this.#spec.outs.forEach(({ orders }, o) => {
      orders.forEach((order, k) => {
        const element = (at: Place): Place => this.#spec.shape.map((_, a) => at[order.indexOf(a)] as number);
        const dims = order.map((a) => this.#spec.shape[a] as number);
        result.set(
          `y${o}o${k}`,
          places(dims).map((at) => this.#out(element(at), o)),
        );
      });
    });
    this.#spec.ins.forEach(({ link }, i) => {
      if (link.kind !== 'shift' || !link.leave) return;
      const last = this.#places.filter((e) => this.#outside(e.map((x, a) => x + (link.vector[a] as number))) >= 0);
      result.set(
        `l${i}`,
        last.map((e) => this.#out(e, link.from)),
      );
    });
    return result;
  }

  /** The clock edge after `evaluate`. */
  step(reset: boolean): void {
    const next = this.#places.flatMap((e) => this.#spec.outs.map((_, o) => [`${e}/${o}`, this.#next(e, o, reset)] as const));
    for (const [key, cells] of next) this.#states.set(key, { cells });
  }

  /** The first axis along which a place lies outside, or −1. */
  #outside(e: Place): number {
    return e.findIndex((x, a) => x < 0 || x >= (this.#spec.shape[a] as number));
  }

  #sum(e: Place, { terms, type }: OutSpec): bigint {
    const size = 2n ** BigInt(type.width);
    let sum = 0n;
    terms.forEach(({ input, op }, k) => {
      const x = this.#input(e, input) % size;
      sum = k === 0 ? x : op === 'addw' ? (sum + x) % size : sum ^ x;
    });
    return sum;
  }

  #out(e: Place, o: number): bigint {
    const key = `${e}/${o}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const out = this.#spec.outs[o] as OutSpec;
    const { cells } = this.#states.get(key) as State;
    const x = IMMEDIATE.includes(out.flavour) ? this.#sum(e, out) : 0n;
    const value = {
      comb: () => x,
      reg: () => cells[0],
      delay: () => cells[1],
      child: () => (cells[0] as bigint) ^ x,
      memory: () => cells[Number(x % 4n)],
      inner: () => cells[2],
      fsm: () => (cells[0] === 0n ? x : 2n ** BigInt(out.type.width) - 1n - x),
    }[out.flavour]() as bigint;
    this.#known.set(key, value);
    return value;
  }

  #next(e: Place, o: number, reset: boolean): bigint[] {
    const out = this.#spec.outs[o] as OutSpec;
    const { cells } = this.#states.get(`${e}/${o}`) as State;
    const x = this.#sum(e, out);
    const size = 2n ** BigInt(out.type.width);
    if (out.flavour === 'memory') return this.#port('go', []) === 0n ? cells : cells.map((word, i) => (i === Number(x % 4n) ? x : word));
    if (reset) return cells.map(() => 0n);
    switch (out.flavour) {
      case 'inner':
        return [x, ((cells[0] as bigint) + 1n) % size, ((cells[1] as bigint) + 2n) % size];
      case 'fsm':
        return [x % 2n === 1n ? 1n - (cells[0] as bigint) : (cells[0] as bigint)];
      default:
        return cells.map((_, i) => (i === 0 ? x : (cells[i - 1] as bigint)));
    }
  }

  #input(e: Place, i: number): bigint {
    const { link, type } = this.#spec.ins[i] as InSpec;
    const { shape } = this.#spec;
    if (link.kind === 'feed')
      return this.#port(
        `x${i}`,
        link.axes.map((a) => e[a] as number),
      );
    if (link.kind === 'index') {
      const value = e.reduce((sum, x, a) => sum + x * (link.step[a] as number), link.first);
      return BigInt.asUintN(type.width, BigInt(value));
    }
    const { vector, enter } = link;
    const before = e.map((x, a) => x - (vector[a] as number));
    const axis = this.#outside(before);
    if (axis < 0) return this.#out(before, link.from);
    const without = e.filter((_, a) => a !== axis);
    if (typeof enter === 'object') {
      const name = `x${i}s${axis}`;
      if (enter.sides[axis] === 'one') return this.#port(name, []);
      if (Math.abs(vector[axis] as number) === 1) return this.#port(name, without);
      const layers = sideDims(shape, vector, axis)[axis] as number;
      const first = (vector[axis] as number) > 0 ? 0 : (shape[axis] as number) - layers;
      return this.#port(
        name,
        e.map((x, a) => (a === axis ? x - first : x)),
      );
    }
    if (enter === 'zero') return 0n;
    return this.#port(`x${i}`, enter === 'one' ? [] : enter === 'edge' && isUnit(vector) ? without : e);
  }

  #port(name: string, at: Place): bigint {
    const { dims } = portsOf(this.#spec).find((p) => p.name === name) as { readonly dims: readonly number[] };
    return this.#ports.get(name)?.[at.reduce((sum, x, a) => sum * (dims[a] as number) + x, 0)] as bigint;
  }
}

/** A random mesh without a combinational loop: `elaborate(MeshModule, spec)` is its hardware, `portsOf(spec)` its ports, `new MeshModel(spec)` its model. */
export function soundMesh(rng: Rng, options: MeshOptions = {}): MeshSpec {
  for (;;) {
    const spec = randomMesh(rng, options);
    if (!new MeshModel(spec).hasLoop()) return spec;
  }
}

function places(shape: readonly number[]): Place[] {
  return shape.reduce<number[][]>((found, n) => found.flatMap((e) => [...Array(n).keys()].map((x) => [...e, x])), [[]]);
}
