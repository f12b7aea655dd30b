// An engine around an engine, for what is added to every step. It has no `run`: a run of cycles is made of single steps.

import type { Signal } from '../hdl/ir/nodes.ts';
import type { Bulk, Engine, Snapshot } from './engine.ts';
import { chosenClocks } from './errors.ts';
import type { Layout, Storage } from './layout.ts';
import { viewOf } from './layout.ts';
import type { Place } from './paths.ts';
import type { Value } from './values.ts';

export abstract class EngineShell implements Engine {
  protected engine: Engine;

  constructor(engine: Engine) {
    this.engine = engine;
  }

  get layout(): Layout {
    return this.engine.layout;
  }

  get cycle(): number {
    return this.engine.cycle;
  }

  abstract step(cycles: number, clock?: string | readonly string[]): void;

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

  has(place: Place): boolean {
    return this.engine.has?.(place) ?? true;
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

  /** Puts something around the engine behind; gives what is returned besides it. */
  wrapInner<L>(wrap: (engine: Engine) => { readonly engine: Engine; readonly log?: L }): L | undefined {
    const { engine, log } = wrap(this.engine);
    this.engine = engine;
    return log;
  }

  /** The cells of the clocks that a step is of. */
  protected clocksOf(clock: string | readonly string[] | undefined): Storage[] {
    const { top, clocks } = this.layout;
    return chosenClocks(clock, [...clocks.keys()]).map((name) => viewOf(top, clocks.get(name) as Signal).storage);
  }
}
