// Properties in simulation: an engine that looks at them before each edge of their clock.
//
// Invariant: values are those of the engine behind it. Cycles in a row run one by one, so that the first failing one is found; designs without
// properties do not come here.

import type { Property, PropertyKind } from '../hdl/ir/nodes.ts';
import type { Engine } from './engine.ts';
import { EngineShell } from './engine-shell.ts';
import { SimulationError } from './errors.ts';
import { type Scope, type Storage, viewOf } from './layout.ts';
import { elementPaths, type Place, wholePlace } from './paths.ts';
import { isStatementCover } from './statement-coverage.ts';

/** A cover of an instance, or of all elements of a mesh together. */
export interface Coverage {
  /** A `cover` of the user's, or a block of statements. */
  readonly kind: 'point' | 'statement';
  readonly message: string;
  /** Hierarchical name of the module; empty at the top. */
  readonly path: string;
  /** Clock edges at which it was reached, of all elements together. */
  readonly count: number;
  /** `file:line` of the user's. */
  readonly at: string;
}

/** An assertion or assumption that failed in one instance or element. */
export interface Violation {
  readonly kind: Exclude<PropertyKind, 'cover'>;
  readonly message: string;
  readonly path: string;
  readonly at: string;
  /** The first failing cycle, and how many there were. */
  readonly cycle: number;
  readonly count: number;
}

/** What happens when a property does not hold. */
export type OnViolation = 'throw' | 'collect';

interface Watched {
  readonly property: Property;
  readonly scope: Scope;
  readonly clock: Storage;
  readonly condition: Place;
  readonly reset: Place | undefined;
  readonly pathOf: (element: number) => string;
  count: number;
}

type Found = { -readonly [K in keyof Violation]: Violation[K] };

export class Watcher extends EngineShell {
  readonly #watched: Watched[] = [];
  readonly #found = new Map<string, Found>();
  readonly #collect: boolean;

  constructor(engine: Engine, onViolation: OnViolation) {
    super(engine);
    this.#collect = onViolation === 'collect';
    for (const [scope, pathOf] of elementPaths(engine.layout.top)) {
      for (const property of scope.definition.properties) {
        const { condition, clock, reset } = property;
        this.#watched.push({
          ...{ property, scope, pathOf, count: 0, clock: viewOf(scope, clock).storage },
          condition: wholePlace(scope, condition),
          reset: reset && wholePlace(scope, reset),
        });
      }
    }
  }

  override step(cycles: number, clock?: string | readonly string[]): void {
    const clocks = this.clocksOf(clock);
    for (let i = 0; i < cycles; i++) {
      this.engine.settle();
      this.#look(clocks);
      this.engine.step(1, clock);
    }
  }

  coverage(): Coverage[] {
    return this.#watched
      .filter((w) => w.property.kind === 'cover')
      .map(({ property, scope, count }) => ({
        kind: isStatementCover(property) ? 'statement' : 'point',
        ...{ message: property.message, path: scope.path, count, at: property.at.text() ?? '' },
      }));
  }

  violations(): Violation[] {
    return [...this.#found.values()];
  }

  #look(clocks: readonly Storage[]): void {
    for (const watched of this.#watched) {
      if (!clocks.includes(watched.clock)) continue;
      const { condition, reset, scope } = watched;
      const wanted = watched.property.kind === 'cover' ? 1 : 0;
      const active = reset?.type.reset?.activeLow ? 0 : 1;
      for (let e = 0; e < scope.domain.count; e++) {
        if (this.engine.read(condition, e) !== wanted || (reset && this.engine.read(reset, e) === active)) continue;
        if (wanted === 1) watched.count++;
        else this.#fail(watched, watched.pathOf(e));
      }
    }
  }

  #fail({ property: { kind, message, name, at } }: Watched, path: string): void {
    const place = at.text() ?? '';
    if (this.#collect) {
      const key = `${path} ${name}`;
      const known = this.#found.get(key);
      if (known) known.count++;
      else this.#found.set(key, { kind: kind as Violation['kind'], message, path, at: place, cycle: this.cycle, count: 1 });
      return;
    }
    const where = `${path === '' ? 'the top module' : `\`${path}\``} in cycle ${this.cycle}`;
    if (kind === 'assert')
      throw new SimulationError(
        'SIM-E011',
        `assertion "${message}" fails in ${where}\n  at ${place}`,
        'look at the waves up to this cycle; `properties: "collect"` goes on and lists all failures with violations()',
      );
    throw new SimulationError(
      'SIM-E012',
      `the stimulus breaks the assumption "${message}" of ${where}\n  at ${place}`,
      'poke what the assumption allows, or weaken the assumption',
    );
  }
}
