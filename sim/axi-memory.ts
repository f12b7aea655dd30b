// A memory behind AXI4, for a design that is the master; the body of a process:
//
//     sim.fork(() => axiMemory(sim, 'bus', bytes, { latency: 20, stall: 0.2 }));
//
// Invariants: stalls and orders are drawn from the simulation's seed and the bus's name. Answers to one ID keep their order; an offered answer stays until it is taken, and between answers the
// channels show random values. An address taken in cycle t is answered from cycle t + latency on, a write counted from its last beat.
// Refused with SIM-E036: a master that breaks a rule of AXI4, or makes bursts that are narrow or not INCR, which this memory does not know. With SIM-E033: ports that are no such bus.

import { chances } from './agents.ts';
import { AxiRules, type Shown } from './axi-rules.ts';
import { SimulationError } from './errors.ts';
import { type ProcessBody, until } from './processes.ts';
import { randomBits, randomWords } from './random.ts';
import type { Simulation } from './simulation.ts';
import type { Value } from './values.ts';

const CHANNELS = ['aw', 'w', 'b', 'ar', 'r'] as const;
type AxiChannel = (typeof CHANNELS)[number];

/** An answer that is an error: of all transfers that it names. */
export interface AxiFault {
  /** 2 SLVERR, 3 DECERR. */
  readonly response: 2 | 3;
  /** Both when absent. */
  readonly on?: 'read' | 'write';
  /** Bytes `from` to `to` − 1, all when absent; a beat counts when it has one of them. */
  readonly from?: number;
  readonly to?: number;
  /** The how-manieth beat of all reads, or of all writes, from 0; every one when absent. */
  readonly beat?: number;
}

/** A burst that was taken. */
export interface AxiBurst {
  readonly write: boolean;
  readonly id: number;
  readonly address: number;
  readonly beats: number;
  /** In which its address was taken. */
  readonly cycle: number;
}

/** How the memory behaves. */
export interface AxiMemoryOptions {
  /** Chance of a stall in each cycle, 0 to 1, of all channels or of those named; 0 when absent. */
  readonly stall?: number | { readonly [C in AxiChannel]?: number };
  /** Cycles from the address (of writes: from the last beat) to the earliest answer, at least 1; 1 when absent. */
  readonly latency?: number;
  /** Most beats a cycle, of reads and of writes each, up to 1; 1 when absent. */
  readonly bandwidth?: number;
  /** Most bursts that wait, of reads and of writes each; any number when absent. */
  readonly outstanding?: number;
  /** Answers to different IDs overtake each other, beats of reads as well. */
  readonly outOfOrder?: boolean;
  /** The address of a write is taken only while its data are offered, as slaves may. */
  readonly addressAfterData?: boolean;
  readonly faults?: readonly AxiFault[];
  /** Is told of every burst. */
  readonly onBurst?: (burst: AxiBurst) => void;
}

interface Burst extends AxiBurst {
  /** Beats of data done. */
  done: number;
  response: number;
  /** First cycle of the answer; of a write from its last beat on. */
  from: number;
}
interface WriteBeat {
  readonly data: bigint;
  readonly strobe: bigint;
  readonly last: boolean;
}
/** An answer that is offered, until it is taken. */
interface Offer {
  readonly burst: Burst;
  readonly signals: Shown;
}
/** What the master showed before an edge; `active` where its reset was. */
interface Look {
  readonly reset: boolean;
  readonly shown: { readonly [C in AxiChannel]?: Shown };
}

const DECERR = 3;
/** One beat of credit, but for what sums of fractions lack. */
const WHOLE = 1 - 1e-9;
/** What the master says on a channel, besides `valid` or `ready`. */
const SAID = {
  aw: ['valid', 'addr', 'len', 'size', 'burst', 'id'],
  w: ['valid', 'data', 'strb', 'last'],
  b: ['ready'],
  ar: ['valid', 'addr', 'len', 'size', 'burst', 'id'],
  r: ['ready'],
} as const;
const ANSWERS = { b: ['id', 'resp'], r: ['id', 'data', 'resp', 'last'] } as const;

/**
 * A memory that begins at address 0, little endian; what lies beyond its end answers DECERR. The bus may have the channels for reading, for writing, or both; `bus` is what their names begin
 * with, before `_`. Never ends.
 */
export function* axiMemory(sim: Simulation, bus: string, memory: Uint8Array, options: AxiMemoryOptions = {}): ProcessBody<never> {
  const slave = new AxiSlave(sim, bus, memory, options);
  for (;;) {
    slave.drive();
    slave.clocked(yield* until(() => slave.look()));
  }
}

