// The engine that compiles a design to WebAssembly.
//
// Invariant: the same values in every signal and cycle as the JavaScript engine, with the same seed. Wires are brought up to date when somebody
// looks; cycles in a row compute only what the next clock edge needs.

import { type Bulk, type Engine, elementOf, type Snapshot, type State, type StreamPort } from './engine.ts';
import { chosenClocks, SimulationError } from './errors.ts';
import type { Layout } from './layout.ts';
import { controlPlaces, type Place } from './paths.ts';
import { compiledOnce } from './programs.ts';
import { randomBits, randomWords } from './random.ts';
import { checkerOf, toCell, type Value } from './values.ts';
import { CellView, cellSize, type Words } from './wasm/cells.ts';
import { type Compiled, compileWasm } from './wasm/compile.ts';
import { instantiate, type Memory, makeMemory } from './wasm/instance.ts';
import { addressesOf, BATCH, Streams } from './wasm/streams.ts';

/** Cycles of one call; between two calls the machine may replace the code by its optimised version. */
const CHUNK = 1000;

interface Functions {
  start(): void;
  settle(): void;
  step(cycles: number): void;
  batch?(cycles: number): void;
}
interface Batch {
  readonly run: (cycles: number) => void;
  readonly streams: Streams;
}

/** Where a place's elements are. */
interface Cells {
  readonly addresses: Int32Array;
  /** The same as indices of `words`, if all are at multiples of their size. */
  readonly indices: Int32Array;
  readonly words: Words | undefined;
}

export class WasmEngine implements Engine {
  readonly layout: Layout;
  readonly replays = true;
  cycle = 0;
  readonly #compiled: Compiled;
  readonly #memory: Memory;
  readonly #functions: Functions;
  readonly #ticks: ReadonlyMap<string, Place>;
  readonly #clocks: readonly string[];
  readonly #options: { readonly lanes: boolean; readonly split?: number };
  readonly #cells = new Map<Place, Cells>();
  readonly #batches = new Map<string, Batch>();
  #view: CellView;
  #dirty = true;

  constructor(layout: Layout, seed: number, options: { readonly lanes?: boolean; readonly split?: number } = {}) {
    this.layout = layout;
    this.#options = { ...options, lanes: options.lanes ?? true };
    this.#compiled = this.#compile('', () => compileWasm(layout, this.#options));
    this.#memory = makeMemory(this.#compiled.pages);
    this.#view = new CellView(this.#memory.buffer);
    this.#functions = this.#instantiate(this.#compiled);
    this.#fill(seed);
    this.#functions.start();
    const { ticks, low } = controlPlaces(this.layout);
    this.#ticks = ticks;
    this.#clocks = [...ticks.keys()];
    for (const place of low) this.write(place, 0, 1);
  }

