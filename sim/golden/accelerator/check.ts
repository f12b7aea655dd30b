// Checks a program before it runs: freedom from deadlock, by playing its tokens, and from hazards, by a shadow scoreboard.
//
// Invariant: a program without a fault gives the same bytes whatever the queues' relative speed. Every queue carries a vector clock; tokens carry the clocks of those who gave them; two
// accesses to the same bytes, one of them a write, must be ordered by clocks. For that a token must tell who gave it, so a semaphore has one queue that signals and one that waits.
// Not seen: what another bus master does to memory.

import type { AcceleratorConfig } from '../../../isa/config.ts';
import { type Instruction, SEMAPHORES } from '../../../isa/instructions.ts';
import { fieldsOf, goldenUnits, programOf } from './accelerator.ts';
import { type Issued, play, UNITS, type UnitName } from './tokens.ts';
import type { Space } from './unit.ts';

/** `hazard`: two instructions touch the same bytes in no order. `shared`: several queues signal a semaphore, or wait for it. Others as errors of a run. */
export interface ProgramFault {
  readonly code: 'hazard' | 'shared' | 'deadlock' | 'illegal' | 'overflow' | 'end';
  /** Positions in the program: of the instruction, and of the other one. */
  readonly index: number;
  readonly other?: number;
  readonly message: string;
}

/** Faults that are listed at most. */
const MOST_FAULTS = 20;
/** Work is not done: it only leaves footprints. */
const WORK: readonly string[] = ['ld.move', 'st.move', 'mx.multiply', 'vx.run'];

type Clock = Int32Array;

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

  /** Notes an access; calls back with who is in no order with it. */
  touch(
    address: number,
    bytes: number,
    write: boolean,
    queue: number,
    clock: Clock,
    clash: (queue: number, time: number, wrote: boolean, at: number) => void,
  ): void {
    const now = clock[queue] as number;
    const pieces = this.#writerTime.length;
    const first = Math.floor(address / this.granule);
    const count = Math.floor((address + bytes - 1) / this.granule) - first + 1;
    for (let i = 0; i < count; i++) {
      const at = (first + i) % pieces;
      const writer = this.#writerQueue[at] as number;
      const written = this.#writerTime[at] as number;
      // An instruction that reads what it wrote itself reads it too early in hardware.
      if (writer >= 0 && (writer === queue ? !write && written === now : (clock[writer] as number) < written))
        clash(writer, written, true, at * this.granule);
      if (write) {
        for (let q = 0; q < UNITS.length; q++) {
          const read = this.#readTimes[q]?.[at] as number;
          if (q !== queue && (clock[q] as number) < read) clash(q, read, false, at * this.granule);
        }
        this.#writerQueue[at] = queue;
        this.#writerTime[at] = now;
      } else (this.#readTimes[queue] as Int32Array)[at] = now;
    }
  }
}

/**
 * What may go wrong with a program, whatever the speed of its queues; nothing when all is well.
 *
 * @param memoryBytes size of the memory from address 0 on; accesses beyond it are errors of a run and not looked at
 * @throws RangeError as `GoldenAccelerator.run`
 */
export function checkProgram(source: readonly Instruction[] | Uint8Array, config: AcceleratorConfig, memoryBytes: number): ProgramFault[] {
  const program = programOf(source, config);
  const faults = new Map<string, ProgramFault>();
  const add = (key: string, fault: ProgramFault): void => {
    if (faults.size < MOST_FAULTS && !faults.has(key)) faults.set(key, fault);
  };
  const on = {
    config,
    memory: new Uint8Array(memoryBytes),
    scratchpad: new Uint8Array(config.scratchpad),
    sums: new Int32Array(0),
  };
  const units = goldenUnits(on, { macs: 0, bytesRead: 0, bytesWritten: 0 });
  const granule = Math.min(4, config.rows, config.cols);
  const ledgers: { readonly [S in Space]: Ledger } = {
    memory: new Ledger(memoryBytes, granule),
    scratchpad: new Ledger(config.scratchpad, granule),
    sums: new Ledger(config.sums, 1),
  };
  const clocks: readonly Clock[] = UNITS.map(() => new Int32Array(UNITS.length));
  /** Positions in the program of a queue's instructions, by time. */
  const done: readonly number[][] = UNITS.map(() => [-1]);
  const tokens: readonly Clock[][] = Array.from({ length: SEMAPHORES }, () => []);
  const users = { wait: new Map<number, Issued>(), signal: new Map<number, Issued>() };
  const name = (index: number): string => `${(program[index] as Instruction).name} at ${index}`;

  const uses = (issued: Issued, which: 'wait' | 'signal'): void => {
    for (const semaphore of issued.instruction[which] ?? []) {
      const first = users[which].get(semaphore) ?? issued;
      users[which].set(semaphore, first);
      if (first.queue === issued.queue) continue;
      const verb = which === 'wait' ? 'wait for' : 'signal';
      const message = `${name(first.index)} and ${name(issued.index)}, of different queues, ${verb} semaphore ${semaphore}: who comes first is not known`;
      add(`${which} ${semaphore}`, { code: 'shared', index: issued.index, other: first.index, message });
    }
  };

  const visit = (issued: Issued): undefined => {
    const { instruction, index, queue } = issued;
    if (queue === 'control') {
      if (instruction.name === 'fence') for (const clock of clocks) for (const other of clocks) join(clock, other);
      return;
    }
    uses(issued, 'wait');
    uses(issued, 'signal');
    const q = UNITS.indexOf(queue);
    const clock = clocks[q] as Clock;
    for (const semaphore of instruction.wait ?? []) join(clock, tokens[semaphore]?.shift() as Clock);
    clock[q] = (clock[q] as number) + 1;
    done[q]?.push(index);
    const unit = units[queue as UnitName];
    unit.footprint(instruction.name, fieldsOf(instruction), (space, write, address, bytes) => {
      ledgers[space].touch(address, bytes, write, q, clock, (otherQueue, time, wrote, at) => {
        const other = done[otherQueue]?.[time] as number;
        const does = `${write ? 'writes' : 'reads'} ${space === 'sums' ? 'row' : 'byte'} ${at} of the ${space}`;
        const why =
          other === index ? 'it wrote that itself before' : `${name(other)} ${wrote ? 'writes' : 'reads'} it, and no semaphore orders the two`;
        add(`${index} ${other} ${space}`, { code: 'hazard', index, other, message: `${name(index)} ${does}: ${why}` });
      });
    });
    if (!WORK.includes(instruction.name)) unit.execute(instruction.name, fieldsOf(instruction));
    for (const semaphore of instruction.signal ?? []) tokens[semaphore]?.push(clock.slice());
  };
  const { error } = play<never>(program, config, visit);
  return [...faults.values(), ...(error ? [error] : [])];
}

function join(into: Clock, from: Clock): void {
  for (let q = 0; q < into.length; q++) into[q] = Math.max(into[q] as number, from[q] as number);
}
