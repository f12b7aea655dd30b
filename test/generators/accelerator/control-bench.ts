// The control block between a memory and four dummy units that answer after random cycles.
//
// Invariant: checks by itself that requests keep to AXI (INCR bursts of whole beats within 4 KB that stand until they are taken) and that a unit gets nothing while it works.

import { expect } from 'vitest';
import { Control } from '../../../generators/accelerator/control.ts';
import { type AcceleratorConfig, DEFAULT_ACCELERATOR } from '../../../isa/config.ts';
import { wordsToBytes } from '../../../isa/encode.ts';
import { type EngineName, simulate, type Value } from '../../../sim/index.ts';
import { randomWords } from '../../../sim/random.ts';

export const UNITS = ['ld', 'mx', 'vx', 'st'] as const;
export type UnitName = (typeof UNITS)[number];

export const SMALL: AcceleratorConfig = { ...DEFAULT_ACCELERATOR, rows: 4, cols: 4, bus: 64, burst: 16, queue: 4, scratchpad: 4096, sums: 64 };

/** What a unit was told, by opcode and payload, and when. */
export interface Ran {
  readonly unit: UnitName;
  readonly opcode: number;
  readonly payload: bigint;
  readonly began: number;
  ended?: number;
}

export interface BenchOptions {
  readonly config?: AcceleratorConfig;
  readonly engine?: EngineName;
  readonly seed?: number;
  /** Longest time of an instruction in a unit. */
  readonly slow?: number;
  /** Response of a beat at an address; 0 when absent. */
  readonly response?: (address: number) => number;
  /** Fault of the n-th instruction of a unit; its address is 0x1000 + n. */
  readonly fault?: (unit: UnitName, n: number) => number;
}

interface Burst {
  address: number;
  beats: number;
  delay: number;
}
interface Unit {
  left: number;
  taken: number;
  now: Ran | undefined;
}

export class ControlBench {
  readonly config: AcceleratorConfig;
  readonly sim;
  readonly ran: Ran[] = [];
  readonly interrupts: number[] = [];
  /** Addresses of the beats that were read. */
  readonly read: number[] = [];
  /** How often a program ended with halt, and with an error. */
  readonly ends = { halted: 0, failed: 0, counters: 0, advances: 0 };
  cycle = 0;
  readonly #options: BenchOptions;
  readonly #random: (n: number) => number;
  readonly #units = new Map<UnitName, Unit>(UNITS.map((unit) => [unit, { left: 0, taken: 0, now: undefined }]));
  #program: Uint8Array = new Uint8Array();
  #base = 0;
  #burst: Burst | undefined;
  #offered: string | undefined;

  constructor(options: BenchOptions = {}) {
    const { config = SMALL, engine = 'systole', seed = 1 } = options;
    this.config = config;
    this.#options = options;
    this.sim = simulate(Control, config, { engine, seed });
    const words = randomWords(seed, 'control bench');
    this.#random = (n) => words() % n;
    this.sim.reset();
  }

  /** Begins a program, of as many words as `length` says. */
  start(words: readonly bigint[], { base = 0x1230, length = words.length }: { readonly base?: number; readonly length?: number } = {}): void {
    this.#program = wordsToBytes(words);
    this.#base = base;
    for (const [port, value] of Object.entries({ start: 1, first: base / 16, length })) this.sim.poke(port, value);
    this.step();
    this.sim.poke('start', 0);
  }

  /** Steps until the program has ended; false when that takes too long. */
  finish(most = 20_000): boolean {
    for (let n = 0; n < most; n++) {
      if (this.sim.peek('busy') === 0) return true;
      this.step();
    }
    return false;
  }

  get error(): { readonly code: Value; readonly index: Value; readonly word: Value; readonly address: Value } {
    const of = (name: string): Value => this.sim.value(`error_${name}`);
    return { code: of('code'), index: of('index'), word: of('word'), address: of('address') };
  }

