// A mesh as exact integers: every element a model of its own, settled by repetition.

import { construct, type Value } from '../reference.ts';
import type { Item } from './data.ts';
import type { Evaluator } from './evaluate.ts';
import type { CircuitModel, Scope } from './model.ts';

type Mesh = Extract<Item, { kind: 'mesh' }>;

export class MeshModel {
  readonly #mesh: Mesh;
  readonly #places: readonly (readonly number[])[];
  readonly #models: readonly CircuitModel[];

  constructor(mesh: Mesh, make: () => CircuitModel) {
    this.#mesh = mesh;
    this.#places = mesh.shape.reduce<number[][]>((all, n) => all.flatMap((e) => [...Array(n).keys()].map((i) => [...e, i])), [[]]);
    this.#models = this.#places.map(make);
  }

  step(clocks: ReadonlySet<string>): void {
    for (const model of this.#models) model.step(clocks);
  }

  /** What leaves and what is collected, by name. */
  evaluate(values: Evaluator, scope: Scope): Map<string, Value> {
    const { links, module, shape } = this.#mesh;
    const given = links.map((link) => (link.kind === 'feed' ? values.of(link.value) : link.kind === 'shift' ? values.of(link.enter) : 0n));
    let outs: ReadonlyMap<string, Value>[] = this.#models.map(() => new Map(module.outputs.map((o) => [o.name, construct(o.type, () => 0n)])));
    // As often as the longest path may be; a mesh without loops is then settled.
    for (let round = 0; round <= this.#places.length * 2; round++) {
      const before = outs;
      outs = this.#places.map((e, k) => {
        const ins = new Map<string, Value>();
        links.forEach((link, l) => {
          if (link.kind === 'feed')
            ins.set(
              link.to,
              pick(
                given[l] as Value,
                link.axes.map((a) => e[a] as number),
              ),
            );
          if (link.kind !== 'shift') return;
          const from = this.#number(e.map((x, axis) => x - (link.vector[axis] as number)));
          const edge = e.filter((_, axis) => link.vector[axis] === 0);
          ins.set(link.to, from === undefined ? pick(given[l] as Value, edge) : (before[from]?.get(link.from) as Value));
        });
        return (this.#models[k] as CircuitModel).evaluate(ins, scope);
      });
      if (outs.every((o, k) => [...o].every(([port, v]) => equal(v, before[k]?.get(port) as Value)))) break;
    }
    const nest = (prefix: readonly number[], axes: readonly number[], at: (e: readonly number[]) => Value): Value => {
      const [axis, ...rest] = axes;
      return axis === undefined ? at(prefix) : [...Array(shape[axis]).keys()].map((i) => nest([...prefix, i], rest, at));
    };
    const all = shape.map((_, axis) => axis);
    const out = (e: readonly number[], port: string): Value => outs[this.#number(e) as number]?.get(port) as Value;
    const found = new Map<string, Value>();
    for (const link of links) {
      if (link.kind === 'collect')
        found.set(
          link.name,
          nest([], all, (e) => out(e, link.from)),
        );
      if (link.kind !== 'shift' || !link.leave) continue;
      const axis = link.vector.findIndex((v) => v !== 0);
      const last = (link.vector[axis] as number) > 0 ? (shape[axis] as number) - 1 : 0;
      const rest = all.filter((a) => a !== axis);
      found.set(
        link.leave,
        nest([], rest, (e) => out(e.toSpliced(axis, 0, last), link.from)),
      );
    }
    return found;
  }

  #number(e: readonly number[]): number | undefined {
    const { shape } = this.#mesh;
    return e.every((x, axis) => x >= 0 && x < (shape[axis] as number)) ? e.reduce((n, x, axis) => n * (shape[axis] as number) + x, 0) : undefined;
  }
}

function pick(value: Value, indices: readonly number[]): Value {
  return indices.reduce<Value>((v, i) => (v as readonly Value[])[i] as Value, value);
}

function equal(a: Value, b: Value): boolean {
  if (typeof a === 'bigint' || typeof b === 'bigint') return a === b;
  return Object.entries(a).every(([key, v]) => equal(v as Value, (b as { readonly [key: string]: Value })[key] as Value));
}
