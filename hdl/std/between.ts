// What cells between two clock domains share: the ports that they are clocked and reset by, and how they are placed.
//
// Contract: both sides are reset, together: an item in flight while only one side is reset may be lost or seen twice. Derive both resets from one with
// `synchroniseReset`. Refused: a domain without a reset, a domain with an enable.

import { currentBuilder } from '../builder.ts';
import { type Domain, ownDomain } from '../domain.ts';
import { input } from '../io-types.ts';
import * as build from '../ir/build.ts';
import type { ResetStyle, Signal } from '../ir/nodes.ts';
import type { InstanceOf, Module, ModuleClass } from '../module.ts';
import { clock, reset } from '../types.ts';
import type { ClockVar, ResetVar } from '../value-types.ts';
import { Scalar } from '../values.ts';
import { place } from './payload.ts';
import { refuse } from './refuse.ts';

/** The two sides; the present domain where one is left out. */
export interface Sides {
  readonly from?: Domain;
  readonly to?: Domain;
}
/** The kinds of the two resets. */
export interface SideResets {
  readonly fromReset: ResetStyle;
  readonly toReset: ResetStyle;
}

/** The ports of a cell between two domains. */
export function sidePorts({ fromReset, toReset }: SideResets) {
  return {
    fromClk: input(clock),
    fromRst: input(reset(fromReset)),
    toClk: input(clock),
    toRst: input(reset(toReset)),
  };
}

type SideHandles = { readonly fromClk: ClockVar; readonly fromRst: ResetVar; readonly toClk: ClockVar; readonly toRst: ResetVar };

/** Instantiates a cell between two domains of the module under construction. */
export function placeBetween<M extends Module<unknown>>(
  cls: ModuleClass<M>,
  cfg: Omit<M['cfg'], keyof SideResets>,
  { from, to }: Sides,
): InstanceOf<M> {
  const [source, target] = [sideOf(cls.name, from), sideOf(cls.name, to)];
  const cell = place(cls, { ...cfg, fromReset: source.reset.type.reset ?? {}, toReset: target.reset.type.reset ?? {} } as M['cfg']);
  const pins = cell as unknown as SideHandles;
  pins.fromClk.set(asValue(source.clock));
  pins.fromRst.set(asValue(source.reset));
  pins.toClk.set(asValue(target.clock));
  pins.toRst.set(asValue(target.reset));
  return cell;
}

function sideOf(cell: string, domain: Domain | undefined): { readonly clock: Signal; readonly reset: Signal } {
  const builder = currentBuilder(cell);
  if (domain) ownDomain(builder, domain);
  if (domain ? domain.enable : builder.enable())
    return refuse(`${cell} beside a domain with an enable`, 'cross from or to a domain of the same clock without one');
  if (domain && !domain.reset) return refuse(`${cell} beside a domain without a reset`, 'give the domain a reset');
  return domain?.reset ? { clock: domain.clock, reset: domain.reset } : { clock: builder.clock(), reset: builder.reset() };
}

function asValue(signal: Signal): never {
  return new Scalar({ expr: build.ref(signal) }) as never;
}