  step(): void {
    const { sim } = this;
    const open = this.#burst === undefined && this.#random(3) === 0;
    const gives = this.#drive(open);
    const finished = UNITS.filter((unit) => this.#driveUnit(unit));
    const flag = (name: string): boolean => sim.value(name) === 1;
    for (const [key, port] of Object.entries({ halted: 'halted', failed: 'failed', counters: 'clearCounters', advances: 'advances' }))
      this.ends[key as 'halted'] += flag(port) ? 1 : 0;
    if (flag('interrupts')) this.interrupts.push(Number(sim.value('interruptCode')));
    for (const unit of UNITS) this.#look(unit, finished.includes(unit));
    this.#lookMemory(open, gives && flag('axi_rready'));
    sim.step();
    this.cycle++;
  }

  #drive(open: boolean): boolean {
    const { sim } = this;
    const burst = this.#burst;
    const bytes = this.config.bus / 8;
    const gives = burst !== undefined && burst.delay === 0 && this.#random(3) > 0;
    sim.poke('axi_arready', open);
    sim.poke('axi_rvalid', gives);
    if (burst && gives) {
      const at = burst.address - this.#base;
      const data = Array.from({ length: bytes }, (_, i) => BigInt(this.#program[at + i] ?? this.#random(256)));
      sim.poke(
        'axi_rdata',
        data.reduceRight((all, byte) => (all << 8n) | byte, 0n),
      );
      sim.poke('axi_rresp', this.#options.response?.(burst.address) ?? 0);
      sim.poke('axi_rlast', burst.beats === 1);
    }
    return gives;
  }

  #lookMemory(open: boolean, given: boolean): void {
    const { sim } = this;
    const bytes = this.config.bus / 8;
    if (this.#burst && given) {
      this.read.push(this.#burst.address);
      this.#burst.address += bytes;
      if (--this.#burst.beats === 0) this.#burst = undefined;
    } else if (this.#burst && this.#burst.delay > 0) this.#burst.delay--;
    const asks = sim.value('axi_arvalid') === 1;
    const [address, beats] = [Number(sim.value('axi_araddr')), Number(sim.value('axi_arlen')) + 1];
    if (this.#offered !== undefined) expect(asks ? `${address} ${beats}` : 'taken back').toBe(this.#offered);
    this.#offered = asks && !open ? `${address} ${beats}` : undefined;
    if (!asks) return;
    expect(address % bytes, 'whole beats').toBe(0);
    expect(beats).toBeLessThanOrEqual(this.config.burst);
    expect(Math.floor(address / 4096), 'within 4 KB').toBe(Math.floor((address + beats * bytes - 1) / 4096));
    if (open) this.#burst = { address, beats, delay: this.#random(20) };
  }

  #driveUnit(name: UnitName): boolean {
    const { sim } = this;
    const unit = this.#units.get(name) as Unit;
    const finishes = unit.now !== undefined && unit.left === 0;
    sim.poke(`units_${name}_cmd_ready`, unit.now === undefined);
    sim.poke(`units_${name}_done`, finishes);
    sim.poke(`units_${name}_fault`, finishes ? (this.#options.fault?.(name, unit.taken - 1) ?? 0) : 0);
    sim.poke(`units_${name}_address`, 0x1000 + unit.taken - 1 + (unit.taken === 0 ? 1 : 0));
    return finishes;
  }

  #look(name: UnitName, finished: boolean): void {
    const { sim } = this;
    const unit = this.#units.get(name) as Unit;
    const valid = sim.value(`units_${name}_cmd_valid`) === 1;
    if (unit.now) {
      expect(valid, `${name} gets an instruction while it works`).toBe(false);
      if (finished) {
        unit.now.ended = this.cycle;
        unit.now = undefined;
      } else unit.left--;
    } else if (valid) {
      unit.now = {
        unit: name,
        opcode: Number(sim.value(`units_${name}_cmd_opcode`)),
        payload: BigInt(sim.value(`units_${name}_cmd_payload`)),
        began: this.cycle,
      };
      unit.left = this.#random(this.#options.slow ?? 12);
      unit.taken++;
      this.ran.push(unit.now);
    }
  }
}
