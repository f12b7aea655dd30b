// Sources and sinks with random stalls for cells with stream ports, and what every stream must keep.

import { expect } from 'vitest';
import type { Bench, Cycle, Random } from './bench.ts';

export type Beat = { readonly [field: string]: bigint };

/** Offers beats, each held until it is taken. */
export class Driver {
  readonly name: string;
  readonly sent: Beat[] = [];
  readonly #beats: Beat[];
  readonly #rate: number;
  #offered = false;

  constructor(name: string, beats: readonly Beat[], rate: number) {
    [this.name, this.#beats, this.#rate] = [name, [...beats], rate];
  }

  get valid(): boolean {
    return this.#offered;
  }
  get left(): number {
    return this.#beats.length;
  }

  offer(random: Random): Cycle {
    this.#offered ||= this.#beats.length > 0 && random.chance(this.#rate);
    const beat = this.#offered ? this.#beats[0] : undefined;
    return {
      [`${this.name}_valid`]: this.#offered ? 1n : 0n,
      ...Object.fromEntries(Object.entries(beat ?? {}).map(([field, value]) => [`${this.name}_${field}`, value])),
    };
  }

  /** Gives the beat when it moved. */
  after(out: Cycle): Beat | undefined {
    if (!this.#offered || out[`${this.name}_ready`] !== 1n) return undefined;
    this.#offered = false;
    const beat = this.#beats.shift() as Beat;
    this.sent.push(beat);
    return beat;
  }
}

/** Takes beats, and holds the producer to its contract: valid and payload stay until taken. */
export class Taker {
  readonly name: string;
  readonly taken: Beat[] = [];
  /** Cycle of each beat. */
  readonly times: number[] = [];
  readonly #fields: readonly string[];
  readonly #rate: number;
  #ready = false;
  #waiting: Beat | undefined;
  #time = 0;

  constructor(name: string, fields: readonly string[], rate: number) {
    [this.name, this.#fields, this.#rate] = [name, fields, rate];
  }

  get ready(): boolean {
    return this.#ready;
  }

  offer(random: Random): Cycle {
    this.#ready = random.chance(this.#rate);
    return { [`${this.name}_ready`]: this.#ready ? 1n : 0n };
  }

  after(out: Cycle): Beat | undefined {
    const time = this.#time++;
    const valid = out[`${this.name}_valid`] === 1n;
    const beat = Object.fromEntries(this.#fields.map((field) => [field, out[`${this.name}_${field}`] as bigint]));
    if (this.#waiting) expect(valid ? beat : 'no beat', `${this.name} changed while stalled, cycle ${time}`).toEqual(this.#waiting);
    this.#waiting = valid && !this.#ready ? beat : undefined;
    if (!valid || !this.#ready) return undefined;
    this.taken.push(beat);
    this.times.push(time);
    return beat;
  }
}

/** Runs a number of cycles; `check` sees drivers and takers before they are told what moved. */
export function run(
  bench: Bench,
  drivers: readonly Driver[],
  takers: readonly Taker[],
  cycles: number,
  random: Random,
  check: (out: Cycle, t: number) => void = () => {},
): void {
  for (let t = 0; t < cycles; t++) {
    const inputs: Cycle = Object.assign({}, ...drivers.map((d) => d.offer(random)), ...takers.map((s) => s.offer(random)));
    const out = bench.cycle(inputs);
    check(out, t);
    for (const port of [...drivers, ...takers]) port.after(out);
  }
}
