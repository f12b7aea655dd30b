// Models of what stands around a design: sources and sinks of streams, a master and a memory of AXI4-Lite. They are bodies of processes:
//
//     const sent = sim.fork(() => streamSource(sim, 'in', words, { stall: 0.3 }));
//     const got = sim.join(sim.fork(() => streamSink(sim, 'out', words.length, { stall: 0.5 })));
//
// Invariants: stalls are drawn from the simulation's seed and the stream's name. A source keeps what it offers until it is taken, and shows random values while it
// offers nothing; a sink holds the design to the same (SIM-E032). Ports are found by their names: `in_valid`, `in_ready`, `in_…`.

import { count, type GroundType, type Signal } from '../hdl/ir/nodes.ts';
import { SimulationError } from './errors.ts';
import { type ProcessBody, until } from './processes.ts';
import { randomBits, randomWords } from './random.ts';
import type { Simulation } from './simulation.ts';
import type { Pokable, Value } from './values.ts';

/** A beat: the value of the only field, or the values of all by name. */
export type Beat = Pokable | { readonly [field: string]: Pokable };
type Seen = Value | readonly Value[];
/** What a beat carries: its only field, or all of them by name. */
export type SeenBeat = Seen | { readonly [field: string]: Seen };

/** How an agent drives or takes a stream. */
export interface StreamOptions {
  /** Chance of a stall in each cycle, 0 to 1; 0 when absent. */
  readonly stall?: number;
}

interface Stream {
  readonly valid: string;
  readonly ready: string;
  /** Ports that travel with `valid`, by field. */
  readonly fields: ReadonlyMap<string, Signal>;
}

function streamOf(sim: Simulation, name: string, role: 'input' | 'output'): Stream {
  const own = sim.engine.layout.top.definition.signals.filter((s) => s.name.startsWith(`${name}_`) && (s.role === 'input' || s.role === 'output'));
  const field = (s: Signal): string => s.name.slice(name.length + 1);
  const found = (wanted: string, its: Signal['role']): boolean => own.some((s) => field(s) === wanted && s.role === its);
  const answer = role === 'input' ? 'output' : 'input';
  if (!found('valid', role) || !found('ready', answer))
    throw new SimulationError(
      'SIM-E033',
      `\`${name}\` is no stream that the design ${role === 'input' ? 'takes' : 'gives'}`,
      `it needs ${role === 'input' ? 'an input' : 'an output'} \`${name}_valid\` and ${role === 'input' ? 'an output' : 'an input'} \`${name}_ready\``,
    );
  const fields = own.filter((s) => s.role === role && field(s) !== 'valid' && s.type.width > 0);
  return { valid: `${name}_valid`, ready: `${name}_ready`, fields: new Map(fields.map((s) => [field(s), s])) };
}

/** True with a probability, from the seed. */
export function chances(sim: Simulation, name: string, probability: number): () => boolean {
  const words = randomWords(sim.seed, name);
  return () => words() < probability * 2 ** 32;
}

function randomValue({ kind, width }: GroundType, words: () => number): Value {
  const bits = randomBits(words, width);
  const value = kind === 'sint' ? BigInt.asIntN(width, bits) : bits;
  return width > 32 ? value : Number(value);
}

/** Offers beats one after the other, each until it is taken. Throws SIM-E033 for what is no stream. */
export function* streamSource(sim: Simulation, name: string, beats: Iterable<Beat>, { stall = 0 }: StreamOptions = {}): ProcessBody<void> {
  const { valid, ready, fields } = streamOf(sim, name, 'input');
  const stalls = chances(sim, `source ${name}`, stall);
  const words = randomWords(sim.seed, `idle ${name}`);
  const idle = (): void => {
    sim.poke(valid, 0);
    for (const { name: port, type, dims } of fields.values()) {
      if (type.kind === 'enum') continue;
      const values = Array.from({ length: count(dims) }, () => randomValue(type, words));
      sim.poke(port, dims.length > 0 ? values : (values[0] as Value));
    }
  };
  for (const beat of beats) {
    while (stalls()) {
      idle();
      yield;
    }
    const [only] = fields.values();
    const plain = fields.size === 1 && (typeof beat !== 'object' || 'length' in beat);
    for (const [field, value] of plain ? [[undefined, beat as Pokable] as const] : Object.entries(beat as { readonly [field: string]: Pokable }))
      sim.poke(field === undefined ? (only as Signal).name : `${name}_${field}`, value);
    sim.poke(valid, 1);
    yield* until(() => sim.value(ready) === 1, { what: `\`${ready}\`` });
  }
  idle();
}

/** Takes a number of beats and returns them. Throws SIM-E032 when the design takes back what it offers, SIM-E033 for what is no stream. */
export function* streamSink(sim: Simulation, name: string, beats: number, { stall = 0 }: StreamOptions = {}): ProcessBody<SeenBeat[]> {
  const { valid, ready, fields } = streamOf(sim, name, 'output');
  const stalls = chances(sim, `sink ${name}`, stall);
  const look = (): SeenBeat => {
    const all = [...fields].map(([field, { name: port }]): [string, Seen] => [field, sim.peek(port)]);
    return all.length === 1 ? (all[0] as [string, Seen])[1] : Object.fromEntries(all);
  };
  const taken: SeenBeat[] = [];
  let held: string | undefined;
  while (taken.length < beats) {
    const open = !stalls();
    sim.poke(ready, open);
    const { beat } = yield* until(() => ({ beat: sim.value(valid) === 1 ? look() : undefined }));
    const text = beat === undefined ? undefined : textOf(beat);
    if (held !== undefined && text !== held)
      throw new SimulationError(
        'SIM-E032',
        `the stream \`${name}\` offered ${held} and ${text === undefined ? 'took it back' : `changed it to ${text}`} in cycle ${sim.cycle - 1}, without \`${ready}\``,
        'a beat stays until it is taken',
      );
    held = open ? undefined : text;
    if (open && beat !== undefined) taken.push(beat);
  }
  sim.poke(ready, 0);
  return taken;
}

