// Domains in the form that engines run: asynchronous state as held state behind a multiplexer of its reset, and clocks by their inputs.
//
//     reg q: asynchronous reset r to v        becomes        reg q_held, and q = r active ? v : q_held
//
// Invariant: `q` stays the signal that everything reads and the statements assign; `held` tells where its state lies. A delay that is reset
// asynchronously gets the multiplexer behind its stages. A clock that is handed to a child is the parent's own, whatever pin it goes through.

import { array, BOOL, castTo, constant, element, fill, mux, ref } from '../hdl/ir/build.ts';
import { clockInputs, clockSources } from '../hdl/ir/clocks.ts';
import type { Definition, Delay, Design, Expr, MeshLink, ResetStyle, Signal, Stmt } from '../hdl/ir/nodes.ts';

/** The state of an asynchronously reset register. */
export interface HeldSignal extends Signal {
  readonly holds: Signal;
}

/** The held state of each asynchronously reset register of a lowered definition. */
export function heldBy(definition: Definition): Map<Signal, HeldSignal> {
  return new Map(definition.signals.flatMap((s) => ('holds' in s ? [[(s as HeldSignal).holds, s as HeldSignal]] : [])));
}

/** Designs of one clock that no asynchronous reset acts on are passed on. */
export function lowerDomains(design: Design): Design {
  if (!isTicked(design)) return design;
  const replaced = new Map<Definition, Definition>();
  const definitions = design.definitions.map((definition) => {
    const made = lower(definition, replaced);
    replaced.set(definition, made);
    return made;
  });
  return { top: replaced.get(design.top) as Definition, definitions };
}

/** Whether registers have to know which clock has an edge. */
export function isTicked({ top, definitions }: Design): boolean {
  return clockInputs(top).length > 1 || definitions.some(isAsynchronous);
}

export function isAsynchronous({ signals, delays }: Definition): boolean {
  return signals.some((s) => s.register?.reset?.async) || delays.some((d) => d.reset?.async);
}

function lower(definition: Definition, replaced: ReadonlyMap<Definition, Definition>): Definition {
  const signals = [...definition.signals];
  const body = [...definition.body];
  const add = (like: Signal, more: Partial<HeldSignal>): Signal => {
    const signal = { ...like, id: signals.length, ...more };
    signals.push(signal);
    return signal;
  };
  for (const s of definition.signals) if (s.register?.reset?.async) add(s, { name: `${s.name}_held`, holds: s });
  const delays = definition.delays.map((delay): Delay => {
    if (!delay.reset?.async) return delay;
    const raw = add(delay.output, { name: `${delay.output.name}_held`, named: false });
    body.push({ kind: 'assign', target: { signal: delay.output, path: [] }, value: cleared(delay, delay.reset, raw), at: delay.at });
    return { ...delay, output: raw };
  });
  const clocks = clockSources(definition);
  const child = <T extends { readonly definition: Definition }>(c: T): T => ({ ...c, definition: replaced.get(c.definition) ?? c.definition });
  return {
    ...definition,
    signals,
    body,
    delays,
    instances: definition.instances.map((i) => child({ ...i, pins: new Map([...i.pins].map(([port, pin]) => [port, clocks.get(pin) ?? pin])) })),
    meshes: definition.meshes.map((m) =>
      child({ ...m, links: m.links.map((l): MeshLink => (l.kind === 'feed' ? { ...l, pin: clocks.get(l.pin) ?? l.pin } : l)) }),
    ),
  };
}

/** What stages show while their reset acts; lanes without a stage pass on. */
function cleared({ first, step, output }: Delay, { signal, activeLow, value }: NonNullable<Delay['reset']>, raw: Signal): Expr {
  const level = castTo(ref(signal), BOOL);
  const choose = (from: Expr): Expr => {
    const clear = fill(constant(output.type, value), from.dims);
    return activeLow ? mux(level, from, clear) : mux(level, clear, from);
  };
  const lanes = output.dims[0] ?? 0;
  const depths = Array.from({ length: lanes }, (_, i) => first + step * i);
  if (!depths.includes(0)) return choose(ref(raw));
  return array(depths.map((depth, i) => (depth === 0 ? element(ref(raw), i) : choose(element(ref(raw), i)))) as [Expr, ...Expr[]]);
}

const refs = new WeakMap<Signal, Expr>();

/** One expression for each signal, so that engines compute conditions once. */
function shared(signal: Signal): Expr {
  let expr = refs.get(signal);
  if (!expr) refs.set(signal, (expr = ref(signal)));
  return expr;
}

/** `active` while a reset acts, `rest` while it does not. */
function whileReset({ signal, activeLow }: ResetStyle & { readonly signal: Signal }, active: Stmt[], rest: Stmt[], like: Signal): Stmt[] {
  const [high, low] = activeLow ? [rest, active] : [active, rest];
  return [{ kind: 'when', cond: shared(signal), then: high, else: low, at: like.at }];
}

/** The next value of a register at an edge, from the statements that assign it; with `ticked` its clock may be one that has none. */
export function nextState(signal: Signal, body: readonly Stmt[], ticked: boolean): readonly Stmt[] {
  const { clock, enable, reset } = signal.register as NonNullable<Signal['register']>;
  const only = (cond: Signal | undefined, then: readonly Stmt[]): Stmt[] =>
    cond && then.length > 0 ? [{ kind: 'when', cond: shared(cond), then: [...then], else: [], at: signal.at }] : [...then];
  const tick = (stmts: readonly Stmt[]): Stmt[] => only(ticked ? clock : undefined, stmts);
  const moves = only(enable, body);
  if (!reset) return tick(moves);
  const clear: Stmt[] = [{ kind: 'assign', target: { signal, path: [] }, value: reset.value, at: signal.at }];
  return reset.async ? whileReset(reset, clear, tick(moves), signal) : tick(whileReset(reset, clear, moves, signal));
}

/** What an asynchronously reset register shows. */
export function shownState(signal: Signal, held: Signal): readonly Stmt[] {
  const reset = signal.register?.reset as NonNullable<NonNullable<Signal['register']>['reset']>;
  const show = (value: Expr): Stmt[] => [{ kind: 'assign', target: { signal, path: [] }, value, at: signal.at }];
  return whileReset(reset, show(reset.value), show(ref(held)), signal);
}
