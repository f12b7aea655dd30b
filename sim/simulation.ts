// A running simulation as its user sees it.
//
// Invariant: only the top's inputs can be poked, clocks only by `step`; a look at anything sees settled values. Refused: any use after
// `close`, unknown names, values outside of a port's type.

import type { GroundType } from '../hdl/ir/nodes.ts';
import { type Bulk, type Engine, elementOf, type Snapshot, type StreamPort } from './engine.ts';
import { chosenClocks, SimulationError } from './errors.ts';
import { Paths, type Place } from './paths.ts';
import { type Process, type ProcessBody, Processes } from './processes.ts';
import { Recorder, type Trace } from './recorder.ts';
import { logged } from './replay.ts';
import { type ToggleCoverage, Toggles } from './toggles.ts';
import { checkerOf, type Pokable, toCell, type Value, valueText } from './values.ts';
import { VcdWriter } from './vcd.ts';
import { type Coverage, type Violation, Watcher } from './watcher.ts';
import { shownValue, type WaveDrom, type WaveOptions, waveDrom, waveText } from './wave.ts';

/** What `peek` gives: a number to 32 bits, a bigint above; of an array the elements in row-major order. */
export type Peeked = Value | readonly Value[];

/** Steps of a `join` without a limit of its own. */
const LONGEST_JOIN = 100_000;

/** `P` names the ports, where the caller knows them. */
export class Simulation<P extends string = string> {
  #engine: Engine;
  readonly #paths: Paths;
  readonly #inputs = new Map<string, Place>();
  #vcd: VcdWriter | undefined;
  #recorder: Recorder | undefined;
  #toggles: Toggles | undefined;
  readonly #processes = new Processes();
  #closed = false;
  /** What start values, stalls and whatever the testbench draws come from. */
  readonly seed: number;

  constructor(engine: Engine, seed = 1) {
    this.seed = seed;
    this.#engine = engine;
    this.#paths = new Paths(engine.layout);
  }

  /** Clock edges so far. */
  get cycle(): number {
    return this.#engine.cycle;
  }

  /** The engine, for tools that stand on it. */
  get engine(): Engine {
    return this.#engine;
  }

  /**
   * Sets an input, or an element of it (`data[3]`); an array takes as many values as it has elements, in row-major order.
   * An asynchronous reset acts at once when its own input is poked, and when signals settle (at a look, a step or `settle`) when it comes from logic.
   * Throws SIM-E003 for what is no input, SIM-E004 for a value out of range, SIM-E005 for a wrong length.
   */
  poke(port: P | (string & {}), value: Pokable): void {
    const place = this.#input(port);
    if (typeof value === 'object') return this.pokeArray(port, value);
    if (place.dims.length > 0) this.#wrongLength(place, 1);
    this.#engine.write(place, 0, toCell(place.path, place.type, checkerOf(place.type), value));
    // A pulse acts, however short.
    if (place.type.reset?.async) this.#engine.settle();
  }

  /** Sets all elements of an input without allocating. Errors as `poke`. */
  pokeArray(port: P | (string & {}), values: ArrayLike<Value | boolean | string>): void {
    const place = this.#input(port);
    if (values.length !== place.length) this.#wrongLength(place, values.length);
    this.#engine.writeAll(place, values);
  }

