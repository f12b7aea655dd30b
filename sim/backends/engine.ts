// The printed Verilog in Verilator or Icarus, behind the same interface as the in-process engines.
//
// Invariants: state starts with the same seeded values as in-process, written into the child before the first cycle. Values are those of the child
// alone; the in-process engine is asked for nothing but the start. Refused: external modules without Verilog files (SIM-E027), signals that are no
// nets in the Verilog (SIM-E024).

import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Design } from '../../hdl/ir/nodes.ts';
import { externalFiles, printDesign } from '../../hdl/verilog/index.ts';
import { BINARY } from '../cosim/types.ts';
import { type Bulk, type Engine, elementOf, type Snapshot, type StreamPort } from '../engine.ts';
import { chosenClocks, SimulationError } from '../errors.ts';
import { ringsOf } from '../js/links.ts';
import { JsEngine } from '../js-engine.ts';
import type { Layout } from '../layout.ts';
import { lowered } from '../lower.ts';
import { standsFor } from '../lower-memories.ts';
import { type Place, wholePlace } from '../paths.ts';
import { randomBits, randomWords } from '../random.ts';
import { checkerOf, toCell, type Value } from '../values.ts';
import { build } from './build.ts';
import { Child } from './child.ts';
import { BENCH, icarusBench, portsOf, verilatorConfig, verilatorMain } from './harness.ts';
import { keyOf, Session } from './session.ts';
import { type CellMap, Variables } from './variables.ts';

export type Backend = 'verilator' | 'icarus';

export interface BackendOptions {
  readonly seed: number;
  /** Of the build with Verilator. */
  readonly profile?: 'fast' | 'optimised';
  /** Milliseconds for the answer to one message; a message holds at most 1000 cycles. */
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 60_000;
const BUILD_TIMEOUT_MS = 600_000;

interface Input {
  readonly index: number;
  readonly width: number;
  /** All elements, packed. */
  value: bigint;
  changed: boolean;
}

export class VerilogEngine implements Engine {
  readonly layout: Layout;
  cycle = 0;
  readonly #child: Child;
  readonly #session: Session;
  readonly #variables: Variables;
  readonly #backend: Backend;
  readonly #inputs = new Map<number, Input>();
  readonly #clocks: readonly string[];
  readonly #keys = new WeakMap<Place, readonly number[]>();
  #dirty = true;

  constructor(design: Design, backend: Backend, { seed, profile = 'fast', timeoutMs = TIMEOUT_MS }: BackendOptions) {
    this.#backend = backend;
    const external = filesOf(design, backend);
    const start = new JsEngine(lowered(design), seed);
    this.layout = start.layout;
    const judged = design.definitions.some((d) => d.properties.length > 0);
    const printed = printDesign(design, judged ? { properties: 'nets' } : {});
    this.#variables = new Variables(design, this.layout, printed);
    const { all } = this.#variables;
    const ports = portsOf(design.top, printed);
    const top = printed.top.name;
    const verilog = [...printed.files.map((f) => ({ name: `${f.name}.v`, text: f.text })), ...external];
    const folder =
      backend === 'icarus'
        ? this.#build(top, [...verilog, { name: `${BENCH}.v`, text: icarusBench(top, ports, all) }], '', profile)
        : this.#build(
            top,
            [{ name: 'public.vlt', text: verilatorConfig(all, (v) => printed.nameOf(v.module), ports, top) }, ...verilog],
            verilatorMain(top, ports),
            profile,
          );
    const [program, args] = backend === 'icarus' ? ['vvp', ['-n', join(folder, `${BENCH}.vvp`)]] : [join(folder, BINARY), []];
    this.#child = new Child(backend, program as string, args as string[], folder, timeoutMs);
    this.#session = new Session(backend, this.#child, all, backend === 'verilator');
    this.#clocks = ports.clocks.map((p) => p.signal.name);
    for (const [index, { signal, width }] of ports.inputs.entries()) {
      const value = signal.type.reset?.activeLow ? 1n : 0n;
      this.#inputs.set(wholePlace(this.layout.top, signal).storage.id, { index, width, value, changed: false });
    }
    try {
      this.#session.change('s');
      this.#start(start, seed);
      this.#session.change('s');
      this.#session.flush();
    } catch (error) {
      this.#child.close();
      throw error;
    }
  }

  /** The child's process group. */
  get pid(): number | undefined {
    return this.#child.pid;
  }

