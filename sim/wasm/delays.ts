// Banks of shift registers.
//
// A bank is one circular buffer of rows, one row for each slot, in which a row holds all lanes of one moment. Each row is written twice, one
// period apart, so that every lane of every depth is at a constant distance from the present row: an output is one load and one store.
//
// Invariant: row (t mod depth) is written at the edge of slot t; lane i shows row t − depth(i). `depth` is the greatest of all lanes.

import type { Delay, Signal } from '../../hdl/ir/nodes.ts';
import { ringsOf } from '../js/links.ts';
import type { Scope } from '../layout.ts';
import { randomBits, randomWords } from '../random.ts';
import type { Value } from '../values.ts';
import { type CellView, cellSize, limbsOf } from './cells.ts';
import { bin, i32, i64, load, select, vecLoad, type W } from './code.ts';
import type { Context } from './context.ts';
import type { Placements, Spot } from './placement.ts';
import { positions, Scalar } from './scalar.ts';

export class Bank {
  readonly scope: Scope;
  readonly delay: Delay;
  readonly depth: number;
  readonly #depths: readonly number[];
  readonly #inner: number;
  readonly #size: number;
  readonly #row: number;
  /** Of one element of the domain. */
  readonly #stride: number;
  readonly #rows: number;
  /** Byte offset of the present row, one word for each element of the domain. */
  readonly #heads: number;

  constructor(scope: Scope, delay: Delay, placements: Placements) {
    this.scope = scope;
    this.delay = delay;
    const { depths, inner } = ringsOf(delay);
    this.#depths = depths;
    this.#inner = inner;
    this.depth = depths.reduce((most, d) => Math.max(most, d), 0);
    this.#size = cellSize(delay.input.type);
    const bytes = depths.length * inner * this.#size;
    this.#row = depths.length * inner > 4 ? Math.ceil(bytes / 16) * 16 : bytes;
    this.#stride = this.#row * this.depth * 2;
    this.#rows = placements.reserve(this.#stride * scope.domain.count + 16);
    this.#heads = placements.reserve(4 * scope.domain.count);
  }

