// A small seeded generator of random numbers and values for tests.

import type { Ground } from './reference.ts';

export class Rng {
  #state: number;

  constructor(seed: number) {
    this.#state = (seed ^ 0x9e3779b9) >>> 0;
    for (let i = 0; i < 4; i++) this.word();
  }

  /** 32 random bits (mulberry32). */
  word(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (t ^ (t >>> 14)) >>> 0;
  }

  /** 0 to n − 1. */
  below(n: number): number {
    return this.word() % n;
  }

  /** True once in `n` times. */
  once(n: number): boolean {
    return this.below(n) === 0;
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T;
  }

  shuffled<T>(list: readonly T[]): T[] {
    const keyed = list.map((item) => ({ item, key: this.word() }));
    return keyed.sort((a, b) => a.key - b.key).map(({ item }) => item);
  }

  bits(width: number): bigint {
    let value = 0n;
    for (let i = 0; i < width; i += 32) value = value * 2n ** 32n + BigInt(this.word());
    return value % 2n ** BigInt(width);
  }

  /** A value of a ground type: a corner (0, 1, all ones, largest, smallest) as often as any other. */
  value(type: Ground): bigint {
    const { width, dress } = type;
    if (width === 0) return 0n;
    if (dress?.as === 'enum' || dress?.as === 'state') return BigInt(this.pick(Object.values(dress.members)));
    const full = 2n ** BigInt(width);
    const corners = [0n, 1n, full - 1n, full / 2n, full / 2n - 1n, full / 2n + 1n].map((v) => v % full);
    const raw = this.once(2) ? this.pick(corners) : this.bits(width);
    return type.kind === 'sint' && raw >= full / 2n ? raw - full : raw;
  }
}
