// What generated code knows at a place: values that have names already, the loop it stands in, wires that are computed where they are used.
//
// Invariant: a name is forgotten at the end of the block in which it was made. Values that are equal for all elements of a loop are computed
// before it, outside of every condition.

import type { AssignNode } from '../nodes.ts';
import { bin, type Code, i32, type W } from './code.ts';
import type { Block, Placements, Spot } from './placement.ts';

export type Names = Map<unknown, readonly W[]>;

export class Context {
  readonly code: Code;
  readonly placements: Placements;
  /** Wires without cells, by their block. */
  readonly inline = new Map<Block, AssignNode>();
  /** Reads go to another block while registers are updated in place. */
  readonly old: ReadonlyMap<Block, number>;
  /** Computes a wire without cells as scalar code. */
  compute: (wire: AssignNode) => readonly W[] = () => [];
  nest: Nest | undefined;
  /** Whether vectors may be used. */
  lanes = true;
  /** Nothing may be remembered: cells change while a loop of wires settles. */
  volatile = false;
  #names: Names[] = [new Map()];

  constructor(code: Code, placements: Placements, old: ReadonlyMap<Block, number> = new Map()) {
    this.code = code;
    this.placements = placements;
    this.old = old;
  }

  find(key: unknown): readonly W[] | undefined {
    for (let i = this.#names.length - 1; i >= 0; i--) {
      const found = this.#names[i]?.get(key);
      if (found) return found;
    }
    return undefined;
  }

  /** Computes values once; later finders of the key get their names. */
  name(key: unknown, values: readonly W[]): readonly W[] {
    const named = values.map((v) => this.code.let(v));
    if (!this.volatile) this.#names[this.#names.length - 1]?.set(key, named);
    return named;
  }

  scoped(emit: () => void): void {
    this.#names.push(new Map());
    emit();
    this.#names.pop();
  }

  if(cond: W, yes: () => void, no?: () => void): void {
    this.code.if(cond, () => this.scoped(yes), no && (() => this.scoped(no)));
  }

  /** Emits before the loop that we are in, where only what is known there is known. */
  hoisted<T>(emit: () => T): T {
    const { nest } = this;
    if (!nest) return emit();
    const names = this.#names;
    this.#names = names.slice(0, nest.depth);
    this.nest = undefined;
    let result: T | undefined;
    nest.before.push(
      ...this.code.buffered(() => {
        result = emit();
      }),
    );
    this.nest = nest;
    this.#names = names;
    return result as T;
  }

  /** Runs a body for each element; `step` elements of the last dimension at a time. */
  loop(dims: readonly number[], descending: readonly boolean[], step: number, body: () => void): void {
    const nest = new Nest(this.code, dims, descending, step, this.#names.length);
    this.nest = nest;
    const inner = this.code.buffered(() => this.scoped(body));
    this.nest = undefined;
    nest.emit(inner);
  }

  /** The address of the present element's cell without its constant part, and that part. */
  place(spot: Spot): { readonly cursor: W; readonly offset: number } {
    const { nest } = this;
    const offset = spot.base;
    return { cursor: nest ? nest.cursor(spot.domain) : i32(0), offset };
  }

  uniform(spot: Spot): boolean {
    return !this.nest || spot.domain.every((s, d) => s === 0 || this.nest?.dims[d] === 1);
  }
}

/** Nested loops over a domain with one address register for each set of strides. */
export class Nest {
  readonly dims: readonly number[];
  readonly depth: number;
  readonly before: number[] = [];
  readonly #code: Code;
  readonly #descending: readonly boolean[];
  readonly #step: number;
  readonly #cursors = new Map<string, { readonly local: number; readonly strides: readonly number[] }>();

  constructor(code: Code, dims: readonly number[], descending: readonly boolean[], step: number, depth: number) {
    this.#code = code;
    this.dims = dims;
    this.#descending = descending;
    this.#step = step;
    this.depth = depth;
  }

  cursor(strides: readonly number[]): W {
    const live = strides.map((s, d) => (this.dims[d] === 1 ? 0 : s));
    if (live.every((s) => s === 0)) return i32(0);
    const key = live.join();
    let cursor = this.#cursors.get(key);
    if (!cursor) this.#cursors.set(key, (cursor = { local: this.#code.local('i32'), strides: live }));
    return this.#code.get(cursor.local);
  }

  emit(body: readonly number[]): void {
    const code = this.#code;
    code.push(this.before);
    const last = this.dims.length - 1;
    const rounds = this.dims.map((n, d) => (d === last ? Math.ceil(n / this.#step) : n));
    const moves = [...this.#cursors.values()].map(({ local, strides }) => {
      const step = strides.map((s, d) => (d === last ? s * this.#step : s) * (this.#descending[d] ? -1 : 1));
      const start = step.reduce((sum, s, d) => (s < 0 ? sum - s * ((rounds[d] as number) - 1) : sum), 0);
      code.set(local, i32(start));
      return { local, step };
    });
    const level = (d: number): void => {
      if (d > last) return code.push(body);
      code.times(rounds[d] as number, () => {
        level(d + 1);
        for (const { local, step } of moves) {
          // The next loop further in has gone to its end, and has itself taken back what those within it did.
          const inner = rounds[d + 1] ?? 1;
          const back = inner > 1 ? (step[d + 1] as number) * inner : 0;
          const by = ((rounds[d] as number) > 1 ? (step[d] as number) : 0) - back;
          if (by !== 0) code.set(local, bin('add', code.get(local), i32(by)));
        }
      });
    };
    level(0);
  }
}
