/**
 * A processing element as arithmetic on codes: what a step does, and how many registers it has.
 * Invariant: codes are bit patterns, BigInts from 0 to 2^width − 1.
 * Refused: nothing; problems are checked where they are made.
 */

/** A pair of codes. */
export interface CodePair {
  readonly activation: bigint;
  readonly weight: bigint;
}

/** An element: its codes, its registers, its arithmetic. */
export interface GoldenPe {
  /** Bits. */
  readonly activationWidth: number;
  readonly weightWidth: number;
  readonly sumWidth: number;
  readonly modeWidth: number;
  /** Registers that operands pass before the sum, and registers from sum to sum. */
  readonly productStages: number;
  readonly sumStages: number;
  /** A pair that leaves every sum as it is, in mode 0; undefined when there is none. */
  readonly padding: CodePair | undefined;
  /** Multiply-accumulates a step, by the low bits of the mode. */
  readonly macs: readonly number[];
  /** The sum after a step, from the one before. */
  step(activation: bigint, weight: bigint, sum: bigint, mode: number): bigint;
  /** The sum of two sums. */
  add(a: bigint, b: bigint): bigint;
}

/** The bit pattern of a whole number. */
export function codeOf(value: bigint, width: number): bigint {
  return BigInt.asUintN(width, value);
}

/** A signed sum that wraps, which every element of integers has: its width and what follows from it. */
export function wrappingSum(accumulator: number, stages: number): Pick<GoldenPe, 'sumWidth' | 'productStages' | 'sumStages' | 'add'> {
  return { sumWidth: accumulator, productStages: stages, sumStages: 1, add: (a, b) => codeOf(a + b, accumulator) };
}

/** The number of a bit pattern. */
export function numberOf(code: bigint, width: number, signed: boolean): bigint {
  return signed ? BigInt.asIntN(width, code) : code;
}

/** Set bits. */
export function ones(code: bigint): number {
  let count = 0;
  for (let rest = code; rest > 0n; rest &= rest - 1n) count++;
  return count;
}