class AxiSlave {
  readonly #sim: Simulation;
  readonly #prefix: string;
  readonly #memory: Uint8Array;
  readonly #options: AxiMemoryOptions;
  /** Widths of the ports of the bus, by name without the prefix. */
  readonly #widths = new Map<string, number>();
  readonly #resets: readonly { readonly name: string; readonly level: number }[];
  readonly #bytes: number;
  readonly #rules: AxiRules;
  readonly #stalls = new Map<AxiChannel, () => boolean>();
  readonly #words: () => number;
  #reads: Burst[] = [];
  #writes: Burst[] = [];
  /** Data that came before their address. */
  #beats: WriteBeat[] = [];
  #offers: { b?: Offer | undefined; r?: Offer | undefined } = {};
  #ready: { aw: boolean; w: boolean; ar: boolean } = { aw: false, w: false, ar: false };
  /** Beats that may move, of `bandwidth`. */
  #credit = { r: 1, w: 1 };
  #counts = { read: 0, write: 0 };

  constructor(sim: Simulation, bus: string, memory: Uint8Array, options: AxiMemoryOptions) {
    [this.#sim, this.#memory, this.#options] = [sim, memory, options];
    this.#prefix = bus === '' ? '' : `${bus}_`;
    const { signals } = sim.engine.layout.top.definition;
    for (const { name, role, type } of signals)
      if ((role === 'input' || role === 'output') && name.startsWith(this.#prefix)) this.#widths.set(name.slice(this.#prefix.length), type.width);
    const channels = CHANNELS.filter((c) => this.#widths.has(`${c}valid`) && this.#widths.has(`${c}ready`));
    const isWhole = ['aw,w,b', 'ar,r', 'aw,w,b,ar,r'].includes(channels.join());
    if (!isWhole)
      throw new SimulationError(
        'SIM-E033',
        `\`${bus}\` is no AXI4 bus of a master: it has ${channels.length > 0 ? `the channels ${channels.join(', ')}` : 'none of its channels'}`,
        `it needs \`${this.#prefix}arvalid\`, \`${this.#prefix}rready\` and so on, or those for writing, or both`,
      );
    this.#bytes = (this.#widths.get('rdata') ?? this.#widths.get('wdata') ?? 0) / 8;
    this.#resets = signals
      .filter(({ type, role }) => type.kind === 'reset' && role === 'input')
      .map(({ name, type }) => ({ name, level: type.reset?.activeLow ? 0 : 1 }));
    this.#rules = new AxiRules(bus, this.#bytes);
    this.#words = randomWords(sim.seed, `idle ${bus}`);
    const { stall = 0 } = options;
    for (const c of channels) this.#stalls.set(c, chances(sim, `memory ${bus} ${c}`, typeof stall === 'number' ? stall : (stall[c] ?? 0)));
  }

  /** Before an edge: readiness, and what is answered. */
  drive(): void {
    const { bandwidth = 1, outstanding = Number.POSITIVE_INFINITY } = this.#options;
    this.#credit = { r: Math.min(1, this.#credit.r + bandwidth), w: Math.min(1, this.#credit.w + bandwidth) };
    const goes = (c: AxiChannel): boolean => this.#stalls.get(c)?.() === false;
    this.#ready = {
      aw: goes('aw') && this.#writes.length < outstanding,
      w: goes('w') && this.#credit.w >= WHOLE,
      ar: goes('ar') && this.#reads.length < outstanding,
    };
    if (!this.#offers.b && goes('b')) this.#offers.b = this.#offer('b', this.#writes);
    if (!this.#offers.r && goes('r') && this.#credit.r >= WHOLE) this.#offers.r = this.#offer('r', this.#reads);
    for (const c of ['w', 'ar'] as const) if (this.#stalls.has(c)) this.#poke(`${c}ready`, Number(this.#ready[c]));
    if (this.#stalls.has('aw')) {
      const isLate = this.#options.addressAfterData === true && this.#beats.length === 0 && !this.#value('wvalid');
      this.#ready.aw &&= !isLate;
      this.#poke('awready', Number(this.#ready.aw));
    }
    for (const c of ['b', 'r'] as const) {
      if (!this.#stalls.has(c)) continue;
      const signals = this.#offers[c]?.signals;
      this.#poke(`${c}valid`, signals ? 1 : 0);
      for (const signal of ANSWERS[c]) if (this.#widths.has(c + signal)) this.#poke(c + signal, signals?.[signal] ?? this.#anything(c + signal));
    }
  }

  /** What the master shows, signals settled. */
  look(): Look {
    const shown = [...this.#stalls.keys()].map((c) => {
      const said = SAID[c].filter((signal) => this.#widths.has(c + signal));
      return [c, Object.fromEntries(said.map((signal) => [signal, this.#value(c + signal)]))] as const;
    });
    return { reset: this.#resets.some(({ name, level }) => this.#sim.value(name) === level), shown: Object.fromEntries(shown) };
  }

  /** Behind the edge: what moved. */
  clocked({ reset, shown }: Look): void {
    const cycle = this.#sim.cycle - 1;
    if (reset) return this.#forget();
    for (const c of ['aw', 'w', 'ar'] as const) if (shown[c]) this.#rules.keeps(c, shown[c], this.#ready[c], cycle);
    for (const c of ['b', 'r'] as const) if (this.#offers[c] && shown[c]?.ready) this.#answered(c, this.#offers[c]);
    if (this.#ready.ar && shown.ar?.valid) this.#reads.push(this.#burst('ar', shown.ar, cycle));
    if (this.#ready.aw && shown.aw?.valid) this.#writes.push(this.#burst('aw', shown.aw, cycle));
    if (this.#ready.w && shown.w?.valid) {
      this.#credit.w -= 1;
      const { data = 0, strb = 0, last = 0 } = shown.w;
      this.#beats.push({ data: BigInt(data), strobe: BigInt(strb), last: last === 1 });
    }
    this.#write(cycle);
  }

  #burst(channel: 'aw' | 'ar', shown: Shown, cycle: number): Burst {
    const { latency = 1, onBurst } = this.#options;
    const burst = { ...this.#rules.burst(channel, shown, cycle), write: channel === 'aw', cycle };
    onBurst?.(burst);
    return { ...burst, done: 0, response: 0, from: cycle + latency };
  }

  /** Data that have their address reach the memory. */
  #write(cycle: number): void {
    const { latency = 1 } = this.#options;
    for (;;) {
      const burst = this.#writes.find(({ done, beats }) => done < beats);
      const beat = burst && this.#beats.shift();
      if (!beat) return;
      this.#rules.data(burst, burst.done, beat.last, beat.strobe, cycle);
      const at = this.#place(burst);
      const response = this.#fault('write', at);
      burst.response ||= response;
      if (response === 0)
        for (let i = 0; i < this.#bytes; i++) if ((beat.strobe >> BigInt(i)) & 1n) this.#memory[at + i] = Number((beat.data >> BigInt(8 * i)) & 255n);
      burst.done++;
      if (burst.done === burst.beats) burst.from = cycle + latency;
    }
  }

  /** The next answer: of the oldest burst that is due, or of any that is the oldest of its ID. */
  #offer(channel: 'b' | 'r', bursts: readonly Burst[]): Offer | undefined {
    const firsts = bursts.filter(({ id }, i) => bursts.findIndex((other) => other.id === id) === i);
    const open = this.#options.outOfOrder ? firsts : bursts.slice(0, 1);
    const due = open.filter((burst) => burst.from <= this.#sim.cycle && (!burst.write || burst.done === burst.beats));
    const burst = due[this.#options.outOfOrder ? this.#words() % Math.max(1, due.length) : 0];
    if (!burst) return undefined;
    if (channel === 'b') return { burst, signals: { id: burst.id, resp: burst.response } };
    const at = this.#place(burst);
    const resp = this.#fault('read', at);
    const data = resp === 0 ? { data: this.#word(at) } : {};
    return { burst, signals: { id: burst.id, resp, last: Number(burst.done === burst.beats - 1), ...data } };
  }

  #answered(channel: 'b' | 'r', { burst }: Offer): void {
    this.#offers[channel] = undefined;
    if (channel === 'b') this.#writes.splice(this.#writes.indexOf(burst), 1);
    else {
      this.#credit.r -= 1;
      burst.done++;
      if (burst.done === burst.beats) this.#reads.splice(this.#reads.indexOf(burst), 1);
    }
  }

  /** Address of the beat of a burst that comes next. */
  #place({ address, done }: Burst): number {
    return address - (address % this.#bytes) + done * this.#bytes;
  }

  /** The response of the next beat, which it counts. */
  #fault(on: 'read' | 'write', at: number): number {
    const beat = this.#counts[on]++;
    if (at + this.#bytes > this.#memory.length) return DECERR;
    const hit = (this.#options.faults ?? []).find(
      (f) => (f.on ?? on) === on && (f.beat ?? beat) === beat && at + this.#bytes > (f.from ?? 0) && at < (f.to ?? Number.POSITIVE_INFINITY),
    );
    return hit?.response ?? 0;
  }

  #word(at: number): bigint {
    let word = 0n;
    for (let i = this.#bytes - 1; i >= 0; i--) word = (word << 8n) | BigInt(this.#memory[at + i] as number);
    return word;
  }

  #anything(port: string): bigint {
    return randomBits(this.#words, this.#widths.get(port) as number);
  }

  #value(port: string): Value {
    return this.#sim.value(this.#prefix + port);
  }

  #poke(port: string, value: Value): void {
    this.#sim.poke(this.#prefix + port, value);
  }

  #forget(): void {
    [this.#reads, this.#writes, this.#beats, this.#offers] = [[], [], [], {}];
    this.#rules.reset();
  }
}
