// What of a definition launches values from a clock and what samples them, for the check of clock crossings.
//
// Invariant: the work is in proportion to the source: a child counts by the summary of its ports, a mesh by the port graph of its element.

import { clockInputs, clockSources } from '../ir/clocks.ts';
import { count, type Definition, type Delay, linkPins, type Mesh, ports, type Signal, type Stmt } from '../ir/nodes.ts';
import { indexExprs, signalsRead } from '../ir/visit.ts';
import type { Origin } from '../source.ts';
import { reach } from './graph.ts';
import { portGraph, type Summary } from './mesh-loops.ts';
import { signalGraph } from './signal-graph.ts';

/** A register, memory, delay or input, by its path. */
export interface Place {
  readonly name: string;
  readonly at: Origin;
}
/** By clock; `undefined` stands for an asynchronous input. */
export type ByClock = Map<Signal | undefined, Place>;

/** What a parent has to know of a definition. */
export interface ClockSummary {
  readonly comb: Summary;
  /** Clocks that output ports come from. */
  readonly launches: ReadonlyMap<Signal, ByClock>;
  /** Clocks that sample input ports. */
  readonly samples: ReadonlyMap<Signal, ByClock>;
  /** Clocks of what input ports reset asynchronously. */
  readonly resets: ReadonlyMap<Signal, ByClock>;
}

/** Something that a clock samples, or that is reset asynchronously. */
export interface Sink extends Place {
  readonly clock: Signal;
  readonly reads: readonly Signal[];
  readonly reset: boolean;
}

export interface ClockGraph {
  readonly clocks: readonly Signal[];
  /** By signal id: the ids that it depends on within a cycle. */
  readonly edges: readonly (readonly number[])[];
  readonly sources: ReadonlyMap<Signal, ByClock>;
  readonly sinks: readonly Sink[];
  readonly comb: Summary;
  /** Between elements of a mesh. */
  readonly inside: readonly {
    readonly source: Place;
    readonly from: Signal | undefined;
    readonly sink: Place;
    readonly to: Signal;
    readonly reset: boolean;
    readonly at: Origin;
  }[];
}

export function clockGraph(definition: Definition, summaries: ReadonlyMap<Definition, ClockSummary>): ClockGraph {
  return new Collector(definition, summaries).run();
}

class Collector {
  readonly #definition: Definition;
  readonly #summaries: ReadonlyMap<Definition, ClockSummary>;
  readonly #pinClocks: ReadonlyMap<Signal, Signal>;
  readonly #sources = new Map<Signal, ByClock>();
  readonly #sinks: Sink[] = [];
  readonly #inside: ClockGraph['inside'][number][] = [];

  constructor(definition: Definition, summaries: ReadonlyMap<Definition, ClockSummary>) {
    this.#definition = definition;
    this.#summaries = summaries;
    this.#pinClocks = clockSources(definition);
  }

