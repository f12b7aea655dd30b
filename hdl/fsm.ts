// State machines.

import type { Builder } from './builder.ts';
import { switchOn } from './control.ts';
import { messages } from './diagnostics/messages.ts';
import { Origin } from './source.ts';
import type { Bool, EnumValue, EnumVar } from './value-types.ts';

/** See `Module.fsm`. */
export class Fsm<S extends string> {
  /** The state register. */
  readonly state: EnumVar<S>;
  readonly #builder: Builder;
  readonly #at = Origin.here();
  readonly #reached: Set<S>;
  readonly #states: readonly S[];

  constructor(builder: Builder, states: readonly S[], reset: S, state: EnumVar<S>) {
    this.#builder = builder;
    this.#states = states;
    this.#reached = new Set([reset]);
    this.state = state;
    builder.atEnd(() => this.#check());
  }

  /** Whether the machine is in one of the states. */
  is(...states: readonly [S, ...S[]]): Bool {
    return (this.state as EnumValue<S>).is(...states);
  }

  /** The next state; outside of `on` it overrides what the states decide. */
  goto(state: S): void {
    this.#reached.add(state);
    this.state.set(state);
  }

  /** What happens in each state; a state that is not named stays. */
  on(bodies: { readonly [K in S]?: () => void }): void {
    const stay = (): void => undefined;
    switchOn(this.state, { ...bodies, default: stay } as never);
  }

  #check(): void {
    const unreachable = this.#states.filter((s) => !this.#reached.has(s));
    for (const s of unreachable) this.#builder.report(messages.unreachableState({ at: this.#at, module: this.#builder.definition.name }, s));
  }
}
