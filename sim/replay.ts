// What an engine was told, so that its cycles can be run again: a log between checkpoints.
//
// Recording costs a run next to nothing, whatever is recorded: values are made when somebody looks at them, by running the cycles once more. Copies of all
// registers in each cycle would be gigabytes for an array, and cost more than the cycles.
//
// Invariant: an engine is a function of its state and of what it is told, so the cycles are the same ones. Models of external modules stand outside of the
// log and are not run again; what they gave is in it. Refused, by `logged`: engines that are other tools.

import type { Bulk, Engine, Snapshot, StreamPort } from './engine.ts';
import { EngineShell } from './engine-shell.ts';
import type { Place } from './paths.ts';
import type { Value } from './values.ts';

/** Cycles between two checkpoints. */
const EVERY = 1000;

type Clock = string | readonly string[] | undefined;
type Told =
  | { readonly kind: 'write'; readonly place: Place; readonly index: number; readonly value: Value }
  | { readonly kind: 'all'; readonly place: Place; readonly values: ArrayLike<unknown> }
  | { readonly kind: 'settle' }
  | { readonly kind: 'step'; cycles: number; readonly clock: Clock }
  | { readonly kind: 'run'; readonly cycles: number; readonly inputs: readonly StreamPort[] };

interface Stretch {
  readonly start: Snapshot;
  readonly told: Told[];
}

export class Log extends EngineShell {
  #stretches: Stretch[];
  #sinceStart = 0;
  #fresh = false;
  readonly run?: NonNullable<Engine['run']>;

  constructor(engine: Engine) {
    super(engine);
    this.#stretches = [{ start: engine.snapshot(), told: [] }];
    if (engine.run) this.run = (...streams) => this.#run(...streams);
  }

  override write(place: Place, index: number, value: Value): void {
    super.write(place, index, value);
    this.#tell({ kind: 'write', place, index, value });
    this.#fresh = true;
  }

  override writeAll(place: Place, values: ArrayLike<unknown>): void {
    super.writeAll(place, values);
    this.#tell({ kind: 'all', place, values: copied(values) });
    this.#fresh = true;
  }

  override settle(): void {
    super.settle();
    // Else it changes no state.
    if (this.layout.asynchronous && this.#fresh) this.#tell({ kind: 'settle' });
    this.#fresh = false;
  }

  override step(cycles: number, clock?: string | readonly string[]): void {
    for (let left = cycles; left > 0; ) {
      const before = this.cycle;
      const asked = Math.min(left, EVERY - this.#sinceStart);
      try {
        this.engine.step(asked, clock);
      } finally {
        this.#stepped(this.cycle - before, clock);
      }
      left -= asked;
    }
  }

  #run(cycles: number, inputs: readonly StreamPort[], outputs: readonly StreamPort[]): void {
    this.engine.run?.(cycles, inputs, outputs);
    this.#tell({ kind: 'run', cycles, inputs: inputs.map(({ place, data }) => ({ place, data: copied(data) })) });
    this.#since(cycles);
  }

  override restore(snapshot: Snapshot): void {
    super.restore(snapshot);
    this.#begin(snapshot);
  }

  /** Forgets what it was told. */
  restart(): void {
    this.#stretches = [];
    this.#begin(this.engine.snapshot());
  }

  /** Runs all cycles of the log again; `look` is called in each before its edge, when signals have settled. The log is empty afterwards. */
  replay(look: () => void): void {
    const present = this.engine.snapshot();
    try {
      for (const { start, told } of this.#stretches) {
        if (told.length === 0) continue;
        this.engine.restore(start);
        for (const one of told) this.#again(one, look);
      }
    } finally {
      this.engine.restore(present);
      this.#stretches = [];
      this.#begin(present);
    }
  }

  #again(told: Told, look: () => void): void {
    const { engine } = this;
    switch (told.kind) {
      case 'write':
        return engine.write(told.place, told.index, told.value);
      case 'all':
        return engine.writeAll(told.place, told.values);
      case 'settle':
        return engine.settle();
      case 'step':
        for (let i = 0; i < told.cycles; i++) this.#cycle(look, told.clock);
        return;
      case 'run':
        for (let i = 0; i < told.cycles; i++) {
          for (const { place, data } of told.inputs) engine.writeAll(place, data.slice(i * place.length, (i + 1) * place.length));
          this.#cycle(look, undefined);
        }
    }
  }

  #cycle(look: () => void, clock: Clock): void {
    this.engine.settle();
    look();
    this.engine.step(1, clock);
  }

  #stepped(cycles: number, clock: Clock): void {
    if (cycles === 0) return;
    const last = this.#told.at(-1);
    if (last?.kind === 'step' && last.clock === clock) last.cycles += cycles;
    else this.#tell({ kind: 'step', cycles, clock });
    this.#since(cycles);
  }

  #since(cycles: number): void {
    this.#fresh = true;
    this.#sinceStart += cycles;
    if (this.#sinceStart >= EVERY) this.#begin(this.engine.snapshot());
  }

  #begin(start: Snapshot): void {
    this.#stretches.push({ start, told: [] });
    this.#sinceStart = 0;
    this.#fresh = true;
  }

  get #told(): Told[] {
    return (this.#stretches.at(-1) as Stretch).told;
  }

  #tell(told: Told): void {
    this.#told.push(told);
  }
}

/** The caller may use its array again. */
function copied<T extends ArrayLike<unknown>>(values: T): T {
  return (Array.isArray(values) || ArrayBuffer.isView(values) ? (values as unknown as Bulk).slice() : Array.from(values)) as unknown as T;
}

/** The engine with an empty log around its innermost one, which may be itself; without a log where cycles cannot be run again. */
export function logged(engine: Engine): { readonly engine: Engine; readonly log?: Log } {
  if (engine instanceof Log) {
    engine.restart();
    return { engine, log: engine };
  }
  if (engine instanceof EngineShell) {
    const log = engine.wrapInner(logged);
    return log ? { engine, log } : { engine };
  }
  if (!engine.replays) return { engine };
  const log = new Log(engine);
  return { engine: log, log };
}
