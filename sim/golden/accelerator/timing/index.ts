// The exact timing model of the accelerator (design note 0026): how many cycles a program takes, without its data.
//
// Invariant: cycles and counters are those of the registers in RTL, behind the same memory.
// Refused, as an Error: programs that do not end with `halt`.

import { type AcceleratorConfig, checkAccelerator } from '../../../../isa/config.ts';
import { type Instruction, WORD_BYTES } from '../../../../isa/instructions.ts';
import { playBegun, programOf } from '../accelerator.ts';
import { UNITS, type UnitName } from '../tokens.ts';
import { Control, Fetch } from './control.ts';
import { Dispatch } from './dispatch.ts';
import { type BusMoves, Memory, type MemoryTiming } from './memory.ts';
import { LoadTiming, StoreTiming } from './moves.ts';
import { MultiplyTiming } from './multiply.ts';
import { Banks } from './streams.ts';
import { VectorTiming } from './vector.ts';

export type { MemoryTiming };

/** Cycles in which a unit had something to do; in which it could have begun, but for a semaphore or its turn. */
type QueueCounters = { readonly [C in `${UnitName}${'Busy' | 'Waiting'}`]: number };
/** Performance counters as the registers have them, for a program behind a reset. */
export interface TimingCounters extends QueueCounters {
  readonly cycles: number;
  readonly instructions: number;
  readonly beats: number;
  readonly skipped: number;
  readonly bytesRead: number;
  readonly bytesWritten: number;
  readonly conflicts: number;
}

/** Where a program stands, and the memory that it runs on. */
export interface TimingOptions extends MemoryTiming {
  /** Address of the first instruction, a multiple of 16; 0 when absent. It decides how instructions are cut into bursts. */
  readonly at?: number;
}

class TimedAccelerator {
  readonly #load: LoadTiming;
  readonly #multiply: MultiplyTiming;
  readonly #vector: VectorTiming;
  readonly #store: StoreTiming;
  readonly #control: Control;
  readonly #fetch: Fetch;
  readonly #dispatch: Dispatch;
  readonly #memory: Memory;
  readonly #busBytes: number;
  readonly #ports = { scratchpadReads: new Banks(), scratchpadWrites: new Banks(), sumsReads: new Banks() };
  readonly #moves: BusMoves = { read: 0, readIsFetch: false, readTaken: false, write: 0, data: false };
  /** Loads hold the address channel. */
  #heldByLoad = false;
  #cycles = 0;
  #beats = 0;
  #skipped = 0;
  #bytesRead = 0;
  #bytesWritten = 0;
  #conflicts = 0;
  total = 0;

  constructor(config: AcceleratorConfig, program: readonly Instruction[], { at = 0, ...memory }: TimingOptions) {
    const first = at / WORD_BYTES;
    this.#load = new LoadTiming(config);
    this.#multiply = new MultiplyTiming(config);
    this.#vector = new VectorTiming(config);
    this.#store = new StoreTiming(config);
    this.#control = new Control(program, first);
    this.#fetch = new Fetch(config, first, first + program.length);
    this.#dispatch = new Dispatch(config, [this.#load, this.#multiply, this.#vector, this.#store]);
    this.#memory = new Memory(memory);
    this.#busBytes = config.bus / 8;
  }

  get hasEnded(): boolean {
    return this.#control.hasEnded;
  }

  cycle(): void {
    this.#memory.begin();
    this.#askBanks();
    this.#bus();
    const pushed = this.#control.cycle(this.#fetch, this.#dispatch);
    this.#dispatch.cycle();
    if (pushed >= 0) this.#dispatch.push(pushed, this.#control.given as never);
    const { commands } = this.#dispatch;
    this.#load.cycle(commands[0]);
    this.#multiply.cycle(commands[1]);
    this.#vector.cycle(commands[2]);
    this.#store.cycle(commands[3]);
    const { readTaken, readIsFetch } = this.#moves;
    const { stops, oldest } = this.#control;
    this.#fetch.cycle(stops, oldest, readIsFetch && this.#moves.read > 0, readTaken && this.#memory.readIsFetch, this.#memory.readIsLast);
    this.#memory.cycle(this.#moves);
    this.#count();
  }

