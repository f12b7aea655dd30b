// The shadow scoreboard: who touched which bytes last, and what is known to have happened before.
//
// Invariant: every queue carries a vector clock; a token carries that of the instruction which gave it. Accesses to the same bytes, one of them a write, are ordered when the later one's
// clock knows of the earlier one.

import type { AcceleratorConfig } from '../../../isa/config.ts';
import { type Instruction, SEMAPHORES } from '../../../isa/instructions.ts';
import { fieldsOf, goldenUnits } from './accelerator.ts';
import { type Issued, UNITS, type UnitName } from './tokens.ts';
import type { Space } from './unit.ts';

/** An earlier access that nothing orders with one of an instruction. */
export interface Clash {
  readonly queue: UnitName;
  /** Position of the earlier instruction; its own when it reads what it wrote, which a pipeline reads too early. */
  readonly other: number;
  readonly wrote: boolean;
  readonly space: Space;
  readonly write: boolean;
  /** In bytes, or rows of sums. */
  readonly address: number;
}
type Clock = Int32Array;

/** Instructions that work; they only leave footprints here. */
const WORK: readonly string[] = ['ld.move', 'st.move', 'mx.multiply', 'vx.run'];

/** Who touched a memory last, piece by piece. */
class Ledger {
  readonly granule: number;
  readonly #writerQueue: Int8Array;
  readonly #writerTime: Int32Array;
  readonly #readTimes: readonly Int32Array[];

  constructor(size: number, granule: number) {
    const pieces = Math.ceil(size / granule);
    this.granule = granule;
    this.#writerQueue = new Int8Array(pieces).fill(-1);
    this.#writerTime = new Int32Array(pieces);
    this.#readTimes = UNITS.map(() => new Int32Array(pieces));
  }

  #each(address: number, bytes: number, visit: (piece: number) => void): void {
    const first = Math.floor(address / this.granule);
    const count = Math.floor((address + bytes - 1) / this.granule) - first + 1;
    for (let i = 0; i < count; i++) visit((first + i) % this.#writerTime.length);
  }

  /** Calls back with who is in no order with an access. */
  look(
    address: number,
    bytes: number,
    write: boolean,
    queue: number,
    clock: Clock,
    clash: (queue: number, time: number, wrote: boolean, at: number) => void,
  ): void {
    const now = clock[queue] as number;
    this.#each(address, bytes, (piece) => {
      const writer = this.#writerQueue[piece] as number;
      const written = this.#writerTime[piece] as number;
      if (writer >= 0 && (writer === queue ? !write && written === now : (clock[writer] as number) < written))
        clash(writer, written, true, piece * this.granule);
      if (!write) return;
      for (let q = 0; q < UNITS.length; q++) {
        const read = this.#readTimes[q]?.[piece] as number;
        if (q !== queue && (clock[q] as number) < read) clash(q, read, false, piece * this.granule);
      }
    });
  }

  note(address: number, bytes: number, write: boolean, queue: number, now: number): void {
    const read = this.#readTimes[queue] as Int32Array;
    this.#each(address, bytes, (piece) => {
      if (write) {
        this.#writerQueue[piece] = queue;
        this.#writerTime[piece] = now;
      } else read[piece] = now;
    });
  }
}

export class Scoreboard {
  readonly #units: ReturnType<typeof goldenUnits>;
  readonly #scratchpad: number;
  readonly #ledgers: { readonly [S in Space]: Ledger };
  readonly #clocks: readonly Clock[] = UNITS.map(() => new Int32Array(UNITS.length));
  /** Positions in the program of a queue's instructions, by time. */
  readonly #done: readonly number[][] = UNITS.map(() => [-1]);
  readonly #tokens: readonly Clock[][] = Array.from({ length: SEMAPHORES }, () => []);

  constructor(config: AcceleratorConfig, memoryBytes: number) {
    const granule = Math.min(4, config.rows, config.cols);
    this.#scratchpad = config.scratchpad;
    this.#ledgers = {
      memory: new Ledger(memoryBytes, granule),
      scratchpad: new Ledger(config.scratchpad, granule),
      sums: new Ledger(config.sums, 1),
    };
    const memories = { config, memory: new Uint8Array(memoryBytes), scratchpad: new Uint8Array(config.scratchpad), sums: new Int32Array(0) };
    this.#units = goldenUnits(memories, { macs: 0, macsSkipped: 0, bytesRead: 0, bytesWritten: 0 });
  }

  /** All queues are empty: everything before is known to everyone. */
  fence(): void {
    for (const clock of this.#clocks) for (const other of this.#clocks) join(clock, other);
  }

  /** Tokens of a semaphore that nobody took yet. */
  tokens(semaphore: number): number {
    return this.#tokens[semaphore]?.length ?? 0;
  }

  /** An instruction of a unit is done: its tokens, its accesses. `clash` hears of what is in no order with it. */
  issue({ instruction, index, queue }: Issued, clash: (clash: Clash) => void): void {
    const q = UNITS.indexOf(queue as UnitName);
    const clock = this.#clocks[q] as Clock;
    for (const semaphore of instruction.wait ?? []) join(clock, this.#tokens[semaphore]?.shift() as Clock);
    const now = (clock[q] as number) + 1;
    clock[q] = now;
    this.#done[q]?.push(index);
    const unit = this.#units[queue as UnitName];
    unit.footprint(instruction.name, fieldsOf(instruction), (space, write, address, bytes) => {
      this.#ledgers[space].look(address, bytes, write, q, clock, (other, time, wrote, at) =>
        clash({ queue: UNITS[other] as UnitName, other: this.#done[other]?.[time] as number, wrote, space, write, address: at }),
      );
      this.#ledgers[space].note(address, bytes, write, q, now);
    });
    if (!WORK.includes(instruction.name)) unit.execute(instruction.name, fieldsOf(instruction));
    for (const semaphore of instruction.signal ?? []) this.#tokens[semaphore]?.push(clock.slice());
  }

  /** The queues whose accesses an instruction would clash with, did it come next; undefined when it reads what it writes itself. */
  conflicts(instruction: Instruction, queue: UnitName): ReadonlySet<UnitName> | undefined {
    const q = UNITS.indexOf(queue);
    const clock = this.#clocks[q] as Clock;
    const queues = new Set<UnitName>();
    const written = new Set<number>();
    let itself = false;
    this.#units[queue].footprint(instruction.name, fieldsOf(instruction), (space, write, address, bytes) => {
      this.#ledgers[space].look(address, bytes, write, q, clock, (other) => {
        if (other !== q) queues.add(UNITS[other] as UnitName);
      });
      if (space !== 'scratchpad') return;
      for (let i = 0; i < bytes; i++) {
        const at = (address + i) % this.#scratchpad;
        if (write) written.add(at);
        else itself ||= written.has(at);
      }
    });
    return itself ? undefined : queues;
  }
}

function join(into: Clock, from: Clock): void {
  for (let q = 0; q < into.length; q++) into[q] = Math.max(into[q] as number, from[q] as number);
}
