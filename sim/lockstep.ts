// Several engines side by side on one design, as one engine.
//
// Invariants: all get the same inputs and edges; outputs of the top and all registers that every engine shows are compared before each edge, and whatever
// is looked at when it is. The first difference stops the run (SIM-E026). What is returned is the first engine's. Not compared: signals that an engine
// has no net for.

import { ports } from '../hdl/ir/nodes.ts';
import type { Bulk, Engine, Snapshot } from './engine.ts';
import { SimulationError } from './errors.ts';
import type { Layout } from './layout.ts';
import { elementPaths, Paths, type Place, wholePlace } from './paths.ts';
import { type Value, valueText } from './values.ts';
import { drawRows, shownValue, type WaveRow } from './wave.ts';

/** Cycles before a difference that its waveform shows. */
const SHOWN_CYCLES = 8;
/** Signals that it shows, and that are named. */
const SHOWN_SIGNALS = 8;

export interface NamedEngine {
  readonly name: string;
  readonly engine: Engine;
}

interface Column {
  readonly cycle: number;
  /** By compared place, all elements, by engine. */
  readonly values: readonly (readonly (readonly Seen[])[])[];
}
/** A value, or why there is none: unknown bits. */
type Seen = Value | 'x';

export class Lockstep implements Engine {
  readonly #engines: readonly NamedEngine[];
  readonly #compared: readonly Place[];
  readonly #shown: readonly Place[];
  #history: Column[] = [];
  #fresh = true;
  #failed = false;

  constructor(engines: readonly NamedEngine[]) {
    this.#engines = engines;
    const { layout } = this.#first;
    const paths = new Paths(layout);
    const own = ports(layout.top.definition).filter((p) => p.type.kind !== 'clock');
    const outputs = own.filter((p) => p.role === 'output').map((p) => paths.resolve(p.name));
    const registers = [...elementPaths(layout.top)].flatMap(([scope]) =>
      scope.definition.signals.filter((s) => s.role === 'reg' && !('holds' in s)).map((s) => wholePlace(scope, s)),
    );
    this.#compared = [...outputs, ...registers].filter((place) => this.has(place));
    this.#shown = own.filter((p) => p.role === 'input').map((p) => paths.resolve(p.name));
  }

  get #first(): Engine {
    return (this.#engines[0] as NamedEngine).engine;
  }

  get layout(): Layout {
    return this.#first.layout;
  }

  get cycle(): number {
    return this.#first.cycle;
  }