  #base(c: Context): { readonly rows: W; readonly head: W } {
    const { dims } = this.scope.domain;
    if (!c.nest) return { rows: i32(0), head: i32(0) };
    const strides = (unit: number): number[] => dims.map((_, d) => unit * dims.slice(d + 1).reduce((n, x) => n * x, 1));
    return { rows: c.nest.cursor(strides(this.#stride)), head: c.nest.cursor(strides(4)) };
  }

  /** Fills the output signal. */
  output(c: Context, write: (spot: Spot, at: readonly number[], words: readonly W[]) => void): void {
    const { input, output } = this.delay;
    const s = new Scalar(c, this.scope);
    const { rows, head } = this.#base(c);
    const present = c.code.let(bin('add', rows, load(4, head, this.#heads)));
    const spot = c.placements.spot(this.scope, output);
    const cells = positions(output.dims);
    const even =
      this.#depths.every((d) => d === this.depth) &&
      output.dims.length === 1 &&
      spot.inner[0] === this.#size &&
      this.#row % 16 === 0 &&
      cells.length > 4;
    if (even && c.lanes && !c.nest && !c.volatile) {
      for (let i = 0; i < this.#row / 16; i++) c.code.vecStore(i32(0), spot.base + 16 * i, vecLoad(present, this.#rows + 16 * i));
      return;
    }
    const n = this.#words();
    cells.forEach((at, i) => {
      const depth = this.#depths[Math.floor(i / this.#inner)] as number;
      if (depth === 0) return write(spot, at, s.read(input, at).w);
      const from = this.#rows + (this.depth - depth) * this.#row + i * this.#size;
      write(
        spot,
        at,
        Array.from({ length: n }, (_, k) => s.load(n > 1 ? 8 : this.#size, present, from + 8 * k, input.type)),
      );
    });
  }

  #words(): number {
    const { width } = this.delay.input.type;
    return width > 64 ? limbsOf(width) : 1;
  }

  /** The clock edge; with `ticked` it may be one of another clock. */
  push(c: Context, ticked: boolean): void {
    const { input, enable, reset, clock } = this.delay;
    const { code } = c;
    const s = new Scalar(c, this.scope);
    const cells = positions(input.dims);
    const n = this.#words();
    const spot = c.placements.spot(this.scope, input);
    const period = this.depth * this.#row;
    const { rows, head } = this.#base(c);
    const move = (): void => {
      const at = code.let(load(4, head, this.#heads));
      const present = code.let(bin('add', rows, at));
      if (c.lanes && !c.nest && cells.length > 4 && input.dims.length === 1 && spot.inner[0] === this.#size && this.#row % 16 === 0) {
        for (let i = 0; i < this.#row / 16; i++) {
          const v = code.let(vecLoad(i32(0), spot.base + (c.old.get(spot.block) ?? 0) + 16 * i));
          code.vecStore(present, this.#rows + 16 * i, v);
          code.vecStore(present, this.#rows + period + 16 * i, v);
        }
      } else {
        cells.forEach((p, i) => {
          if (this.#depths[Math.floor(i / this.#inner)] === 0) return;
          const w = s.read(input, p).w.map((x) => code.let(x));
          for (const copy of [0, period])
            w.forEach((x, k) => {
              code.store(n > 1 ? 8 : this.#size, present, this.#rows + copy + i * this.#size + 8 * k, x);
            });
        });
      }
      const next = code.let(bin('add', at, i32(this.#row)));
      code.store(4, head, this.#heads, select(bin('lt_u', next, i32(period)), next, i32(0)));
    };
    const only = (cond: Signal | undefined, body: () => void): void => {
      if (cond) c.if(s.read(cond, []).w[0] as W, body);
      else body();
    };
    const tick = (body: () => void): void => only(ticked ? clock : undefined, body);
    const enabled = (): void => only(enable, move);
    const cleared = (rest: () => void): void => {
      if (!reset) return rest();
      const clear = (): void => {
        this.#clear(c, rows, reset.value);
      };
      const level = s.read(reset.signal, []).w[0] as W;
      if (reset.activeLow) c.if(level, rest, clear);
      else c.if(level, clear, rest);
    };
    if (reset?.async) cleared(() => tick(enabled));
    else tick(() => cleared(enabled));
  }

  #clear(c: Context, rows: W, value: bigint): void {
    const { code } = c;
    const cells = positions(this.delay.input.dims);
    const n = this.#words();
    const k = code.local('i32');
    code.set(k, rows);
    code.times(this.depth * 2, () => {
      cells.forEach((_, i) => {
        for (let j = 0; j < n; j++) {
          const part = value >> BigInt(64 * j);
          code.store(
            n > 1 ? 8 : this.#size,
            code.get(k),
            this.#rows + i * this.#size + 8 * j,
            this.delay.input.type.width > 32 ? i64(part) : i32(part),
          );
        }
      });
      code.set(k, bin('add', code.get(k), i32(this.#row)));
    });
  }

  /** The contents before the first cycle: equal to those of the other engines. */
  fill(view: CellView, seed: number): void {
    const { input, output, reset } = this.delay;
    const { type } = input;
    const words = randomWords(seed, `${this.scope.path}.${output.name}`);
    this.load(view, () => {
      const bits = reset ? reset.value : randomBits(words, type.width);
      return type.kind === 'sint' ? BigInt.asIntN(type.width, bits) : bits;
    });
  }

  /** Sets all stages, of each lane in the order in which they leave. */
  load(view: CellView, value: (element: number, lane: number, slot: number, k: number) => Value): void {
    for (let e = 0; e < this.scope.domain.count; e++) {
      this.#depths.forEach((depth, lane) => {
        for (let slot = 0; slot < depth; slot++) {
          for (let k = 0; k < this.#inner; k++) {
            const row = (((slot - depth) % this.depth) + this.depth) % this.depth;
            const at = this.#rows + e * this.#stride + row * this.#row + (lane * this.#inner + k) * this.#size;
            const content = value(e, lane, slot, k);
            view.write(at, this.delay.input.type, content);
            view.write(at + this.depth * this.#row, this.delay.input.type, content);
          }
        }
      });
      view.write(this.#heads + 4 * e, { kind: 'uint', width: 32 }, 0);
    }
  }
}
