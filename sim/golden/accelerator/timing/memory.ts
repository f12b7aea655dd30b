// The memory behind the bus: latency, bandwidth, a limit of bursts; no stalls, answers in order.
//
// Invariant: an address taken in cycle t is answered from cycle t + latency on, a write counted from its last beat; an answer stays until it is taken.

/** How the memory behaves, as `axiMemory` without its random parts. */
export interface MemoryTiming {
  /** Cycles from the address (of writes: from the last beat) to the earliest answer, at least 1; 1 when absent. */
  readonly latency?: number;
  /** Most beats a cycle, of reads and of writes each, above 0 and up to 1; 1 when absent. */
  readonly bandwidth?: number;
  /** Most bursts that wait, of reads and of writes each; any number when absent. */
  readonly outstanding?: number;
}

interface Burst {
  readonly beats: number;
  done: number;
  /** First cycle of the answer. */
  from: number;
}
interface ReadBurst extends Burst {
  readonly isFetch: boolean;
}

/** One beat of credit, but for what sums of fractions lack. */
const WHOLE = 1 - 1e-9;

/** What moves on the bus in a cycle. */
export interface BusMoves {
  /** A burst of reads is asked for: its beats, or 0. */
  read: number;
  readIsFetch: boolean;
  /** The answer to a read is taken. */
  readTaken: boolean;
  /** A burst of writes is announced: its beats, or 0. */
  write: number;
  /** A beat of data is sent. */
  data: boolean;
}

export class Memory {
  readonly #latency: number;
  readonly #bandwidth: number;
  readonly #outstanding: number;
  readonly #reads: ReadBurst[] = [];
  readonly #writes: Burst[] = [];
  /** Beats of data that came before their address. */
  #early = 0;
  #readCredit = 1;
  #writeCredit = 1;
  #cycle = 0;

  takesRead = true;
  takesWrite = true;
  takesData = true;
  /** A beat that was read is offered, of whom, and whether it is the last of its burst. */
  offersRead = false;
  readIsFetch = false;
  readIsLast = false;
  /** The answer to a write; it is taken at once. */
  answersWrite = false;

  constructor({ latency = 1, bandwidth = 1, outstanding = Number.POSITIVE_INFINITY }: MemoryTiming) {
    if (!Number.isInteger(latency) || latency < 1) throw new RangeError(`latency of a memory is ${latency}, but must be a whole number from 1 on`);
    if (!(bandwidth > 0 && bandwidth <= 1))
      throw new RangeError(`bandwidth of a memory is ${bandwidth} beats a cycle, but must be above 0 and at most 1`);
    if (!(outstanding >= 1)) throw new RangeError(`a memory takes ${outstanding} bursts, but must take 1 at least`);
    [this.#latency, this.#bandwidth, this.#outstanding] = [latency, bandwidth, outstanding];
  }

  /** What it shows in this cycle. */
  begin(): void {
    this.#readCredit = Math.min(1, this.#readCredit + this.#bandwidth);
    this.#writeCredit = Math.min(1, this.#writeCredit + this.#bandwidth);
    this.takesRead = this.#reads.length < this.#outstanding;
    this.takesWrite = this.#writes.length < this.#outstanding;
    this.takesData = this.#writeCredit >= WHOLE;
    const [read] = this.#reads;
    if (!this.offersRead && read && read.from <= this.#cycle && this.#readCredit >= WHOLE) {
      this.offersRead = true;
      this.readIsFetch = read.isFetch;
      this.readIsLast = read.done === read.beats - 1;
    }
    const [write] = this.#writes;
    this.answersWrite = write !== undefined && write.done === write.beats && write.from <= this.#cycle;
  }

  cycle({ read, readIsFetch, readTaken, write, data }: BusMoves): void {
    const cycle = this.#cycle++;
    if (this.answersWrite) this.#writes.shift();
    if (readTaken) {
      const burst = this.#reads[0] as ReadBurst;
      this.offersRead = false;
      this.#readCredit -= 1;
      burst.done++;
      if (burst.done === burst.beats) this.#reads.shift();
    }
    const from = cycle + this.#latency;
    if (read > 0) this.#reads.push({ isFetch: readIsFetch, beats: read, done: 0, from });
    if (write > 0) this.#writes.push({ beats: write, done: 0, from });
    if (data) {
      this.#writeCredit -= 1;
      this.#early++;
    }
    while (this.#early > 0) {
      const burst = this.#writes.find(({ done, beats }) => done < beats);
      if (!burst) return;
      burst.done++;
      this.#early--;
      if (burst.done === burst.beats) burst.from = from;
    }
  }
}
