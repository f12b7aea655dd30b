// Pieces that the units of the timing model share: banks, reads ahead, bursts, realignment. Counts and addresses in place of data.
//
// Invariant: `cycle` of a piece takes what moves in this cycle, as decided on the state before it, and makes the state of the next one.

/** One side, reads or writes, of a memory in banks: asked in order of priority, the first of a bank is served. */
export class Banks {
  /** Requests that waited in this cycle. */
  conflicts = 0;
  #served = 0;

  begin(): void {
    this.conflicts = 0;
    this.#served = 0;
  }

  /** Whether a request to a bank is served in this cycle. */
  ask(bank: number): boolean {
    const bit = 1 << bank;
    if (this.#served & bit) {
      this.conflicts++;
      return false;
    }
    this.#served |= bit;
    return true;
  }
}

/** Where an address lies: the highest bits of its place in a memory of `size`. Powers of two. */
export class BankOf {
  readonly #mask: number;
  readonly #shift: number;

  constructor(size: number, banks: number) {
    this.#mask = size - 1;
    this.#shift = Math.log2(size / banks);
  }

  of(address: number): number {
    return (address & this.#mask) >>> this.#shift;
  }
}

/** Rows that wait, or are on their way, between a memory and who reads it. */
const READ_AHEAD = 4;

/** Reads of a memory as a stream: a row asked for stands two cycles later. A tag travels beside it. */
export class ReadAhead {
  /** Rows that have come. */
  waiting = 0;
  #flying = 0;
  readonly #tags = new Int32Array(2 * READ_AHEAD);
  #first = 0;
  #end = 0;

  get hasRoom(): boolean {
    return this.waiting + this.#flying < READ_AHEAD;
  }

  /** That of the oldest row. */
  get tag(): number {
    return this.#tags[this.#first] as number;
  }

  cycle(asked: boolean, tag: number, taken: boolean): void {
    this.waiting += this.#flying;
    this.#flying = 0;
    if (taken) {
      this.waiting--;
      this.#first = (this.#first + 1) % this.#tags.length;
    }
    if (asked) {
      this.#flying = 1;
      this.#tags[this.#end] = tag;
      this.#end = (this.#end + 1) % this.#tags.length;
    }
  }
}

const PAGE_BYTES = 4096;

/** A run cut into bursts: at most so many beats, never across 4 KB. */
export class Bursts {
  active = false;
  #beat = 0;
  #left = 0;
  readonly #bytes: number;
  readonly #most: number;

  /** @param bytes of a beat */
  constructor(bytes: number, most: number) {
    [this.#bytes, this.#most] = [bytes, most];
  }

  /** Of the present burst. */
  get beats(): number {
    const page = PAGE_BYTES / this.#bytes;
    return Math.min(this.#left, this.#most, page - (this.#beat % page));
  }

  /** The present burst is the last of its run. */
  get isLast(): boolean {
    return this.beats === this.#left;
  }

  /** The present burst is taken. */
  take(): void {
    const { beats } = this;
    this.#beat += beats;
    this.#left -= beats;
    this.active = this.#left > 0;
  }

  begin(address: number, length: number): void {
    const offset = address % this.#bytes;
    this.active = true;
    this.#beat = (address - offset) / this.#bytes;
    this.#left = Math.ceil((offset + length) / this.#bytes);
  }
}

/** A run that waits for the realigner. */
export interface Run {
  /** Its first byte on either side. */
  readonly from: number;
  readonly to: number;
  readonly length: number;
  /** It takes no beats. */
  readonly fills: boolean;
}

/** Runs turned from one alignment to another, a beat a cycle. */
export class Realigner {
  active = false;
  /** Address of the beat that goes out next, divided by its bytes. */
  beat = 0;
  #fills = false;
  /** Bytes from the first of the next beat on. */
  #leftIn = 0;
  #leftOut = 0;
  #start = 0;
  /** The next beat fills none. */
  #primes = false;
  readonly #bytes: number;

  constructor(bytes: number) {
    this.#bytes = bytes;
  }

  get needs(): boolean {
    return this.#leftIn > 0 && !this.#fills;
  }

  /** A beat is offered, given one that has come. */
  offers(hasCome: boolean): boolean {
    return this.active && (hasCome || !this.needs) && !this.#primes;
  }

  /** A beat is taken in, were one offered. */
  takes(outReady: boolean): boolean {
    return this.active && this.needs && (this.#primes || outReady);
  }

  moves(hasCome: boolean, outReady: boolean): boolean {
    return this.active && (hasCome || !this.needs) && (this.#primes || outReady);
  }

  /** The run ends with its next move. */
  get isLast(): boolean {
    return !this.#primes && this.#leftOut <= this.#bytes;
  }

  /** Bytes of the run in the beat that is offered. */
  get bytesOut(): number {
    return Math.min(this.#leftOut, this.#bytes) - this.#start;
  }

  move(): void {
    if (this.isLast) this.active = false;
    this.#leftIn = Math.max(0, this.#leftIn - this.#bytes);
    if (!this.#primes) {
      this.#leftOut = Math.max(0, this.#leftOut - this.#bytes);
      this.beat++;
      this.#start = 0;
    }
    this.#primes = false;
  }

  begin({ from, to, length, fills }: Run): void {
    const bytes = this.#bytes;
    const place = fills ? to % bytes : from % bytes;
    const target = to % bytes;
    this.active = true;
    this.#fills = fills;
    this.beat = (to - target) / bytes;
    this.#leftIn = place + length;
    this.#leftOut = target + length;
    this.#start = target;
    this.#primes = target < place && this.#leftIn > bytes;
  }
}
