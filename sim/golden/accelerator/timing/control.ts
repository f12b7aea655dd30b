// Fetch, loops and control of the timing model.
//
// Refused, as an Error: what `play` refuses is not met here; the caller has played the program.

import type { AcceleratorConfig } from '../../../../isa/config.ts';
import { INSTRUCTIONS, type Instruction, WORD_BYTES } from '../../../../isa/instructions.ts';
import { fieldsOf } from '../accelerator.ts';
import { UNITS } from '../tokens.ts';
import type { Dispatch, Ordered } from './dispatch.ts';

/** Instructions in the window, and bytes that are asked for at once. */
const WINDOW = 128;
const CHUNK_BYTES = 512;

/** Beats of instructions from memory. */
export class Fetch {
  /** A burst stands on the address channel; its beats are awaited. */
  state: 'idle' | 'request' | 'receive' = 'idle';
  burst = 0;
  #active = true;
  /** Numbers of beats. */
  #next: number;
  #received: number;
  readonly #end: number;
  readonly #chunk: number;
  /** Words in a beat, which may be less than one. */
  readonly #words: number;

  /** @param first number of the first word; `end` that behind the last */
  constructor({ bus, burst }: AcceleratorConfig, first: number, end: number) {
    const bytes = bus / 8;
    this.#words = bytes / WORD_BYTES;
    this.#chunk = Math.min(CHUNK_BYTES / bytes, burst);
    this.#next = this.#received = Math.floor(first / this.#words);
    this.#end = Math.ceil(end / this.#words);
  }

  #slot(beat: number): number {
    return Math.floor(beat * this.#words);
  }

  has(slot: number): boolean {
    return slot < this.#slot(this.#received);
  }

  /** `oldest` is the first word that is still wanted. */
  cycle(stop: boolean, oldest: number, addressTaken: boolean, beatTaken: boolean, isLast: boolean): void {
    if (this.state === 'idle') {
      const hasRoom = this.#slot(this.#next) <= oldest + WINDOW - CHUNK_BYTES / WORD_BYTES;
      if (this.#active && !stop && hasRoom && this.#next < this.#end) {
        this.burst = Math.min(this.#chunk - (this.#next % this.#chunk), this.#end - this.#next);
        this.state = 'request';
      }
    } else if (this.state === 'request') {
      if (addressTaken) {
        this.#next += this.burst;
        this.state = 'receive';
      }
    } else if (beatTaken) {
      this.#received++;
      if (isLast) this.state = 'idle';
    }
    if (stop) this.#active = false;
  }
}

interface Loop {
  readonly start: number;
  readonly end: number;
  left: number;
}

export class Control {
  /** Of the performance counters. */
  instructions = 0;
  /** The program has ended with this cycle. */
  hasEnded = false;
  /** In this cycle: `halt` waits or is done; `counters` is executed. */
  stops = false;
  clearsCounters = false;
  /** The first word that may be executed again. */
  oldest: number;
  /** Instructions that were met, and their queues (−1: control). */
  readonly #ordered: Ordered[];
  readonly #queues: Int8Array;
  readonly #base: number;
  readonly #loops: Loop[] = [];
  #pc: number;
  #issuing = false;

  /** @param base number of the first word */
  constructor(program: readonly Instruction[], base: number) {
    this.#base = this.#pc = this.oldest = base;
    this.#ordered = program.map(ordered);
    this.#queues = Int8Array.from(program, ({ name }) => UNITS.indexOf(INSTRUCTIONS[name].queue as never));
  }

  /** On fetch and queues as before this cycle. Gives the queue that an instruction goes to, or −1. */
  cycle(fetch: Fetch, dispatch: Dispatch): number {
    this.stops = this.clearsCounters = false;
    this.oldest = this.#loops[0]?.start ?? this.#pc;
    if (!this.#issuing) {
      this.#issuing = fetch.has(this.#pc);
      return -1;
    }
    const index = this.#pc - this.#base;
    const queue = this.#queues[index] as number;
    if (queue >= 0) {
      if (!dispatch.hasRoom(queue)) return -1;
      this.#advance();
      return queue;
    }
    const { name, fields } = this.#ordered[index] as Ordered;
    this.stops = name === 'halt';
    if ((name === 'fence' || name === 'halt') && !dispatch.isEmpty) return -1;
    if (name === 'halt') {
      if (fetch.state !== 'idle') return -1;
      this.instructions++;
      this.hasEnded = true;
      return -1;
    }
    if (name === 'loop') {
      this.#loops.push({ start: this.#pc + 1, end: this.#pc + fields('length'), left: fields('times') - 1 });
      this.#pc++;
      this.#issuing = false;
      this.instructions++;
      return -1;
    }
    this.clearsCounters = name === 'counters';
    this.#advance();
    return -1;
  }

  /** The instruction that the last `cycle` gave to a queue. */
  given: Ordered | undefined;

  /** Goes on behind the present instruction. */
  #advance(): void {
    this.given = this.#ordered[this.#pc - this.#base];
    this.instructions++;
    this.#issuing = false;
    for (let loop = this.#loops.at(-1); loop && loop.end === this.#pc; loop = this.#loops.at(-1)) {
      if (loop.left > 0) {
        loop.left--;
        this.#pc = loop.start;
        return;
      }
      this.#loops.pop();
    }
    this.#pc++;
  }
}

const bits = (semaphores: readonly number[] = []): number => semaphores.reduce((all, s) => all | (1 << s), 0);

function ordered(instruction: Instruction): Ordered {
  return { name: instruction.name, fields: fieldsOf(instruction), wait: bits(instruction.wait), signal: bits(instruction.signal) };
}