  run(): ClockGraph {
    const { signals, instances, meshes, delays, memories } = this.#definition;
    const combs = new Map([...this.#summaries].map(([d, s]) => [d, s.comb]));
    const { edges, summary } = signalGraph(this.#definition, combs);
    for (const s of signals) if (s.crossing && !s.register) edges[s.id] = [];
    const clocks = clockInputs(this.#definition);
    if (this.#definition.external) {
      this.#external(clocks);
      return { clocks, edges, sources: this.#sources, sinks: this.#sinks, comb: summary, inside: [] };
    }
    this.#registers();
    for (const s of signals) if (s.arrival) this.#source(s, arrivalClock(s, clocks), s);
    for (const d of delays) this.#delay(d);
    for (const memory of memories) {
      const { name, at, writes, reads } = memory;
      for (const w of writes)
        this.#sinks.push({ name, at, clock: w.clock, reads: [w.address, w.data, w.enable, ...(w.mask ? [w.mask] : [])], reset: false });
      for (const { address, data, registered } of reads) {
        if (registered) {
          this.#sinks.push({ name, at, clock: registered.clock, reads: [address, registered.enable], reset: false });
          this.#source(data, registered.clock, { name, at });
        }
        const writer = writes[0]?.clock;
        if (!writer || data.crossing) continue;
        if (!registered) this.#source(data, writer, { name, at });
        else if (writer !== registered.clock)
          this.#inside.push({ source: { name, at }, from: writer, sink: { name: data.name, at }, to: registered.clock, reset: false, at });
      }
    }
    for (const { definition, pins, name, at } of instances) {
      const pin = (port: Signal): Signal[] => [pins.get(port) as Signal];
      this.#child(definition, name, at, (clock) => this.#clockOf(pins.get(clock) as Signal), pin, pin);
    }
    for (const mesh of meshes) this.#mesh(mesh);
    return { clocks, edges, sources: this.#sources, sinks: this.#sinks, comb: this.#comb(edges), inside: this.#inside };
  }

  /** Of one clock it samples every input and launches every output that is no logic; of several, what its inputs say is all that is known. */
  #external(clocks: readonly Signal[]): void {
    const [clock, ...more] = clocks;
    if (!clock || more.length > 0) return;
    const data = ports(this.#definition).filter((p) => p.type.kind !== 'clock' && p.type.kind !== 'reset');
    for (const port of data) {
      if (port.role === 'output') this.#source(port, clock, port);
      else if (!port.arrival) this.#sinks.push({ name: port.name, at: port.at, clock, reads: [port], reset: false });
    }
  }

  /** Input ports behind each output port, without what a sanctioned crossing cuts. */
  #comb(edges: readonly number[][]): Summary {
    const { signals } = this.#definition;
    return new Map(
      ports(this.#definition)
        .filter((p) => p.role === 'output')
        .map((p) => [p, new Set([...reach(edges, p.id)].map((id) => signals[id] as Signal).filter((s) => s.role === 'input'))]),
    );
  }

  #clockOf(pin: Signal): Signal {
    return this.#pinClocks.get(pin) ?? pin;
  }

  #source(signal: Signal, clock: Signal | undefined, { name, at }: Place): void {
    const known = this.#sources.get(signal);
    if (!known) this.#sources.set(signal, new Map([[clock, { name, at }]]));
    else if (!known.has(clock)) known.set(clock, { name, at });
  }

  #registers(): void {
    const reads = new Map<Signal, Signal[]>();
    collectReads(this.#definition.body, [], reads);
    for (const s of this.#definition.signals) {
      if (!s.register) continue;
      const { clock, enable, reset } = s.register;
      this.#source(s, clock, s);
      if (s.crossing) continue;
      if (reset?.async) this.#sinks.push({ name: s.name, at: s.at, clock, reads: [reset.signal], reset: true });
      const synchronous = reset && !reset.async ? [reset.signal, ...signalsRead([reset.value])] : [];
      const all = [...(reads.get(s) ?? []), ...(enable ? [enable] : []), ...synchronous];
      if (all.length > 0) this.#sinks.push({ name: s.name, at: s.at, clock, reads: all, reset: false });
    }
  }

  #delay({ input, output, enable, reset, clock, first, step, at }: Delay): void {
    const { name } = output;
    const lanes = count(output.dims.slice(0, 1));
    if (first !== 0 || first + step * (lanes - 1) !== 0) this.#source(output, clock, { name, at });
    const reads = [input, ...(enable ? [enable] : []), ...(reset && !reset.async ? [reset.signal] : [])];
    this.#sinks.push({ name, at, clock, reads, reset: false });
    if (reset?.async) this.#sinks.push({ name, at, clock, reads: [reset.signal], reset: true });
  }

  #child(
    child: Definition,
    name: string,
    at: Origin,
    clockOf: (clock: Signal) => Signal,
    inputs: (port: Signal) => readonly Signal[],
    outputs: (port: Signal) => readonly Signal[],
  ): void {
    const { launches, samples, resets } = this.#summaries.get(child) as ClockSummary;
    const inner = (place: Place): Place => ({ name: `${name}.${place.name}`, at });
    for (const [port, byClock] of launches)
      for (const [clock, place] of byClock) for (const pin of outputs(port)) this.#source(pin, clock && clockOf(clock), inner(place));
    for (const [reset, list] of [
      [false, samples],
      [true, resets],
    ] as const)
      for (const [port, byClock] of list)
        for (const [clock, place] of byClock) if (clock) this.#sinks.push({ ...inner(place), clock: clockOf(clock), reads: inputs(port), reset });
  }

  #mesh(mesh: Mesh): void {
    const summary = this.#summaries.get(mesh.definition) as ClockSummary;
    const { edges, id } = portGraph(mesh, summary.comb);
    const list = ports(mesh.definition);
    const behind = (port: Signal): Signal[] => [...reach(edges, id(port))].map((i) => list[i] as Signal);
    const clockOf = (clock: Signal): Signal => {
      const feed = mesh.links.find((l) => l.kind === 'feed' && l.to === clock);
      return this.#clockOf((feed as { readonly pin: Signal }).pin);
    };
    const pins = mesh.links.flatMap(linkPins);
    // What a port takes comes from the pins behind it; what it gives goes to the pins in front.
    const inputs = (port: Signal): Signal[] => {
      const near = new Set(behind(port));
      return pins.flatMap(([pin, taker]) => (taker.role === 'input' && near.has(taker) ? [pin] : []));
    };
    const outputs = (port: Signal): Signal[] =>
      pins.flatMap(([pin, giver]) => (giver.role === 'output' && behind(giver).includes(port) ? [pin] : []));
    this.#child(mesh.definition, mesh.name, mesh.at, clockOf, inputs, outputs);
    for (const [reset, taken] of [
      [false, summary.samples],
      [true, summary.resets],
    ] as const)
      for (const [port, sinks] of taken)
        for (const out of behind(port))
          for (const [from, source] of summary.launches.get(out) ?? [])
            for (const [to, sink] of sinks)
              if (to && (!from || clockOf(from) !== clockOf(to)))
                this.#inside.push({
                  ...{ from: from && clockOf(from), to: clockOf(to), reset, at: mesh.at },
                  source: { name: `${mesh.name}.${source.name}`, at: mesh.at },
                  sink: { name: `${mesh.name}.${sink.name}`, at: mesh.at },
                });
  }
}

/** The clock input that an input says it belongs to. */
function arrivalClock({ arrival }: Signal, clocks: readonly Signal[]): Signal | undefined {
  return arrival && 'clock' in arrival ? clocks.find((c) => c.name === arrival.clock) : undefined;
}

/** What the assignments of each register read, their conditions included. */
function collectReads(stmts: readonly Stmt[], conditions: readonly Signal[], reads: Map<Signal, Signal[]>): void {
  for (const stmt of stmts) {
    if (stmt.kind === 'when') {
      const inner = [...conditions, ...signalsRead([stmt.cond])];
      collectReads(stmt.then, inner, reads);
      collectReads(stmt.else, inner, reads);
    } else if (stmt.target.signal.role === 'reg') {
      const list = reads.get(stmt.target.signal) ?? [];
      list.push(...conditions, ...signalsRead([stmt.value, ...indexExprs(stmt.target)]));
      reads.set(stmt.target.signal, list);
    }
  }
}
