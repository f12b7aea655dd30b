// The default engine: JavaScript for short simulations of small designs, WebAssembly for the rest.
//
// JavaScript starts sooner, and many tests are over before WebAssembly would have begun. After some cycles, or at the first run of streams, the state moves over.
//
// Invariant: nobody sees the move; snapshots from before it can be restored after it.

import type { Bulk, Engine, Snapshot, StreamPort } from './engine.ts';
import { JsEngine } from './js-engine.ts';
import type { Layout } from './layout.ts';
import type { Place } from './paths.ts';
import type { Value } from './values.ts';
import { WasmEngine } from './wasm-engine.ts';

/** Cycles in which WebAssembly makes up for its start, of a design without meshes; both grow with the design. */
const AFTER = 2000;
/** Elements of meshes from which on JavaScript is never used. */
const LARGE = 256;

export class TieredEngine implements Engine {
  readonly layout: Layout;
  readonly replays = true;
  readonly #seed: number;
  readonly #after: number;
  readonly #first: JsEngine | undefined;
  readonly #early = new WeakSet<Snapshot>();
  #wasm: WasmEngine | undefined;

  /** `after` as AFTER, for tests. */
  constructor(layout: Layout, seed: number, after = AFTER / loops(layout)) {
    this.layout = layout;
    this.#seed = seed;
    this.#after = after;
    if (layout.scopes.some((s) => s.domain.count >= LARGE)) this.#wasm = new WasmEngine(layout, seed);
    else this.#first = new JsEngine(layout, seed);
  }

  get cycle(): number {
    return this.#engine.cycle;
  }

  get #engine(): JsEngine | WasmEngine {
    return this.#wasm ?? (this.#first as JsEngine);
  }

  #moved(): WasmEngine {
    if (this.#wasm) return this.#wasm;
    this.#wasm = new WasmEngine(this.layout, this.#seed);
    this.#wasm.load((this.#first as JsEngine).state());
    return this.#wasm;
  }

  step(cycles: number, clock?: string | readonly string[]): void {
    const engine = this.cycle + cycles > this.#after ? this.#moved() : this.#engine;
    engine.step(cycles, clock);
  }

  run(cycles: number, inputs: readonly StreamPort[], outputs: readonly StreamPort[]): void {
    this.#moved().run(cycles, inputs, outputs);
  }

  write(place: Place, index: number, value: Value): void {
    this.#engine.write(place, index, value);
  }

  writeAll(place: Place, values: ArrayLike<unknown>): void {
    this.#engine.writeAll(place, values);
  }

  settle(): void {
    this.#engine.settle();
  }

  read(place: Place, index: number): Value {
    return this.#engine.read(place, index);
  }

  readAll(place: Place, target: Bulk): void {
    this.#engine.readAll(place, target);
  }

  snapshot(): Snapshot {
    const snapshot = this.#engine.snapshot();
    if (!this.#wasm) this.#early.add(snapshot);
    return snapshot;
  }

  restore(snapshot: Snapshot): void {
    if (!this.#wasm || !this.#early.has(snapshot)) return this.#engine.restore(snapshot);
    const first = this.#first as JsEngine;
    first.restore(snapshot);
    this.#wasm.load(first.state());
  }

  close(): void {}
}

/** How often an average signal is computed in a cycle: a mesh costs its compilers one element, and each cycle all of them. */
function loops({ scopes }: Layout): number {
  let [once, all] = [1, 1];
  for (const { definition, domain } of scopes) {
    once += definition.signals.length;
    all += definition.signals.length * domain.count;
  }
  return all / once;
}
