// Clock crossings: no value of one clock is sampled by another, no reset of one clock acts asynchronously on another, but through the standard cells.
//
// Method: leaves first, each definition from the summaries of its children. For each clock a search backwards from everything that it samples finds
// what launches the values, with a shortest path. A design of one clock without asynchronous inputs has nothing to check.

import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { messages } from '../diagnostics/messages.ts';
import { clockInputs } from '../ir/clocks.ts';
import type { Definition, Design, Signal } from '../ir/nodes.ts';
import { ports } from '../ir/nodes.ts';
import { type ByClock, type ClockGraph, type ClockSummary, clockGraph, type Place, type Sink } from './clock-graph.ts';

export function checkCrossings(design: Design): Diagnostic[] {
  const { top, definitions } = design;
  const free = definitions.some((d) => d.signals.some((s) => s.arrival && 'asynchronous' in s.arrival));
  if (clockInputs(top).length < 2 && !free) return [];
  const found: Diagnostic[] = [];
  const summaries = clockSummaries(definitions, found);
  return [...found, ...checkTopInputs(top, summaries.get(top) as ClockSummary)];
}

/** Which clocks the ports of each definition belong to; definitions are leaves first. Crossings inside are added to `found`. */
export function clockSummaries(definitions: readonly Definition[], found: Diagnostic[] = []): ReadonlyMap<Definition, ClockSummary> {
  const summaries = new Map<Definition, ClockSummary>();
  for (const definition of definitions) {
    const check = new Crossings(definition, clockGraph(definition, summaries));
    summaries.set(definition, check.run());
    found.push(...check.found);
  }
  return summaries;
}

function checkTopInputs(top: Definition, { samples }: ClockSummary): Diagnostic[] {
  return [...samples].flatMap(([port, byClock]) => {
    if (port.arrival || byClock.size < 2) return [];
    const [clocks, sinks] = [[...byClock.keys()].map((c) => c?.name ?? ''), [...byClock.values()].map((p) => `\`${p.name}\``)];
    return [messages.sharedInput({ at: port.at, module: top.name }, port.name, clocks, sinks)];
  });
}

class Crossings {
  readonly found: Diagnostic[] = [];
  readonly #definition: Definition;
  readonly #graph: ClockGraph;
  readonly #samples = new Map<Signal, ByClock>();
  readonly #resets = new Map<Signal, ByClock>();

  constructor(definition: Definition, graph: ClockGraph) {
    this.#definition = definition;
    this.#graph = graph;
  }

  run(): ClockSummary {
    const { clocks, sinks, inside, comb } = this.#graph;
    for (const clock of clocks)
      for (const reset of [false, true])
        this.#search(
          clock,
          sinks.filter((s) => s.clock === clock && s.reset === reset),
          reset,
        );
    for (const { source, from, sink, to, reset, at } of inside) this.#report(source, from, sink, to, [source.name, sink.name], reset, at);
    for (const s of this.#definition.signals) {
      const { arrival } = s;
      const clock = arrival && 'clock' in arrival ? clocks.find((c) => c.name === arrival.clock) : undefined;
      if (clock) note(this.#samples, s, clock, s);
    }
    return { comb, launches: this.#launches(), samples: this.#samples, resets: this.#resets };
  }

  /** Backwards from all sinks of a clock at once. */
  #search(clock: Signal, sinks: readonly Sink[], reset: boolean): void {
    const { signals } = this.#definition;
    /** By signal: the one that it flows into, or the sink. */
    const next = new Map<Signal, Signal | Sink>();
    const open: Signal[] = [];
    const visit = (signal: Signal, to: Signal | Sink): void => {
      if (next.has(signal)) return;
      next.set(signal, to);
      open.push(signal);
    };
    for (const sink of sinks) for (const signal of sink.reads) visit(signal, sink);
    for (let i = 0; i < open.length; i++) {
      const signal = open[i] as Signal;
      for (const [from, source] of this.#graph.sources.get(signal) ?? []) {
        if (from === clock || (reset && !from)) continue;
        const { path, sink } = walk(signal, next);
        this.#report(source, from, sink, clock, source.name === signal.name ? path : [source.name, ...path], reset, sink.at);
      }
      if (signal.role === 'input' && !signal.arrival) note(reset ? this.#resets : this.#samples, signal, clock, walk(signal, next).sink);
      for (const id of this.#graph.edges[signal.id] ?? []) visit(signals[id] as Signal, signal);
    }
  }

  #report(source: Place, from: Signal | undefined, sink: Place, to: Signal, path: readonly string[], reset: boolean, at: Place['at']): void {
    const place = { at, module: this.#definition.name };
    const [a, b] = [`\`${source.name}\``, `\`${sink.name}\``];
    if (!from) {
      this.found.push(messages.asynchronousInput(place, source.name, b, to.name, path));
      return;
    }
    const notes = [{ text: `${a} is declared`, at: source.at }];
    this.found.push((reset ? messages.resetCrossing : messages.crossing)(place, a, from.name, b, to.name, path, notes));
  }

  /** Forwards from everything that each clock launches. */
  #launches(): Map<Signal, ByClock> {
    const { signals } = this.#definition;
    const { edges, sources } = this.#graph;
    const users: number[][] = signals.map(() => []);
    edges.forEach((list, to) => {
      for (const from of list) users[from]?.push(to);
    });
    const outputs = new Set(ports(this.#definition).filter((p) => p.role === 'output'));
    const launches = new Map<Signal, ByClock>();
    const clocks = new Set([...sources.values()].flatMap((byClock) => [...byClock.keys()]));
    for (const clock of clocks) {
      const origin = new Map<Signal, Place>();
      for (const [signal, byClock] of sources) {
        const place = byClock.get(clock);
        if (place) origin.set(signal, place);
      }
      for (const [signal, place] of origin) {
        if (outputs.has(signal)) note(launches, signal, clock, place);
        for (const id of users[signal.id] ?? []) {
          const user = signals[id] as Signal;
          if (!origin.has(user)) origin.set(user, place);
        }
      }
    }
    return launches;
  }
}

function note(lists: Map<Signal, ByClock>, port: Signal, clock: Signal | undefined, { name, at }: Place): void {
  const known = lists.get(port);
  if (!known) lists.set(port, new Map([[clock, { name, at }]]));
  else if (!known.has(clock)) known.set(clock, { name, at });
}

/** From a signal to the sink. */
function walk(signal: Signal, next: ReadonlyMap<Signal, Signal | Sink>): { readonly path: string[]; readonly sink: Sink } {
  const path = [signal.name];
  for (let to = next.get(signal); to; to = next.get(to as Signal)) {
    path.push(to.name);
    if ('reads' in to) return { path: path.filter((name, i) => name !== path[i - 1]), sink: to };
  }
  throw new Error('internal: a path without a sink');
}
