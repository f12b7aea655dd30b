// Shift registers as one node, whatever their depth and number of lanes.

import type { Builder } from './builder.ts';
import { messages } from './diagnostics/messages.ts';
import * as build from './ir/build.ts';
import type { Delay, Expr } from './ir/nodes.ts';
import { leafName, leavesOf, mapLeaves } from './leaves.ts';
import { Origin } from './source.ts';
import type { Bool } from './value-types.ts';
import { condition, type HwValue, makeValue } from './values.ts';

export interface DelayOptions {
  /** Advances only while true; always when absent. */
  readonly enable?: Bool;
  /** All stages are cleared to zero by the domain's reset; without it they are not reset, which lets an FPGA use shift-register LUTs. */
  readonly reset?: boolean;
  /** For properties only. */
  readonly ghost?: true;
}

/** Lane i of the outermost dimension by `first + step·i` stages. A delay of no stage anywhere is the value itself. */
export function addDelay(builder: Builder, value: HwValue, first: number, step: number, options: DelayOptions): HwValue {
  const dims = leavesOf(value.leaves)[0]?.leaf.expr.dims ?? [];
  const last = first + step * ((dims[0] ?? 1) - 1);
  if (!(Number.isInteger(first) && Number.isInteger(step) && first >= 0 && last >= 0)) {
    builder.report(messages.badDepth(builder.here(), first, step));
    return value;
  }
  if (first === 0 && last === 0) return value;
  const at = Origin.here();
  const enable = builder.enabled(options.enable && condition(builder, options.enable));
  const delays: { readonly delay: Delay; readonly path: readonly string[] }[] = [];
  const leaves = mapLeaves(value.leaves, ({ expr }, path) => {
    const delay = addLeaf(builder, expr, {
      first,
      step,
      at,
      reset: options.reset === true,
      ...(options.ghost && { ghost: true }),
      ...(enable && { enable }),
    });
    delays.push({ delay, path });
    return { expr: build.ref(delay.output) };
  });
  const result = makeValue(value.hwType, leaves);
  const rename = (name: string, named = true): void => {
    for (const { delay, path } of delays) {
      const own = leafName([name, ...path]);
      const full = own.name;
      Object.assign(delay, { name: `${full}_delay`, named });
      Object.assign(delay.output, own, { named });
      delay.input.name = `${full}_in`;
      if (delay.enable) delay.enable.name = `${full}_enable`;
    }
  };
  rename(step === 0 ? 'delayed' : 'skewed', false);
  builder.nameable(result, { at, rename });
  return result;
}

interface LeafOptions {
  readonly first: number;
  readonly step: number;
  readonly at: Origin;
  readonly enable?: Expr;
  readonly reset: boolean;
  readonly ghost?: true;
}

function addLeaf(builder: Builder, expr: Expr, { first, step, at, enable, reset, ghost }: LeafOptions): Delay {
  const pin = (role: 'sink' | 'source', e: Pick<Expr, 'type' | 'dims'>) =>
    builder.declare({ role, type: e.type, dims: e.dims, name: '', named: false, at });
  const input = pin('sink', expr);
  builder.define(input, expr, at);
  const enablePin = enable && pin('sink', enable);
  if (enable && enablePin) builder.define(enablePin, enable, at);
  const delay: Delay = {
    name: '',
    named: false,
    first,
    step,
    input,
    output: pin('source', expr),
    clock: builder.clock(),
    at,
    ...(ghost && { ghost }),
    ...(enablePin && { enable: enablePin }),
    ...(reset && { reset: resetOf(builder, 0n) }),
  };
  builder.definition.delays.push(delay);
  return delay;
}

function resetOf(builder: Builder, value: bigint): NonNullable<Delay['reset']> {
  const signal = builder.reset();
  return { signal, value, ...signal.type.reset };
}
