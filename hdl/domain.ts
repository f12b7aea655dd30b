// Clock domains: a clock, its reset and its enable, as the place that state belongs to.
//
// Invariant: a domain belongs to one module; other modules are put into it by instantiating them inside of `inDomain`. Refused: what is no clock, no
// reset or no bool, a domain of another module.

import { type Builder, currentBuilder } from './builder.ts';
import { messages } from './diagnostics/messages.ts';
import * as build from './ir/build.ts';
import type { Definition, Expr, ResetStyle, Signal } from './ir/nodes.ts';
import { Origin } from './source.ts';
import type { Bool, Clock, Reset } from './value-types.ts';
import { condition, HwValue, Scalar } from './values.ts';

/** The signals of a clock domain; without a clock it is the module's own clock and reset, at the rate of the enable. */
export type DomainOptions =
  | {
      readonly clock: Clock;
      /** Its type says whether it is asynchronous or active low. Without it nothing in the domain can be reset. */
      readonly reset?: Reset;
      /** State holds while it is false; a reset acts nevertheless. */
      readonly enable?: Bool;
    }
  | { readonly clock?: never; readonly reset?: never; readonly enable: Bool };

/** See `Module.domain`. */
export class Domain {
  readonly owner: Definition;
  /** Whether clock and reset are those that the module is instantiated with. */
  readonly around: boolean;
  /** Of its own. */
  readonly reset: Signal | undefined;
  readonly enable: Signal | undefined;
  readonly #clock: () => Signal;

  constructor(builder: Builder, options: DomainOptions) {
    const at = Origin.here();
    this.owner = builder.definition;
    this.around = options.clock === undefined;
    const own = this.around ? undefined : controlSignal(builder, options.clock, 'clock');
    this.#clock = () => own ?? builder.defaultClock();
    this.reset = options.reset && controlSignal(builder, options.reset, 'reset');
    const enable = options.enable && condition(builder, options.enable);
    const outer = (): Expr | undefined => enable && builder.inDomain(undefined, () => builder.enabled(enable));
    const always = this.around ? outer() : enable;
    this.enable = always && enableSignal(builder, always);
    const made = [this.reset, this.enable].filter((s): s is Signal => s?.role === 'wire' && !s.named);
    builder.nameable(this, {
      at,
      rename: (name) => {
        for (const s of made) Object.assign(s, { name: `${name}_${s === this.reset ? 'reset' : 'enable'}`, named: true });
      },
    });
  }

  /** Made with its first use, where it is the module's own. */
  get clock(): Signal {
    return this.#clock();
  }
}

/** Registers, memories, delays, state machines, instances and meshes that `body` makes belong to the domain. */
export function inDomain<T>(domain: Domain, body: () => T): T {
  const builder = currentBuilder('inDomain()');
  return builder.inDomain(ownDomain(builder, domain), body);
}

/** Reports HDL-P005 for a domain of another module. */
export function ownDomain(builder: Builder, domain: Domain): Domain {
  if (domain.owner !== builder.definition) builder.report(messages.foreign(builder.here(), 'domain', domain.owner.name, domain.clock.at));
  return domain;
}

/**
 * A bool as a reset of a kind (synchronous and active high when nothing is said); its level becomes the reset's level. Drive an asynchronous one from a
 * register: logic in front of it glitches.
 */
export function asReset(level: Bool, kind: ResetStyle = {}): Reset {
  const builder = currentBuilder('asReset()');
  const expr = build.castTo(condition(builder, level), build.resetType(kind));
  return new Scalar({ expr }) as unknown as Reset;
}

/** The signal behind a clock or a reset; a reset that is computed gets a wire. Reports HDL-K008 for anything else. */
export function controlSignal(builder: Builder, value: unknown, kind: 'clock' | 'reset'): Signal | undefined {
  const expr = value instanceof Scalar && value.kind === kind ? value.expr : undefined;
  if (!expr || (kind === 'clock' && !(expr.op === 'ref' && expr.signal.role === 'input'))) {
    const got = value instanceof HwValue ? describeValue(value) : String(value);
    builder.report(messages.notControl(builder.here(), got, kind));
    return undefined;
  }
  return expr.op === 'ref' ? expr.signal : wireOf(builder, expr, 'reset');
}

function describeValue(value: HwValue): string {
  return value instanceof Scalar ? value.kind : value.hwType.kind;
}

/** Never a register itself, so that engines may give registers another form. */
function enableSignal(builder: Builder, expr: Expr): Signal {
  return expr.op === 'ref' && expr.signal.role !== 'reg' ? expr.signal : wireOf(builder, expr, 'enable');
}

function wireOf(builder: Builder, expr: Expr, name: string): Signal {
  const at = Origin.here();
  const signal = builder.declare({ role: 'wire', type: expr.type, dims: [], name, named: false, at });
  builder.define(signal, expr, at);
  return signal;
}
