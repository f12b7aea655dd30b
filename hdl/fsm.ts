// State machines.
//
// Refused: states that no chain of transitions from the reset state leads to.

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
  readonly #reset: S;
  readonly #states: readonly S[];
  /** Where each state goes, and under `undefined` what is said outside of all of them. */
  readonly #transitions = new Map<S | undefined, Set<S>>();
  /** Whose body runs. */
  #present: S | undefined;

  constructor(builder: Builder, states: readonly S[], reset: S, state: EnumVar<S>) {
    this.#builder = builder;
    this.#states = states;
    this.#reset = reset;
    this.state = state;
    builder.atEnd(() => this.#check());
  }

  /** Whether the machine is in one of the states. */
  is(...states: readonly [S, ...S[]]): Bool {
    return (this.state as EnumValue<S>).is(...states);
  }

  /** The next state; outside of `on` it overrides what the states decide. */
  goto(state: S): void {
    const from = this.#transitions.get(this.#present) ?? new Set();
    this.#transitions.set(this.#present, from.add(state));
    this.state.set(state);
  }

  /** What happens in each state; a state that is not named stays. */
  on(bodies: { readonly [K in S]?: () => void }): void {
    const stay = (): void => undefined;
    const entries = Object.entries(bodies) as [S, (() => void) | undefined][];
    const tracked = entries.map(([state, body]) => [state, body && (() => this.#within(state, body))]);
    switchOn(this.state, { ...Object.fromEntries(tracked), default: stay } as never);
  }

  #within(state: S, body: () => void): void {
    const outer = this.#present;
    this.#present = state;
    try {
      body();
    } finally {
      this.#present = outer;
    }
  }

  #check(): void {
    const reached = new Set<S>([this.#reset]);
    for (const to of this.#transitions.get(undefined) ?? []) reached.add(to);
    // A set yields what is added while it is walked.
    for (const state of reached) for (const to of this.#transitions.get(state) ?? []) reached.add(to);
    const targets = new Set([...this.#transitions.values()].flatMap((to) => [...to]));
    const place = { at: this.#at, module: this.#builder.definition.name };
    for (const state of this.#states)
      if (!reached.has(state)) this.#builder.report(messages.unreachableState(place, state, targets.has(state) ? this.#reset : undefined));
  }
}
