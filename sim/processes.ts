// Concurrent processes of a testbench: generator functions that a simulation resumes after clock edges.
//
// Invariants: a process runs from one `yield` to the next within a cycle, behind the edge; those that are due run in the order in which they were
// forked. Conditions are looked at before each edge, when all have driven and signals have settled, so their order does not matter. Refused: endless
// waits (SIM-E030, SIM-E031).

import { SimulationError } from './errors.ts';

/** What a process yields: nothing for the next edge, a number of edges, a condition, or another process to end. */
export type Wait = undefined | number | Condition | Process<unknown>;

/** What a condition gives while it does not hold. */
type No = false | undefined | null;

interface Condition {
  readonly look: () => unknown;
  /** Edges after which it is given up. */
  readonly within: number;
  readonly what: string;
}

/** What a process does, cycle by cycle. */
export type ProcessBody<R> = Generator<Wait, R, unknown>;

/** How long to wait. */
export interface WaitOptions {
  /** Edges of the process's clock; no limit when absent. */
  readonly within?: number;
  /** For messages. */
  readonly what?: string;
}

/** Waits for some edges: `yield* cycles(3)`. */
export function* cycles(n: number): ProcessBody<void> {
  yield n;
}

/**
 * Waits until a condition holds before an edge, and goes on behind that edge with what the condition gave:
 * `const word = yield* until(() => sim.value('valid') === 1 && { data: sim.value('data') })`. A condition looks and does not poke.
 * Throws SIM-E031 when it does not hold within a number of edges.
 */
export function* until<T>(look: () => T | No, { within = Number.POSITIVE_INFINITY, what = 'a condition' }: WaitOptions = {}): ProcessBody<T> {
  return (yield { look, within, what }) as T;
}

/** Waits until a process has ended, and gives what it returned. */
export function* ended<R>(process: Process<R>): ProcessBody<R> {
  yield process as Process<unknown>;
  return process.value;
}

/** A forked process. */
export class Process<R> {
  readonly name: string;
  /** Whose edges it counts; undefined where every step is meant. */
  readonly clock: string | undefined;
  readonly #body: ProcessBody<R>;
  #wait: Wait = undefined;
  /** Edges left, or waited for a condition. */
  #edges = 0;
  #due = true;
  #given: unknown;
  #done = false;
  #running = false;
  #value: R | undefined;

  constructor(name: string, clock: string | undefined, body: ProcessBody<R>) {
    this.name = name;
    this.clock = clock;
    this.#body = body;
  }

  get done(): boolean {
    return this.#done;
  }

  /** What it returned; undefined before its end and after `stop`. */
  get value(): R {
    return this.#value as R;
  }

  /** Ends it where it stands; its `finally` blocks run. */
  stop(): void {
    if (this.#done) return;
    this.#done = true;
    this.#body.return(undefined as R);
  }

  /** Looks at its condition and counts the edge that comes. */
  before(): void {
    const wait = this.#wait;
    if (this.#done || wait instanceof Process) return;
    this.#edges++;
    if (typeof wait !== 'object') {
      this.#due = this.#edges >= (wait ?? 1);
      return;
    }
    this.#given = wait.look();
    this.#due = this.#given !== false && this.#given !== undefined && this.#given !== null;
  }

  /** Runs it to its next wait if it is due; whether it ran. */
  resume(): boolean {
    const wait = this.#wait;
    // One that forks another is asked while it runs.
    if (this.#done || this.#running) return false;
    if (wait instanceof Process) this.#due = wait.done;
    const late = !this.#due && typeof wait === 'object' && !(wait instanceof Process) && this.#edges >= wait.within;
    if (!this.#due && !late) return false;
    const given = this.#given;
    this.#running = true;
    this.#given = undefined;
    this.#due = false;
    this.#edges = 0;
    this.#wait = undefined;
    let next: IteratorResult<Wait, R>;
    try {
      next = late ? this.#body.throw(this.#late(wait as Condition)) : this.#body.next(given);
    } catch (error) {
      this.#done = true;
      throw error;
    } finally {
      this.#running = false;
    }
    if (next.done) {
      this.#done = true;
      this.#value = next.value;
    } else {
      this.#wait = next.value;
      // No edges at all.
      if (next.value === 0) this.#due = true;
    }
    return true;
  }

  /** What it waits for, in words. */
  waiting(): string {
    const wait = this.#wait;
    if (wait instanceof Process) return `for the process \`${wait.name}\``;
    if (typeof wait === 'object') return `for ${wait.what}, for ${this.#edges} cycles`;
    return `for ${(wait ?? 1) - this.#edges} more cycles`;
  }

  #late({ what, within }: Condition): SimulationError {
    return new SimulationError(
      'SIM-E031',
      `the process \`${this.name}\` waited ${within} cycles for ${what}`,
      'give a longer `within`, or look at a waveform of what should have happened',
    );
  }
}

export class Processes {
  #all: Process<unknown>[] = [];
  #forked = 0;

  get active(): boolean {
    return this.#all.length > 0;
  }

  fork<R>(make: () => ProcessBody<R>, name: string | undefined, clock: string | undefined): Process<R> {
    this.#forked++;
    const process = new Process(name ?? (make.name === '' ? `process ${this.#forked}` : make.name), clock, make());
    this.#all.push(process as Process<unknown>);
    this.#resume();
    return process;
  }

  /** Before an edge of these clocks, signals settled. */
  before(clocks: readonly string[]): void {
    for (const p of this.#all) if (p.clock === undefined || clocks.includes(p.clock)) p.before();
  }

  /** Behind it. */
  after(): void {
    this.#resume();
  }

  /** Those that have not ended, and what they wait for. */
  waiting(): string[] {
    return this.#all.filter((p) => !p.done).map((p) => `\`${p.name}\` waits ${p.waiting()}`);
  }

  /** What one process does may end another's wait for it. */
  #resume(): void {
    for (let ran = true; ran; ) {
      ran = false;
      for (const process of [...this.#all]) ran = process.resume() || ran;
    }
    this.#all = this.#all.filter((p) => !p.done);
  }
}