  /** The present value of any signal, after settling. Throws SIM-E001 and SIM-E002 for an unknown path. */
  peek(path: P | (string & {})): Peeked {
    const place = this.#settled(path);
    if (place.dims.length === 0) return this.#engine.read(place, 0);
    return Array.from({ length: place.length }, (_, i) => this.#engine.read(place, i));
  }

  /** The present value of a signal that is no array. */
  value(path: P | (string & {})): Value {
    const place = this.#settled(path);
    if (place.dims.length > 0) this.#wrongLength(place, 1);
    return this.#engine.read(place, 0);
  }

  /** All elements into an array of the caller's, which is returned; without one a new array. */
  peekArray<T extends Bulk = Value[]>(path: P | (string & {}), target?: T): T {
    const place = this.#settled(path);
    const into = target ?? (new Array<Value>(place.length).fill(0) as unknown as T);
    if (into.length !== place.length) this.#wrongLength(place, into.length);
    this.#engine.readAll(place, into);
    return into;
  }

  /** Throws SIM-E006 with port, cycle and both values unless the signal has the value now. */
  expect(path: P | (string & {}), expected: Pokable): void {
    const place = this.#settled(path);
    const wanted: ArrayLike<Value | boolean | string> = typeof expected === 'object' ? expected : [expected];
    if (wanted.length !== place.length) this.#wrongLength(place, wanted.length);
    for (let i = 0; i < place.length; i++) {
      const given = wanted[i] as Value | boolean | string;
      const actual = this.#engine.read(place, i);
      if (actual === given) continue;
      const name = place.length > 1 ? `${path}[${i}]` : path;
      const want =
        typeof given === 'string' ? toCell(name, place.type, checkerOf(place.type), given) : typeof given === 'boolean' ? Number(given) : given;
      if (BigInt(actual) === BigInt(want)) continue;
      throw new SimulationError(
        'SIM-E006',
        `\`${name}\` in cycle ${this.cycle}: expected ${valueText(want, place.type)}, actual ${valueText(actual, place.type)}`,
        `SYSTOLE_SEED=${this.seed} repeats the run`,
      );
    }
  }

  /** Brings all signals up to date, so that asynchronous resets act; a look or a step does so too. */
  settle(): void {
    this.#open();
    this.#engine.settle();
  }

  /**
   * Clock edges; where there are several clocks, `clock` names the one that has edges, or those that have simultaneous ones.
   * Throws SIM-E008 for an unknown clock, SIM-E009 for a wrong number, SIM-E015 when none of several is named.
   */
  step(cycles = 1, clock?: string | readonly string[]): void {
    this.#open();
    if (!Number.isInteger(cycles) || cycles < 0) throw new SimulationError('SIM-E009', `step(${cycles})`, 'give a whole number of cycles, 0 or more');
    if (!this.#watched) return this.#engine.step(cycles, clock);
    const chosen = chosenClocks(clock, [...this.#engine.layout.clocks.keys()]);
    for (let i = 0; i < cycles; i++) {
      this.#engine.settle();
      this.#processes.before(chosen);
      this.#vcd?.sample();
      if (this.#recorder?.samples) this.#recorder.sample();
      this.#toggles?.sample();
      this.#engine.step(1, clock);
      this.#vcd?.stepped(chosen);
      this.#processes.after();
    }
  }

  /**
   * Starts a process: a generator function that runs at once up to its first `yield`, and goes on behind clock edges while the simulation steps.
   * Where there are several clocks, `clock` names the one whose edges it counts. What it throws comes out of `step` and `join`.
   * Throws SIM-E008 for an unknown clock, SIM-E015 when none of several is named.
   */
  fork<R>(make: () => ProcessBody<R>, options: { readonly name?: string; readonly clock?: string } = {}): Process<R> {
    this.#open();
    const clocks = [...this.#engine.layout.clocks.keys()];
    const [clock] = chosenClocks(options.clock, clocks);
    return this.#processes.fork(make, options.name, clocks.length > 1 ? clock : undefined);
  }

  /**
   * Steps until a process has ended and gives what it returned. Throws SIM-E030, with what every process waits for, after `within` steps (100,000).
   * `clock` is as in `step`.
   */
  join<R>(process: Process<R>, options: { readonly within?: number; readonly clock?: string | readonly string[] } = {}): R {
    const { within = LONGEST_JOIN, clock } = options;
    this.#open();
    for (let left = within; !process.done; left--) {
      if (left <= 0)
        throw new SimulationError(
          'SIM-E030',
          `the process \`${process.name}\` has not ended within ${within} cycles; ${this.#processes.waiting().join(', ')}`,
          'give a longer `within`, or look at a waveform of what should have happened',
        );
      this.step(1, clock);
    }
    return process.value;
  }

  /**
   * Runs cycles in a row with values for some inputs in each, and records outputs as they are before each clock edge; an array holds the values
   * of cycle 0, then those of cycle 1. Errors as `pokeArray`.
   */
  run(cycles: number, inputs: { readonly [port: string]: Bulk }, outputs: { readonly [port: string]: Bulk } = {}): void {
    this.#open();
    const ports = (given: { readonly [port: string]: Bulk }, find: (name: string) => Place): StreamPort[] =>
      Object.entries(given).map(([name, data]) => {
        const place = find(name);
        if (data.length !== place.length * cycles)
          throw new SimulationError(
            'SIM-E005',
            `\`${name}\` has ${place.length * cycles} values in ${cycles} cycles, not ${data.length}`,
            'give all elements of a cycle, cycle by cycle',
          );
        return { place, data };
      });
    const [sources, sinks] = [ports(inputs, (name) => this.#input(name)), ports(outputs, (name) => this.#paths.resolve(name))];
    if (this.#engine.run && !this.#watched) return this.#engine.run(cycles, sources, sinks);
    for (let n = 0; n < cycles; n++) {
      for (const { place, data } of sources) this.#engine.writeAll(place, data.slice(n * place.length, (n + 1) * place.length));
      this.#engine.settle();
      for (const { place, data } of sinks) {
        const element = elementOf(data);
        for (let i = 0; i < place.length; i++) (data as Value[])[n * place.length + i] = element(this.#engine.read(place, i));
      }
      this.step();
    }
  }

  /**
   * Holds the reset, whatever its level, for some cycles of all clocks; `name` chooses one where there are several, else all are held.
   * Throws SIM-E007 when the design has none, or none of that name.
   */
  reset(cycles = 1, name?: string): void {
    this.#open();
    const { top, clocks } = this.#engine.layout;
    const resets = top.definition.signals.filter((s) => s.type.kind === 'reset' && s.role === 'input');
    const chosen = name === undefined ? resets : resets.filter((s) => s.name === name);
    if (chosen.length === 0)
      throw new SimulationError(
        'SIM-E007',
        `${top.definition.name} has no reset input${name === undefined ? '' : ` \`${name}\``}`,
        resets.length > 0 ? `it has ${resets.map((s) => s.name).join(', ')}` : 'its state has no reset; load it through its ports',
      );
    for (const s of chosen) this.poke(s.name, s.type.reset?.activeLow ? 0 : 1);
    this.step(cycles, [...clocks.keys()]);
    for (const s of chosen) this.poke(s.name, s.type.reset?.activeLow ? 1 : 0);
  }

  /** Writes a value change dump from now on; the file appears when the simulation is closed. */
  trace(file: string): void {
    this.#open();
    this.#vcd?.close();
    this.#vcd = new VcdWriter(file, this.#engine);
  }

  /**
   * Keeps the values of signals in every cycle from now on, for `wave`; the top's ports when none are named. What was kept before is given up.
   * Throws SIM-E001 for an unknown path.
   */
  record(signals?: readonly string[]): void {
    this.#open();
    const { definition } = this.#engine.layout.top;
    const ports = definition.signals.filter((s) => (s.role === 'input' || s.role === 'output') && s.type.kind !== 'clock' && s.type.width > 0);
    const places = (signals ?? ports.map((s) => s.name)).map((path) => this.#paths.resolve(path));
    const { engine, log } = logged(this.#engine);
    this.#engine = engine;
    this.#recorder = new Recorder(engine, places, log);
  }

  /** What has been recorded, the present cycle included. Throws SIM-E028 when nothing is. */
  recorded(): Trace {
    this.#open();
    if (this.#recorder) return this.#recorder.trace();
    throw new SimulationError(
      'SIM-E028',
      'no waveform was recorded',
      'simulate with `trace: true` or `trace: [names]`, or call record() before the first step',
    );
  }

  /** Recorded signals as text, with a hash of all that was recorded in the last line. Throws SIM-E028, SIM-E029. */
  wave(options?: WaveOptions): string {
    return waveText(this.recorded(), options);
  }

  /** The same for https://wavedrom.com. */
  waveDrom(options?: WaveOptions): WaveDrom {
    return waveDrom(this.recorded(), options);
  }

  /** Watches which bits rise and fall from now on. */
  countToggles(): void {
    this.#open();
    this.#toggles = new Toggles(this.#engine, this.#paths);
  }

  /** Which bits of each signal have risen and fallen, with the option `coverage`; nothing without it. */
  toggles(): ToggleCoverage[] {
    this.#open();
    this.#engine.settle();
    this.#toggles?.sample();
    return this.#toggles?.report() ?? [];
  }

  /** Every `cover` of the design, and with the option `coverage` every block of statements under a condition, and how often it was reached. */
  coverage(): Coverage[] {
    return this.#engine instanceof Watcher ? this.#engine.coverage() : [];
  }

  /** The assertions and assumptions that failed, with the option `properties: 'collect'`. */
  violations(): Violation[] {
    return this.#engine instanceof Watcher ? this.#engine.violations() : [];
  }

  /** The type of a signal. Throws SIM-E001, SIM-E002 for an unknown path. */
  typeOf(path: P | (string & {})): GroundType {
    return this.#paths.resolve(path).type;
  }

  /** Values of a signal as waveforms show them. */
  shown(path: P | (string & {}), values: readonly (Value | boolean)[]): string {
    const texts = values.map((v) => shownValue(typeof v === 'boolean' ? Number(v) : v, this.typeOf(path), 'dec'));
    return texts.length === 1 ? (texts[0] as string) : `[${texts.join(', ')}]`;
  }

  /** Every signal of the design by path, meshes as wholes; with Verilator and Icarus those that are nets in the Verilog. */
  signals(): string[] {
    this.#open();
    const { has } = this.#engine;
    return [...this.#paths.all()].filter((path) => has?.call(this.#engine, this.#paths.resolve(path)) ?? true);
  }

  /** Those that are registers. */
  registers(): string[] {
    return this.signals().filter((path) => this.#paths.resolve(path).signal.role === 'reg');
  }

  /** All state and inputs, to come back to. */
  snapshot(): Snapshot {
    this.#open();
    return this.#engine.snapshot();
  }

  /** Goes back to a moment of the same simulation. */
  restore(snapshot: Snapshot): void {
    this.#open();
    this.#engine.restore(snapshot);
  }

  /** Ends the simulation and completes its trace. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    try {
      this.#vcd?.close();
    } finally {
      this.#engine.close();
    }
  }

  /** The same as `close`, for `using`. */
  [Symbol.dispose](): void {
    this.close();
  }

  /** Whether something is to be done in every cycle. */
  get #watched(): boolean {
    // Where resets act between edges, a look in each cycle is part of the run.
    const sampled = this.#recorder !== undefined && (this.#recorder.samples || this.#engine.layout.asynchronous);
    return this.#vcd !== undefined || sampled || this.#toggles !== undefined || this.#processes.active;
  }

  #open(): void {
    if (this.#closed) throw new SimulationError('SIM-E000', 'the simulation is closed', 'make a new one with simulate()');
  }

  #settled(path: string): Place {
    this.#open();
    const place = this.#paths.resolve(path);
    this.#engine.settle();
    return place;
  }

  #input(port: string): Place {
    this.#open();
    const known = this.#inputs.get(port);
    if (known) return known;
    const place = this.#paths.resolve(port);
    const { signal, scope } = place;
    const inside = scope !== this.#engine.layout.top;
    if (inside || signal.role !== 'input') {
      const what = inside || signal.role !== 'output' ? 'an internal signal' : 'an output';
      throw new SimulationError('SIM-E003', `\`${port}\` is ${what} and cannot be poked`, 'only inputs of the top module can; read it with peek');
    }
    if (signal.type.kind === 'clock') throw new SimulationError('SIM-E003', `\`${port}\` is a clock and cannot be poked`, 'step() makes its edges');
    this.#inputs.set(port, place);
    return place;
  }

  #wrongLength(place: Place, got: number): never {
    const want = place.dims.length === 0 ? 'one value' : `${place.length} values`;
    throw new SimulationError(
      'SIM-E005',
      `\`${place.path}\` has ${want}, not ${got}`,
      place.dims.length === 0 ? 'it is no array' : 'give all elements in row-major order, or index it',
    );
  }
}
