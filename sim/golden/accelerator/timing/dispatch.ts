// Queues and semaphores of the timing model. Queues and units are in the order of `UNITS`, in which they win.
//
// Refused, as an Error: a semaphore above 255.

import type { AcceleratorConfig } from '../../../../isa/config.ts';
import { SEMAPHORES } from '../../../../isa/instructions.ts';
import { MAX_TOKENS, UNITS } from '../tokens.ts';
import type { Command, TimedUnit } from './unit.ts';

/** An instruction with its semaphores, one bit each. */
export interface Ordered extends Command {
  readonly wait: number;
  readonly signal: number;
}

type State = 'free' | 'offer' | 'work';

/** The queue of one unit, and the instruction that the unit is busy with. */
class IssueQueue {
  readonly waiting: Ordered[] = [];
  state: State = 'free';
  present: Ordered | undefined;
  /** Cycles in which the unit had something to do, and in which the oldest instruction waited for a semaphore or for its turn. */
  busyCycles = 0;
  waitingCycles = 0;
}

export class Dispatch {
  readonly queues: readonly IssueQueue[] = UNITS.map(() => new IssueQueue());
  /** What each unit takes in this cycle; after `cycle`. */
  readonly commands: (Command | undefined)[] = UNITS.map(() => undefined);
  readonly #units: readonly TimedUnit[];
  readonly #depth: number;
  readonly #semaphores = new Int32Array(SEMAPHORES);
  /** Those that are not 0. */
  #positive = 0;

  constructor({ queue }: AcceleratorConfig, units: readonly TimedUnit[]) {
    this.#depth = queue;
    this.#units = units;
  }

  hasRoom(queue: number): boolean {
    return (this.queues[queue] as IssueQueue).waiting.length < this.#depth;
  }

  /** Nothing waits and no unit works. */
  get isEmpty(): boolean {
    return this.queues.every(({ state, waiting }) => state === 'free' && waiting.length === 0);
  }

  push(queue: number, instruction: Ordered): void {
    this.queues[queue]?.waiting.push(instruction);
  }

  clearCounters(): void {
    for (const queue of this.queues) queue.busyCycles = queue.waitingCycles = 0;
  }

  /** On the units as before this cycle. */
  cycle(): void {
    const positive = this.#positive;
    let contested = false;
    let given = 0;
    for (let i = 0; i < this.queues.length; i++) {
      const queue = this.queues[i] as IssueQueue;
      const unit = this.#units[i] as TimedUnit;
      this.commands[i] = undefined;
      if (queue.state !== 'free') queue.busyCycles++;
      if (queue.state === 'offer') {
        if (!unit.isReady) continue;
        this.commands[i] = queue.present;
        queue.state = 'work';
        continue;
      }
      if (queue.state === 'work') {
        if (!unit.isDone) continue;
        queue.state = 'free';
        const { signal } = queue.present as Ordered;
        given |= signal;
        if (signal) this.#add(signal, 1);
      }
      const [head] = queue.waiting;
      if (!head) continue;
      if ((head.wait & ~positive) !== 0 || (head.wait !== 0 && contested)) {
        queue.waitingCycles++;
        continue;
      }
      if (head.wait) {
        contested = true;
        this.#add(head.wait, -1);
      }
      queue.waiting.shift();
      queue.present = head;
      queue.state = 'offer';
    }
    if (given) this.#check();
  }

  #add(semaphores: number, by: number): void {
    for (let s = 0; s < SEMAPHORES; s++) {
      if (!((semaphores >> s) & 1)) continue;
      const count = (this.#semaphores[s] as number) + by;
      this.#semaphores[s] = count;
      if (count > 0) this.#positive |= 1 << s;
      else this.#positive &= ~(1 << s);
    }
  }

  #check(): void {
    const over = this.#semaphores.findIndex((count) => count > MAX_TOKENS);
    if (over >= 0) throw new Error(`the program signals semaphore ${over} above ${MAX_TOKENS}; it has no time`);
  }
}