  /** `streams` is what else it depends on besides the layout and the options. */
  #compile<T extends Compiled>(streams: string, make: () => T): T {
    const { lanes, split } = this.#options;
    return compiledOnce(this.layout, `wasm ${lanes} ${split} ${streams}`, make);
  }

  #instantiate({ module, cycles }: Compiled): Functions {
    const unsettled = (id: number): never => {
      throw new SimulationError(
        'SIM-E010',
        `the combinational signals ${cycles[id] ?? ''} do not settle`,
        'they depend on each other bit by bit; break the loop with a register',
      );
    };
    return instantiate(module, this.#memory, unsettled) as Functions;
  }

  /** Start values of state without reset. */
  #fill(seed: number): void {
    for (const { scope, signal, writes } of this.#compiled.nodes.regs) {
      const initial = signal.register?.initial;
      if (signal.register?.reset && !initial) continue;
      const { type } = writes;
      const words = randomWords(seed, `${scope.path}.${signal.name}`);
      const place: Place = { path: '', signal, scope, type, dims: [writes.length], storage: writes, offset: 0, length: writes.length };
      for (const [i, at] of addressesOf(this.#compiled.placements, place).entries()) {
        if (initial) {
          this.#view.write(at, type, initial[i % initial.length] as bigint);
          continue;
        }
        if (type.width > 0 && type.width <= 32) {
          const bits = words();
          const cut = type.width === 32 ? bits : bits & (2 ** type.width - 1);
          this.#view.write(at, type, type.kind === 'sint' ? (cut << (32 - type.width)) >> (32 - type.width) : cut);
        } else {
          const bits = randomBits(words, type.width);
          this.#view.write(at, type, type.kind === 'sint' ? BigInt.asIntN(type.width, bits) : bits);
        }
      }
    }
    for (const bank of this.#compiled.banks) bank.fill(this.#view, seed);
  }

  /** Goes on from the state of another engine of the same layout. */
  load(state: State): void {
    const { nodes, placements, banks } = this.#compiled;
    const wires = new Set(nodes.comb.map((n) => n.writes.id));
    for (const storage of this.layout.storages) {
      if (wires.has(storage.id) || storage.type.width === 0) continue;
      const cells = addressesOf(placements, { storage, offset: 0, length: storage.length });
      cells.forEach((at, i) => {
        this.#view.write(at, storage.type, state.cell(storage, i));
      });
    }
    banks.forEach((bank, i) => {
      bank.load(this.#view, (...at) => state.stage(i, ...at));
    });
    this.cycle = state.cycle;
    this.#dirty = true;
  }

  #cellsOf(place: Place): Cells {
    let cells = this.#cells.get(place);
    if (cells) return cells;
    const addresses = Int32Array.from(addressesOf(this.#compiled.placements, place));
    const size = cellSize(place.type);
    const words = place.type.width > 0 && addresses.every((at) => at % size === 0) ? this.#view.words(place.type) : undefined;
    cells = { addresses, indices: addresses.map((at) => at / size), words };
    this.#cells.set(place, cells);
    return cells;
  }

  write(place: Place, index: number, value: Value): void {
    const { words, indices, addresses } = this.#cellsOf(place);
    if (words && typeof value === 'number') words[indices[index] as number] = value;
    else this.#view.write(addresses[index] as number, place.type, value);
    this.#dirty = true;
  }

  writeAll(place: Place, values: ArrayLike<unknown>): void {
    const { type } = place;
    const { words, indices, addresses } = this.#cellsOf(place);
    this.#dirty = true;
    if (words && exact(type, values)) {
      for (let i = 0; i < indices.length; i++) words[indices[i] as number] = values[i] as number;
      return;
    }
    const checker = checkerOf(type);
    // All before the first is written, so that an error changes nothing.
    const checked = Array.from({ length: place.length }, (_, i) => toCell(place.path, type, checker, values[i]));
    checked.forEach((v, i) => {
      this.#view.write(addresses[i] as number, type, v);
    });
  }

  settle(): void {
    if (!this.#dirty) return;
    this.#functions.settle();
    // No clock ticks: only asynchronous resets act.
    if (this.layout.asynchronous) this.#functions.step(1);
    this.#dirty = false;
  }

  read(place: Place, index: number): Value {
    const { words, indices, addresses } = this.#cellsOf(place);
    if (words) return words[indices[index] as number] as number;
    return place.type.width === 0 ? 0 : this.#view.read(addresses[index] as number, place.type);
  }

  readAll(place: Place, target: Bulk): void {
    const into = target as Value[];
    const { words, indices } = this.#cellsOf(place);
    // Any array of numbers takes them as they are.
    if (words && !(target instanceof BigInt64Array || target instanceof BigUint64Array)) {
      for (let i = 0; i < indices.length; i++) into[i] = words[indices[i] as number] as number;
      return;
    }
    const element = elementOf(target);
    for (let i = 0; i < place.length; i++) into[i] = element(this.read(place, i));
  }

  step(cycles: number, clock?: string | readonly string[]): void {
    const chosen = chosenClocks(clock, this.#clocks);
    if (cycles === 0) return;
    this.#dirty = true;
    this.#tick(chosen, 1);
    for (let left = cycles; left > 0; left -= CHUNK) this.#functions.step(Math.min(left, CHUNK));
    this.#tick(chosen, 0);
    this.cycle += cycles;
  }

  #tick(clocks: readonly string[], value: number): void {
    if (this.layout.ticked) for (const name of clocks) this.write(this.#ticks.get(name) as Place, 0, value);
  }

  run(cycles: number, inputs: readonly StreamPort[], outputs: readonly StreamPort[]): void {
    const chosen = chosenClocks(undefined, this.#clocks);
    const { run, streams } = this.#batch(inputs, outputs);
    const areas = streams.areas as NonNullable<Streams['areas']>;
    this.#dirty = true;
    this.#tick(chosen, 1);
    for (let done = 0; done < cycles; done += BATCH) {
      const n = Math.min(BATCH, cycles - done);
      inputs.forEach(({ place, data }, i) => {
        this.#copyIn(place, data, done * place.length, n * place.length, areas.inputs[i]?.at as number);
      });
      run(n);
      outputs.forEach(({ place, data }, i) => {
        this.#copyOut(place, data, done * place.length, n * place.length, areas.outputs[i]?.at as number);
      });
      this.cycle += n;
    }
    this.#tick(chosen, 0);
  }

  #batch(inputs: readonly StreamPort[], outputs: readonly StreamPort[]): Batch {
    const key = `${inputs.map((p) => p.place.path).join()}>${outputs.map((p) => p.place.path).join()}`;
    const known = this.#batches.get(key);
    if (known) return known;
    const made = this.#compile(key, () => {
      const streams = new Streams(
        inputs.map((p) => p.place),
        outputs.map((p) => p.place),
      );
      return { ...compileWasm(this.layout, { ...this.#options, streams }), streams };
    });
    const { pages, streams } = made;
    const more = pages - this.#memory.buffer.byteLength / 65536;
    if (more > 0) {
      this.#memory.grow(more);
      this.#view = new CellView(this.#memory.buffer);
      this.#cells.clear();
    }
    const ready = { run: this.#instantiate(made).batch as (cycles: number) => void, streams };
    this.#batches.set(key, ready);
    return ready;
  }

  #copyIn(place: Place, data: Bulk, from: number, n: number, at: number): void {
    const { type } = place;
    if (exact(type, data)) {
      const view = data as Uint8Array;
      this.#view.bytes.set(new Uint8Array(view.buffer, view.byteOffset + from * view.BYTES_PER_ELEMENT, n * view.BYTES_PER_ELEMENT), at);
      return;
    }
    const checker = checkerOf(type);
    const size = cellSize(type);
    for (let i = 0; i < n; i++) this.#view.write(at + i * size, type, toCell(place.path, type, checker, data[from + i]));
  }

  #copyOut(place: Place, data: Bulk, to: number, n: number, at: number): void {
    const { type } = place;
    const size = cellSize(type);
    const view = data as Uint8Array;
    if (!Array.isArray(data) && view.BYTES_PER_ELEMENT === size && !(data instanceof Uint8ClampedArray || data instanceof Float64Array)) {
      new Uint8Array(view.buffer, view.byteOffset + to * size, n * size).set(this.#view.bytes.subarray(at, at + n * size));
      return;
    }
    const element = elementOf(data);
    for (let i = 0; i < n; i++) (data as Value[])[to + i] = element(this.#view.read(at + i * size, type));
  }

  snapshot(): Snapshot {
    return { cycle: this.cycle, cells: [this.#view.bytes.slice()] };
  }

  restore(snapshot: Snapshot): void {
    this.#view.bytes.set(snapshot.cells[0] as Uint8Array);
    this.cycle = snapshot.cycle;
    this.#dirty = true;
  }

  close(): void {}
}

/** Whether an array holds exactly the values of a type. */
function exact({ kind, width }: Place['type'], values: unknown): boolean {
  if (width === 8) return kind === 'sint' ? values instanceof Int8Array : values instanceof Uint8Array;
  if (width === 16) return kind === 'sint' ? values instanceof Int16Array : values instanceof Uint16Array;
  return width === 32 && (kind === 'sint' ? values instanceof Int32Array : values instanceof Uint32Array);
}
