// An engine around an engine, for what is added to every step. It has no `run`: a run of cycles is made of single steps.

import type { Bulk, Engine, Snapshot } from './engine.ts';
import type { Layout, Storage } from './layout.ts';
import { viewOf } from './layout.ts';
import type { Place } from './paths.ts';
import type { Value } from './values.ts';

export abstract class EngineShell implements Engine {
  protected readonly engine: Engine;

  constructor(engine: Engine) {
    this.engine = engine;
  }

  get layout(): Layout {
    return this.engine.layout;
  }

  get cycle(): number {
    return this.engine.cycle;
  }

  abstract step(cycles: number, clock?: string): void;

  write(place: Place, index: number, value: Value): void {
    this.engine.write(place, index, value);
  }

  writeAll(place: Place, values: ArrayLike<unknown>): void {
    this.engine.writeAll(place, values);
  }

  settle(): void {
    this.engine.settle();
  }

  read(place: Place, index: number): Value {
    return this.engine.read(place, index);
  }

  readAll(place: Place, target: Bulk): void {
    this.engine.readAll(place, target);
  }

  snapshot(): Snapshot {
    return this.engine.snapshot();
  }

  restore(snapshot: Snapshot): void {
    this.engine.restore(snapshot);
  }

  close(): void {
    this.engine.close();
  }

  /** The cells of a clock of the top, of its first one when no name is given. */
  protected clockOf(name: string | undefined): Storage | undefined {
    const { top } = this.layout;
    const clock = top.definition.signals.find((s) => s.type.kind === 'clock' && s.role === 'input' && (name === undefined || s.name === name));
    return clock && viewOf(top, clock).storage;
  }
}