  write(place: Place, index: number, value: Value): void {
    const { storage, type } = place;
    const input = this.#inputs.get(storage.id);
    // Of no bits.
    if (!input) return;
    const low = BigInt((place.places?.[index] ?? place.offset + index) * type.width);
    const mask = ((1n << BigInt(type.width)) - 1n) << low;
    const next = (input.value & ~mask) | (BigInt.asUintN(type.width, BigInt(value)) << low);
    if (next === input.value) return;
    input.value = next;
    input.changed = true;
    this.#dirty = true;
  }

  writeAll(place: Place, values: ArrayLike<unknown>): void {
    const checker = checkerOf(place.type);
    // All before the first is written, so that an error changes nothing.
    const cells = Array.from({ length: place.length }, (_, i) => toCell(place.path, place.type, checker, values[i]));
    for (const [i, value] of cells.entries()) this.write(place, i, value);
  }

  settle(): void {
    if (!this.#dirty) return;
    for (const input of this.#inputs.values()) {
      if (!input.changed) continue;
      this.#session.change(`i ${input.index.toString(16)} ${input.value.toString(16)}`);
      input.changed = false;
    }
    this.#session.change('s');
    this.#dirty = false;
  }

  read(place: Place, index: number): Value {
    const { type } = place;
    if (type.width === 0) return 0;
    const keys = this.#keysOf(place);
    this.#session.need(keys);
    const map = this.#mapOf(place);
    const cell = place.places?.[index] ?? place.offset + index;
    if (!map || map.variable[cell] === -1) this.#noNet(place);
    const whole = this.#session.value(keyOf(map.variable[cell] as number, map.word[cell] as number));
    const bits = BigInt.asUintN(type.width, whole >> BigInt(map.low[cell] as number));
    const value = type.kind === 'sint' ? BigInt.asIntN(type.width, bits) : bits;
    return type.width > 32 ? value : Number(value);
  }

  readAll(place: Place, target: Bulk): void {
    const into = target as Value[];
    const element = elementOf(target);
    for (let i = 0; i < place.length; i++) into[i] = element(this.read(place, i));
  }

  /** Whether the Verilog has a net for a signal. */
  has(place: Place): boolean {
    if (place.type.width === 0) return true;
    const map = this.#variables.cells.get(place.storage.id);
    return map !== undefined && cellsOf(place).every((cell) => map.variable[cell] !== -1);
  }

  step(cycles: number, clock?: string | readonly string[]): void {
    const chosen = chosenClocks(clock, [...this.layout.clocks.keys()]);
    this.settle();
    const mask = chosen.reduce((bits, name) => bits | (1 << this.#clocks.indexOf(name)), 0);
    if (chosen.length > 0) this.#session.step(mask, cycles);
    this.cycle += cycles;
  }

  run(cycles: number, inputs: readonly StreamPort[], outputs: readonly StreamPort[]): void {
    for (let n = 0; n < cycles; n++) {
      for (const { place, data } of inputs) this.writeAll(place, data.slice(n * place.length, (n + 1) * place.length));
      this.settle();
      for (const { place, data } of outputs) for (let i = 0; i < place.length; i++) this.#put(data, n * place.length + i, this.read(place, i));
      this.step(1);
    }
  }

  #put(data: Bulk, at: number, value: Value): void {
    const big = data instanceof BigInt64Array || data instanceof BigUint64Array;
    (data as Value[])[at] = big ? BigInt(value) : Array.isArray(data) ? value : Number(value);
  }

  snapshot(): Snapshot {
    this.settle();
    const keys = this.#stateKeys();
    this.#session.need(keys);
    return { cycle: this.cycle, cells: [...[...this.#inputs.values()].map((i) => i.value), ...keys.map((key) => this.#session.value(key))] };
  }

  restore(snapshot: Snapshot): void {
    const inputs = [...this.#inputs.values()];
    for (const [i, input] of inputs.entries()) {
      input.value = snapshot.cells[i] as bigint;
      input.changed = true;
    }
    this.#dirty = true;
    // An asynchronous reset of the moment before must not act on what is restored.
    this.settle();
    for (const [i, { id, word }] of this.#state().entries()) this.#session.deposit(id, word, snapshot.cells[inputs.length + i] as bigint);
    this.#session.change('s');
    this.cycle = snapshot.cycle;
  }

  close(): void {
    this.#child.close();
  }

  #build(top: string, files: readonly { name: string; text: string }[], main: string, profile: 'fast' | 'optimised'): string {
    return build({ engine: this.#backend, top, files, main, profile, timeoutMs: BUILD_TIMEOUT_MS });
  }

  #mapOf(place: Place): CellMap | undefined {
    return this.#variables.cells.get(place.storage.id);
  }

  #noNet(place: Place): never {
    throw new SimulationError(
      'SIM-E024',
      `\`${place.path}\` is no net of its own in the Verilog that ${this.#backend} runs`,
      'its value stands in an expression there; make it a wire with a name, or look at what it is connected to',
    );
  }

  #keysOf(place: Place): readonly number[] {
    const known = this.#keys.get(place);
    if (known) return known;
    const map = this.#mapOf(place);
    const cells = map ? cellsOf(place).filter((cell) => map.variable[cell] !== -1) : [];
    const keys = [...new Set(cells.map((cell) => keyOf(map?.variable[cell] as number, map?.word[cell] as number)))];
    this.#keys.set(place, keys);
    return keys;
  }

  /** Every word of every variable that holds state. */
  #state(): { readonly id: number; readonly word: number }[] {
    return this.#variables.all.filter((v) => v.state).flatMap(({ id, words = 1 }) => [...Array(words).keys()].map((word) => ({ id, word })));
  }

  #stateKeys(): number[] {
    return this.#state().map(({ id, word }) => keyOf(id, word));
  }

  /** The start values of the in-process engines. */
  #start(start: JsEngine, seed: number): void {
    // An asynchronously reset register shows its state through logic.
    start.settle();
    const values = new Map<number, bigint>();
    for (const { scope, signal } of this.#variables.state) {
      const memory = standsFor.get(signal);
      if (memory && 'depth' in memory && memory.init) continue;
      const place = wholePlace(scope, signal);
      const map = this.#variables.cells.get(place.storage.id);
      if (!map) continue;
      cellsOf(place).forEach((cell, i) => {
        if (map.variable[cell] === -1) return;
        const key = keyOf(map.variable[cell] as number, map.word[cell] as number);
        const bits = BigInt.asUintN(signal.type.width, BigInt(start.read(place, i))) << BigInt(map.low[cell] as number);
        values.set(key, (values.get(key) ?? 0n) | bits);
      });
    }
    for (const [key, value] of values) this.#session.deposit(Math.floor(key / 2 ** 32), key % 2 ** 32, value);
    this.#startStages(seed);
  }

  #startStages(seed: number): void {
    let next = (): number => 0;
    for (const { scope, delay, element, lanes, packed } of this.#variables.stages) {
      // The elements of a delay follow each other; two delays that nobody named have the same name.
      if (element === 0) next = randomWords(seed, `${scope.path}.${delay.output.name}`);
      const { depths, inner } = ringsOf(delay);
      const { width } = delay.input.type;
      const filled = depths.map(() => 0n);
      depths.forEach((depth, lane) => {
        // Slot 0 comes out first; it stands highest.
        for (let slot = 0; slot < depth; slot++) {
          for (let k = 0; k < inner; k++) {
            const bits = delay.reset ? BigInt.asUintN(width, delay.reset.value) : randomBits(next, width);
            const stage = depth - 1 - slot;
            const at = packed ? (stage * depths.length + lane) * inner + k : stage * inner + k;
            filled[packed ? 0 : lane] = (filled[packed ? 0 : lane] as bigint) | (bits << BigInt(at * width));
          }
        }
      });
      for (const [i, variable] of lanes.entries()) if (variable) this.#session.deposit(variable.id, 0, filled[i] as bigint);
    }
  }
}

function cellsOf(place: Place): number[] {
  return place.places ? [...place.places] : [...Array(place.length).keys()].map((i) => place.offset + i);
}

/** The Verilog of external modules. */
function filesOf(design: Design, backend: Backend): { name: string; text: string }[] {
  const bare = design.definitions.find((d) => d.external && d.external.files.length === 0);
  if (bare)
    throw new SimulationError(
      'SIM-E027',
      `external module \`${bare.external?.name}\` names no Verilog files, which ${backend} would have to run`,
      "list them in `files`, or simulate with the engine 'systole', which runs its model",
    );
  return externalFiles(design).map((file, i) => ({ name: `external_${i}_${basename(file)}`, text: readFileSync(file, 'utf8') }));
}
