// Values of chosen signals in every cycle, kept in memory for waveforms.
//
// Invariant: a column holds the settled values of a cycle, as the clock edge at its end sees them. Arrays are recorded element by element. With a log
// columns are made when somebody asks for the trace, and each only once.

import { createHash } from 'node:crypto';
import type { GroundType } from '../hdl/ir/nodes.ts';
import type { Engine } from './engine.ts';
import { stridesOf } from './layout.ts';
import type { Place } from './paths.ts';
import type { Log } from './replay.ts';
import type { Value } from './values.ts';

/** A signal with its value in each cycle that was recorded. */
export interface RecordedSignal {
  /** With indices: `data[3]`. */
  readonly name: string;
  readonly type: GroundType;
  /** One for each column. */
  readonly values: readonly Value[];
}

/** What a recording saw. */
export interface Trace {
  /** Number of the cycle of each column. A restored snapshot goes back. */
  readonly cycles: readonly number[];
  readonly signals: readonly RecordedSignal[];
  /** Clock inputs, of which no values are kept. */
  readonly clocks: readonly string[];
}

export class Recorder {
  readonly #engine: Engine;
  readonly #log: Log | undefined;
  readonly #cycles: number[] = [];
  readonly #recorded: readonly { readonly place: Place; readonly index: number; readonly signal: RecordedSignal & { values: Value[] } }[];

  constructor(engine: Engine, places: readonly Place[], log?: Log) {
    this.#engine = engine;
    this.#log = log;
    this.#recorded = places.flatMap((place) => {
      const rows = stridesOf(place.dims);
      return [...Array(place.length).keys()].map((index) => {
        const at = place.dims.map((length, d) => `[${Math.floor(index / (rows[d] as number)) % length}]`).join('');
        return { place, index, signal: { name: `${place.path}${at}`, type: place.type, values: [] as Value[] } };
      });
    });
  }

  /** Whether `sample` has to be called in every cycle. */
  get samples(): boolean {
    return this.#log === undefined;
  }

  sample(): void {
    this.#engine.settle();
    this.#column();
  }

  #column(): void {
    this.#cycles.push(this.#engine.cycle);
    for (const { place, index, signal } of this.#recorded) signal.values.push(this.#engine.read(place, index));
  }

  /** What was recorded, and the present cycle. */
  trace(): Trace {
    this.#log?.replay(() => this.#column());
    this.#engine.settle();
    return {
      cycles: [...this.#cycles, this.#engine.cycle],
      signals: this.#recorded.map(({ place, index, signal }) => ({ ...signal, values: [...signal.values, this.#engine.read(place, index)] })),
      clocks: [...this.#engine.layout.clocks.keys()],
    };
  }
}

/** Sixteen digits over all names and values of a trace: equal traces have equal ones, on every engine. */
export function traceHash({ cycles, signals }: Trace): string {
  const hash = createHash('sha256').update(cycles.join());
  for (const { name, type, values } of signals) hash.update(`\n${name} ${type.kind}${type.width} ${values.join()}`);
  return hash.digest('hex').slice(0, 16);
}
