// What a test needs to know of a design: what to put in, and what must come out.
//
// A specification is plain TypeScript that knows nothing of the design but the names of its ports. Fields of streams and bundles join with `_`;
// a bool is 0 or 1.

/** A value of a port; of an array all its elements in row-major order. */
export type PortValue = number | bigint | readonly number[];
/** Values by port. As an input, `rst` may be among them. */
export interface Values {
  readonly [port: string]: PortValue;
}

/** One design's. `I` and `O` name its ports. */
export interface Specification<I extends Values, O extends { readonly [K in keyof O]: PortValue | undefined }> {
  /** Inputs of one cycle after the other, from a reset on. */
  stimulus(random: Random): readonly I[];
  /** A machine in the state after reset: from the inputs of a cycle to the outputs before the clock edge at its end. Undefined is what nobody can know. */
  start(): (inputs: I) => O;
}

/** Seeded random numbers (xorshift32: Marsaglia, 2003). */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = (Math.imul(seed, 0x9e3779b9) ^ 0x85ebca6b) >>> 0 || 1;
  }

  /** 0 to n − 1; n at most 2^32. */
  below(n: number): number {
    let x = this.#state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.#state = x >>> 0;
    return Math.floor((this.#state / 2 ** 32) * n);
  }

  /** 1 once in `n` times. */
  once(n: number): number {
    return this.below(n) === 0 ? 1 : 0;
  }

  bits(width: number): number {
    return this.below(2 ** width);
  }

  /** 64 bits. */
  wide(): bigint {
    return (BigInt(this.bits(32)) << 32n) | BigInt(this.bits(32));
  }
}

/** `n` things. */
export function times<T>(n: number, make: (i: number) => T): T[] {
  return Array.from({ length: n }, (_, i) => make(i));
}

/** For circuits without state: outputs from inputs alone. */
export function combinational<I extends Values, O extends { readonly [K in keyof O]: PortValue }>(
  stimulus: (random: Random) => readonly I[],
  outputs: (inputs: I) => O,
): Specification<I, O> {
  return { stimulus, start: () => outputs };
}