function textOf(beat: SeenBeat): string {
  return JSON.stringify(beat, (_, value) => (typeof value === 'bigint' ? String(value) : value)) ?? '';
}

/** A master of AXI4-Lite for the ports `bus_awaddr` and so on; for use in one process at a time. */
export function axiLiteMaster(sim: Simulation, bus: string, { stall = 0 }: StreamOptions = {}) {
  const stalls = chances(sim, `master ${bus}`, stall);
  const port = (name: string): string => `${bus}_${name}`;
  const bytes = (sim.engine.layout.top.definition.signals.find((s) => s.name === port('wstrb'))?.type.width ?? 4) as number;
  const flag = (name: string): boolean => sim.value(port(name)) === 1;
  return {
    /** Gives the response, 0 for okay. All bytes are written unless `strobe` says which. */
    *write(address: Value, data: Value, strobe: Value = 2 ** bytes - 1): ProcessBody<number> {
      while (stalls()) yield;
      for (const [name, value] of Object.entries({ awaddr: address, wdata: data, wstrb: strobe, awvalid: 1, wvalid: 1 })) sim.poke(port(name), value);
      for (;;) {
        const open = !stalls();
        sim.poke(port('bready'), open);
        const seen = yield* until(() => ({ aw: flag('awready'), w: flag('wready'), b: flag('bvalid'), resp: sim.value(port('bresp')) }));
        if (seen.aw) sim.poke(port('awvalid'), 0);
        if (seen.w) sim.poke(port('wvalid'), 0);
        if (!open || !seen.b) continue;
        sim.poke(port('bready'), 0);
        return Number(seen.resp);
      }
    },
    /** Gives the word and the response. */
    *read(address: Value): ProcessBody<{ readonly data: Value; readonly response: number }> {
      while (stalls()) yield;
      sim.poke(port('araddr'), address);
      sim.poke(port('arvalid'), 1);
      for (;;) {
        const open = !stalls();
        sim.poke(port('rready'), open);
        const seen = yield* until(() => ({ ar: flag('arready'), r: flag('rvalid'), data: sim.value(port('rdata')), resp: sim.value(port('rresp')) }));
        if (seen.ar) sim.poke(port('arvalid'), 0);
        if (!open || !seen.r) continue;
        sim.poke(port('rready'), 0);
        return { data: seen.data, response: Number(seen.resp) };
      }
    },
  };
}

/** A memory behind AXI4-Lite, for a design that is the master. Little endian; addresses beyond the end answer 3 (decode error). Never ends. */
export function* axiLiteMemory(sim: Simulation, bus: string, memory: Uint8Array, { stall = 0 }: StreamOptions = {}): ProcessBody<never> {
  const stalls = chances(sim, `memory ${bus}`, stall);
  const port = (name: string): string => `${bus}_${name}`;
  const bytes = (sim.engine.layout.top.definition.signals.find((s) => s.name === port('wstrb'))?.type.width ?? 4) as number;
  let write: { address?: number; data?: bigint; strobe?: bigint } = {};
  let read: number | undefined;
  let [answered, given] = [false, false];
  const start = (address: number): number => Math.floor(address / bytes) * bytes;
  for (;;) {
    const open = { aw: write.address === undefined && !stalls(), w: write.data === undefined && !stalls(), ar: read === undefined && !stalls() };
    answered ||= write.address !== undefined && write.data !== undefined && !stalls();
    given ||= read !== undefined && !stalls();
    const target = start(write.address ?? 0);
    const source = start(read ?? 0);
    const word = memory.subarray(source, source + bytes).reduceRight((all, byte) => (all << 8n) | BigInt(byte), 0n);
    const drive = {
      ...{ awready: open.aw, wready: open.w, arready: open.ar, bvalid: answered, rvalid: given },
      ...{ bresp: target < memory.length ? 0 : 3, rresp: source < memory.length ? 0 : 3, rdata: word },
    };
    for (const [name, value] of Object.entries(drive)) sim.poke(port(name), value);
    const [aw, w, ar, b, r, awaddr, wdata, wstrb, araddr] = yield* until(() =>
      ['awvalid', 'wvalid', 'arvalid', 'bready', 'rready', 'awaddr', 'wdata', 'wstrb', 'araddr'].map((name) => sim.value(port(name))),
    );
    if (answered && b === 1) {
      for (let i = 0; i < bytes; i++)
        if ((BigInt(write.strobe ?? 0n) >> BigInt(i)) & 1n && target + i < memory.length)
          memory[target + i] = Number((BigInt(write.data ?? 0n) >> BigInt(8 * i)) & 255n);
      [write, answered] = [{}, false];
    }
    if (given && r === 1) [read, given] = [undefined, false];
    if (open.aw && aw === 1) write = { ...write, address: Number(awaddr) };
    if (open.w && w === 1) write = { ...write, data: BigInt(wdata as Value), strobe: BigInt(wstrb as Value) };
    if (open.ar && ar === 1) read = Number(araddr);
  }
}