  #askBanks(): void {
    const ports = this.#ports;
    ports.scratchpadReads.begin();
    ports.scratchpadWrites.begin();
    ports.sumsReads.begin();
    this.#multiply.ask(ports);
    this.#vector.ask(ports);
    this.#store.ask(ports);
    this.#load.ask(ports);
  }

  /** Addresses of reads: fetches first, but an offer stays. */
  #bus(): void {
    const memory = this.#memory;
    const load = this.#load;
    const store = this.#store;
    const fetch = this.#fetch;
    const moves = this.#moves;
    const fetchAsks = fetch.state === 'request';
    const forLoad = load.burst > 0 && (this.#heldByLoad || !fetchAsks);
    const asked = fetchAsks || forLoad;
    this.#heldByLoad = forLoad && !memory.takesRead;
    load.addressTaken = forLoad && memory.takesRead;
    moves.readIsFetch = !forLoad;
    moves.read = !asked || !memory.takesRead ? 0 : forLoad ? load.burst : fetch.burst;

    load.hasBeat = memory.offersRead && !memory.readIsFetch;
    load.beatIsLast = memory.readIsLast;
    moves.readTaken = memory.offersRead && (memory.readIsFetch ? fetch.state === 'receive' : load.takesBeat);

    store.addressTaken = store.burst > 0 && memory.takesWrite;
    moves.write = store.addressTaken ? store.burst : 0;
    store.dataTaken = store.bytesShown > 0 && memory.takesData;
    moves.data = store.dataTaken;
    if (moves.data) this.#bytesWritten += store.bytesShown;
    store.isAnswered = memory.answersWrite;
  }

  #count(): void {
    const { scratchpadReads, scratchpadWrites, sumsReads } = this.#ports;
    this.total++;
    this.#cycles++;
    if (this.#multiply.beat) this.#beats++;
    if (this.#multiply.skipped) this.#skipped++;
    if (this.#moves.readTaken) this.#bytesRead += this.#busBytes;
    this.#conflicts += scratchpadReads.conflicts + scratchpadWrites.conflicts + sumsReads.conflicts;
    if (this.#control.clearsCounters) {
      this.#cycles = this.#beats = this.#skipped = this.#bytesRead = this.#bytesWritten = this.#conflicts = 0;
      this.#control.instructions = 0;
      this.#dispatch.clearCounters();
    }
  }

  get counters(): TimingCounters {
    const of = UNITS.flatMap((unit, i) => {
      const { busyCycles, waitingCycles } = this.#dispatch.queues[i] as Dispatch['queues'][number];
      return [[`${unit}Busy`, busyCycles] as const, [`${unit}Waiting`, waitingCycles] as const];
    });
    const queues = Object.fromEntries(of) as QueueCounters;
    return {
      cycles: this.#cycles,
      instructions: this.#control.instructions,
      ...queues,
      beats: this.#beats,
      skipped: this.#skipped,
      bytesRead: this.#bytesRead,
      bytesWritten: this.#bytesWritten,
      conflicts: this.#conflicts,
    };
  }
}

/** What a program costs. */
export interface ProgramTiming {
  /** From the cycle behind the write of `start` to that of `halt`, both included. */
  readonly cycles: number;
  /** Like the registers' in the end: since the last `counters`. */
  readonly counters: TimingCounters;
}

/**
 * The cycles of a program, exactly as in hardware behind a memory of the same behaviour without stalls; the program's data do not matter, all addresses are taken to exist.
 *
 * ```ts
 * import { acceleratorHash, DEFAULT_ACCELERATOR } from './isa/config.ts';
 * import { programCycles } from './sim/golden/accelerator/index.ts';
 * const { cycles, counters } = programCycles(
 *   DEFAULT_ACCELERATOR,
 *   [
 *     { name: 'begin', fields: { hash: acceleratorHash(DEFAULT_ACCELERATOR) } },
 *     { name: 'ld.move', fields: { memory: 0, local: 0, run: 256 } },
 *     { name: 'halt', fields: {} },
 *   ],
 *   { latency: 100 },
 * );
 * if (counters.bytesRead !== 256 + 3 * 16 || cycles < 200) throw new Error('two bursts, one behind the other');
 * ```
 *
 * @throws Error for a program that does not end with `halt`; RangeError for a configuration or a memory that cannot be, an instruction without a word, an address that is no multiple of 16
 */
export function programCycles(config: AcceleratorConfig, source: readonly Instruction[] | Uint8Array, options: TimingOptions = {}): ProgramTiming {
  checkAccelerator(config);
  const { at = 0 } = options;
  if (!Number.isInteger(at / WORD_BYTES) || at < 0) throw new RangeError(`a program at ${at}, but instructions stand at multiples of ${WORD_BYTES}`);
  const program = programOf(source, config);
  const { error } = playBegun(program, config, () => undefined);
  if (error) throw new Error(`a program that fails has no time: ${error.message}`);
  const accelerator = new TimedAccelerator(config, program as readonly Instruction[], options);
  while (!accelerator.hasEnded) accelerator.cycle();
  return { cycles: accelerator.total, counters: accelerator.counters };
}