  write(place: Place, index: number, value: Value): void {
    for (const { engine } of this.#engines) engine.write(place, index, value);
    this.#fresh = true;
  }

  writeAll(place: Place, values: ArrayLike<unknown>): void {
    for (const { engine } of this.#engines) engine.writeAll(place, values);
    this.#fresh = true;
  }

  settle(): void {
    for (const { engine } of this.#engines) engine.settle();
  }

  read(place: Place, index: number): Value {
    const values = this.#engines.map(({ engine }) => (engine.has?.(place) === false ? undefined : seen(engine, place, index)));
    if (!equal(values.filter((v) => v !== undefined))) this.#differ([place]);
    return this.#first.read(place, index);
  }

  readAll(place: Place, target: Bulk): void {
    for (let i = 0; i < place.length; i++) this.read(place, i);
    this.#first.readAll(place, target);
  }

  /** Whether every engine shows it. */
  has(place: Place): boolean {
    return this.#engines.every(({ engine }) => engine.has?.(place) ?? true);
  }

  step(cycles: number, clock?: string | readonly string[]): void {
    for (let i = 0; i < cycles; i++) {
      this.#compare();
      for (const { engine } of this.#engines) engine.step(1, clock);
      this.#fresh = true;
    }
  }

  snapshot(): Snapshot {
    return { cycle: this.cycle, cells: this.#engines.map(({ engine }) => engine.snapshot()) };
  }

  restore(snapshot: Snapshot): void {
    for (const [i, { engine }] of this.#engines.entries()) engine.restore(snapshot.cells[i] as Snapshot);
    this.#history = [];
    this.#fresh = true;
  }

  /** Compares the last state, too. */
  close(): void {
    try {
      if (this.#fresh && !this.#failed) this.#compare();
    } finally {
      for (const { engine } of this.#engines) engine.close();
    }
  }

  #compare(): void {
    this.settle();
    const look = (place: Place): Seen[][] =>
      this.#engines.map(({ engine }) => Array.from({ length: place.length }, (_, i) => seen(engine, place, i)));
    const values = [...this.#compared, ...this.#shown].map(look);
    this.#history = [...this.#history.slice(1 - SHOWN_CYCLES), { cycle: this.cycle, values }];
    const wrong = this.#compared.filter((_, p) => (values[p]?.[0] ?? []).some((_, i) => !equal((values[p] as Seen[][]).map((of) => of[i] as Seen))));
    if (wrong.length > 0) this.#differ(wrong);
    this.#fresh = false;
  }

  #differ(wrong: readonly Place[]): never {
    this.#failed = true;
    const rows = wrong.flatMap((place) =>
      [...Array(place.length).keys()].flatMap((i) => {
        const values = this.#engines.map(({ engine }) => seen(engine, place, i));
        return equal(values) ? [] : [{ name: place.length > 1 ? `${place.path}[${i}]` : place.path, place, i, values }];
      }),
    );
    const shown = rows.slice(0, SHOWN_SIGNALS);
    const lines = shown.map(({ name, place, values }) => {
      const each = values.map((v, e) => `${this.#engines[e]?.name} ${v === 'x' ? 'unknown' : valueText(v, place.type)}`);
      return `  \`${name}\`: ${each.join(', ')}`;
    });
    if (rows.length > shown.length) lines.push(`  and ${rows.length - shown.length} more`);
    throw new SimulationError(
      'SIM-E026',
      `the engines differ in cycle ${this.cycle}:\n${lines.join('\n')}\n${this.#wave(shown)}`,
      'an external module must do what its model does; with none in the design, please report it with the seed',
    );
  }

  /** Inputs of the last cycles, and what differs on each engine. */
  #wave(rows: readonly { readonly name: string; readonly place: Place; readonly i: number; readonly values: readonly Seen[] }[]): string {
    const before = this.#history.filter((c) => c.cycle < this.cycle);
    const text = (value: Seen, { type }: Place): string =>
      value === 'x' ? 'x' : type.width === 1 && type.kind !== 'enum' ? String(BigInt.asUintN(1, BigInt(value))) : shownValue(value, type);
    const bit = ({ type }: Place): boolean => type.width === 1 && type.kind !== 'enum';
    const all = [...this.#compared, ...this.#shown];
    const inputs = this.#shown.flatMap((place): WaveRow[] => {
      const p = all.indexOf(place);
      if (place.length !== 1) return [];
      const texts = before.map((c) => text(c.values[p]?.[0]?.[0] as Seen, place));
      return [{ name: place.path, bit: bit(place), texts: [...texts, text(this.#first.read(place, 0), place)] }];
    });
    const differing = rows.flatMap(({ name, place, i, values }) => {
      const p = all.findIndex((other) => other.path === place.path);
      return this.#engines.map(({ name: engine }, e): WaveRow => {
        const texts = before.map((c) => (p === -1 ? '' : text(c.values[p]?.[e]?.[i] as Seen, place)));
        return { name: `${name} ${engine}`, bit: bit(place) && p !== -1, texts: [...texts, text(values[e] as Seen, place)] };
      });
    });
    return drawRows([...before.map((c) => c.cycle), this.cycle], [...inputs, ...differing])
      .split('\n')
      .map((line) => `    ${line}`)
      .join('\n');
  }
}

function seen(engine: Engine, place: Place, index: number): Seen {
  try {
    return engine.read(place, index);
  } catch (error) {
    if (error instanceof SimulationError && error.code === 'SIM-E025') return 'x';
    throw error;
  }
}

function equal(values: readonly (Seen | undefined)[]): boolean {
  return values.every((v) => v === values[0]) && values[0] !== 'x';
}
